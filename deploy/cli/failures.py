"""Failures that a person can do something about, in words. All others keep their traceback."""

import asyncpg
import httpx
import nats.errors
from pydantic import ValidationError

from deploy.client import RequestRefused
from deploy.local.errors import LocalModeError
from deploy.restoring.quiet import ServicesRun
from deploy.simulation.desk import NotAnswered
from deploy.simulation.driver import StepFailed
from deploy.simulation.playing import Contradicted
from deploy.simulation.reading import ScenarioRefused
from deploy.simulation.rest import NotAtRest
from shared.dossier import DossierRefused, ImportFailed
from shared.eventstore.errors import UnusableStore
from shared.eventstore.sealing.backup import BackupUnusable
from shared.eventstore.sealing.wrapping import VaultUnusable
from shared.messaging.jetstream import JetStreamRefused
from shared.messaging.provision import ProvisioningRefused
from shared.messaging.publisher import NotAccepted
from shared.service import KeyUnusable
from shared.telemetry.starting import TelemetryUnusable

_SPEAKING = (
    LocalModeError,
    DossierRefused,
    ImportFailed,
    RequestRefused,
    UnusableStore,
    ProvisioningRefused,
    JetStreamRefused,
    KeyUnusable,
    VaultUnusable,
    BackupUnusable,
    NotAccepted,
    ServicesRun,
    ScenarioRefused,
    StepFailed,
    NotAnswered,
    NotAtRest,
    Contradicted,
    TelemetryUnusable,
)


def explain(failure: BaseException) -> str | None:
    """Return what to tell, or None where the failure is a defect of ours."""
    if isinstance(failure, _SPEAKING):
        return str(failure)
    if isinstance(failure, ValidationError):
        return _settings(failure)
    if isinstance(failure, nats.errors.Error):
        reason = str(failure) or type(failure).__name__
        return f"NATS cannot be reached or refuses us ({reason}). See TANFIDH_NATS_URL."
    if isinstance(failure, asyncpg.PostgresError):
        return f"PostgreSQL refuses: {failure}. See TANFIDH_DATABASE_URL."
    if isinstance(failure, httpx.TransportError):
        return f"The services cannot be reached: {failure}."
    if isinstance(failure, OSError):
        return f"{failure.strerror or failure}{f': {failure.filename}' if failure.filename else ''}"
    return None


def _settings(failure: ValidationError) -> str:
    lines = [
        f"  TANFIDH_{'_'.join(map(str, error['loc'])).upper()}: {error['msg']}" for error in failure.errors()
    ]
    return "\n".join(["The settings in the environment are not complete:", *lines])
