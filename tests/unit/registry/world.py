"""What the registry's tests begin with: aggregates in memory, read as a command's turn reads them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast

from services.registry.decree import Decree, holding
from services.registry.department import Department
from services.registry.department.signing import declare_signing
from services.registry.handover import Handover, signing
from services.registry.measure import Measure
from services.registry.measure.ordering import order
from services.registry.mission import Mission
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import take_evidence
from services.registry.organisation import MINISTRY, Organisation
from services.registry.staff import StaffMember
from shared.contracts.event import Event
from shared.contracts.registry import (
    Article,
    Competence,
    Confidence,
    DecreeIssued,
    Feasibility,
    HoldCondition,
    MeasureKind,
    MeasureListed,
    MissionKind,
    MissionRegistered,
    Provenance,
    Signatory,
    SigningSide,
)
from shared.domain import Actor, Aggregate, Moment, Text

A = TypeVar("A", bound=Aggregate)

NOON = datetime(2025, 5, 5, 12, tzinfo=UTC)
NOW = Moment(NOON, NOON)
DECREE, MEASURE = "298-2025", "298-2025-a2-r01"
PUBLIC_ON, OFFICIAL_ON = date(2025, 5, 4), date(2025, 5, 5)
STUDIES = (HoldCondition(key="financial", text=Text(en="Financial study", ar="دراسة مالية")),)
COMPETENCES = tuple(
    Competence(category=category, title=Text(en=category), authority=authority)
    for category, authority in (
        ("head-of-mission", "presidential-council"),
        ("diplomat", "cabinet"),
        ("administrative", "cabinet"),
    )
)
WHY = Text(en="Studies first", ar="الدراسات أولًا")


@dataclass
class World:
    """Everything that happened so far; it can be read like a `Turn`."""

    actor: Actor = field(default_factory=lambda: Actor(subject="office-1", role="follow-up-office"))
    moment: Moment = NOW
    known: dict[tuple[str, str], Aggregate] = field(default_factory=dict)

    def get(self, kind: type[A], id: str) -> A:
        return cast(A, self.known.setdefault((kind.kind, id), kind.blank(id)))

    def get_all(self, kind: type[A], ids: Iterable[str]) -> list[A]:
        return [self.get(kind, id) for id in ids]

    @property
    def decree(self) -> Decree:
        return self.get(Decree, DECREE)

    @property
    def measure(self) -> Measure:
        return self.get(Measure, MEASURE)

    @property
    def mission(self) -> Mission:
        return self.get(Mission, "emb-va")

    @property
    def handover(self) -> Handover:
        return self.get(Handover, "emb-va")

    def forget_news(self) -> "World":
        """What was done until now is given; `news` tells what comes after."""
        for aggregate in self.known.values():
            aggregate.pending_events.clear()
        return self

    @property
    def news(self) -> list[Event]:
        changes = [c for aggregate in self.known.values() for c in aggregate.pending_events]
        return [cast(Any, change).event for change in changes]


def draft(**changes: Any) -> DecreeIssued:
    parts: dict[str, Any] = {
        "number": 298,
        "year": 2025,
        "uri": "/akn/ly/act/decree/2025/298",
        "title": Text(en="Reorganisation"),
        "issuer": Text(en="Prime Minister"),
        "announced_on": date(2025, 4, 30),
        "articles": (
            Article(article="1", text=Text(en="One")),
            Article(article="2", text=Text(en="Two"), measures=(MEASURE, "298-2025-a2-r02")),
        ),
        "procedure": "closing",
    }
    return DecreeIssued(**(parts | changes))


def row(**changes: Any) -> MeasureListed:
    parts: dict[str, Any] = {
        "decree": DECREE,
        "article": "2",
        "row": 1,
        "measure_kind": MeasureKind.MERGE,
        "mission": "emb-va",
        "receiver": "emb-it",
        "feasibility": Feasibility.DOUBTFUL,
        "confidence": Confidence.CONFIDENT,
    }
    return MeasureListed(**(parts | changes))


def description(host: str) -> MissionRegistered:
    return MissionRegistered(
        mission_kind=MissionKind.EMBASSY,
        name=Text(en=f"Embassy {host}"),
        host=host,
        city=Text(en="City"),
        accreditations=("SM",) if host == "VA" else (),
        confidence=Confidence.LIKELY,
        provenance=Provenance.SAMPLE,
    )


def registered() -> World:
    """Four departments, one of which inspects, three missions and two people at the Holy See; no decree."""
    world = World()
    for key in ("cabinet", "presidential-council", "audit-bureau", "inspection"):
        world.get(Department, key).register(Text(en=key), NOW)
    for host in ("VA", "IT", "FR"):
        world.get(Mission, f"emb-{host.lower()}").register(description(host), NOW)
    world.get(Organisation, MINISTRY).declare(COMPETENCES, NOW)
    declare(world, "inspection", SigningSide.INSPECTION)
    post(world, "p-1", "head-of-mission", "presidential-council")
    post(world, "p-2", "diplomat", "cabinet")
    return world.forget_news()


def post(
    world: World,
    staff: str,
    category: str,
    authority: str,
    mission: str = "emb-va",
    moment: Moment = NOW,
    posted_on: date | None = None,
) -> None:
    world.get(StaffMember, staff).post(
        world.get(Mission, mission),
        category,
        world.get(Department, authority),
        world.get(Organisation, MINISTRY),
        Provenance.FICTITIOUS,
        moment,
        posted_on=posted_on,
    )


def recall(world: World, staff: str) -> None:
    person = world.get(StaffMember, staff)
    person.recall(world.mission, person.authority, "12/2025", NOW)


def listed(listing: MeasureListed | None = None) -> World:
    """The decree is in force and its first row listed."""
    world = registered()
    world.decree.issue(draft(), NOW)
    world.decree.enter_into_force(date(2025, 4, 30), NOW)
    world.measure.list_in(world.decree, listing or row(), NOW)
    return world.forget_news()


def closing() -> World:
    """The measure is ordered, so the mission is closing."""
    world = listed()
    assert order(world, world.measure, NOW)
    return world.forget_news()


def hold(world: World, moment: Moment = NOW, key: str = "h-1", **scope: Any) -> None:
    holding.hold(world.decree, key, "audit-bureau", "bureau-1", WHY, STUDIES, moment, **scope)


def evidence(
    world: World, condition: int, public_on: date | None = PUBLIC_ON, official_on: date | None = OFFICIAL_ON
) -> None:
    take_evidence(
        world.mission,
        MEASURE,
        condition,
        ("t-1",),
        ("17/2025: letter",),
        NOW,
        accepted_for=(public_on, official_on),
    )


SIGNATORIES = {
    Signatory.OUTGOING: Actor(subject="head-1", role="head-of-mission", mission="emb-va"),
    Signatory.RECEIVING: Actor(subject="head-2", role="head-of-mission", mission="emb-it"),
    Signatory.INSPECTION: Actor(subject="inspector-1", role="department", department="inspection"),
}


def sign(world: World, *signatories: Signatory) -> None:
    for signatory in signatories:
        sign_as(world, signatory, SIGNATORIES[signatory])


def sign_as(world: World, signatory: Signatory, actor: Actor, moment: Moment = NOW) -> None:
    ministry = world.get(Organisation, MINISTRY)
    signing.sign(world.handover, world.mission, ministry, signatory, actor, "38/2025", moment)


def declare(world: World, department: str, *signs: SigningSide, moment: Moment = NOW) -> None:
    declaring, ministry = world.get(Department, department), world.get(Organisation, MINISTRY)
    declare_signing(declaring, ministry, signs, "39/2025", moment)


def closable(*, without: int | None = None) -> World:
    """Every condition of the closing holds, but for one."""
    world = closing()
    set_dates(world, world.mission, PUBLIC_ON, OFFICIAL_ON, NOW)
    for condition in range(1, 13):
        if condition != without:
            evidence(world, condition)
    for staff in ("p-1", "p-2"):
        recall(world, staff)
    sign(world, *SIGNATORIES)
    return world.forget_news()
