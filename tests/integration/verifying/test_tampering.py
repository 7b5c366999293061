"""Every tampering with a log is named at its position, whatever the attacker computes anew.

Positions 57 and 290 are used: 57 is in a full tile, 290 in none. Of each tampering there are four
kinds: the plain change; with leaves, chains and tiles computed anew; the same where audit has no copies; and
with the key.
"""

from typing import Any

import pytest

from shared.service import read_signing_key
from tests.integration.verifying.attacker import Attacker
from tests.integration.verifying.conftest import EVENTS, Forget, Verification

IN_A_TILE, IN_NONE = 57, 290

CHANGES = {
    "data": "UPDATE events SET data = data || ' '::bytea WHERE position = {at}",
    "meta": "UPDATE events SET meta = meta || ' '::bytea WHERE position = {at}",
    "sealed": "UPDATE events SET sealed = 'x' WHERE position = {at}",
    "actor": "UPDATE events SET"
    " meta = convert_to(replace(convert_from(meta, 'UTF8'), 'tester', 'nobody'), 'UTF8')"
    " WHERE position = {at}",
    "time": "UPDATE events SET effective_at = effective_at - interval '1 day' WHERE position = {at}",
    "time in both": "UPDATE events SET effective_at = effective_at - interval '1 day',"
    " meta = convert_to(replace(convert_from(meta, 'UTF8'),"
    " 'effective_at\":\"2025-05-05', 'effective_at\":\"2025-05-04'), 'UTF8')"
    " WHERE position = {at}",
    "type": "UPDATE events SET type = 'registry.department.renamed' WHERE position = {at}",
    "stream": "UPDATE events SET stream = 'department.other' WHERE position = {at}",
    "version": "UPDATE events SET version = version + 1000 WHERE position = {at}",
    "previous": "UPDATE events SET previous = leaf WHERE position = {at}",
    "leaf": "UPDATE events SET leaf = sha256(leaf) WHERE position = {at}",
}


async def test_a_true_house_is_verified_and_says_how_far_it_was_witnessed(house: Verification) -> None:
    reports = await house.reports()
    assert {service: report.findings for service, report in reports.items()} == {
        service: [] for service in reports
    }
    registry = reports["registry"]
    assert (registry.events, registry.checkpoint, registry.compared) == (EVENTS, EVENTS, EVENTS)
    assert registry.witnessed is not None and 256 < registry.witnessed < EVENTS
    assert registry.checkpoints > 10
    assert reports["audit"].witnessed is not None and reports["audit"].events > 0


@pytest.mark.parametrize("at", [IN_A_TILE, IN_NONE])
@pytest.mark.parametrize("change", CHANGES)
async def test_a_plain_change_is_named(house: Verification, registry: Attacker, change: str, at: int) -> None:
    await registry.run(CHANGES[change].format(at=at))
    found = await house.findings()
    assert [position for position, _, _ in found] == [at], found


@pytest.mark.parametrize("at", [IN_A_TILE, IN_NONE])
@pytest.mark.parametrize("change", ["data", "meta", "sealed", "actor", "time", "time in both", "type"])
async def test_a_change_with_leaves_tiles_and_chains_computed_anew_is_named_by_audits_copy(
    house: Verification, registry: Attacker, change: str, at: int
) -> None:
    await registry.run(CHANGES[change].format(at=at))
    await registry.recompute()
    found = await house.findings()
    assert found[0][0] == at and "audit received another event" in found[0][2], found


@pytest.mark.parametrize("at", [IN_A_TILE, IN_NONE])
@pytest.mark.parametrize("change", ["data", "actor", "time in both"])
async def test_the_same_without_copies_is_named_by_the_first_checkpoint_that_fails(
    house: Verification, registry: Attacker, forget_copies: Forget, change: str, at: int
) -> None:
    await forget_copies()
    await registry.run(CHANGES[change].format(at=at))
    await registry.recompute()
    sizes = [
        row["size"] for row in await registry.connection.fetch("SELECT size FROM checkpoints ORDER BY 1")
    ]
    bounds = (max(size for size in sizes if size < at) + 1, min(size for size in sizes if size >= at))
    ranges = [(first, last) for first, last, what in await house.findings() if "checkpoint" in what]
    assert ranges == [bounds]
    assert bounds[1] - bounds[0] < 20


