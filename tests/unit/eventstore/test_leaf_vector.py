"""The leaf of format 1, computed by hand from the reference page and compared with the store's."""

import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.eventstore.log.leaf import leaf_of

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "event-store.md"


@pytest.fixture(scope="module")
def vector() -> dict[str, Any]:
    blocks = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = json.loads(blocks[0])
    return found


def _since_1970(text: str) -> bytes:
    passed = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return (passed // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)


def test_entry_of_the_page_is_what_its_table_says(vector: dict[str, Any]) -> None:
    row = vector["row"]
    stream, type = row["stream"].encode(), row["type"].encode()
    parts = [
        (1).to_bytes(2, "big"),
        bytes.fromhex(row["log_id"].replace("-", "")),
        row["position"].to_bytes(8, "big"),
        len(stream).to_bytes(2, "big"),
        len(type).to_bytes(2, "big"),
        row["schema"].to_bytes(4, "big"),
        stream,
        type,
        row["version"].to_bytes(8, "big"),
        _since_1970(row["recorded_at"]),
        _since_1970(row["effective_at"]),
        *(sha256(row[name].encode()).digest() for name in ("data", "meta", "sealed")),
        bytes.fromhex(row["previous"]),
    ]
    assert [part.hex() for part in parts] == vector["entry"]
    assert sha256(b"\0" + b"".join(parts)).hexdigest() == vector["leaf"]


def test_store_computes_the_leaf_of_the_page(vector: dict[str, Any]) -> None:
    assert _leaf(vector["row"]).hex() == vector["leaf"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("log_id", "c853a54e-8fd6-4060-9002-14d7875fb576"),
        ("position", 8),
        ("stream", "mission.emb-vb"),
        ("version", 3),
        ("type", "registry.mission.dates-sex"),
        ("schema", 2),
        ("recorded_at", "2025-05-05T08:00:00.123457Z"),
        ("effective_at", "1970-01-01T00:00:00Z"),
        ("data", "{}"),
        ("meta", "{}"),
        ("sealed", "x"),
        ("previous", "00" * 32),
    ],
)
def test_every_field_is_bound(vector: dict[str, Any], field: str, value: object) -> None:
    assert _leaf(vector["row"] | {field: value}).hex() != vector["leaf"]


def _leaf(row: dict[str, Any]) -> bytes:
    return leaf_of(
        UUID(row["log_id"]),
        row["position"],
        row["stream"],
        row["version"],
        row["type"],
        row["schema"],
        datetime.fromisoformat(row["recorded_at"]),
        datetime.fromisoformat(row["effective_at"]),
        row["data"].encode(),
        row["meta"].encode(),
        row["sealed"].encode(),
        bytes.fromhex(row["previous"]),
    )
