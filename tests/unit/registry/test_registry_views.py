import pytest

from services.registry.views import DecreesView, MeasuresView, MissionsView, StaffView, views
from services.registry.views.row import OwnRows
from shared.contracts.event import Event
from shared.contracts.registry import (
    BlockReason,
    Confidence,
    DecreeEnteredIntoForce,
    DecreeExecuted,
    DecreeHeld,
    DecreeResumed,
    MeasureBlocked,
    MeasureExecuted,
    MeasureIdentified,
    MeasureOrdered,
    MissionAbsorbed,
    MissionClosed,
    MissionClosing,
    MissionConditionEvidenced,
    MissionDatesSet,
    MissionReceiving,
    MissionStaffJoined,
    MissionStaffLeft,
    Provenance,
    StaffOutcome,
    StaffPosted,
    StaffReassigned,
    StaffRecalled,
    StaffSeparated,
)
from shared.domain import Text
from tests.unit.registry.folding import fold
from tests.unit.registry.world import (
    DECREE,
    MEASURE,
    OFFICIAL_ON,
    PUBLIC_ON,
    STUDIES,
    WHY,
    description,
    draft,
    row,
)


def test_a_decree_is_held_while_a_hold_covers_it_whole() -> None:
    issued = [(f"decree.{DECREE}", draft()), (f"decree.{DECREE}", DecreeEnteredIntoForce(on=PUBLIC_ON))]

    def state(*holds: Event) -> tuple[str, int]:
        found = fold(DecreesView(), *issued, *((f"decree.{DECREE}", hold) for hold in holds))[DECREE]
        return found["state"], len(found["holds"])

    whole = DecreeHeld(hold="a", by="audit-bureau", holder="bureau-1", reason=WHY, conditions=STUDIES)
    part = DecreeHeld(hold="b", by="audit-bureau", holder="bureau-1", reason=WHY, conditions=(), article="2")
    lifted = DecreeResumed(hold="a", met=(), reason=WHY)
    assert state() == ("in-force", 0)
    assert state(whole, part) == ("held", 2)
    assert state(whole, part, lifted) == ("in-force", 1)
    assert state(DecreeExecuted()) == ("executed", 0)
    # What is over stays over, when a late hold is entered and when it is lifted.
    assert state(DecreeExecuted(), whole) == ("executed", 1)
    assert state(DecreeExecuted(), whole, lifted) == ("executed", 0)


def test_a_measure_is_shown_as_it_stands() -> None:
    stream = f"measure.{MEASURE}"
    base = {"decree": DECREE, "article": "2"}
    blocked = MeasureBlocked(**base, reason=BlockReason.RECEIVER_UNKNOWN, explanation=Text(en="Unknown"))
    found = MeasureIdentified(
        **base, mission="emb-va", receiver="emb-it", confidence=Confidence.LIKELY, source="letter"
    )
    listing = row(receiver=None)
    ordered = MeasureOrdered(
        **base, row=1, measure_kind=listing.measure_kind, mission="emb-va", receiver="emb-it"
    )
    story: list[tuple[str, Event]] = [
        (stream, listing),
        (stream, blocked),
        (stream, found),
        (stream, ordered),
        (stream, MeasureExecuted(**base, mission="emb-va")),
    ]
    states = [fold(MeasuresView(), *story[:n])[MEASURE] for n in range(1, 6)]
    assert [now["state"] for now in states] == ["listed", "blocked", "listed", "ordered", "executed"]
    assert [now["blocked_by"] for now in states] == [None, "receiver-unknown", None, None, None]
    assert states[2]["receiver"] == "emb-it" and states[2]["confidence"] == "likely"
    assert states[4]["version"] == 5


def test_a_corrected_identification_gives_the_former_mission_back() -> None:
    base = {"decree": DECREE, "article": "2", "confidence": Confidence.LIKELY, "source": "3/2026"}
    first = MeasureIdentified(**base, mission="emb-va", receiver=None)
    other = MeasureIdentified(**base, mission="emb-fr", receiver=None, former_mission="emb-va")
    story: list[tuple[str, Event]] = [
        ("mission.emb-va", description("VA")),
        ("mission.emb-fr", description("FR")),
        (f"measure.{MEASURE}", row(mission=None, receiver=None)),
        (f"measure.{MEASURE}", first),
        (f"measure.{MEASURE}", other),
    ]
    rows = fold(MissionsView(), *story)
    assert (rows["emb-va"]["decree"], rows["emb-va"]["measure"]) == (None, None)
    assert (rows["emb-fr"]["decree"], rows["emb-fr"]["measure"]) == (DECREE, MEASURE)
    taken = ("measure.299-2025-a1-r01", first.model_copy(update={"decree": "299-2025"}))
    rows = fold(MissionsView(), *story[:-1], taken, story[-1])
    assert rows["emb-va"]["decree"] == "299-2025"


