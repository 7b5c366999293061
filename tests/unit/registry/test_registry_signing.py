"""Who may sign the closing minutes: departments declare it, and silence allows none."""

from datetime import timedelta
from typing import Any

import pytest

from services.registry.closing import examine, gather
from services.registry.department import Department, refusals
from services.registry.department.signing import declare_signing_of_dossier
from services.registry.handover import refusals as refuses
from services.registry.mission.refusals import MissionNotClosing
from services.registry.organisation import MINISTRY, Organisation
from services.registry.organisation.declared import Declared
from services.registry.views.departments import DepartmentsView, led_at
from shared.contracts.registry import (
    DepartmentRegistered,
    DepartmentSigningDeclared,
    HandoverSigned,
    Signatory,
    SigningDeclared,
    SigningSide,
)
from shared.domain import Actor, Change, Moment, NotFound, Text
from shared.domain.moment import BeforeWhatItFollows
from shared.eventstore import snapshots
from tests.unit.registry.folding import fold
from tests.unit.registry.world import (
    NOON,
    NOW,
    SIGNATORIES,
    World,
    closable,
    closing,
    declare,
    registered,
    sign,
    sign_as,
)

RECEIVING, INSPECTION = SigningSide.RECEIVING, SigningSide.INSPECTION
HOUR = timedelta(hours=1)


def officer(department: str | None, role: str = "department") -> Actor:
    return Actor(subject=f"{department}-1", role=role, department=department)


def at(hours: int) -> Moment:
    """A moment in the hours before noon, told at noon."""
    return Moment(NOON, NOON + hours * HOUR)


# --- to declare


def test_a_department_declares_for_whom_it_signs_and_the_same_again_is_no_news() -> None:
    world = registered()
    declare(world, "cabinet", RECEIVING, INSPECTION, RECEIVING)
    both = (INSPECTION, RECEIVING)
    assert world.news == [
        DepartmentSigningDeclared(signs=both, former=None, reference="39/2025"),
        SigningDeclared(department="cabinet", signs=both),
    ]
    world.forget_news()
    declare(world, "cabinet", INSPECTION, RECEIVING)
    assert not world.news
    declare(world, "cabinet")
    assert world.news[0] == DepartmentSigningDeclared(signs=(), former=both, reference="39/2025")
    ministry = world.get(Organisation, MINISTRY)
    assert (ministry.who_signs(RECEIVING), ministry.who_signs(INSPECTION)) == ((), ("inspection",))


def test_nothing_is_declared_of_a_department_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        declare(World(), "cabinet", RECEIVING)


def test_a_declaration_is_of_no_moment_before_the_last_one() -> None:
    world = registered()
    declare(world, "cabinet", RECEIVING, moment=at(-1))
    world.forget_news()
    with pytest.raises(BeforeWhatItFollows):
        declare(world, "cabinet", INSPECTION, moment=at(-2))
    assert not world.news


def test_a_declaration_that_was_entered_too_late_is_moved_back_to_the_day_since_which_it_is_so() -> None:
    world = registered()
    declare(world, "cabinet", RECEIVING, moment=at(-9))
    declare(world, "cabinet", RECEIVING, INSPECTION, moment=at(-3))
    declare(world, "cabinet", RECEIVING, INSPECTION, moment=at(-2))
    world.forget_news()
    with pytest.raises(BeforeWhatItFollows):
        declare(world, "cabinet", RECEIVING, INSPECTION, moment=at(-10))
    assert not world.news
    declare(world, "cabinet", RECEIVING, INSPECTION, moment=at(-8))
    both = (INSPECTION, RECEIVING)
    assert world.news[0] == DepartmentSigningDeclared(signs=both, former=both, reference="39/2025")
    cabinet, ministry = world.get(Department, "cabinet"), world.get(Organisation, MINISTRY)
    assert (cabinet.signs_since, cabinet.signs_after) == (at(-8).effective_at, at(-9).effective_at)
    assert ministry.signing["cabinet"] == (
        Declared(at(-9).effective_at, (RECEIVING,)),
        Declared(at(-8).effective_at, both),
    )
    declare(world, "cabinet", moment=at(-8))
    with pytest.raises(BeforeWhatItFollows):
        declare(world, "cabinet", moment=at(-9))


def test_a_dossier_moves_no_declaration_that_stands() -> None:
    world = registered()
    declare(world, "cabinet", RECEIVING, moment=NOW)
    world.forget_news()
    cabinet, ministry = world.get(Department, "cabinet"), world.get(Organisation, MINISTRY)
    declare_signing_of_dossier(cabinet, ministry, (RECEIVING,), at(-1))
    assert not world.news


def test_a_dossier_declares_what_nobody_declared_and_changes_nothing() -> None:
    world = registered()
    cabinet, ministry = world.get(Department, "cabinet"), world.get(Organisation, MINISTRY)
    declare_signing_of_dossier(cabinet, ministry, (RECEIVING,), NOW)
    assert world.news[0] == DepartmentSigningDeclared(signs=(RECEIVING,), former=None, reference=None)
    world.forget_news()
    declare_signing_of_dossier(cabinet, ministry, (RECEIVING, RECEIVING), NOW)
    with pytest.raises(refusals.SigningKnownOtherwise):
        declare_signing_of_dossier(cabinet, ministry, (), NOW)
    assert not world.news


