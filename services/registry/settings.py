"""What the registry is told from outside besides what every service is."""

from typing import ClassVar

from shared.service.person_keys import PersonKeySettings
from shared.service.settings import ServiceSettings


class RegistrySettings(ServiceSettings, PersonKeySettings):
    """Where the keys of personal data are; without, none is taken."""

    drawn: ClassVar[tuple[str, ...]] = ("person_keys_master",)
    folders: ClassVar[tuple[str, ...]] = ("person_keys",)
