"""Fixtures for everybody: real engines on free ports, in temporary folders.

With several workers (`make test`) each has engines of its own, and the tests of one file stay together.
"""

from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import uvloop
from hypothesis import settings

from shared.domain.refusal import Refusal
from shared.service.collecting import spare_collections
from tests.arabic import arabic_of, english_in
from tests.described import described, every_answer_checked
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.faults.processes import ROUNDS

settings.register_profile("exploring", print_blob=True)
settings.register_profile("repeatable", derandomize=True, database=None)
settings.load_profile("exploring" if ROUNDS else "repeatable")


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], AbstractEventLoop]]:
    """The loop on which services run."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(autouse=True)
def only_arabic_in_arabic(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever is refused in a test, by itself or by a service in its process, is Arabic in Arabic."""
    refuse, found = Refusal.__init__, []

    def refused(self: Refusal, **facts: Any) -> None:
        refuse(self, **facts)
        if type(self).__module__.startswith(("shared.", "services.", "deploy.")):
            found.extend((self.slug, text) for text in arabic_of(self) if english_in(text))

    monkeypatch.setattr(Refusal, "__init__", refused)
    yield
    assert found == []


@pytest.fixture(scope="session", autouse=True)
def only_described_answers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a service answers in a test is as its OpenAPI document describes it.

    Making the documents takes seconds, in which no service that is under way in the process must stand still.
    """
    if any("unit" not in item.path.parts for item in request.session.items):
        described()
    with every_answer_checked():
        yield


@pytest.fixture(scope="session", autouse=True)
def fewer_collections() -> None:
    """Look for garbage cycles as seldom as a service does, and no more among what pytest collected."""
    spare_collections()


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