# --- to sign


@pytest.mark.parametrize("signatory", [Signatory.RECEIVING, Signatory.INSPECTION])
@pytest.mark.parametrize("role", ["department", "controller", "auditor"])
def test_a_department_that_declares_it_signs_for_that_side_and_for_no_other(
    signatory: Signatory, role: str
) -> None:
    world = closing()
    other = RECEIVING if signatory is Signatory.INSPECTION else INSPECTION
    declare(world, "cabinet", SigningSide(signatory))
    declare(world, "audit-bureau", other)
    world.forget_news()
    for stranger in ("audit-bureau", "presidential-council", None):
        with pytest.raises(refuses.NotSignatory) as refused:
            sign_as(world, signatory, officer(stranger, role))
        assert "cabinet" in refused.value.facts["departments"]
        told = refused.value.told()
        assert told.en and "the department cabinet" in told.en
        assert told.ar and "الإدارة cabinet" in told.ar
    assert not world.news
    sign_as(world, signatory, officer("cabinet", role))
    signed = HandoverSigned(mission="emb-va", signatory=signatory, by="cabinet-1", reference="38/2025")
    assert world.news == [signed]


@pytest.mark.parametrize("signatory", [Signatory.RECEIVING, Signatory.INSPECTION])
def test_where_no_department_declares_it_none_signs(signatory: Signatory) -> None:
    world = closing()
    declare(world, "inspection")
    world.forget_news()
    with pytest.raises(refuses.NoDepartmentSigns) as refused:
        sign_as(world, signatory, officer("inspection"))
    told = refused.value.told()
    assert told.en and "No department declares that it signs for it." in told.en
    assert told.ar and "لم تعلن أي إدارة أنها توقّع عنه." in told.ar
    assert ("the head of emb-it" in told.en) is (signatory is Signatory.RECEIVING)
    assert not world.news


def test_the_head_of_the_receiving_mission_signs_for_it_whatever_departments_declare() -> None:
    world = closing()
    sign(world, Signatory.RECEIVING)
    assert world.handover.signatures == {"receiving": "head-2"}


@pytest.mark.parametrize("mission", ["emb-va", "emb-fr", None])
def test_no_other_head_of_mission_signs_for_the_receiving_side(mission: str | None) -> None:
    world = closing()
    declare(world, "cabinet", RECEIVING)
    head = Actor(subject="head-3", role="head-of-mission", mission=mission)
    with pytest.raises(refuses.NotSignatory):
        sign_as(world, Signatory.RECEIVING, head)


def test_without_a_receiver_no_head_signs_for_the_receiving_side() -> None:
    world = closing()
    assert world.mission.closing is not None
    world.mission.closing = world.mission.closing.model_copy(update={"receiver": None})
    for head in (SIGNATORIES[Signatory.RECEIVING], Actor(subject="head-3", role="head-of-mission")):
        with pytest.raises(refuses.NoDepartmentSigns):
            sign_as(world, Signatory.RECEIVING, head)


def test_no_department_signs_for_the_outgoing_side() -> None:
    world = closing()
    with pytest.raises(refuses.NotSignatory) as refused:
        sign_as(world, Signatory.OUTGOING, officer("inspection"))
    told = refused.value.told()
    assert told.en is not None and told.en.endswith("the outgoing side. These may: the head of emb-va.")


def test_what_a_department_signed_stays_signed_when_it_signs_no_more() -> None:
    world = closable()
    declare(world, "inspection")
    assert world.handover.signatures["inspection"] == "inspector-1"
    assert all(finding.holds for finding in examine(gather(world, world.mission)))


def test_a_signature_is_of_no_moment_before_the_department_signed_so() -> None:
    world = closing()
    world.mission.stepped_at = world.mission.closing_at = None
    declare(world, "cabinet", INSPECTION, moment=at(-3))
    declare(world, "cabinet", INSPECTION, RECEIVING, moment=at(-1))
    world.forget_news()
    for signatory, hours in ((Signatory.RECEIVING, -2), (Signatory.INSPECTION, -4)):
        with pytest.raises(BeforeWhatItFollows):
            sign_as(world, signatory, officer("cabinet"), at(hours))
    assert not world.news
    sign_as(world, Signatory.INSPECTION, officer("cabinet"), at(-2))
    sign_as(world, Signatory.RECEIVING, officer("cabinet").model_copy(update={"subject": "x"}), at(-1))
    assert world.handover.signatures == {"inspection": "cabinet-1", "receiving": "x"}


