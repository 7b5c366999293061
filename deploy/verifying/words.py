"""Reports of verification for people and for programs."""

from typing import Any

from deploy.verifying.report import TRAIL, Report


def describe(report: Report) -> list[str]:
    """Tell a report in lines, each beginning with the service."""
    service = report.service
    lines = [f"{service}: {finding.text}" for finding in report.findings]
    if report.further:
        lines.append(f"{service}: and {report.further} more")
    if report.verified and service == TRAIL:
        lines.append(f"{service}: {report.events} filed events verified")
    elif report.verified:
        witnessed = f", witnessed up to {report.witnessed}" if report.witnessed is not None else ""
        compared = f", {report.compared} of them compared with what audit received" if report.compared else ""
        lines.append(
            f"{service}: {report.events} events verified{compared}, newest checkpoint of "
            f"{report.checkpoint}{witnessed}"
        )
    return lines + [f"{service}: note: {note}" for note in report.notes]


def as_json(reports: list[Report]) -> dict[str, Any]:
    """Tell reports as JSON."""
    return {
        "verified": all(report.verified for report in reports),
        "services": {report.service: _told(report) for report in reports},
    }


def _told(report: Report) -> dict[str, Any]:
    return {
        "verified": report.verified,
        "log_id": report.log_id,
        "events": report.events,
        "checkpoint": report.checkpoint,
        "checkpoints_verified": report.checkpoints,
        "witnessed": report.witnessed,
        "compared": report.compared,
        "findings": [
            {
                "position": finding.position,
                "upto": finding.upto if finding.upto is not None else finding.position,
                "what": finding.text,
            }
            for finding in report.findings
        ],
        "further_findings": report.further,
        "notes": report.notes,
    }
