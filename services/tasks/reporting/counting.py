"""Figures by state, each with the link to the rows that it counts."""

from collections.abc import Mapping

from services.tasks.reporting.facts import Facts
from services.tasks.reporting.form import Figure, link_to
from shared.contracts.text import Text

Labelled = tuple[tuple[Text, Figure], ...]


class Counting:
    """Makes figures of one decree as of the positions of its facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._decree = str(facts.decree["id"])

    def of_registry(self, key: str, value: int, path: str, **query: str) -> Figure:
        """A figure that counts a list of the registry."""
        return Figure(
            key,
            value,
            link_to(f"/registry/{path}", decree=self._decree, **query, as_of=self._facts.registry),
        )

    def of_tasks(self, key: str, value: int, path: str, **query: str) -> Figure:
        """A figure that counts a list of this service."""
        return Figure(
            key, value, link_to(f"/tasks/{path}", decree=self._decree, **query, as_of=self._facts.tasks)
        )

    def by_state(
        self, path: str, counts: Mapping[str, int], states: Mapping[str, Text], facet: str = "state"
    ) -> Labelled:
        """A figure of the registry's list for each state, 0 too."""
        return tuple(
            (label, self.of_registry(f"{path}.{state}", counts.get(state, 0), path, **{facet: state}))
            for state, label in states.items()
        )

    def by_own_state(self, path: str, states: Mapping[str, Text], facet: str = "state") -> Labelled:
        """A figure of this service's list of the same name for each state, 0 too."""
        return tuple(
            (label, self.of_tasks(f"{path}.{state}", self._facts.count(path, state), path, **{facet: state}))
            for state, label in states.items()
        )

    def row(self, service: str, path: str) -> str:
        """The link to one row, as of its service's position."""
        position = self._facts.registry if service == "registry" else self._facts.tasks
        return link_to(f"/{service}/{path}", as_of=position)
