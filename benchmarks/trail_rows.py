"""A trail of any length, much as plans and tasks leave it, written straight into audit's table."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.audit.filing.columns import Filed
from shared.contracts.event import CO_EXECUTORS
from shared.contracts.meta import rfc3339
from shared.eventstore.migrate import migrate, migrations_in

BEGAN = datetime(2025, 5, 5, 8, tzinfo=UTC)
APART = timedelta(milliseconds=7)
PER_PLAN = 400
"""Events of one mission's plan; of forty tasks each has ten."""
DEPARTMENTS = 12
RARE = "tasks.deadline.missed"
KINDS = ("planned", "scheduled", "assigned", "started", "evidence-attached", "submitted", "accepted")
DECREE = "298-2025"
DIGEST = bytes(32)


def event_id(number: int) -> UUID:
    """The id of the event at a position."""
    return UUID(int=(0x7 << 76) + (0x8 << 60) + (number * 0x9E3779B97F4A7C15) % 2**60 + (number << 80))


def rows(events: int) -> Iterator[tuple[Any, ...]]:
    """Every row, its log and source after the rest.

    Each tenth event has no cause, and the nine after it are a chain of reactions.
    """
    for number in range(1, events + 1):
        yield (*_row(number), 1, "tasks")


def _row(number: int) -> Filed:
    plan, within = divmod(number - 1, PER_PLAN)
    task = within // 10
    missed = within % 100 == 99
    name = RARE if missed else f"tasks.task.{KINDS[within % len(KINDS)]}"
    kind = name.split(".")[1]
    stream = f"{kind}.p{plan}-{task}"
    cause = event_id(number - 1) if within % 10 else None
    department = f"department-{(plan + task) % DEPARTMENTS}"
    beside = [f"department-{(plan + task + 1) % DEPARTMENTS}"] if task % 3 == 0 else []
    keys = {
        "decree": DECREE,
        "article": "2",
        "measure": f"m-{plan}",
        "mission": f"emb-{plan}",
        "task": f"p{plan}-{task}",
        "plan": f"plan-{plan}",
        "department": department,
    }
    moment = BEGAN + number * APART
    meta = {
        "id": str(event_id(number)),
        "type": name,
        "schema": 1,
        "stream": stream,
        "version": within % 10 + 1,
        "recorded_at": rfc3339(moment),
        "effective_at": rfc3339(moment),
        "actor": {"subject": f"{department}-officer", "role": "department", "department": department},
        "command": str(event_id(number)),
        "correlation": str(event_id(number - within % 10)),
        **({"causation": str(cause)} if cause is not None else {}),
        "keys": keys,
        **({CO_EXECUTORS: beside} if beside else {}),
    }
    data = {
        **keys,
        "by": [f"{department}-officer"],
        "evidence": [{"document": "minutes", "sha256": "0" * 64}],
    }
    return Filed(
        position=number,
        version=within % 10 + 1,
        recorded_at=moment,
        effective_at=moment,
        schema=1,
        event_id=event_id(number),
        leaf_log=None,
        stream=stream,
        kind=kind,
        type=name,
        command=event_id(number),
        correlation=event_id(number - within % 10),
        causation=cause,
        actor=f"{department}-officer",
        role="department",
        decree=keys.get("decree"),
        article=keys.get("article"),
        measure=keys.get("measure"),
        mission=keys.get("mission"),
        staff=keys.get("staff"),
        task=keys.get("task"),
        plan=keys.get("plan"),
        departments=[department, *beside],
        data=orjson.dumps(data),
        meta=orjson.dumps(meta),
        sealed_digest=DIGEST,
        previous=DIGEST,
        leaf=DIGEST,
    )


async def lay(database_url: str, events: int) -> None:
    """Make audit's schema and fill its trail."""
    await migrate(database_url, "audit", own=migrations_in("services.audit"))
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "audit"})
    try:
        await connection.execute(
            "INSERT INTO filed_logs (source, log_id, after) VALUES ('tasks', gen_random_uuid(), 0)"
        )
        types = [(f"tasks.task.{kind}",) for kind in KINDS] + [(RARE,)]
        await connection.copy_records_to_table("filed_types", records=types, columns=["type"])
        # An index is built sooner over rows that are there than row by row.
        indexes = await connection.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('filed', 'filed_departments')"
            " AND indexname LIKE 'filed\\_%' AND indexname <> 'filed_pkey'"
        )
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['indexname']}")
        await connection.copy_records_to_table(
            "filed", records=rows(events), columns=[*Filed._fields, "log", "source"], timeout=600
        )
        for index in indexes:
            await connection.execute(index["indexdef"], timeout=600)
        await connection.execute("VACUUM ANALYZE filed, filed_departments", timeout=600)
    finally:
        await connection.close()
