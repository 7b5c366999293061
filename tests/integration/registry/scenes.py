"""What tests of the registry over HTTP begin with: the example entered, and missions about to close."""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.registry.mission import Mission
from services.registry.mission.evidencing import take_evidence
from shared.domain import Actor
from shared.dossier import read_folder
from shared.eventstore.command import Command, Instruction, Turn
from tests.integration.registry.conftest import Asked

EXAMPLE = Path(__file__).parents[3] / "examples" / "decree-298-2025"
PUBLIC_ON, OFFICIAL_ON = date(2025, 11, 1), date(2025, 11, 30)
MEASURE = "298-2025-a2-r01"
EVENTS = 24 + 2 * 2 + 33 + 1 + 2 * 64 + 2 + 25 + 25 + 2 * 19
"""Departments, two declarations of signing twice, missions, competences, postings twice, decree, rows listed,
then ordered (19) or blocked."""

HOLD = {
    "hold": "ab-1",
    "by": "audit-bureau",
    "reason": {"en": "Studies first"},
    "conditions": [{"key": "financial", "text": {"en": "Financial study"}}],
}


@lru_cache
def _read() -> dict[str, Any]:
    return read_folder(EXAMPLE).dossier.model_dump(mode="json", exclude_unset=True)


def dossier() -> dict[str, Any]:
    """The example as it is sent, for whoever asks to change."""
    return deepcopy(_read())


async def imported(asked: Asked) -> dict[str, Any]:
    response = await asked.send("POST", "/imports", dossier())
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def imported_with(asked: Asked, meanwhile: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    """Import the example while something else happens just before its rows are ordered."""
    imports = asked.registry.imports
    order = imports._order

    with pytest.MonkeyPatch.context() as patch:

        async def after_that(*given: Any) -> Any:
            patch.undo()
            await meanwhile()
            return await order(*given)

        patch.setattr(imports, "_order", after_that)
        return await imported(asked)


def small(number: int, mission: str, receiver: str | None) -> dict[str, Any]:
    """Make a dossier of one row about missions of the example."""
    content = dossier()
    decree = content["decree"]
    decree |= {"number": number, "uri": f"/akn/ly/act/decree/2025/{number}", "obligations": []}
    row = {"row": 1, "kind": "close", "mission": mission, "confidence": "likely"}
    if receiver is not None:
        row |= {"kind": "merge", "receiver": receiver}
    decree["articles"] = [{"article": "1", "text": {"en": "Merged."}, "rows": [row]}]
    content["staff"]["persons"] = []
    return content


async def satisfy(asked: Asked, mission: str, measure: str) -> None:
    def decide(turn: Turn) -> None:
        closing = turn.get(Mission, mission)
        for condition in range(1, 13):
            take_evidence(
                closing,
                measure,
                condition,
                ("t",),
                ("17/2025",),
                turn.moment,
                accepted_for=(PUBLIC_ON, OFFICIAL_ON),
            )

    service = Actor(subject="service:registry", role="service")
    await asked.store.execute(Command("satisfy", Instruction(id=uuid4(), actor=service), decide))


async def dismiss(asked: Asked, mission: str) -> None:
    for person in (await asked.get(f"/staff?mission={mission}")).json()["items"]:
        body = {"by": person["authority"], "reference": "12/2025"}
        assert (await asked.send("POST", f"/staff/{person['id']}/recall", body)).status_code == 200


async def closable(asked: Asked) -> None:
    dates = {"public_on": "2025-11-01", "official_on": "2025-11-30"}
    assert (await asked.send("PUT", "/missions/emb-va/dates", dates)).status_code == 200
    await satisfy(asked, "emb-va", MEASURE)
    await dismiss(asked, "emb-va")
    await sign(asked, "emb-va")


async def sign(asked: Asked, mission: str) -> None:
    signatories = {
        "outgoing": f"head-of-mission@{mission}",
        "receiving": "department:receiving-mission",
        "inspection": "department:inspection=inspector-1",
    }
    for signatory, role in signatories.items():
        body = {"signatory": signatory, "reference": "38/2025"}
        signed = await asked.send("POST", f"/missions/{mission}/handover/signatures", body, role=role)
        assert signed.status_code in (200, 201), signed.text
