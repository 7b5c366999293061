"""A report follows from facts alone: figures, comparison, and a page on which nothing passes for HTML."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.registry.decree.state import DecreeState
from services.registry.measure import MeasureState
from services.registry.mission.state import MissionState
from services.tasks.application import Tasks
from services.tasks.deadline import Deadline, DeadlineState
from services.tasks.decree import Decree, NoSuchArticle
from services.tasks.drafting import draft_plan
from services.tasks.extension import ExtensionState
from services.tasks.holding import hold_decree, lift_hold
from services.tasks.indicator import Heading, IndicatorState
from services.tasks.meeting import DecisionState, MeetingState
from services.tasks.report import Report, ReportExists
from services.tasks.report.report import FORM
from services.tasks.reporting import words
from services.tasks.reporting.page import page
from services.tasks.reporting.style import HEADERS, STYLE
from services.tasks.reports import ReportDiffers, SinceNotBefore, Wish
from services.tasks.scheduling import schedule_plan
from services.tasks.settling import cancel_task
from services.tasks.sweeping import missing
from services.tasks.task import Task
from shared.contracts.registry import StaffOutcome
from shared.contracts.tasks import LogPosition, ReportKind
from shared.contracts.text import Text
from shared.domain import NotFound
from shared.domain.permission import NotPermitted
from tests.unit.tasks.given import (
    DATES,
    ISSUED,
    LEGAL,
    MEASURE,
    NOON,
    NOW,
    OFFICE,
    ORDERED,
    MemoryStore,
    MemoryViews,
    by,
    store_with_procedure,
)

EVIL = '<script>alert("x")</script> & \'"'
LOG = UUID(int=9)
DECREE = {
    "id": "298-2025",
    "title": {"ar": "قرار", "en": "Decree"},
    "issuer": {"ar": None, "en": EVIL},
    "announced_on": "2025-04-30",
    "in_force_on": "2025-04-30",
    "state": "in-force",
    "articles": [{"article": "3", "text": {"ar": "تقرير", "en": "A report"}, "measures": []}],
}


def measure(row: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"298-2025-a2-r{row:02d}",
        "row": row,
        "mission": None,
        "state": "ordered",
        "feasibility": "not-assessed",
        "confidence": "confident",
        "explanation": None,
        "note": None,
        **changes,
    }


def mission(id: str, receiver: str | None) -> dict[str, Any]:
    name = {"en": f"Embassy {id}", "ar": None}
    dates = {"public_on": None, "official_on": None}
    return {"id": id, "name": name, "state": "closing", "receiver": receiver, **dates}


class Registry:
    """Answers for the registry: two pages of measures, and a decree that began at a position."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.rows: dict[str, list[tuple[str, Any]]] = {
            "departments": [("legal", {"name": {"en": "Legal", "ar": "الشؤون القانونية"}})],
            "missions": [("emb-va", mission("emb-va", "emb-it"))],
            "measures": [
                ("1", measure(1)),
                ("2", measure(2, feasibility="doubtful", note={"en": EVIL, "ar": None})),
                ("3", measure(3, state="blocked", confidence="unknown", explanation={"en": "?", "ar": "؟"})),
            ],
        }

    async def ask(self, service: str, question: str, about: Mapping[str, Any]) -> Any:
        assert (service, question) == ("registry", "rows")
        self.asked.append(about)
        told = {"log": str(LOG), "position": 7, "recorded_at": "2025-05-05T12:00:00Z"}
        if "id" in about:
            if about["view"] == "missions":
                return told | {"row": mission(about["id"], None)}
            if about["id"] != "298-2025":
                raise NotFound(kind="decree", id=about["id"])
            return told | {"row": DECREE | {"so": {"state": "issued"}}}
        rows = [row for row in self.rows[about["view"]] if row[0] > about.get("after", "")]
        return told | {"rows": rows[:2], "more": len(rows) > 2}


