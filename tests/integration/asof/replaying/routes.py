"""Every route that takes `as_of`, and how what it answers is compared with a replay."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from deploy.catalogue import SERVICES

PAGING = ("limit", "cursor", "as_of")
EFFECTIVE = "effective_at"


@dataclass(frozen=True)
class Listed:
    """A list that shows the rows of a view, those whose fields say what the path says.

    `renamed` are query parameters that ask for a field of another name.
    """

    view: str
    path: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)


LISTS: Mapping[str, Listed] = {
    "/registry/decrees": Listed("decrees"),
    "/registry/measures": Listed("measures"),
    "/registry/missions": Listed("missions"),
    "/registry/staff": Listed("staff"),
    "/registry/departments": Listed("departments"),
    "/registry/documents": Listed("documents"),
    "/tasks/tasks": Listed("tasks"),
    "/tasks/tasks/{task}/comments": Listed("comments", {"task": "task"}),
    "/tasks/deadlines": Listed("deadlines"),
    "/tasks/extensions": Listed("extensions"),
    "/tasks/escalations": Listed("escalations"),
    "/tasks/escalation-policies": Listed("escalation-policies"),
    "/tasks/plans": Listed("plans"),
    "/tasks/templates": Listed("templates"),
    "/tasks/templates/{template}/versions": Listed("template_versions", {"template": "template"}),
    "/tasks/calendars": Listed("calendars"),
    "/tasks/meetings": Listed("meetings"),
    "/tasks/decisions": Listed("decisions"),
    "/tasks/indicators": Listed("indicators"),
    "/tasks/holds": Listed("holds"),
    "/tasks/outcomes": Listed("outcomes"),
    "/tasks/reports": Listed("reports", renamed={"kind": "report_kind"}),
    "/notifier/subscriptions": Listed("subscriptions"),
    "/notifier/notifications": Listed("notifications"),
}
"""By path."""

ITEMS: Mapping[str, str] = {
    "/registry/decrees/{decree}": "decrees",
    "/registry/measures/{measure}": "measures",
    "/registry/missions/{mission}": "missions",
    "/registry/staff/{person}": "staff",
    "/registry/departments/{department}": "departments",
    "/registry/documents/{document}": "documents",
    "/tasks/tasks/{task}": "tasks",
    "/tasks/deadlines/{task}": "deadlines",
    "/tasks/extensions/{extension}": "extensions",
    "/tasks/escalations/{task}": "escalations",
    "/tasks/escalation-policies/{policy}": "escalation-policies",
    "/tasks/templates/{template}": "templates",
    "/tasks/calendars/{calendar}": "calendars",
    "/tasks/indicators/{indicator}": "indicators",
    "/notifier/subscriptions/{subscription}": "subscriptions",
    "/notifier/notifications/{notification}": "notifications",
}
"""The view of which a path shows one row, by the path."""

ELSEWHERE: Mapping[str, str] = {
    "/registry/exports/missions.xlsx": "the rows of the list as CSV, in a file that tells its time",
    "/registry/exports/staff.xlsx": "the same",
    "/registry/staff/{staff}/person": "needs the key of a person, who may be erased since: test_persons.py",
    **{
        f"/tasks/reports/{{report}}{form}": "a report says itself as of when it is: test_reports.py"
        for form in ("", ".json", ".html")
    },
    "/notifier/counts/notifications": "counted by state: test_notifier_service.py",
    "/audit/trail/state/{service}/{kind}/{id}": "asks the owner, whose own answer is compared",
}
"""Why a route is not compared with a replay."""


async def parameters_by_route(reader: httpx.AsyncClient) -> dict[str, list[str]]:
    """The query parameters of each route that reads as of a moment, by path, as services document them."""
    found: dict[str, list[str]] = {}
    for service in SERVICES:
        document = (await reader.get(f"/{service}/openapi.json")).json()
        for path, operations in document["paths"].items():
            given = operations.get("get", {}).get("parameters", ())
            named = [one["name"] for one in given if one.get("in") == "query"]
            if "as_of" in named:
                found[f"/{service}{path}"] = [name for name in named if name not in PAGING]
    return found
