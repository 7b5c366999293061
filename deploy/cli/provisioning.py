"""`tanfidh provision`: streams and consumers."""

from deploy.cli.options import say
from deploy.looping import run
from deploy.preparing import provision_all
from shared.service import EngineSettings, from_environment


def provision() -> None:
    """Make the streams and consumers in TANFIDH_NATS_URL, or check them. Run `tanfidh migrate` first."""
    settings = from_environment(EngineSettings)
    for line in run(provision_all(settings.database_url, settings.nats_servers, settings.replicas)):
        say(line)
