"""Every cell of a service's table of permissions: role × scope × action, and each of them by delegation."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.delegation import Headship, StandIn
from shared.domain import Actor, Moment
from shared.domain.delegation import NotDelegated
from shared.domain.leadership import Leadership
from shared.domain.permission import NotPermitted
from shared.eventstore.command import Instruction
from shared.service.permitting import Permitting

NOW = datetime(2025, 5, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
AT_ONCE = Moment(NOW, NOW)
OWN, OTHER = "protocol", "legal"
MISSION, ELSEWHERE = "emb-va", "emb-it"

BEARERS = {
    "admin": Actor(subject="s", role="admin", department=OTHER),
    "office": Actor(subject="s", role="follow-up-office", department=OTHER),
    "own department": Actor(subject="s", role="department", department=OWN),
    "other department": Actor(subject="s", role="department", department=OTHER),
    "own mission": Actor(subject="s", role="head-of-mission", department=OTHER, mission=MISSION),
    "other mission": Actor(subject="s", role="head-of-mission", department=OTHER, mission=ELSEWHERE),
    "no mission": Actor(subject="s", role="head-of-mission", department=OTHER),
    "issuer": Actor(subject="s", role="issuer", department=OTHER),
    "controller": Actor(subject="s", role="controller", department=OTHER),
    "auditor": Actor(subject="s", role="auditor", department=OTHER),
    "service": Actor(subject="s", role="service", department=OTHER),
}
"""Who asks, where the department `protocol` and the mission `emb-va` are concerned."""


@dataclass
class Facts:
    """What stands at the department that a token names, besides that `head` heads it in the token's role."""

    head: str = "head"
    role: str | None = None
    mission: str | None = None
    stand_ins: dict[str, StandIn] = field(default_factory=dict)

    def of(self, actor: Actor) -> Leadership:
        role, mission = self.role or actor.role, self.mission or actor.mission
        since = NOW - 30 * DAY
        led = Leadership().led_by(Headship(head=self.head, role=role, mission=mission, since=since))
        for stand_in in self.stand_ins.values():
            led = led.with_stand_in(stand_in, since)
        return led


def _facts(**changes: Any) -> dict[str, StandIn]:
    parts: dict[str, Any] = {
        "key": "d",
        "head": "head",
        "deputy": "s",
        "since": NOW - DAY,
        "until": NOW + DAY,
    }
    return {"d": StandIn(**(parts | changes))}


def delegations(action: str) -> Iterator[tuple[str, Facts, bool]]:
    """What may stand behind an act for a head, and whether it is enough."""
    yield "nothing", Facts(), False
    yield "a delegation of everything", Facts(stand_ins=_facts()), True
    yield "a delegation of this action", Facts(stand_ins=_facts(actions=("x.y", action))), True
    yield "a delegation of others", Facts(stand_ins=_facts(actions=("x.y",))), False
    yield "an acting appointment", Facts(stand_ins=_facts(acting=True)), True
    yield "one that begins now", Facts(stand_ins=_facts(since=NOW)), True
    yield "one that has not begun", Facts(stand_ins=_facts(since=NOW + timedelta(seconds=1))), False
    yield "one that is just over", Facts(stand_ins=_facts(until=NOW)), False
    yield "one that was ended", Facts(stand_ins=_facts(ended_at=NOW)), False
    yield "one that ends later", Facts(stand_ins=_facts(ended_at=NOW + DAY)), True
    yield "one for somebody else", Facts(stand_ins=_facts(deputy="t")), False
    yield "one by a former head", Facts(head="new", stand_ins=_facts()), False
    yield "one in another role", Facts(role="x", stand_ins=_facts()), False
    yield "one for another mission", Facts(mission="emb-xx", stand_ins=_facts()), False


class FakeTurn:
    """A turn in which every department is led as the facts say."""

    def __init__(self, actor: Actor, facts: Facts, moment: Moment = AT_ONCE) -> None:
        self.actor, self.moment = actor, moment
        self.leadership = facts.of(actor)

    def get(self, kind: Any, id: str) -> Any:
        assert id == self.actor.department
        return self

    def get_all(self, kind: Any, ids: Any) -> Any:
        raise NotImplementedError


def wrong_cells(permits: Permitting, action: str, may: set[str]) -> list[str]:
    """Every cell of an action in which the table decides otherwise than expected, named."""
    wrong = []
    for name, actor in BEARERS.items():
        if _asked(permits, actor, Facts(), action) is not (None if name in may else NotPermitted):
            wrong.append(f"{name} themselves")
        for what, facts, enough in delegations(action):
            stand_in = actor.model_copy(update={"on_behalf_of": "head"})
            expected = NotPermitted if name not in may else None if enough else NotDelegated
            if _asked(permits, stand_in, facts, action) is not expected:
                wrong.append(f"{name} with {what}")
        homeless = actor.model_copy(update={"on_behalf_of": "head", "department": None})
        if _asked(permits, homeless, Facts(stand_ins=_facts()), action) is None:
            wrong.append(f"{name} for a head of no department")
    return wrong


def _asked(permits: Permitting, actor: Actor, facts: Facts, action: str) -> type[Exception] | None:
    """What both ways to ask say; they must agree."""
    turn = FakeTurn(actor, facts)
    by = Instruction(id=UUID(int=1), actor=actor)

    def before() -> None:
        asked = permits.ask(by, action, (OWN,), (MISSION,))
        assert asked == replace(by, condition=asked.condition)
        if asked.condition is not None:
            asked.condition(turn)

    answers = [_refused(before), _refused(lambda: permits.check(turn, action, (OWN,), (MISSION,)))]
    assert answers[0] is answers[1]
    return answers[0]


def _refused(ask: Any) -> type[Exception] | None:
    try:
        ask()
    except (NotPermitted, NotDelegated) as refusal:
        return type(refusal)
    return None
