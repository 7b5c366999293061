"""How far one process of a service is, and what of it has not caught up yet."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Where everything of a service stood at one look, in positions of the logs.

    `views` is None for a service that has none. `under_way` names what is at work, `failing` what needs
    somebody: jobs that ended, alarms.
    """

    head: int
    published: int
    views: int | None
    taken_in: Mapping[str, int]
    under_way: tuple[str, ...]
    failing: tuple[str, ...]

    def behind(self, heads: Mapping[str, int]) -> list[str]:
        """Say what has not caught up with the heads of all logs; nothing where all of it has."""
        found = []
        if self.published < self.head:
            found.append(f"its relay has published {self.published} of {self.head} events")
        if self.views is not None and self.views < self.head:
            found.append(f"its views are folded up to {self.views} of {self.head}")
        found += [
            f"its inbox of {source} has taken in {position} of {heads[source]} events"
            for source, position in self.taken_in.items()
            if position < heads[source]
        ]
        return found + [f"its {job} is at work" for job in self.under_way]
