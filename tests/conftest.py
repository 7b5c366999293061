"""Fixtures for everybody: real engines on free ports, in temporary folders; and who runs together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import ThrowawayEngines, ThrowawayNats

ROOT = Path(__file__).parents[1]
SHARED_STARTS = ("tests/integration/main_job", "tests/integration/verifying")
"""Folders whose tests share one costly start; everywhere else those of one file do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares a start on one worker, where there are several."""
    for item in items:
        file = item.path.relative_to(ROOT)
        shared = [folder for folder in SHARED_STARTS if file.is_relative_to(folder)]
        item.add_marker(pytest.mark.xdist_group(shared[0] if shared else str(file)))


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowawayEngines]:
    """PostgreSQL and NATS of the session. Kill them only if you wait for their return."""
    throwaway = ThrowawayEngines(tmp_path_factory.mktemp("engines"))
    yield throwaway
    throwaway.close()


@pytest.fixture
def database_url(engines: ThrowawayEngines) -> Iterator[str]:
    """A new, empty database of this test alone."""
    url = engines.make_database()
    yield url
    engines.drop_database(url)


@pytest.fixture
def fresh_nats(engines: ThrowawayEngines, tmp_path: Path) -> Iterator[ThrowawayNats]:
    """A NATS server of this test alone: no streams, and free to be killed, stopped and wiped."""
    server = ThrowawayNats(engines.loop, tmp_path / "nats")
    yield server
    server.stop()


@pytest.fixture
def nats_url(fresh_nats: ThrowawayNats) -> str:
    """The address of this test's own NATS server."""
    return fresh_nats.url
