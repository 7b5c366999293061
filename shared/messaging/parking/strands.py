"""What has to wait with what: the strands of order of an event of another service (decision 0040).

Order is kept along strands. Every event belongs to one of its own, that of its stream where the service that
takes it in says nothing else. Beside that it may rest on what events of other streams make, and make what
others rest on.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strands:
    """The strands of one event, by names that the service gives.

    `own` is the one on which it has its place. While it waits, it holds up this one and those that it
    `makes`. It is not taken in while something waits on its own or on one that it `rests_on`.
    """

    own: str
    makes: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()

    @property
    def held(self) -> tuple[str, ...]:
        """The strands that it holds up while it waits, its own first."""
        return (self.own, *self.makes)

    @property
    def asked(self) -> tuple[str, ...]:
        """The strands on which nothing may wait before it, its own first."""
        return (self.own, *self.rests_on)
