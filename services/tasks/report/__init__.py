"""Reports: what was told of a decree, from which positions of the logs, and its digest."""

from services.tasks.report.report import Basis, Report, ReportExists

__all__ = ["Basis", "Report", "ReportExists"]
