"""Promises 1 and 2: services are killed with SIGKILL while tens of clients send commands."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from shared.contracts.registry import MissionStaffJoined, StaffPosted
from shared.eventstore.record import Record
from tests.engines import ThrowawayEngines
from tests.faults.crowd import CLIENTS, Crowd, Told
from tests.faults.entering import dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import Served, rounds
from tests.faults.streams import Message, check_same, last_sequence, listening, messages_upto

pytestmark = [pytest.mark.faults, pytest.mark.timed]

MISSIONS = [f"emb-{number}" for number in range(60)]
READY_WITHIN = 5.0


@dataclass
class Kill:
    """One kill.

    Attributes:
        untold: the keys of commands that nobody was told about.
        stored: those of them that turned out to be stored when they were repeated.
        inside: whether it landed inside a commit, that is, between the sending of a group commit to
            PostgreSQL and its first answer: a group commit is stored, and not one of its commands was
            ever answered by the killed process. (All rows of one commit, and no others, carry one
            recording moment.)
        unpublished: events that the stream lacked when the process was dead.
        ready: seconds until the next process was ready.
    """

    untold: set[str]
    stored: set[str] = field(default_factory=set)
    inside: bool = False
    unpublished: int = 0
    ready: float = 0.0


WHOLE_COMMITS = """
    SELECT count(*) FROM (
        SELECT FROM events
        WHERE type = 'registry.staff.posted'
        AND recorded_at IN (SELECT recorded_at FROM events WHERE stream = ANY($1::text[]))
        GROUP BY recorded_at HAVING bool_and(stream = ANY($1::text[]))
    ) AS commits
"""


@dataclass
class Aftermath:
    """What is there when all is over."""

    replicas: int
    kills: list[Kill]
    told: dict[str, Told]
    records: list[Record]
    messages: list[Message]


@pytest.fixture(scope="module", params=[1, 2], ids=["alone", "two-replicas"])
def aftermath(
    request: pytest.FixtureRequest, engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Aftermath]:
    async def play() -> Aftermath:
        async with ministry_in(engines, tmp_path_factory.mktemp("killed")) as ministry:
            return await break_down(ministry, request.param)

    yield asyncio.run(play())


async def break_down(ministry: Ministry, replicas: int) -> Aftermath:
    served = [await ministry.serve("registry") for _ in range(replicas)]
    async with ministry.client(served[0]) as client:
        await enter(client, dossier(1, MISSIONS), "dossier")
    crowd = Crowd(ministry, MISSIONS)
    chance = random.Random()
    kills: list[Kill] = []
    wanted = rounds(6 // replicas, every=replicas)
    while len(kills) < wanted or (len(kills) < 10 * wanted and not shown(kills, replicas)):
        kill = await kill_one(ministry, served, crowd, chance)
        streams = [f"staff.{key}" for key in kill.stored]
        kill.inside = bool(await ministry.fetchval("registry", WHOLE_COMMITS, streams))
        kills.append(kill)
    await crowd.recall(served[0], chance.sample(sorted(crowd.told), 20))
    async with listening(ministry.nats.url) as nc:
        head = await ministry.fetchval("registry", "SELECT position FROM head")
        await messages_upto(nc, "registry", head)
        await ministry.kill_all()
        messages = await messages_upto(nc, "registry", head)
    return Aftermath(replicas, kills, crowd.told, await ministry.checked_log("registry"), messages)


def shown(kills: list[Kill], replicas: int) -> bool:
    """Whether kills landed where they show something; what one replica leaves, the other publishes."""
    between = replicas > 1 or any(kill.unpublished for kill in kills)
    return between and any(kill.inside for kill in kills)


async def kill_one(ministry: Ministry, served: list[Served], crowd: Crowd, chance: random.Random) -> Kill:
    """Kill one process as an answer arrives, repeat what is unknown, bring the process back.

    A surviving replica is asked at once, while PostgreSQL may still be storing what the killed one had sent.
    """
    victim = chance.choice(served)
    await crowd.press(served, chance.randint(1, 300), victim.kill, by=victim)
    kill = Kill(set(crowd.untold))
    await victim.gone()
    survivors = [one for one in served if one is not victim]
    if survivors:
        kill.stored = await crowd.repeat(survivors)
        kill.ready = await victim.start()
        return kill
    await ministry.let_go("registry")
    async with listening(ministry.nats.url) as nc:
        published = await last_sequence(nc, "registry")
    kill.unpublished = await ministry.fetchval("registry", "SELECT position FROM head") - published
    kill.ready = await victim.start()
    kill.stored = await crowd.repeat(served)
    return kill


def test_kills_landed_where_it_hurts(aftermath: Aftermath) -> None:
    inside = [kill for kill in aftermath.kills if kill.inside]
    between = [kill for kill in aftermath.kills if kill.unpublished]
    stored = sum(len(kill.stored) for kill in aftermath.kills)
    untold = sum(len(kill.untold) for kill in aftermath.kills)
    print(
        f"\n{aftermath.replicas} process(es), {CLIENTS} clients: {len(aftermath.kills)} kills, "
        f"{len(inside)} inside a commit, {len(between)} between commit and publishing; "
        f"{len(aftermath.told)} commands, {untold} of them unanswered, {stored} of those stored"
    )
    assert inside, "no kill landed inside a commit: the test has shown nothing"
    assert between or aftermath.replicas > 1, "no kill landed between commit and publishing"


def test_every_answered_command_is_there_exactly_once(aftermath: Aftermath) -> None:
    posted = {record.id: record for record in aftermath.records if isinstance(record.event, StaffPosted)}
    joined = [
        record.event.staff for record in aftermath.records if isinstance(record.event, MissionStaffJoined)
    ]
    commands = Counter(record.about.fields["command"] for record in aftermath.records)
    assert posted.keys() == aftermath.told.keys()
    assert sorted(joined) == sorted(posted), "nobody joined a mission twice"
    for key, told in aftermath.told.items():
        record = posted[key]
        assert (record.version, told.etag) == (1, '"1"')
        assert commands[record.about.fields["command"]] == 2
        assert aftermath.records[told.position - 1].about.fields["command"] == record.about.fields["command"]


def test_ready_again_in_time(aftermath: Aftermath) -> None:
    slowest = max(kill.ready for kill in aftermath.kills)
    print(f"\nready again within {slowest:.2f} s, at the slowest")
    assert slowest < READY_WITHIN


def test_every_event_reached_the_stream_once_in_order(aftermath: Aftermath) -> None:
    check_same(aftermath.records, aftermath.messages)
