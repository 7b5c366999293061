"""Requests that Schemathesis makes of the OpenAPI documents, with ids that exist and hostile headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from tests.product import DECREE, Person

HOSTILE: Mapping[str, Sequence[str]] = {
    "Idempotency-Key": ("", "a b", "k" * 129, "k\x7f", "\xe9", "*", '"', "same", "same"),
    "If-Match": ("*", '"0"', '"1"', '"999999999999999999"', 'W/"1"', '"1", "2"', "1", '"', "", '"-1"'),
    "Prefer": ("wait=0", "wait=0", "wait=-1", "wait", "wait=x", "respond-async", "wait=0;wait=1", ",,=", '"'),
    "Tanfidh-Position": ("0", "1", "-1", "1e3", "9" * 18, "9" * 19, "x", "", "1,1"),
    "Tanfidh-After": ("registry=1", "registry=1, registry=2", "nobody=1", "registry", "=", "registry=-1", ""),
    "Tanfidh-Effective-At": ("2025-05-05", "0001-01-01", "9999-12-31", "2025-02-30", "x", "", "1899-12-31"),
    "Accept-Language": ("ar", "en", "ar-LY;q=0.5,en;q=0.1", "*", "fr", ";q=", "ar;q=x", "," * 300, "\xff"),
    "traceparent": ("00-" + "0" * 32 + "-" + "0" * 16 + "-00", "00-1-2-01", "ff", "", "x" * 3000),
    "Content-Type": ("text/plain", "application/json; charset=utf-16", "application/xml", "", "x/y+json"),
    "Authorization": ("", "Bearer", "Bearer x.y.z", "Basic eDp5", "Bearer " + "a" * 9000),
}
ROLES = (
    ("admin", None),
    ("follow-up-office", None),
    ("department", "legal"),
    ("controller", None),
    ("issuer", None),
    ("auditor", None),
)


@dataclass
class Known:
    """What exists, by the name under which paths and bodies ask for it."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    def among(self, name: str, chance: Random) -> str | None:
        """Something that exists under a name, where anything does."""
        found = self.ids.get(name)
        return chance.choice(found) if found else None


def known_of(person: Person, tokens: list[str]) -> Known:
    """Collect what was imported: the first of everything, so that commands come to the same things again."""

    def named(path: str, key: str) -> list[str]:
        return [str(row[key]) for row in person.read(path, limit=12)["items"]]

    missions, staff = named("/registry/missions", "id"), named("/registry/staff", "id")
    tasks = named("/tasks/tasks", "task")
    departments = named("/registry/departments", "id")
    measures = named("/registry/measures", "id")
    events = [entry["id"] for entry in person.read("/audit/trail", limit=20)["items"]]
    return Known(
        {
            "decree": [DECREE],
            "mission": missions,
            "receiver": missions,
            "measure": measures,
            "plan": named("/tasks/plans", "plan"),
            "staff": staff,
            "person": staff,
            "task": tasks,
            "deadline": tasks,
            **dict.fromkeys(("department", "lead", "by", "authority"), departments),
            "template": ["closing"],
            "calendar": ["ly"],
            "version": ["1", "2"],
            "hold": ["studies"],
            "extension": [f"{task}-x1" for task in tasks],
            "subscription": ["mine"],
            "notification": [entry["notification"] for entry in named_notifications(person)],
            "size": [str(size) for size in (1, person.read("/registry/overview")["position"])],
            "source": ["registry", "tasks", "notifier", "audit"],
            "service": ["registry", "tasks", "notifier"],
            "kind": ["decree", "mission", "measure", "staff", "task", "plan", "subscription", "witness"],
            "id": [DECREE, *missions, *measures, *tasks, *staff, "mine"],
            "event": events,
            "slug": ["not-found", "validation-failed"],
        },
        tokens,
    )


def named_notifications(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.read("/notifier/notifications", limit=5)["items"]
    return found


@st.composite
def requests(draw: st.DrawFn, operation: APIOperation[Any, Any, Any, Any], known: Known) -> Case:
    """A request by the document or against it; most of its ids exist, and some of its headers are hostile."""
    modes = [GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    mode = draw(st.sampled_from(modes if _may_be_wrong(operation) else modes[:1]))
    case: Case = draw(operation.as_strategy(generation_mode=mode))
    chance = draw(st.randoms(use_true_random=False))
    case.path_parameters = {
        name: (chance.random() < 0.8 and known.among(name, chance)) or value
        for name, value in (case.path_parameters or {}).items()
    }
    case.body = _with_ids(case.body, known, chance)
    headers = {name: value for name, value in (case.headers or {}).items() if name.lower() != "prefer"}
    headers["Authorization"] = f"Bearer {chance.choice(known.tokens)}"
    headers["Idempotency-Key"] = f"key-{chance.getrandbits(64)}"
    for name in chance.sample(sorted(HOSTILE), chance.choice((0, 0, 0, 0, 1, 1, 2))):
        headers[name] = chance.choice(HOSTILE[name])
    case.headers = headers
    return case


def _may_be_wrong(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def _with_ids(body: Any, known: Known, chance: Random) -> Any:
    if isinstance(body, list):
        return [_with_ids(each, known, chance) for each in body]
    if not isinstance(body, dict):
        return body
    return {
        name: (isinstance(value, str) and chance.random() < 0.7 and known.among(name, chance))
        or _with_ids(value, known, chance)
        for name, value in body.items()
    }