@pytest.mark.parametrize("at", [IN_A_TILE, IN_NONE])
async def test_a_leaf_without_copy_is_named_by_its_tile_or_by_the_event_after_it(
    house: Verification, registry: Attacker, forget_copies: Forget, at: int
) -> None:
    """The attacker changes a row and its leaf, and neither the tile nor anything else."""
    await forget_copies()
    await registry.run(CHANGES["data"].format(at=at))
    tiles = await registry.connection.fetch("SELECT * FROM log_tiles")
    leaves = await registry.connection.fetch("SELECT position, leaf, previous FROM events")
    await registry.recompute()
    for row in leaves:
        if row["position"] != at:
            await registry.connection.execute(
                "UPDATE events SET leaf = $2, previous = $3 WHERE position = $1", *row
            )
    await registry.connection.execute("DELETE FROM log_tiles")
    for tile in tiles:
        await registry.connection.execute("INSERT INTO log_tiles VALUES ($1, $2, $3, $4)", *tile)
    found = await house.findings()
    if at == IN_A_TILE:
        assert [(position, what) for position, _, what in found] == [
            (at, "was changed: its leaf is not the one in its tile")
        ]
    else:
        assert any((first or 0) <= at <= (last or 0) for first, last, _ in found), found


@pytest.mark.parametrize("computed", [False, True])
@pytest.mark.parametrize("copies", [False, True])
@pytest.mark.parametrize("at", [IN_A_TILE, IN_NONE])
async def test_two_events_in_each_others_place_are_named(
    house: Verification, registry: Attacker, forget_copies: Forget, at: int, copies: bool, computed: bool
) -> None:
    if not copies:
        await forget_copies()
    await registry.run(
        f"UPDATE events SET position = -{at} WHERE position = {at}",
        f"UPDATE events SET position = {at} WHERE position = {at + 1}",
        f"UPDATE events SET position = {at + 1} WHERE position = -{at}",
    )
    if computed:
        await registry.recompute()
    found = await house.findings()
    named = [position for position, upto, _ in found if upto is None or upto == position]
    if computed and not copies:
        assert any((first or 0) <= at <= (last or 0) for first, last, _ in found), found
    else:
        assert named[:2] == [at, at + 1], found


@pytest.mark.parametrize("computed", [False, True])
@pytest.mark.parametrize("at", [1, IN_A_TILE, IN_NONE])
async def test_a_removed_event_is_named(
    house: Verification, registry: Attacker, at: int, computed: bool
) -> None:
    await registry.run(f"DELETE FROM events WHERE position = {at}")
    if computed:
        await registry.shift(at + 1, -1)
        await registry.recompute()
    found = await house.findings()
    assert found[0][0] == at, found
    if not computed:
        assert found == [(at, at, "is missing")]


@pytest.mark.parametrize("computed", [False, True])
@pytest.mark.parametrize("at", [1, IN_A_TILE, IN_NONE])
async def test_an_event_that_was_put_in_is_named(
    house: Verification, registry: Attacker, at: int, computed: bool
) -> None:
    await registry.shift(at, 1)
    await registry.run(
        "INSERT INTO events SELECT"
        f" {at}, 1, recorded_at, effective_at, schema, 'department.forged', type, data, meta, sealed,"
        f" decode(repeat('00', 32), 'hex'), leaf FROM events WHERE position = {at + 1}"
    )
    if computed:
        await registry.recompute()
    found = await house.findings()
    assert found[0][0] == at, found


async def test_an_event_that_was_put_at_the_end_is_named(house: Verification, registry: Attacker) -> None:
    await registry.run(
        f"INSERT INTO events SELECT {EVENTS + 1}, 1, recorded_at, effective_at, schema, 'department.forged',"
        " type, data, meta, sealed, decode(repeat('00', 32), 'hex'), leaf"
        f" FROM events WHERE position = {EVENTS}"
    )
    await registry.recompute()
    reports = await house.reports()
    texts = [finding.text for finding in reports["registry"].findings]
    assert f"position {EVENTS + 1} is signed by no checkpoint" in texts


@pytest.mark.parametrize("position", [0, -5])
async def test_an_event_before_the_first_is_named(
    house: Verification, registry: Attacker, position: int
) -> None:
    await registry.run(
        f"INSERT INTO events SELECT {position}, 1, recorded_at, effective_at, schema, 'department.forged',"
        f" type, data, meta, sealed, previous, leaf FROM events WHERE position = 1"
    )
    assert await house.findings() == [(position, None, "is none that a log has")]


