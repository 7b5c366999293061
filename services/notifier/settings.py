"""What this service is told from outside besides what every service is."""

from pathlib import Path
from typing import ClassVar

from services.notifier.secrets import MasterKey
from shared.service import KeyUnusable, ServiceSettings

LEAST_BYTES = 32


class NotifierSettings(ServiceSettings):
    """The key from which the secrets of webhooks follow, and where webhooks may go."""

    drawn: ClassVar[tuple[str, ...]] = ("webhook_key",)

    webhook_key: Path
    """File with at least 32 random bytes or characters; who reads it can sign webhooks as we do."""
    webhook_private: bool = False
    """Whether webhooks may go to private networks and this machine, and by plain http."""


def read_master_key(file: Path) -> MasterKey:
    """Read the key from which secrets follow, without the blanks around it. Raises KeyUnusable."""
    try:
        key = file.read_bytes().strip()
    except OSError as error:
        raise KeyUnusable(file, error.strerror or "it cannot be read") from error
    if len(key) < LEAST_BYTES:
        raise KeyUnusable(
            file, f"it holds {len(key)} bytes, and a key of webhooks has at least {LEAST_BYTES}"
        )
    return MasterKey(key)
