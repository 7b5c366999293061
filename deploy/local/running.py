"""What other commands must know of the local mode that runs on a data folder."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from deploy.local.account import own_file
from deploy.local.errors import LocalModeError
from deploy.local.folder import is_in_use

_FILE = "running.json"


class NotRunning(LocalModeError):
    """Nothing runs on the data folder."""

    def __init__(self, data: Path) -> None:
        super().__init__(
            f"Tanfidh does not run on the data folder {data}. Start it with make run (tanfidh up), "
            "or name the folder it runs on with --data."
        )


class Running(BaseModel):
    """Its addresses; those of the engines hold their passwords."""

    model_config = ConfigDict(frozen=True)

    url: str
    database: str
    nats: str

    def write(self, data: Path) -> None:
        """Leave them in the data folder."""
        own_file(data / _FILE, self.model_dump_json(indent=1), None)

    @staticmethod
    def forget(data: Path) -> None:
        """Remove what an earlier run left."""
        (data / _FILE).unlink(missing_ok=True)

    @classmethod
    def read(cls, data: Path) -> Self:
        """Read them. Raises NotRunning; a file that a killed process left counts for nothing."""
        file = data / _FILE
        if not is_in_use(data) or not file.exists():
            raise NotRunning(data)
        return cls.model_validate_json(file.read_bytes())
