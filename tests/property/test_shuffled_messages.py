"""Promise 7: messages that come twice, late, and shuffled across streams leave the same state as a clean run.

Two sources are taken in over a real JetStream. Their messages are published in any order and as often as you
like, while the readers are ended and begun again. Some events can be taken in only after one of the other
source, some never: those are parked, with what is behind them.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nats.aio.client import Client

from shared.contracts.envelope import header_lines, subject_of
from shared.contracts.event import Event
from shared.domain import Aggregate, Conflicting
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.messaging.connection import broker_for, part
from shared.messaging.inbox import Inbox
from shared.messaging.intake import ClockAndGate
from shared.messaging.jetstream import ask
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.reacting import Reacting
from shared.messaging.received import Received, open_envelope
from shared.service.gate import Gate
from tests.engines import ThrowawayEngines
from tests.faults.processes import rounds
from tests.integration.messaging.sample import CLERK, COPYIST, CopiesParked, Copy
from tests.virtual_time import VirtualTime

SOURCES = ("eastern", "western")
STREAMS = 3
LIMIT = 60.0
"""Seconds that a signal may take on a loaded machine."""


class EasternSaid(Event, service="eastern"):
    text: str


class EasternNote(EasternSaid, type="note.said"):
    pass


class WesternSaid(Event, service="western"):
    text: str


class WesternNote(WesternSaid, type="note.said"):
    pass


KINDS: dict[str, type[Event]] = {"eastern": EasternNote, "western": WesternNote}


class Note(Aggregate):
    kind = "note"
    count: int = field(default=0)

    def evolve(self, event: Event) -> None:
        self.count += 1


class Missing(Conflicting):
    slug = "missing"


@dataclass(frozen=True)
class Said:
    """A note in one of a source's streams; it may need that something was taken in of another stream."""

    source: str
    stream: int
    poison: bool
    needs: tuple[str, int] | None

    def text(self) -> str:
        if self.poison:
            return "illegible"
        return "plain" if self.needs is None else f"needs {self.needs[0]}-{self.needs[1]}"


streams = st.tuples(st.sampled_from(SOURCES), st.integers(0, STREAMS - 1))
notes = st.builds(
    Said,
    source=st.sampled_from(SOURCES),
    stream=st.integers(0, STREAMS - 1),
    poison=st.sampled_from([True] + [False] * 11),
    needs=st.one_of(st.none(), st.none(), streams),
)


def react(received: Received) -> Command[Any] | None:
    """Copy a note under its source and stream, once what it needs was copied."""
    text: str = received.event.text  # type: ignore[attr-defined]  # of a note
    id = f"{received.service}-{received.id}"
    needed = text.removeprefix("needs ") if text.startswith("needs ") else None
    reads: tuple[tuple[type[Aggregate], str], ...] = ((Copy, id),)
    if needed is not None and needed != id:
        reads = (*reads, (Copy, needed))

    def decide(turn: Turn) -> None:
        copy = turn.get(Copy, id)
        if needed is not None and not turn.get(Copy, needed).exists:
            raise Missing()
        copy.make(text, turn.moment) if text == "illegible" else copy.make(
            f"{received.position}: {text}", turn.moment
        )

    by = Instruction(id=uuid5(received.event_id, "copies.copy"), actor=COPYIST, causation=received.event_id)
    return Command("copy", by, decide, reads)


@dataclass(frozen=True)
class Message:
    """An event as it is published."""

    subject: str
    headers: dict[str, str]
    body: bytes

    def received(self) -> Received:
        return open_envelope(self.subject, self.headers, self.body)


@dataclass
class State:
    """What came of it: the copies, what is parked and how, and which event had how many commands."""

    copies: dict[str, list[str]]
    parked: list[tuple[str, int, str, bool]]
    queues: list[dict[str, list[int]]]
    effects: Counter[str]


async def written(store: EventStore, said: Sequence[Said]) -> list[Message]:
    """Record the notes of a source; return them as its relay would publish them."""
    kind = KINDS[store.service]
    for number, one in enumerate(said):

        def decide(turn: Turn, one: Said = one) -> None:
            turn.get(Note, str(one.stream)).record(kind(text=one.text()), turn.moment)  # type: ignore[call-arg]  # both have a text

        by = Instruction(id=uuid5(NAMESPACE_OID, f"{store.service}/{number}"), actor=CLERK)
        await store.execute(Command("say", by, decide))
    messages = []
    for record in await store.read(0):
        lines = header_lines(record, store.log_id).decode().splitlines()
        headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
        messages.append(Message(subject_of(record), headers, record.data))
    return messages


def disturbed(messages: Sequence[Message], chance: random.Random) -> list[Message]:
    """Shuffle what follows closely, and let any of what came before come again."""
    order: list[Message] = []
    for start in range(0, len(messages), 5):
        run = list(messages[start : start + 5])
        run += chance.choices(messages[: start + 5], k=chance.randint(0, 3))
        chance.shuffle(run)
        order += run
    return order