async def test_missing_rows_at_the_end_are_named(house: Verification, registry: Attacker) -> None:
    await registry.run(f"DELETE FROM events WHERE position > {EVENTS - 3}")
    found = await house.findings()
    assert (EVENTS - 2, EVENTS, "they were signed and are missing") in found


async def test_one_missing_row_at_the_end_is_told_as_one(house: Verification, registry: Attacker) -> None:
    await registry.run(f"DELETE FROM events WHERE position > {EVENTS - 1}")
    texts = [finding.text for finding in (await house.reports())["registry"].findings]
    assert f"position {EVENTS} was signed and is missing" in texts
    assert not any(f"position {EVENTS} they" in text for text in texts)


async def test_a_log_without_any_row_is_not_taken_for_an_empty_one(
    house: Verification, registry: Attacker
) -> None:
    await registry.run("DELETE FROM events", "DELETE FROM log_tiles")
    assert (1, EVENTS, "they were signed and are missing") in await house.findings()


async def test_a_whole_tail_that_was_cut_off_is_named_by_copies_and_by_the_witness(
    house: Verification, registry: Attacker, forget_copies: Forget
) -> None:
    """What is left is true and signed: only what others hold shows it."""
    sizes = [
        row["size"] for row in await registry.connection.fetch("SELECT size FROM checkpoints ORDER BY 1")
    ]
    size = next(size for size in sizes if size > 200)
    await registry.cut_back(size)
    received = (size + 1, EVENTS, "audit received them and they are missing: the end was cut off")
    taken_in = "took them in and they are missing: the end was cut off, or inboxes were changed"
    others = (size + 1, EVENTS, f"tasks and notifier {taken_in}")
    found = await house.findings()
    assert received in found and others in found and len(found) == 3

    await forget_copies()
    (first, last, what), *rest = await house.findings()
    assert (first, what) == (size + 1, "they were witnessed and are missing: the end was cut off")
    assert last is not None and size < last < EVENTS
    assert rest == [others]


@pytest.mark.parametrize("inbox", ["audit", "tasks", "notifier"])
async def test_a_tail_that_nobody_witnessed_is_missed_by_each_inbox(
    house: Verification, registry: Attacker, audit: Attacker, inbox: str
) -> None:
    """Cut off with its copies, and all inboxes but one set back."""
    sizes = await registry.connection.fetch("SELECT size FROM checkpoints ORDER BY 1 DESC LIMIT 2")
    size = sizes[1]["size"]
    await registry.cut_back(size)
    await audit.run(f"DELETE FROM filed WHERE source = 'registry' AND position > {size}")
    for other in {"audit", "tasks", "notifier"} - {inbox}:
        await audit.connection.execute(
            f"UPDATE {other}.inboxes SET position = {size} WHERE name = 'registry'"
        )
    (finding,) = (await house.reports())["registry"].findings
    first, last, what = finding.position, finding.upto, finding.what
    assert (first, last) == (size + 1, EVENTS)
    assert what == f"{inbox} took them in and they are missing: the end was cut off, or inboxes were changed"


async def test_a_log_that_was_signed_anew_is_named_by_copies_and_by_the_witness(
    house: Verification, registry: Attacker, forget_copies: Forget
) -> None:
    """The attacker has the key as well: in itself the log is true."""
    await registry.run(CHANGES["data"].format(at=IN_A_TILE))
    await registry.recompute()
    await registry.sign(read_signing_key(house.keys / "keys" / "registry-log.pem"))
    found = await house.findings()
    assert found[0] == (IN_A_TILE, None, "was changed: audit received another event at this position")

    await forget_copies()
    found = await house.findings()
    assert found and all("audit witnessed another root" in what for _, _, what in found)
    assert min(position or 0 for position, _, _ in found) > IN_A_TILE


