"""Small dossiers of one's own, and how they are entered."""

from typing import Any

import httpx

DEPARTMENT = "posting-board"
TEXT = {"en": "Sample", "ar": "عينة"}


def dossier(
    number: int, missions: list[str], closed: int = 0, procedure: str | None = None
) -> dict[str, Any]:
    """Make a dossier: the first `closed` of the missions are merged, each into the last one."""
    rows = [
        {"row": row, "kind": "merge", "mission": mission, "receiver": missions[-1], "confidence": "likely"}
        for row, mission in enumerate(missions[:closed], 1)
    ]
    return {
        "decree": {
            "number": number,
            "year": 2025,
            "uri": f"/akn/ly/act/decree/2025/{number}",
            "title": TEXT,
            "issuer": TEXT,
            "announced_on": "2025-04-30",
            "signed_on": "unknown",
            "in_force_on": "2025-04-30",
            "articles": [{"article": "1", "text": TEXT, "rows": rows}],
        },
        "procedure": procedure,
        "departments": {"departments": [{"key": DEPARTMENT, "name": TEXT}]},
        "staff": {
            "provenance": "fictitious",
            "categories": [{"key": "attached-officer", "title": TEXT, "authority": DEPARTMENT}],
        },
        "missions": {
            "provenance": "fictitious",
            "missions": [
                {
                    "id": id,
                    "kind": "embassy",
                    "name": TEXT,
                    "host": "IT",
                    "city": TEXT,
                    "confidence": "likely",
                }
                for id in missions
            ],
        },
    }


async def enter(client: httpx.AsyncClient, content: dict[str, Any], key: str) -> dict[str, Any]:
    """Import a dossier into the registry."""
    response = await client.post("/imports", json=content, headers={"Idempotency-Key": key})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer
