"""What the auditor reads is verified as well; where copy and log differ a signed root says which is true."""

from itertools import pairwise

import pytest

from deploy.verifying.report import TRAIL
from tests.integration.verifying.attacker import Attacker
from tests.integration.verifying.conftest import EVENTS, Verification

IN_A_TILE, IN_NONE = 57, 290
OF_ONE = "WHERE source = 'registry' AND position = 57"

COLUMNS = {
    "actor": "'nobody'",
    "role": "'clerk'",
    "decree": "'1-2025'",
    "article": "'1'",
    "measure": "'m'",
    "mission": "'m'",
    "staff": "'s'",
    "task": "'t'",
    "plan": "'p'",
    "departments": "'{other}'",
    "command": "gen_random_uuid()",
    "correlation": "gen_random_uuid()",
    "causation": "gen_random_uuid()",
    "event_id": "gen_random_uuid()",
    "kind": "'witness'",
    "leaf_log": "(SELECT log_id FROM registry.head)",
}
HASHED = {
    "type": "'registry.department.renamed'",
    "stream": "'department.other'",
    "version": "-5",
    "schema": "-5",
    "recorded_at": "'infinity'",
    "effective_at": "'4000-01-01 BC'",
    "data": "data || ' '::bytea",
    "meta": "'[]'",
    "sealed_digest": "'x'",
    "previous": "''",
    "leaf": "sha256('x')",
}


@pytest.mark.parametrize("column", COLUMNS)
async def test_a_changed_column_by_which_a_copy_is_found_is_named(
    house: Verification, audit: Attacker, column: str
) -> None:
    await audit.run(f"UPDATE filed SET {column} = {COLUMNS[column]} {OF_ONE}")
    (position, _, what), *further = await house.findings(TRAIL)
    assert position == 57
    verb = "are" if column == "departments" else "is"
    assert what == f"of registry was changed: its {column} {verb} not what follows from its event"
    assert bool(further) is (column == "departments"), "it is not found by what it says then"


@pytest.mark.parametrize("column", HASHED)
async def test_a_copy_that_contradicts_itself_does_not_accuse_the_log(
    house: Verification, audit: Attacker, column: str
) -> None:
    await audit.run(f"UPDATE filed SET {column} = {HASHED[column]} {OF_ONE}")
    found = await house.findings(TRAIL)
    assert found[0][0] == 57 and "of registry was changed" in found[0][2], found


@pytest.mark.parametrize("at", [IN_A_TILE, IN_NONE])
async def test_a_copy_that_fits_itself_is_named_by_the_signed_root(
    house: Verification, audit: Attacker, at: int
) -> None:
    """The event after it in its place, its leaf computed anew: only a root says that the log is true."""
    await audit.forge_copy("registry", at, at + 1)
    ((position, _, what),) = await house.findings(TRAIL)
    assert (position, "was changed before audit received it, or the copy since" in what) == (at, True)


async def test_every_copy_may_be_forged_and_no_log_is_accused(house: Verification, audit: Attacker) -> None:
    for at in range(2, EVENTS):
        await audit.forge_copy("registry", at, at)
    found = await house.findings(TRAIL)
    assert [position for position, _, _ in found][:3] == [2, 3, 4]


