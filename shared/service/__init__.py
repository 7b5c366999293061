"""What every service is given when it is composed."""

from shared.service.keys import KeyUnusable, read_signing_key
from shared.service.settings import ServiceSettings, settings_from_environment

__all__ = ["KeyUnusable", "ServiceSettings", "read_signing_key", "settings_from_environment"]
