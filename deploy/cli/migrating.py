"""`tanfidh migrate`: bring the database to this release."""

from deploy.cli.options import say
from deploy.looping import run
from deploy.preparing import migrate_all
from shared.service import DatabaseSettings, from_environment


def migrate() -> None:
    """Bring the schemas of all services in TANFIDH_DATABASE_URL to this release."""
    settings = from_environment(DatabaseSettings)
    for line in run(migrate_all(settings.database_url)):
        say(line)
