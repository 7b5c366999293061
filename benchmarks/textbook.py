"""The letters of the benchmarks the textbook way: the library's aggregate, application and recorder."""

from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class File(Aggregate):
    """The same file, as the library's own documentation would write it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.letters = 0

    @staticmethod
    def create_id(name: str) -> UUID:
        """Derive the id from the name."""
        return uuid5(NAMESPACE_URL, f"/files/{name}")

    @event("LetterFiled")
    def receive(self, department: str, subject: dict[str, str], sha256: str) -> None:
        """Count."""
        self.letters += 1


def application(database_url: str) -> Application[UUID]:
    """The library's application on its PostgreSQL recorder, in the database at an address."""
    url = urlsplit(database_url)
    return Application(
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": url.path.removeprefix("/"),
            "POSTGRES_HOST": str(url.hostname),
            "POSTGRES_PORT": str(url.port),
            "POSTGRES_USER": str(url.username),
            "POSTGRES_PASSWORD": str(url.password),
        }
    )
