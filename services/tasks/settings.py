"""What tasks is told from outside besides what every service is."""

from typing import ClassVar

from shared.documents.settings import DocumentSettings
from shared.service.settings import ServiceSettings


class TasksSettings(ServiceSettings, DocumentSettings):
    """Where the bytes of documents are; without, none are taken."""

    folders: ClassVar[tuple[str, ...]] = ("documents",)
