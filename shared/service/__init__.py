"""What every service is given when it is composed."""

from shared.service.keys import KeyUnusable, read_signing_key
from shared.service.settings import DatabaseSettings, EngineSettings, ServiceSettings, from_environment

__all__ = [
    "DatabaseSettings",
    "EngineSettings",
    "KeyUnusable",
    "ServiceSettings",
    "from_environment",
    "read_signing_key",
]
