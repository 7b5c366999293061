"""To verify the logs of a simulation, as `tanfidh audit verify` does."""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.verifying.keys import ServiceKey
from deploy.verifying.run import verify_all
from shared.eventstore.log.note import raw_public


async def verify_logs(database_url: str, keys: Mapping[str, Ed25519PrivateKey]) -> list[str]:
    """Say what is not as it was recorded, with its service; nothing where all of it is.

    `keys` are the services' signing keys, from a place that is not the database.
    """
    public = {service: ServiceKey(service, raw_public(key)) for service, key in keys.items()}
    reports = await verify_all(database_url, list(public), public, lambda *_: None)
    return [f"{report.service}: {finding.text}" for report in reports for finding in report.findings]
