"""Where the bytes of documents are."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.documents.folder import ContentsFolder
from shared.documents.keeping import Keeping


class DocumentSettings(BaseSettings):
    """Without a folder no bytes are taken."""

    model_config = SettingsConfigDict(env_prefix="TANFIDH_", frozen=True, hide_input_in_errors=True)

    documents: Path | None = None
    """Folder with the bytes of documents, shared by all replicas, and by services if one likes."""


def open_contents(settings: object) -> Keeping:
    """Open the folder, where the settings name one. Raises ContentsUnusable."""
    folder = settings.documents if isinstance(settings, DocumentSettings) else None
    return Keeping(None if folder is None else ContentsFolder(folder))
