"""Failures that a person can do something about, in words. All others keep their traceback.

They are looked for where they were imported to: to import all that may fail takes longer than most commands,
and what is not imported cannot have failed.
"""

import sys
from typing import Any

SPEAKING = (
    "deploy.local.errors:LocalModeError",
    "shared.dossier.problems:DossierRefused",
    "shared.dossier.sending:ImportFailed",
    "deploy.client:RequestRefused",
    "shared.eventstore.errors:UnusableStore",
    "shared.messaging.provision:ProvisioningRefused",
    "shared.messaging.jetstream:JetStreamRefused",
    "shared.service.keys:KeyUnusable",
    "shared.eventstore.sealing.wrapping:VaultUnusable",
    "shared.eventstore.sealing.backup:BackupUnusable",
    "shared.messaging.publisher:NotAccepted",
    "deploy.restoring.quiet:ServicesRun",
    "deploy.simulation.reading:ScenarioRefused",
    "deploy.simulation.driver:StepFailed",
    "deploy.simulation.desk:NotAnswered",
    "deploy.simulation.rest:NotAtRest",
    "deploy.simulation.playing:Contradicted",
    "shared.telemetry.starting:TelemetryUnusable",
)
"""Failures of ours, which say themselves what to do."""

SETTINGS = "pydantic:ValidationError"
NATS = "nats.errors:Error"
DATABASE = "asyncpg:PostgresError"
TRANSPORT = "httpx:TransportError"


def explain(failure: BaseException) -> str | None:
    """Return what to tell, or None where the failure is a defect of ours."""
    if any(_is(failure, kind) for kind in SPEAKING):
        return str(failure)
    if _is(failure, SETTINGS):
        return _settings(failure)
    if _is(failure, NATS):
        reason = str(failure) or type(failure).__name__
        return f"NATS cannot be reached or refuses us ({reason}). See TANFIDH_NATS_URL."
    if _is(failure, DATABASE):
        return f"PostgreSQL refuses: {failure}. See TANFIDH_DATABASE_URL."
    if _is(failure, TRANSPORT):
        return f"The services cannot be reached: {failure}."
    if isinstance(failure, OSError):
        return f"{failure.strerror or failure}{f': {failure.filename}' if failure.filename else ''}"
    return None


def _is(failure: BaseException, kind: str) -> bool:
    module, _, name = kind.partition(":")
    return module in sys.modules and isinstance(failure, getattr(sys.modules[module], name))


def _settings(failure: Any) -> str:
    lines = [
        f"  TANFIDH_{'_'.join(map(str, error['loc'])).upper()}: {error['msg']}" for error in failure.errors()
    ]
    return "\n".join(["The settings in the environment are not complete:", *lines])
