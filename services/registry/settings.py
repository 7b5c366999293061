"""What the registry is told from outside besides what every service is."""

from typing import ClassVar

from shared.documents.settings import DocumentSettings
from shared.service.person_keys import PersonKeySettings
from shared.service.settings import ServiceSettings


class RegistrySettings(ServiceSettings, PersonKeySettings, DocumentSettings):
    """Where the keys of personal data and the bytes of documents are; without, none are taken."""

    drawn: ClassVar[tuple[str, ...]] = ("person_keys_master",)
    folders: ClassVar[tuple[str, ...]] = ("person_keys", "documents")