class Store(MemoryStore):
    """The memory store with places in its log."""

    log_id = UUID(int=10)

    @property
    def head(self) -> int:
        return len(self.log)

    async def taken_in(self, inbox: str, position: int) -> None:
        await asyncio.sleep(0)

    async def position_at(self, moment: datetime) -> int:
        return sum(1 for record in self.log if record.recorded_at <= moment)

    async def moment_of(self, position: int) -> datetime | None:
        return self.log[position - 1].recorded_at if position else None


@pytest.fixture
def store() -> Store:
    base, store = store_with_procedure(), Store()
    store.aggregates, store.log = base.aggregates, base.log
    store.run(lambda turn: turn.get(Decree, "298-2025").note(ISSUED, NOW))
    store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    return store


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def tasks(store: Store, registry: Registry) -> Tasks:
    return Tasks(store, MemoryViews(store), ask=registry.ask)  # type: ignore[arg-type]  # engines in memory


def wish(**changes: Any) -> Wish:
    facts: dict[str, Any] = dict.fromkeys(Wish.__slots__)
    given = {"report": "r1", "decree": "298-2025", "kind": ReportKind.ARTICLE, "article": "3"}
    return Wish(**facts | given | changes)


def figures(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [figure for section in report["sections"] for figure in section["figures"]]
    for section in report["sections"]:
        for table in section["tables"]:
            found += [cell for row in table["rows"] for cell in row if "figure" in cell]
    assert len({figure["figure"] for figure in found}) == len(found), "each figure has a key of its own"
    return {figure["figure"]: figure for figure in found}


async def read(tasks: Tasks, report: str = "r1") -> dict[str, Any]:
    made, digest = await tasks.reports.read(report)
    assert hashlib.sha256(made).hexdigest() == digest
    told: dict[str, Any] = orjson.loads(made)
    return told


async def test_it_counts_what_both_services_have(tasks: Tasks, store: Store) -> None:
    await tasks.reports.generate(by(OFFICE), wish())
    found = figures(await read(tasks))
    values = {key: figure["value"] for key, figure in found.items() if figure["value"]}
    assert values == {
        "measures.total": 3,
        "measures.ordered": 2,
        "measures.blocked": 1,
        "missions.total": 1,
        "missions.closing": 1,
        "tasks.total": 4,
        "tasks.legal.planned": 3,
        "tasks.legal.total": 3,
        "tasks.protocol.planned": 1,
        "tasks.protocol.total": 1,
        "deadlines.none": 4,
        "risks.unknown": 1,
        "risks.doubtful": 1,
        "next.blocked": 1,
        "next.doubtful": 1,
    }
    head = store.head - 1
    assert found["tasks.legal.planned"]["link"] == (
        f"/tasks/tasks?decree=298-2025&department=legal&state=planned&as_of={head}"
    )
    assert found["risks.unknown"]["link"] == "/registry/measures?decree=298-2025&confidence=unknown&as_of=7"


async def test_misses_are_counted_by_what_stands_beside_them(tasks: Tasks, store: Store) -> None:
    first, second, third, fourth = (f"{MEASURE}-t0{number}" for number in (1, 2, 3, 4))
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    # Given four misses: of a task that was given up before, one that stands alone, and two that were held,
    store.now = datetime(2025, 10, 10, tzinfo=UTC)
    for task in (first, second, third, fourth):
        due_at = store.find(Deadline, task).due_at
        assert due_at is not None
        store.run(missing(task, due_at).decide)
    given_up = datetime(2025, 8, 1, tzinfo=UTC)
    store.run(lambda turn: cancel_task(turn, turn.get(Task, first), "Not needed"), effective_at=given_up)
    held, reason = datetime(2025, 9, 19, tzinfo=UTC), Text(en="Studies", ar="دراسات")
    store.run(lambda turn: hold_decree(turn, "298-2025", "h1", None, None, reason), effective_at=held)
    store.run(lambda turn: lift_hold(turn, "298-2025", "h1"), effective_at=datetime(2025, 9, 20, tzinfo=UTC))
    await tasks.reports.generate(by(OFFICE), wish())
    found = figures(await read(tasks))
    values = {"ever-missed": 4, "qualified": 3, "taken-away": 1, "missed-plainly": 1}
    assert {kind: found[f"deadlines.{kind}"]["value"] for kind in values} == values
    assert "missed_plainly=true" in found["deadlines.missed-plainly"]["link"]
    assert "taken_away=true" in found["deadlines.taken-away"]["link"]


async def test_other_figures_are_of_another_form(tasks: Tasks) -> None:
    await tasks.reports.generate(by(OFFICE), wish())
    kinds = {key.partition(".")[2] for key in figures(await read(tasks)) if key.startswith("deadlines.")}
    beside_states = {"ever-missed", "qualified", "taken-away", "missed-plainly", "met-late"}
    assert (FORM, kinds - {state.value for state in DeadlineState}) == (2, beside_states)


async def test_before_it_was_made_it_is_not_found(tasks: Tasks, store: Store) -> None:
    await tasks.reports.generate(by(OFFICE), wish())
    made = store.head
    await tasks.assign_task(by(OFFICE), f"{MEASURE}-t01")
    assert await tasks.reports.read("r1", made) == await tasks.reports.read("r1")
    with pytest.raises(NotFound):
        await tasks.reports.read("r1", made - 1)


async def test_what_happens_afterwards_does_not_change_it(tasks: Tasks, store: Store) -> None:
    await tasks.reports.generate(by(OFFICE), wish())
    first = await tasks.reports.read("r1")
    await tasks.assign_task(by(OFFICE), f"{MEASURE}-t01")
    assert await tasks.reports.read("r1") == first
    await tasks.reports.generate(by(OFFICE), wish(report="r2"))
    assert figures(await read(tasks, "r2"))["tasks.legal.assigned"]["value"] == 1


async def test_a_report_is_as_of_the_moment_that_is_named(
    tasks: Tasks, store: Store, registry: Registry
) -> None:
    store.now = datetime(2025, 6, 1, tzinfo=UTC)
    await tasks.assign_task(by(OFFICE), f"{MEASURE}-t01")
    await tasks.reports.generate(by(OFFICE), wish(as_of=NOON))
    assert figures(await read(tasks))["tasks.legal.assigned"]["value"] == 0
    assert registry.asked[0]["as_of"] == "2025-05-05T12:00:00.000000Z"
    assert {about["as_of"] for about in registry.asked[1:]} == {7}, "the rest as of the position it told"


async def test_a_periodic_report_tells_what_was_before(tasks: Tasks, store: Store) -> None:
    store.now = datetime(2025, 6, 1, tzinfo=UTC)
    await tasks.assign_task(by(OFFICE), f"{MEASURE}-t01")
    store.run(lambda turn: hold_decree(turn, "298-2025", "studies", None, None, Text(en="Studies")))
    periodic = wish(kind=ReportKind.PERIODIC, article=None, since=NOON)
    await tasks.reports.generate(by(OFFICE), periodic)
    found = figures(await read(tasks))
    told = {key: (found[key]["before"], found[key]["value"]) for key in ("tasks.legal.planned", "holds.open")}
    assert told == {"tasks.legal.planned": (3, 2), "holds.open": (0, 1)}
    assert found["next.holds"]["before"] == 0
    made, digest = await tasks.reports.read("r1")
    told_now = page(orjson.loads(made), digest, "en")
    # Planned, assigned, the hold and its next step: what did not change is not told twice.
    assert told_now.count('class="before"') == 4


async def test_what_is_refused(tasks: Tasks, store: Store) -> None:
    before = len(store.log)
    for refusal, wanted in (
        (NoSuchArticle, wish(article="9")),
        (NotFound, wish(decree="1-2024")),
        (SinceNotBefore, wish(kind=ReportKind.PERIODIC, article=None, since=NOON)),
    ):
        with pytest.raises(refusal):
            await tasks.reports.generate(by(OFFICE), wanted)
    with pytest.raises(NotPermitted):
        await tasks.reports.generate(by(LEGAL), wish())
    with pytest.raises(NotFound):
        await tasks.reports.read("r1")
    assert len(store.log) == before
    await tasks.reports.generate(by(OFFICE), wish())
    with pytest.raises(ReportExists):
        await tasks.reports.generate(by(OFFICE), wish())


async def test_a_report_that_would_be_another_is_not_given_out(tasks: Tasks, registry: Registry) -> None:
    await tasks.reports.generate(by(OFFICE), wish())
    registry.rows["measures"].pop()
    with pytest.raises(ReportDiffers):
        await tasks.reports.read("r1")


async def test_the_event_tells_from_what_it_was_made(tasks: Tasks, store: Store) -> None:
    await tasks.reports.generate(by(OFFICE), wish())
    generated = store.find(Report, "r1").generated
    assert generated is not None
    assert generated.as_of["registry"] == LogPosition(log=LOG, position=7, recorded_at=NOON)
    assert generated.as_of["tasks"].position == store.head - 1
    assert (generated.effective_at, generated.by) == (NOON, (OFFICE.subject,))


class Outline(HTMLParser):
    """The elements of a page; every one that is opened must be closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
async def test_the_page_is_whole_and_needs_nothing_else(language: str, direction: str, tasks: Tasks) -> None:
    await tasks.reports.generate(by(OFFICE), wish())
    made, digest = await tasks.reports.read("r1")
    outline = Outline()
    outline.feed(page(orjson.loads(made), digest, language))
    assert not outline.open
    assert ("html", {"lang": language, "dir": direction}) in outline.seen
    tags = {tag for tag, _ in outline.seen}
    assert not tags & {"script", "img", "link", "iframe", "object", "base", "form"}
    addresses = [facts["href"] for tag, facts in outline.seen if tag == "a"]
    assert addresses and all(
        address and address.startswith(("/tasks/", "/registry/")) for address in addresses
    )
    assert len(addresses) >= len(figures(orjson.loads(made)))
    assert not [facts for _, facts in outline.seen if "style" in facts or "onclick" in facts]
    assert "Embassy emb-it" in outline.text, "the receiver by its name"
    assert EVIL in outline.text, "told as it is, and not as what it could do"
    assert ("تقرير بموجب المادة 3" in outline.text) is (language == "ar")


def test_the_policy_lets_this_style_in_and_nothing_else() -> None:
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    directives = HEADERS["Content-Security-Policy"].split("; ")
    assert directives[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert "url(" not in STYLE and "@import" not in STYLE and "</" not in STYLE


@pytest.mark.parametrize(
    ("states", "names"),
    [
        (set(DeadlineState) - {DeadlineState.MET}, words.DEADLINES),
        (set(DecreeState) - {DecreeState.UNKNOWN}, words.DECREES),
        (set(MeasureState) - {MeasureState.UNKNOWN}, words.MEASURES),
        (set(MissionState) - {MissionState.UNKNOWN}, words.MISSIONS),
        (ExtensionState, words.EXTENSIONS),
        (StaffOutcome, words.OUTCOMES),
        (set(MeetingState) - {MeetingState.UNKNOWN}, words.MEETINGS),
        (DecisionState, words.DECISIONS),
        (set(IndicatorState) - {IndicatorState.UNKNOWN}, words.INDICATORS),
        (Heading, words.HEADINGS),
    ],
)
def test_every_state_has_its_words(states: Any, names: dict[str, Text]) -> None:
    assert {state.value for state in states} == names.keys()
    assert all(text.ar and text.en for text in names.values())
