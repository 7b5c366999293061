"""The bodies that the endpoints of missions read; unknown fields are refused."""

from typing import Annotated

from fastapi import Path

from services.registry.bodies import Reference
from shared.contracts.reason import Reason
from shared.dossier.form import Day
from shared.web import RequestModel

Condition = Annotated[int, Path(ge=1, le=12)]
"""The number of a closing condition in a path."""


class DatesBody(RequestModel):
    """The day on which a mission closes to the public, and its official closing date T."""

    public_on: Day
    official_on: Day


class ReferenceBody(RequestModel):
    """The letter, minute or decision that says so."""

    reference: Reference


class WaivingBody(ReferenceBody):
    """Why a condition is done without; the reason is published as it is."""

    reason: Reason