async def test_a_row_and_the_copy_beside_it_are_both_named(
    house: Verification, registry: Attacker, audit: Attacker
) -> None:
    """Two positions between the same two checkpoints: at one the copy is true, at the other the row."""
    sizes = [
        row["size"] for row in await registry.connection.fetch("SELECT size FROM checkpoints ORDER BY 1")
    ]
    before = next(before for before, size in pairwise(sizes) if size - before > 5)
    await registry.run(f"UPDATE events SET data = data || ' '::bytea WHERE position = {before + 2}")
    await registry.recompute()
    await audit.forge_copy("registry", before + 4, before + 4)
    reports = await house.reports()
    assert [finding.position for finding in reports[TRAIL].findings] == [before + 4]
    assert reports["registry"].findings[0].position == before + 2
    assert before + 4 not in [finding.position for finding in reports["registry"].findings]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DELETE FROM filed", (1, EVENTS, "events of registry are missing")),
        (f"DELETE FROM filed {OF_ONE}", (57, 57, "of registry is missing")),
        (
            f"DELETE FROM filed WHERE source = 'registry' AND position > {EVENTS - 2}",
            (EVENTS - 1, EVENTS, "events of registry are missing"),
        ),
        (
            "DELETE FROM filed_types",
            (None, None, "there are events of the type registry.department.registered, and it is not among"),
        ),
        (
            f"DELETE FROM filed_departments {OF_ONE}",
            (57, None, "of registry is not found by its department"),
        ),
        (
            "INSERT INTO filed_departments SELECT position, recorded_at, log, source, type, 'forged'"
            f" FROM filed {OF_ONE}",
            (57, None, "of registry is found by forged, and is none of it"),
        ),
        (
            f"UPDATE filed_departments SET recorded_at = 'infinity' {OF_ONE}",
            (57, None, "of registry is not found by its department"),
        ),
        ("DROP TABLE filed_departments", (None, None, "it cannot be verified")),
        (
            "INSERT INTO filed_types VALUES ('registry.department.forged')",
            (None, None, "the type registry.department.forged is among the types"),
        ),
        (
            "INSERT INTO filed_logs (source, log_id, after) VALUES ('registry', gen_random_uuid(), 0)",
            (None, None, "was filed as a log of it and is none"),
        ),
        (
            "UPDATE filed_logs SET after = 5 WHERE source = 'registry'",
            (None, None, "registry: its first log is filed from position 6 on"),
        ),
        (
            "UPDATE filed SET source = 'mailman' WHERE source = 'registry' AND position = 57",
            (None, None, "1 events of mailman are filed of a log that is none of it"),
        ),
        (
            "UPDATE filed SET log = 99 WHERE source = 'registry' AND position = 57",
            (None, None, "1 events of registry are filed of a log that is none of it"),
        ),
        (
            "UPDATE filed SET position = 1000000000000 WHERE source = 'registry' AND position = 300",
            (EVENTS, 10**12 - 1, "events of registry are missing"),
        ),
        (
            "UPDATE inboxes SET position = 299 WHERE name = 'registry'",
            (EVENTS, EVENTS, "of registry are more than audit's inbox says"),
        ),
        (
            "DELETE FROM inboxes WHERE name = 'registry'",
            (None, None, "registry: its inbox in audit is missing"),
        ),
        (
            "UPDATE inboxes SET log_id = gen_random_uuid() WHERE name = 'registry'",
            (None, None, "which is none of its logs"),
        ),
        ("ALTER TABLE filed RENAME TO gone", (None, None, "its table is not there")),
        ("ALTER TABLE filed DROP COLUMN leaf", (None, None, "registry: it cannot be verified")),
    ],
)
async def test_what_is_missing_or_foreign_in_the_trail_is_named(
    house: Verification, audit: Attacker, change: str, told: tuple[int | None, int | None, str]
) -> None:
    await audit.come()
    await audit.connection.execute(change)
    found = (await house.reports())[TRAIL].findings
    first, last, what = told
    assert any(
        (finding.position, finding.upto) == (first, last) and what in finding.what for finding in found
    ), found


async def test_copies_that_were_witnessed_are_missed_though_the_inbox_was_set_back(
    house: Verification, audit: Attacker
) -> None:
    await audit.run(
        "DELETE FROM filed WHERE source = 'registry' AND position > 100",
        "UPDATE inboxes SET position = 100 WHERE name = 'registry'",
    )
    (first, last, what), *_ = await house.findings(TRAIL)
    assert (first, "which audit compared" in what) == (101, True)
    assert last is not None and last > 256
