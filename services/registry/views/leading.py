"""Who leads a department, in its row: what the rule needs to answer of any day, and what it answers."""

from datetime import datetime

from services.registry.views.row import Row, plain
from shared.contracts.delegation import Headship, StandIn
from shared.contracts.meta import rfc3339
from shared.domain.leadership import Leadership

WHO = ("key", "head", "deputy", "acting", "actions")
"""What is told of a stand-in besides the moments."""


def leadership_of(row: Row) -> Leadership:
    """Read the leadership of a department back out of its row."""
    given = {one["key"]: one["given"] for one in row["stand_ins"]}
    moments = {key: {name: told[name] for name in told if name != "at"} for key, told in given.items()}
    return Leadership(
        heads=tuple(Headship.model_validate(one) for one in row["heads"]),
        stand_ins={
            one["key"]: StandIn.model_validate({name: one[name] for name in WHO} | moments[one["key"]])
            for one in row["stand_ins"]
        },
        given_at={key: datetime.fromisoformat(told["at"]) for key, told in given.items()},
    )


def rendered(leadership: Leadership, references: dict[str, str]) -> Row:
    """Render a leadership: `references` has the document behind each stand-in, by key."""
    present = leadership.headship
    return {
        "head": None if present is None else present.head,
        "heads": [plain(one) | {"since": rfc3339(one.since)} for one in leadership.heads],
        "stand_ins": [_stand_in(leadership, key, references[key]) for key in leadership.stand_ins],
    }


def led_at(row: Row, moment: datetime) -> Row:
    """Who led a department at a moment, and who could act for the head then."""
    leadership = leadership_of(row)
    headship = leadership.head_at(moment)
    return {
        "head": None if headship is None else headship.head,
        "stand_ins": [one for one in row["stand_ins"] if leadership.in_force(one["key"], moment)],
    }


def _stand_in(leadership: Leadership, key: str, reference: str) -> Row:
    one, (since, until) = leadership.stand_ins[key], leadership.span_of(key)
    given = {
        "at": rfc3339(leadership.given_at[key]),
        "since": rfc3339(one.since),
        "until": rfc3339(one.until),
        "ended_at": None if one.ended_at is None else rfc3339(one.ended_at),
    }
    told = one.model_dump(mode="json", include=set(WHO))
    return told | {"since": rfc3339(since), "until": rfc3339(until), "reference": reference, "given": given}
