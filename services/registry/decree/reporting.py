"""The final report of a decree, its approval by another person, and the removal from control.

Removal from control needs an approved final report, by someone other than the reporter (product design,
"Decree").
"""

from services.registry.decree import refusals
from services.registry.decree.decree import Decree
from services.registry.decree.state import DecreeState
from shared.contracts.registry import (
    DecreeFinalReportApproved,
    DecreeFinalReportReturned,
    DecreeFinalReportSubmitted,
    DecreeRemovedFromControl,
)
from shared.domain import Actor, Moment, Text, acting


def submit_report(decree: Decree, reference: str, sha256: str, actor: Actor, moment: Moment) -> None:
    """Hand in the final report of an executed decree; a report that was not approved is replaced."""
    _must_be_executed(decree)
    if decree.report_approved:
        raise refusals.ReportApproved(decree=decree.id)
    moment.must_not_precede(decree.stepped_at, decree.id)
    decree.record(DecreeFinalReportSubmitted(reference=reference, sha256=sha256, by=acting(actor)), moment)


def approve_report(decree: Decree, actor: Actor, moment: Moment) -> None:
    """Approve the report that was handed in; whoever reported does not."""
    report = _open_report(decree)
    _must_not_have_reported(decree, report, actor)
    moment.must_not_precede(decree.stepped_at, decree.id)
    decree.record(DecreeFinalReportApproved(reference=report.reference, by=acting(actor)), moment)


def return_report(decree: Decree, reason: Text, actor: Actor, moment: Moment) -> None:
    """Give the report back to the reporter, for a reason."""
    report = _open_report(decree)
    moment.must_not_precede(decree.stepped_at, decree.id)
    decree.record(
        DecreeFinalReportReturned(reference=report.reference, reason=reason, by=acting(actor)), moment
    )


def remove_from_control(decree: Decree, reference: str | None, actor: Actor, moment: Moment) -> None:
    """Follow the decree up no longer, once its report is approved; whoever reported does not decide that."""
    _must_be_executed(decree)
    if decree.report is None or not decree.report_approved:
        raise refusals.ReportNotApproved(decree=decree.id)
    _must_not_have_reported(decree, decree.report, actor)
    moment.must_not_precede(decree.stepped_at, decree.id)
    decree.record(DecreeRemovedFromControl(reference=reference, by=acting(actor)), moment)


def _must_be_executed(decree: Decree) -> None:
    decree.must_exist()
    if decree.stage is not DecreeState.EXECUTED:
        raise refusals.DecreeNotExecuted(decree=decree.id, state=decree.state.value)


def _open_report(decree: Decree) -> DecreeFinalReportSubmitted:
    _must_be_executed(decree)
    if decree.report is None or decree.report_approved:
        raise refusals.NoReportOpen(decree=decree.id)
    return decree.report


def _must_not_have_reported(decree: Decree, report: DecreeFinalReportSubmitted, actor: Actor) -> None:
    for subject in acting(actor):
        if subject in report.by:
            raise refusals.DecidedByReporter(decree=decree.id, subject=subject)
