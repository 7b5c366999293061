"""Ctrl-C, kill -9, and starting again: nothing is lost, nothing is done twice, nothing is left over."""

import asyncio
import signal
from pathlib import Path

import asyncpg
import pytest

from tests.product import SERVICES, Product, eventually, tanfidh


@pytest.fixture
def product(tmp_path: Path) -> Product:
    """A product of this test alone: it is stopped and killed."""
    return Product(tmp_path / "data")


def test_it_comes_back_as_it_was(product: Product) -> None:
    with product.running():
        before = work(product)
        assert len(product.processes) > 2
        assert product.end(signal.SIGINT) == 0
        assert product.processes == []
        assert product.said[-1] == "tanfidh | stopped\n"
    refuses_folders_of_others(product.data)
    with product.running():
        assert not any("imported" in line for line in product.said)
        assert product.positions() == before
        engines = set(product.processes)
        assert product.end(signal.SIGKILL) < 0
    # Even where the note on the import is lost: importing again changes nothing.
    (product.data / "imported").unlink()
    with product.running():
        assert engines.isdisjoint(product.processes)
        assert any("new are none; measures: 19 ordered, 6 blocked" in line for line in product.said)
        assert product.positions() == before
        goes_on(product)
        asyncio.run(pretend_a_newer_release(product.status()["engines"]["database"]))
    refused = tanfidh("up", data=product.data)
    assert refused.returncode == 1
    assert "the schema registry was made by a newer release (migration 9999)" in refused.stderr
    assert product.processes == []


def work(product: Product) -> dict[str, int]:
    """Set T of a mission; return the positions once everything has come to rest."""
    office = product.caught_up()
    dates = {"public_on": "2025-11-30", "official_on": "2025-12-28"}
    office.done("/registry/missions/emb-va/dates", dates, "PUT")
    eventually(
        lambda: office.read("/tasks/plans/298-2025-a2-r01"), lambda plan: plan["official_on"] == "2025-12-28"
    )
    product.missed(office, 39 + 1)
    found = eventually(
        lambda: [office.read(f"/{service}/overview") for service in SERVICES],
        lambda told: all(one["position"] == one["published"] == one["views"] for one in told),
    )
    return {service: one["position"] for service, one in zip(SERVICES, found, strict=True)}


def goes_on(product: Product) -> None:
    """What was begun before the kill goes on after it, with a token of before."""
    office = product.caught_up()
    task = "/tasks/tasks/298-2025-a2-r01-t01"
    assert office.read(task)["due_on"] == "2025-07-01"
    office.done(f"{task}/assign", {})
    office.done(f"{task}/start")
    eventually(lambda: office.read(task), lambda row: row["state"] == "in-progress")


def refuses_folders_of_others(data: Path) -> None:
    """Another layout, another PostgreSQL: told before anything is started, and good again when put right."""
    for file, content, message in (
        (data / "FORMAT", "2\n", "has layout '2'; this release knows layout 1"),
        (data / "postgres" / "cluster" / "PG_VERSION", "9.6\n", "is of PostgreSQL 9.6"),
    ):
        kept = file.read_text()
        file.write_text(content)
        said = tanfidh("up", data=data)
        assert (said.returncode, message in said.stderr) == (1, True), said.stderr
        assert "Traceback" not in said.stderr and "--data" in said.stderr
        file.write_text(kept)


async def pretend_a_newer_release(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "INSERT INTO registry.migrations (number, name, checksum) VALUES (9999, 'later', 'x')"
    )
    await connection.close()
