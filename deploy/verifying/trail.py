"""What the tables of the trail hold besides the copies of known services: nothing should be there."""

from collections.abc import Collection, Mapping
from typing import Any

from deploy.verifying.report import Report

_THERE = "SELECT to_regclass('audit.filed') IS NOT NULL"
_GROUPS = "SELECT source, log, count(*) AS rows FROM audit.filed GROUP BY source, log ORDER BY source, log"
_LOGS = "SELECT number, source FROM audit.filed_logs"
_OF_EACH = "SELECT source, position, log, recorded_at, type, department FROM audit.filed_departments"
_OF_EVENTS = """
    SELECT source, position, log, recorded_at, type, department
    FROM audit.filed, unnest(departments) AS department"""
_DEPARTMENTS = (
    "SELECT DISTINCT source, position, department FROM ({these} EXCEPT {those}) AS differ ORDER BY 1, 2, 3"
)
_TYPES = "SELECT type FROM audit.filed_types"


async def check_trail(
    connection: Any, trail: Report, services: Collection[str], types: Mapping[str, Collection[str]]
) -> None:
    """Compare the logs, departments and types that are listed with those of the rows.

    Args:
        connection: it reads the schema of audit.
        trail: the report in which it is found.
        services: all that there are.
        types: those that were met in the copies of each service that was verified.
    """
    if not await connection.fetchval(_THERE):
        trail.find("its table is not there")
        return
    logs = {row["number"]: row["source"] for row in await connection.fetch(_LOGS)}
    for source in sorted(set(logs.values()) - set(services)):
        trail.find(f"{source} has logs in it and is no service")
    for row in await connection.fetch(_GROUPS):
        if logs.get(row["log"]) != row["source"] or row["source"] not in services:
            trail.find(f"{row['rows']} events of {row['source']} are filed of a log that is none of it")
    for row in await connection.fetch(_DEPARTMENTS.format(these=_OF_EVENTS, those=_OF_EACH)):
        trail.find(f"of {row['source']} is not found by its department {row['department']}", row["position"])
    for row in await connection.fetch(_DEPARTMENTS.format(these=_OF_EACH, those=_OF_EVENTS)):
        trail.find(f"of {row['source']} is found by {row['department']}, and is none of it", row["position"])
    listed = {row["type"] for row in await connection.fetch(_TYPES)}
    met = {type for of in types.values() for type in of}
    for type in sorted(met - listed):
        trail.find(f"there are events of the type {type}, and it is not among the types")
    for type in sorted(listed - met):
        service = type.partition(".")[0]
        if service in types or service not in services:
            trail.find(f"the type {type} is among the types, and there is no such event")
