"""`tanfidh rebuild` in local mode: what it says, and its exit codes."""

import asyncio
from typing import Any

import asyncpg
import orjson

from tests.product import Person, Product, tanfidh


async def tamper(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "UPDATE tasks.view_rows SET facets = '{}' WHERE valid_to IS NULL AND key = '298-2025-t40'"
        " AND generation = (SELECT generation FROM tasks.views WHERE name = 'tasks' AND state = 'live')"
    )
    await connection.close()


def listed(office: Person) -> list[Any]:
    found: list[Any] = office.every("/tasks/tasks", decree="298-2025")
    return found


def test_rebuilds_say_what_differed_and_mend_it(product: Product, office: Person) -> None:
    before = listed(office)
    clean = tanfidh("rebuild", "tasks", "--json", data=product.data)
    assert clean.returncode == 0, clean.stderr
    done = orjson.loads(clean.stdout)
    assert {(one["outcome"], one["comparison"]["differing"]) for one in done} == {("switched", 0)}
    found = {one["view"]: one["comparison"]["rebuilt"]["states"] for one in done}
    assert found.keys() > {"tasks", "plans", "deadlines"} and found["tasks"] >= len(before)

    asyncio.run(tamper(product.status()["engines"]["database"]))
    assert len(listed(office)) == len(before) - 1
    for arguments, code, said in (
        (("tasks", "tasks", "--check"), 3, "tasks: compared as of position"),
        (("tasks", "tasks"), 3, "298-2025-t40 from"),
        (("audit",), 2, "tanfidh audit verify"),
    ):
        ran = tanfidh("rebuild", *arguments, data=product.data)
        assert ran.returncode == code, ran.stderr
        assert said in " ".join((ran.stdout + ran.stderr).replace("│", " ").split())
    assert listed(office) == before
