"""The settings of one service: where its engines and keys are."""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Read from variables TANFIDH_…, or from files of the same names in the folder TANFIDH_SECRETS.

    Addresses hold passwords, so neither logs nor errors show them.
    """

    model_config = SettingsConfigDict(env_prefix="TANFIDH_", frozen=True, hide_input_in_errors=True)

    database_url: str = Field(repr=False, pattern=r"^postgres(ql)?://")
    nats_url: str = Field(repr=False, pattern=r"^(nats|tls)://")
    """One address, or several of one cluster separated by commas."""
    signing_key: Path
    """PEM file with the Ed25519 key that signs this service's checkpoints."""
    jwks: Path
    """JSON Web Key Set with the public keys of those who may issue tokens."""
    token_issuer: str = "https://tanfidh.org/local"
    token_audience: str = "tanfidh"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65_535)

    @property
    def nats_servers(self) -> list[str]:
        """The addresses of the cluster, one by one."""
        return [address.strip() for address in self.nats_url.split(",")]


def settings_from_environment(**given: object) -> ServiceSettings:
    """Read the settings; what is `given` wins. Raises pydantic's ValidationError."""
    return ServiceSettings(_secrets_dir=os.environ.get("TANFIDH_SECRETS"), **given)  # type: ignore[arg-type] # typed by the fields
