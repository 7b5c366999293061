"""Settings from the environment: where the engines and keys are."""

import os
from pathlib import Path
from typing import ClassVar, TypeVar

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.messaging.configuration import REPLICATED
from shared.web.signing import AUDIENCE, LOCAL_ISSUER


class DatabaseSettings(BaseSettings):
    """Read from variables TANFIDH_…, or from files of the same names in the folder TANFIDH_SECRETS.

    Addresses hold passwords, so neither logs nor errors show them.
    """

    model_config = SettingsConfigDict(env_prefix="TANFIDH_", frozen=True, hide_input_in_errors=True)

    database_url: str = Field(repr=False, pattern=r"^postgres(ql)?://")


class EngineSettings(DatabaseSettings):
    """Both engines."""

    nats_url: str = Field(repr=False, pattern=r"^(nats|tls)://")
    """One address, or several of one cluster separated by commas."""

    nats_replicas: int | None = Field(default=None, ge=1, le=5)
    """Servers that must hold each stream, at least; where it is not set three if as many addresses are given,
    else one."""

    @property
    def nats_servers(self) -> list[str]:
        """The addresses of the cluster, one by one."""
        return [address.strip() for address in self.nats_url.split(",")]

    @property
    def replicas(self) -> int:
        """Servers that must hold each stream, at least."""
        if self.nats_replicas is not None:
            return self.nats_replicas
        return REPLICATED if len(self.nats_servers) >= REPLICATED else 1


class ServiceSettings(EngineSettings):
    """All that every service is told from outside; one that is told more has a class of its own."""

    drawn: ClassVar[tuple[str, ...]] = ()
    """Fields that name a file with a random key, which local mode draws."""
    folders: ClassVar[tuple[str, ...]] = ()
    """Fields that name a folder, which local mode has in its data folder."""

    signing_key: Path
    """PEM file with the Ed25519 key that signs this service's checkpoints."""
    jwks: Path
    """JSON Web Key Set with the public keys of those who may issue tokens."""
    token_issuer: str = LOCAL_ISSUER
    token_audience: str = AUDIENCE
    witness_every: float = Field(default=60.0, gt=0, le=86_400 * 366)
    """Seconds between the rounds in which a service witnesses others' logs; they are multiples of it."""
    witness_keys: str = ""
    """Verifier keys of the logs that are witnessed, separated by spaces; a key that is not given is trusted
    when it is first seen."""
    cached_aggregates: int = Field(default=50_000, ge=100, le=10_000_000)
    """Aggregates that a process keeps in memory, at most: some kilobytes each. A command about others costs a
    question to PostgreSQL more."""
    cached_rows: int = Field(default=20_000, ge=100, le=10_000_000)
    """Rows of views that a process keeps in memory while it folds them, at most."""
    otlp_endpoint: str = Field(default="", repr=False)
    """Address of an OpenTelemetry collector (OTLP over HTTP) that is sent traces; without it OpenTelemetry's
    own variables count, and where none of these is set there are no traces."""


S = TypeVar("S", bound=DatabaseSettings)


def from_environment(kind: type[S]) -> S:
    """Read settings of a kind. Raises pydantic's ValidationError, which names the fields."""
    return kind(_secrets_dir=os.environ.get("TANFIDH_SECRETS"))