@pytest.mark.parametrize(
    ("change", "unchained", "told"),
    [
        (CHANGES["version"], 0, "is version 1003 of department.protocol, after version 2 at position 38"),
        (CHANGES["time"], 0, "its meta tells another effective_at"),
        (CHANGES["data"], IN_A_TILE, "does not follow position 38 in department.protocol"),
        (
            "UPDATE events SET recorded_at = recorded_at - interval '1 hour',"
            " meta = convert_to(replace(convert_from(meta, 'UTF8'), 'T08:', 'T07:'), 'UTF8')"
            " WHERE position = {at}",
            0,
            "was recorded before the position before it",
        ),
    ],
)
async def test_a_log_that_contradicts_itself_is_named_whoever_signed_it(
    house: Verification,
    registry: Attacker,
    forget_copies: Forget,
    change: str,
    unchained: int,
    told: str,
) -> None:
    """The attacker has the key, audit has no copies, and the witness can only say that something is wrong."""
    await forget_copies()
    await registry.run(change.format(at=IN_A_TILE))
    await registry.recompute(unchained)
    await registry.sign(read_signing_key(house.keys / "keys" / "registry-log.pem"))
    found = await house.findings()
    assert [position for position, _, what in found if told in what] == [IN_A_TILE], found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "UPDATE checkpoints SET note = left(note, -5) || E'AAA=\n' WHERE size = {size}",
            "cannot be verified",
        ),
        (
            "UPDATE checkpoints SET note = replace(note, E'\n{size}\n', E'\n7\n') WHERE size = {size}",
            "verified",
        ),
        (
            "UPDATE checkpoints SET note = (SELECT note FROM checkpoints ORDER BY size LIMIT 1)"
            " WHERE size = {size}",
            "has a checkpoint of",
        ),
        ("UPDATE checkpoints SET note = 'x' || note WHERE size = {size}", "of no log of this store"),
    ],
)
async def test_a_changed_checkpoint_is_named(
    house: Verification, registry: Attacker, change: str, told: str
) -> None:
    size = await registry.connection.fetchval("SELECT min(size) FROM checkpoints WHERE size > 100")
    await registry.run(change.format(size=size))
    ((position, _, what),) = await house.findings()
    assert position == size and told in what


async def test_a_changed_tile_is_named(house: Verification, registry: Attacker) -> None:
    await registry.run(
        "UPDATE log_tiles SET hashes = overlay(hashes placing sha256('x') from 32 * 56 + 1) WHERE level = 0"
    )
    ((position, _, what),) = await house.findings()
    assert (position, what) == (IN_A_TILE, "has another leaf in its tile: the tile was changed")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DELETE FROM log_tiles", "their tile 0 at level 0 is missing"),
        (
            "UPDATE log_tiles SET root = sha256('x')",
            "their tile 0 at level 0 has another root than its hashes",
        ),
        ("INSERT INTO log_tiles SELECT 0, 1, hashes, root FROM log_tiles", "there are 2 tiles"),
        ("UPDATE head SET position = 299", "the head says 299 events, and there are 300"),
    ],
)
async def test_tiles_and_head_belong_to_the_log(
    house: Verification, registry: Attacker, change: str, told: str
) -> None:
    await registry.run(change)
    found = await house.findings()
    assert any(what.startswith(told) for _, _, what in found), found


async def test_audits_own_log_is_verified_too(house: Verification, audit: Attacker) -> None:
    await audit.run("UPDATE events SET data = data || ' '::bytea WHERE position = 2")
    reports = await house.reports()
    assert [finding.position for finding in reports["audit"].findings] == [2]


async def test_a_witness_that_is_not_cosigned_counts_for_nothing(
    house: Verification, audit: Attacker
) -> None:
    """Somebody without audit's key makes it say that a shorter log was witnessed."""
    await audit.run(
        "UPDATE events SET"
        " data = convert_to(replace(convert_from(data, 'UTF8'), '\"size\":', '\"size\":1'), 'UTF8')"
        " WHERE type = 'audit.witness.checkpoint-witnessed' AND stream = 'witness.registry'"
    )
    reports = await house.reports()
    assert not reports["audit"].verified
    assert any("is not what it cosigned" in finding.what for finding in reports["registry"].findings)


async def test_a_row_of_what_is_parked_that_the_log_knows_nothing_of_is_named(
    house: Verification, connection: Any
) -> None:
    tasks = Attacker(connection, "tasks")
    await tasks.run(
        "INSERT INTO inbox_parked SELECT 'registry', 9, gen_random_uuid(), NULL, 'measure.m',"
        " 'registry.measure.ordered', '', '', '', '', now(), 0, NULL, NULL"
    )
    assert await house.findings("tasks") == [
        (None, None, "inbox_parked has an event that is not parked: position 9 of registry")
    ]
