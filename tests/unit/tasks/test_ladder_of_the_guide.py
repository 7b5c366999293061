"""The ladder that the guide on escalation shows can be declared as it stands, with the example imported."""

import json
import re
from pathlib import Path

import httpx
import yaml

from tests.unit.tasks.given import MemoryStore, noting
from tests.unit.tasks.test_tasks_http import client, post, store

__all__ = ["client", "store"]

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/how-to/calendars-and-escalation.md").read_text(encoding="utf-8")
DEPARTMENTS = ROOT / "examples/decree-298-2025/departments.yaml"


async def test_the_ladder_of_the_guide_can_be_declared(client: httpx.AsyncClient, store: MemoryStore) -> None:
    for department in yaml.safe_load(DEPARTMENTS.read_text(encoding="utf-8"))["departments"]:
        store.run(noting(department["key"]))
    found = re.search(r"escalation-policies/default\n(.*?\]\})\n", GUIDE, re.DOTALL)
    assert found is not None
    declared = await post(client, "/escalation-policies/default", **json.loads(found[1]))
    assert declared.status_code == 201, declared.text
