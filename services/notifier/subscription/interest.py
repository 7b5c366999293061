"""Which events a subscription may ask for, and whether an event is one that it asked for."""

from collections.abc import Iterator, Mapping, Sequence

from services.notifier.subscription import refusals
from shared.contracts import audit, registry, tasks
from shared.contracts.event import CATALOGUE
from shared.contracts.notifier import Interest

SOURCES = frozenset(base.service for base in (registry.RegistryEvent, tasks.TasksEvent, audit.AuditEvent))
"""The services whose events can be told of: all but this one, which would tell of its own telling."""

WITNESSING = ".witness.checkpoint-witnessed"
"""How the types of witnessing end. Every notification grows a log, and every log is witnessed: told of, that
would never end."""

MOST_VALUES = 100
"""Values in one list of an interest."""


def is_told(event_type: str) -> bool:
    """Whether an event of this type may be told of at all."""
    return event_type.partition(".")[0] in SOURCES and not event_type.endswith(WITNESSING)


def asks_for(interest: Interest, event_type: str) -> bool:
    """Whether the interest asks for events of this type."""
    return not interest.types or any(_names(pattern, event_type) for pattern in interest.types)


def fits(
    interest: Interest, event_type: str, keys: Mapping[str, str], co_executors: Sequence[str] = ()
) -> bool:
    """Whether an event of this type with these query keys is one that the interest asks for.

    It is one of the department among its keys, and of each that takes part.
    """
    return (
        asks_for(interest, event_type)
        and _is_among(keys.get("decree"), interest.decrees)
        and _is_among(keys.get("mission"), interest.missions)
        and (
            _is_among(keys.get("department"), interest.departments)
            or any(department in interest.departments for department in co_executors)
        )
    )


def check_interest(interest: Interest, everything: bool) -> None:
    """Refuse types that nobody declares, those that may not be told of, and lists that are too long.

    `everything` allows an interest that names nothing, and is told of every event.
    """
    if not everything and not any(values for _, values in _lists(interest)):
        raise refusals.NothingNamed()
    for name, values in _lists(interest):
        if len(values) > MOST_VALUES:
            raise refusals.TooManyValues(field=name, count=len(values), most=MOST_VALUES)
    for pattern in interest.types:
        named = [known for known in CATALOGUE if _names(pattern, known)]
        if not any(map(is_told, named)):
            looping = pattern.startswith("notifier.") or pattern.endswith(WITNESSING)
            refusal = refusals.WouldLoop if looping else refusals.UnknownEventType
            raise refusal(type=pattern[: refusals.SHOWN])


def _names(pattern: str, event_type: str) -> bool:
    if pattern.endswith(".*"):
        return event_type.startswith(pattern[:-1])
    return event_type == pattern


def _is_among(value: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _lists(interest: Interest) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "types", interest.types
    yield "decrees", interest.decrees
    yield "missions", interest.missions
    yield "departments", interest.departments
