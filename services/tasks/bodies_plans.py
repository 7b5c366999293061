"""The bodies and parameters of the endpoints of plans."""

from typing import Annotated

from fastapi import Path, Query

from services.tasks.requests import Reason
from shared.dossier.form import Day
from shared.web import RequestModel

Version = Annotated[int, Path(ge=1, le=1_000_000)]

On = Annotated[
    Day | None,
    Query(
        description="The day from which open work is reckoned, at most ten years away; today where none is "
        "named, or as_of's day."
    ),
]


class OfficialDate(RequestModel):
    """T of a measure that closes nothing."""

    official_on: Day


class Approval(RequestModel):
    """The approval of a plan; to approve it again, and move its baseline, needs a reason."""

    reason: Reason | None = None


class Renewal(RequestModel):
    """Why a plan is moved to the newest version of its procedure."""

    reason: Reason