async def state_of(store: EventStore) -> State:
    copies = {
        id: (await store.load(Copy, id)).texts
        for id in (f"{source}-{number}" for source in SOURCES for number in range(STREAMS))
    }
    rows = await store.pool.fetch("SELECT source, position, stream, attempts FROM inbox_parked ORDER BY 1, 2")
    parked = [(row["source"], row["position"], row["stream"], row["attempts"] > 0) for row in rows]
    queues = [(await store.load(CopiesParked, source)).queues for source in SOURCES]
    records = await store.read(0, 10_000)
    effects = Counter(r.about.fields["causation"] for r in records if r.kind == "copy")
    return State(copies, parked, queues, effects)


class Reader:
    """Reads both sources into a store; what is parked is tried again as soon as something changed."""

    def __init__(self, store: EventStore, time: VirtualTime) -> None:
        self.store, self.time = store, time
        self.intakes: list[Reacting] = []
        self.tasks: list[asyncio.Task[None]] = []

    def intake(self, source: str) -> Reacting:
        self.intakes.append(Reacting(react, self.store, source, CopiesParked))
        return self.intakes[-1]

    def begin(self, work: Any) -> None:
        self.tasks.append(asyncio.create_task(work))

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
        self.intakes.clear()

    async def rest(self) -> None:
        """Wait until nothing is to be tried again, by two looks in a row with nothing recorded in between."""
        seen = -1
        async with asyncio.timeout(LIMIT):
            while True:
                await self.store.pool.fetchval("SELECT 1")  # lets all others have their turn
                quiet = self.store.idle and all(intake.at_rest for intake in self.intakes)
                if quiet and seen == self.store.head:
                    return
                seen = self.store.head if quiet else -1


async def clean_run(store: EventStore, of: dict[str, list[Message]], time: VirtualTime) -> State:
    """Take in one source after the other, each message once and in order."""
    reader = Reader(store, time)
    for source, messages in of.items():
        intake = reader.intake(source)
        events = [message.received() for message in messages]
        await store.pool.execute(
            "INSERT INTO inboxes (name, position, log_id) VALUES ($1, 0, gen_random_uuid())", source
        )
        position = await store.inbox_position(source)
        await intake.begin()
        while position < len(events):
            position = await intake.take(events[position : position + 1], position)
        reader.begin(intake.try_again(ClockAndGate(time, Gate())))
    await reader.rest()
    await reader.end()
    return await state_of(store)


async def disturbed_run(
    store: EventStore,
    of: dict[str, list[Message]],
    time: VirtualTime,
    nc: Client,
    broker: Any,
    url: str,
    seed: int,
) -> State:
    """Publish everything disturbed, the sources mixed, and begin the readers anew now and then."""
    chance, reader = random.Random(seed), Reader(store, time)

    def begin() -> None:
        for source in of:

            async def provide(source: str = source) -> None:
                await provision_consumer(nc, "copies", source)

            timing = ClockAndGate(time, Gate())
            reader.begin(Inbox(store, broker, source, reader.intake(source), url, provide, timing).run())

    queues = [disturbed(messages, chance) for messages in of.values() if messages]
    begin()
    while queues:
        queue = chance.choice(queues)
        for message in queue[: chance.randint(1, 6)]:
            await nc.jetstream().publish(message.subject, message.body, headers=message.headers)
            queue.remove(message)
        if not queue:
            queues.remove(queue)
        if chance.random() < 0.1:
            await reader.end()
            begin()
    async with asyncio.timeout(LIMIT):
        for source, messages in of.items():
            await store.taken_in(source, len(messages))
    await reader.rest()
    await reader.end()
    return await state_of(store)


@settings(max_examples=rounds(4, every=4), deadline=None, suppress_health_check=list(HealthCheck))
@given(said=st.lists(notes, min_size=12, max_size=40), seed=st.integers(0, 10_000))
def test_messages_twice_and_shuffled_leave_the_state_of_a_clean_run(
    engines: ThrowawayEngines, said: list[Said], seed: int
) -> None:
    async def play(url: str) -> tuple[State, State]:
        stores = {name: await opened(name, url) for name in (*SOURCES, "copies", "clean")}
        of = {
            source: await written(stores[source], [s for s in said if s.source == source])
            for source in SOURCES
        }
        broker, time = broker_for(engines.nats_url, "shuffled"), VirtualTime(system_clock())
        nc = await broker.connect()
        for source in SOURCES:
            await provision_stream(nc, source, stores[source].log_id)
        try:
            clean = await clean_run(stores["clean"], of, time)
            return clean, await disturbed_run(stores["copies"], of, time, nc, broker, url, seed)
        finally:
            for source in SOURCES:
                await ask(nc, f"STREAM.DELETE.EVT_{source.upper()}")
            await part(broker, nc)
            for store in stores.values():
                await store.close()

    url = engines.make_database()
    try:
        clean, shuffled = asyncio.run(play(url))
    finally:
        engines.drop_database(url)
    assert shuffled == clean
    assert set(clean.effects.values()) <= {1}


async def opened(service: str, url: str) -> EventStore:
    await migrate(url, service)
    store = EventStore(service, url, system_clock, Ed25519PrivateKey.generate())
    await store.open()
    return store
