"""A small domain for tests of the store: gates that can be passed while nobody holds them."""

from uuid import NAMESPACE_OID, UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Actor, Aggregate, Conflicting, Moment
from shared.domain.clock import Clock, system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.store import EventStore

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ACTOR = Actor(subject="tester", role="admin")


class SampleEvent(Event, service="sample"):
    pass


class GatePassed(SampleEvent, type="gate.passed"):
    mission: str
    hold: str
    count: int


class HoldPlaced(SampleEvent, type="hold.placed"):
    reason: str


class HoldLifted(SampleEvent, type="hold.lifted"):
    pass


class Held(Conflicting):
    slug = "held"
    detail = Text(en="{hold} is held.", ar="{hold} موقوف.")


class Gate(Aggregate):
    kind = "gate"
    passed: int = 0

    def pass_through(self, hold: "Hold", moment: Moment) -> None:
        if hold.held:
            raise Held(hold=hold.id)
        self.record(GatePassed(mission=self.id, hold=hold.id, count=self.passed + 1), moment)

    def pass_then_fail(self, moment: Moment) -> None:
        self.record(GatePassed(mission=self.id, hold="", count=self.passed + 1), moment)
        raise Held(hold="too late")

    def evolve(self, event: Event) -> None:
        match event:
            case GatePassed():
                self.passed = event.count


class Hold(Aggregate):
    kind = "hold"
    held: bool = False

    def toggle(self, moment: Moment) -> None:
        self.record(HoldLifted() if self.held else HoldPlaced(reason="studies"), moment)

    def evolve(self, event: Event) -> None:
        match event:
            case HoldPlaced():
                self.held = True
            case HoldLifted():
                self.held = False


def command_id(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def passing(gate: str, hold: str = "h", **by: object) -> Command[dict[str, int]]:
    def decide(turn: Turn) -> dict[str, int]:
        aggregate = turn.get(Gate, gate)
        aggregate.pass_through(turn.get(Hold, hold), turn.moment)
        return {"passed": aggregate.passed}

    by.setdefault("id", None)
    instruction = Instruction(actor=ACTOR, **by)  # type: ignore[arg-type]  # a test's own keywords
    return Command("pass", instruction, decide, ((Gate, gate), (Hold, hold)))


def toggling(hold: str, id: UUID) -> Command[None]:
    def decide(turn: Turn) -> None:
        turn.get(Hold, hold).toggle(turn.moment)

    return Command("toggle", Instruction(id=id, actor=ACTOR), decide)


async def open_store(url: str, clock: Clock = system_clock) -> EventStore:
    store = EventStore("sample", url, clock, KEY)
    await store.open()
    return store
