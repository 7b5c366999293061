"""Procedures that a dossier names: `tasks` is asked whether they are adopted, and what it says is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.domain import NotFound
from shared.messaging.asking import NOT_CONNECTED, NotAnswered, RefusedThere
from tests.integration.registry.conftest import opened
from tests.integration.registry.scenes import dossier

ROWS = [f"298-2025-a2-r{number:02d}" for number in range(1, 26)]


class Tasks:
    """Answers for `tasks`, which has adopted these procedures; or is away."""

    def __init__(self, *adopted: str) -> None:
        self.adopted = adopted
        self.away = False
        self.asked: list[Any] = []

    async def __call__(self, service: str, question: str, about: Mapping[str, Any]) -> Any:
        self.asked.append((service, question, dict(about)))
        if self.away:
            raise NotAnswered(service=service, reason=NOT_CONNECTED)
        if about["id"] not in self.adopted:
            missing = NotFound(kind="template", id=str(about["id"]))
            raise RefusedThere(
                missing.slug, missing.status, missing.title.model_dump(), missing.told().model_dump()
            )
        return {"state": {}}


@pytest.mark.parametrize("named", ["procedure", "procedures"])
async def test_one_that_nobody_adopted_is_told_by_the_dry_run_and_by_the_import(
    database_url: str, tmp_path: Path, named: str
) -> None:
    tasks, content = Tasks("closing"), dossier()
    content[named] = "closng" if named == "procedure" else {"merge": "closng"}
    async with opened(database_url, tmp_path, ask=tasks) as asked:
        foreseen = (await asked.send("POST", "/imports/check", content)).json()
        assert foreseen["problems"] == []
        told = foreseen["unplanned"]
        assert (told["not_adopted"], told["not_known"]) == (["closng"], [])
        assert told["obligations"] == (["report"] if named == "procedure" else [])
        assert told["measures"] == ROWS
        along = "/imports/check?sent_along=closng"
        nothing = {"obligations": [], "measures": [], "not_adopted": [], "not_known": []}
        assert (await asked.send("POST", along, content)).json()["unplanned"] == nothing
        assert (await asked.send("POST", "/imports", content)).json()["unplanned"] == told
        tasks.adopted += ("closng",)
        assert (await asked.send("POST", "/imports", content)).json()["unplanned"] == nothing
    assert ("tasks", "state", {"kind": "template", "id": "closng"}) in tasks.asked


async def test_while_tasks_is_away_it_is_told_that_nobody_knows(database_url: str, tmp_path: Path) -> None:
    tasks, content = Tasks(), dossier()
    tasks.away = True
    async with opened(database_url, tmp_path, ask=tasks) as asked:
        for path in ("/imports/check", "/imports"):
            told = (await asked.send("POST", path, content)).json()["unplanned"]
            assert told == {"obligations": [], "measures": [], "not_adopted": [], "not_known": ["closing"]}
