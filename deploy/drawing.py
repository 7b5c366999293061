"""The page of lifecycles, drawn from the code: ``make docs`` writes docs/reference/lifecycles.md anew."""

from collections.abc import Iterator, Sequence

from services.notifier.aggregates import AGGREGATES as OF_NOTIFIER
from services.registry.aggregates import AGGREGATES as OF_REGISTRY
from services.tasks.aggregates import AGGREGATES as OF_TASKS
from shared.domain import Aggregate
from shared.domain.naming import KINDS

AGGREGATES: dict[str, Sequence[type[Aggregate]]] = {
    "registry": OF_REGISTRY,
    "tasks": OF_TASKS,
    "notifier": OF_NOTIFIER,
}

HEAD = """# Lifecycles

Drawn from the code by `make docs`; a test fails when they differ. Each aggregate declares which events lead
from which state to which (`lifecycle`), and whatever else its rules would record is an error of the code that
stores nothing. An arrow from a state to itself is an event that is possible there and leaves the state as it
is; events that no arrow names are possible in any state. Not every arrow is open to everybody at any time:
the guards are the refusals of each aggregate.
"""


def lifecycles() -> Iterator[str]:
    """Every part of the page, in the order of services and of their lists of aggregates."""
    yield HEAD
    for service, aggregates in AGGREGATES.items():
        for aggregate in aggregates:
            if aggregate.lifecycle is not None:
                yield f"## {service}: {aggregate.kind} ({KINDS[aggregate.kind]})\n"
                yield f"```mermaid\n{aggregate.lifecycle.diagram()}\n```\n"


def page() -> str:
    """Put the page together."""
    return "\n".join(lifecycles())


if __name__ == "__main__":
    print(page(), end="")