def test_a_signature_is_judged_by_what_was_declared_on_its_day() -> None:
    world = closing()
    world.mission.stepped_at = world.mission.closing_at = None
    declare(world, "inspection", moment=NOW)
    for hours, signs in ((-8, (INSPECTION,)), (-6, ()), (-4, (RECEIVING, INSPECTION)), (-2, (INSPECTION,))):
        declare(world, "cabinet", *signs, moment=at(hours))
    world.forget_news()
    for hours, signatory, refusal in (
        (-9, Signatory.INSPECTION, BeforeWhatItFollows),
        (-5, Signatory.INSPECTION, BeforeWhatItFollows),
        (-7, Signatory.RECEIVING, BeforeWhatItFollows),
        (-2, Signatory.RECEIVING, refuses.NoDepartmentSigns),
    ):
        with pytest.raises(refusal):
            sign_as(world, signatory, officer("cabinet"), at(hours))
    assert not world.news
    sign_as(world, Signatory.INSPECTION, officer("cabinet"), at(-7))
    sign_as(world, Signatory.RECEIVING, officer("cabinet").model_copy(update={"subject": "x"}), at(-3))
    assert world.handover.signatures == {"inspection": "cabinet-1", "receiving": "x"}


def test_a_department_that_signs_no_more_signs_as_of_the_days_on_which_it_did() -> None:
    world = closing()
    world.mission.stepped_at = world.mission.closing_at = None
    declare(world, "audit-bureau", INSPECTION, moment=at(-3))
    declare(world, "audit-bureau", moment=at(-1))
    with pytest.raises(refuses.NotSignatory) as refused:
        sign_as(world, Signatory.INSPECTION, officer("audit-bureau"))
    assert refused.value.facts["departments"] == ["inspection"]
    sign_as(world, Signatory.INSPECTION, officer("audit-bureau"), at(-2))
    assert world.handover.signatures == {"inspection": "audit-bureau-1"}


def test_a_mission_that_does_not_close_has_no_minutes_whoever_signs() -> None:
    with pytest.raises(MissionNotClosing):
        sign_as(registered(), Signatory.INSPECTION, officer("cabinet"))


# --- to be told


def test_a_closing_that_lacks_a_signature_tells_who_may_give_it() -> None:
    world = closable()
    world.handover.signatures.clear()

    def lacking() -> list[str]:
        texts = examine(gather(world, world.mission))[11].missing
        assert all(text.ar and "{" not in text.ar for text in texts)
        return [text.en or "" for text in texts]

    assert lacking() == [
        "Nobody has signed for the outgoing side. These may: the head of emb-va.",
        "Nobody has signed for the receiving side. These may: the head of emb-it. "
        "No department declares that it signs for it.",
        "Nobody has signed for the inspection. These may: the department inspection.",
    ]
    declare(world, "inspection")
    declare(world, "cabinet", RECEIVING)
    declare(world, "audit-bureau", RECEIVING)
    sign(world, Signatory.OUTGOING)
    assert lacking() == [
        "Nobody has signed for the receiving side. These may: the head of emb-it, "
        "the department audit-bureau, the department cabinet.",
        "Nobody has signed for the inspection. No department declares that it signs for it.",
    ]


def row(*events: Any, moments: Any = ()) -> dict[str, Any]:
    happened = [("department.cabinet", event) for event in events]
    return fold(DepartmentsView(), *happened, moments=moments)["cabinet"]


def test_a_row_tells_for_whom_a_department_signs_by_both_clocks() -> None:
    one = DepartmentSigningDeclared(signs=(INSPECTION,), former=None, reference=None)
    two = DepartmentSigningDeclared(signs=(), former=(INSPECTION,), reference="40/2025")
    told = row(
        DepartmentRegistered(name=Text(en="Cabinet")), one, two, moments=(NOON, NOON + HOUR, NOON + 3 * HOUR)
    )
    assert told["signs"] == []
    assert [(entry["signs"], entry["reference"]) for entry in told["signing"]] == [
        (["inspection"], None),
        ([], "40/2025"),
    ]
    moments = [NOON + hours * HOUR for hours in (0, 1, 2, 3)]
    assert [led_at(told, moment)["signs"] for moment in moments] == [None, ["inspection"], ["inspection"], []]


def test_a_department_of_before_it_could_declare_signs_for_nobody_and_replays() -> None:
    old = DepartmentRegistered.model_validate_json('{"name": {"en": "Cabinet", "ar": null}}')
    department = Department.blank("cabinet")
    department.record(old, NOW)
    again = Department.blank("cabinet")
    for change in department.pending_events:
        assert isinstance(change, Change)
        change.mutate(again)
    assert (again.signs, again.signs_since) == (None, None)
    assert row(old)["signs"] is None and led_at(row(old), NOON)["signs"] is None


def test_snapshots_hold_what_was_declared() -> None:
    world = registered()
    declare(world, "cabinet", RECEIVING, INSPECTION)
    for kind, id in ((Department, "cabinet"), (Organisation, MINISTRY)):
        original, copy = world.get(kind, id), kind.blank(id)
        snapshots.restore(copy, snapshots.dump(original))
        assert snapshots.dump(copy) == snapshots.dump(original)
    assert isinstance(copy, Organisation)
    assert copy.signing["cabinet"] == (Declared(NOON, (INSPECTION, RECEIVING)),)
