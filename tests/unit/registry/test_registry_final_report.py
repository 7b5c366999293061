"""The final report, and the removal from control by somebody else."""

import pytest

from services.registry.decree import DecreeState
from services.registry.decree import refusals as refuses
from services.registry.decree.reporting import (
    approve_report,
    remove_from_control,
    return_report,
    submit_report,
)
from shared.domain import Actor
from tests.unit.registry.world import NOW, WHY, World, listed

REPORTER = Actor(subject="office-1", role="follow-up-office")
STAND_IN = Actor(subject="deputy-1", role="issuer", on_behalf_of="office-1")
ISSUER = Actor(subject="cabinet-1", role="issuer")
DIGEST = "a" * 64


def executed() -> World:
    world = listed()
    world.decree.execute(dict.fromkeys(world.decree.measures, True), NOW)
    return world.forget_news()


def reported() -> World:
    world = executed()
    submit_report(world.decree, "40/2026", DIGEST, REPORTER, NOW)
    return world


def test_a_decree_is_removed_from_control_after_another_approved_its_report() -> None:
    world = reported()
    approve_report(world.decree, ISSUER, NOW)
    remove_from_control(world.decree, "41/2026", ISSUER, NOW)
    assert world.decree.state is DecreeState.REMOVED
    assert [event.event_type.rpartition(".")[2] for event in world.news] == [
        "final-report-submitted",
        "final-report-approved",
        "removed-from-control",
    ]


@pytest.mark.parametrize("actor", [REPORTER, STAND_IN])
def test_whoever_reported_neither_approves_nor_removes(actor: Actor) -> None:
    world = reported()
    with pytest.raises(refuses.DecidedByReporter):
        approve_report(world.decree, actor, NOW)
    approve_report(world.decree, ISSUER, NOW)
    with pytest.raises(refuses.DecidedByReporter):
        remove_from_control(world.decree, None, actor, NOW)


def test_only_an_executed_decree_is_reported_on() -> None:
    with pytest.raises(refuses.DecreeNotExecuted):
        submit_report(listed().decree, "40/2026", DIGEST, REPORTER, NOW)


def test_without_an_approved_report_a_decree_stays_under_control() -> None:
    for world in (executed(), reported()):
        with pytest.raises(refuses.ReportNotApproved):
            remove_from_control(world.decree, None, ISSUER, NOW)


def test_a_returned_report_is_handed_in_again() -> None:
    world = reported()
    return_report(world.decree, WHY, ISSUER, NOW)
    with pytest.raises(refuses.NoReportOpen):
        approve_report(world.decree, ISSUER, NOW)
    submit_report(world.decree, "42/2026", DIGEST, REPORTER, NOW)
    approve_report(world.decree, ISSUER, NOW)
    assert world.decree.report is not None and world.decree.report.reference == "42/2026"


def test_an_approved_report_stands() -> None:
    world = reported()
    approve_report(world.decree, ISSUER, NOW)
    with pytest.raises(refuses.ReportApproved):
        submit_report(world.decree, "43/2026", DIGEST, REPORTER, NOW)
    with pytest.raises(refuses.NoReportOpen):
        return_report(world.decree, WHY, ISSUER, NOW)