def test_a_mission_shows_its_row_its_staff_its_closing_and_its_load() -> None:
    by = {"decree": DECREE, "measure": MEASURE}
    va, it = "mission.emb-va", "mission.emb-it"
    story: list[tuple[str, Event]] = [
        (va, description("VA")),
        (it, description("IT")),
        (va, MissionStaffJoined(staff="p-1", category="diplomat")),
        (va, MissionStaffJoined(staff="p-2", category="attache")),
        (f"measure.{MEASURE}", row()),
        (va, MissionClosing(**by, receiver="emb-it")),
        (it, MissionReceiving(**by, from_mission="emb-va")),
        (va, MissionDatesSet(**by, public_on=PUBLIC_ON, official_on=OFFICIAL_ON)),
        (va, MissionConditionEvidenced(**by, condition=7, tasks=(), evidence=())),
        (va, MissionConditionEvidenced(**by, condition=4, tasks=(), evidence=())),
        (va, MissionStaffLeft(staff="p-1", outcome=StaffOutcome.RECALLED)),
    ]
    rows = fold(MissionsView(), *story)
    mission = rows["emb-va"]
    assert (mission["state"], mission["posted"], mission["staff"]) == ("closing", 1, ["p-2"])
    assert (mission["evidenced"], mission["official_on"]) == ([4, 7], "2025-05-05")
    assert (mission["decree"], mission["measure"], mission["receiver"]) == (DECREE, MEASURE, "emb-it")
    assert (rows["emb-it"]["receives"], rows["emb-it"]["absorbed"]) == (["emb-va"], [])
    assert rows["emb-it"]["version"] == 2, "its own history tells what it receives"
    closed = MissionClosed(
        **by, successor="emb-it", public_on=PUBLIC_ON, official_on=OFFICIAL_ON, accreditations=("VA",)
    )
    rows = fold(MissionsView(), *story, (va, closed), (it, MissionAbsorbed(**by, from_mission="emb-va")))
    assert rows["emb-va"]["state"] == "closed"
    late = (va, MissionStaffLeft(staff="p-2", outcome=StaffOutcome.REASSIGNED))
    left = fold(MissionsView(), *story, (va, closed), late)["emb-va"]
    assert (left["state"], left["posted"], left["staff"]) == ("closed", 0, [])
    assert (rows["emb-it"]["receives"], rows["emb-it"]["absorbed"]) == ([], ["emb-va"])


def test_staff_show_where_they_are_and_how_postings_ended() -> None:
    stream = "staff.p-1"
    ended = {"category": "diplomat", "by": "cabinet", "reference": "1/2025"}
    posted = StaffPosted(
        mission="emb-va", category="diplomat", authority="cabinet", provenance=Provenance.FICTITIOUS
    )
    moved = StaffReassigned(from_mission="emb-va", mission="emb-it", **ended)
    recalled = StaffRecalled(mission="emb-it", **ended)
    separated = StaffSeparated(mission="emb-va", **ended)
    story = [(stream, event) for event in (posted, moved, recalled, posted, separated)]
    person = fold(StaffView(), *story)["p-1"]
    assert (person["state"], person["mission"]) == ("separated", None)
    assert [(e["outcome"], e["mission"]) for e in person["outcomes"]] == [
        ("reassigned", "emb-va"),
        ("recalled", "emb-it"),
        ("separated", "emb-va"),
    ]
    assert fold(StaffView(), *story[:2])["p-1"]["mission"] == "emb-it"


@pytest.mark.parametrize("view", views(), ids=lambda view: view.name)
def test_a_view_takes_no_row_from_a_kind_that_is_not_its_own(view: OwnRows) -> None:
    stranger = MissionStaffJoined(staff="p-1", category="x")
    rows = fold(view, ("plan.p", stranger))
    assert rows == {}
