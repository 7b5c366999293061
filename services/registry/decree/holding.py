"""To hold the execution of a decree on conditions, to fulfil or waive these, and to lift the hold."""

from collections.abc import Mapping, Sequence
from datetime import UTC

from services.registry.decree import refusals
from services.registry.decree.decree import Decree
from shared.contracts.meta import rfc3339
from shared.contracts.reason import gives_reason
from shared.contracts.registry import (
    DecreeConditionFulfilled,
    DecreeConditionWaived,
    DecreeHeld,
    DecreeResumed,
    HoldCondition,
    MetCondition,
)
from shared.domain import Actor, Moment, Text
from shared.domain.moment import FIRST_ZONE
from shared.domain.refused_alike import AmbiguousScope, NoSuchPart


def hold(
    decree: Decree,
    key: str,
    by: str,
    holder: str,
    reason: Text,
    conditions: Sequence[HoldCondition],
    moment: Moment,
    article: str | None = None,
    measure: str | None = None,
    *,
    in_person: bool = False,
) -> None:
    """Hold the execution of the decree, of one article or of one measure.

    `by` is the oversight authority that decided it, `holder` who may lift it: a department, or somebody
    `in_person`. It is effective when it is recorded or earlier, and no day before the one on which the decree
    was announced; of a decree that is over it is of a moment at which that still bound.
    """
    decree.must_exist()
    if not decree.bound_at(moment.effective_at):
        decree.must_be_in_force()
    if any(known.hold == key for known in decree.hold_periods):
        raise refusals.HoldExists(decree=decree.id, hold=key)
    _check_reason(decree, reason)
    _check_scope(decree, article, measure, moment)
    keys = [condition.key for condition in conditions]
    if repeated := sorted({one for one in keys if keys.count(one) > 1}):
        raise refusals.HoldConditionTwice(decree=decree.id, hold=key, repeated=", ".join(repeated))
    moment.must_not_be_ahead()
    decree.must_be_announced_by(moment, refusals.HoldBeforeDecree)
    decree.record(
        DecreeHeld(
            hold=key,
            by=by,
            holder=holder,
            reason=reason,
            conditions=tuple(conditions),
            article=article,
            measure=measure,
            since=moment.effective_at,
            in_person=in_person,
        ),
        moment,
    )


def check_own_name(actor: Actor, by: str) -> None:
    """Refuse a hold that somebody places in the name of another authority than the one they act for."""
    if actor.department not in (None, by):
        raise refusals.HoldInAnothersName(department=actor.department, by=by)


def fulfil(decree: Decree, key: str, condition: str, evidence: tuple[str, ...], moment: Moment) -> None:
    """Note that a condition of an open hold is fulfilled; saying the same again changes nothing.

    Unless it was so earlier than was told: then that is what counts from now on.
    """
    held = _open_hold(decree, key)
    _check_condition(decree, held, condition)
    if not evidence:
        raise refusals.HoldConditionsOpen(decree=decree.id, hold=key, missing=condition)
    _not_before(decree, held, moment)
    same = decree.settled[key].get(condition) == MetCondition(key=condition, evidence=evidence)
    if same and moment.effective_at >= decree.settled_at[key][condition]:
        return
    decree.record(DecreeConditionFulfilled(hold=key, condition=condition, evidence=evidence), moment)


def waive(
    decree: Decree,
    key: str,
    condition: str,
    by: str,
    reason: Text,
    moment: Moment,
    *,
    in_person: bool = False,
) -> None:
    """Do without a condition; the holder alone may, and says why."""
    held = _open_hold(decree, key)
    if not held.is_held_by(by, in_person=in_person):
        raise refusals.HeldByOther(decree=decree.id, hold=key, holder=held.holder)
    _check_condition(decree, held, condition)
    _check_reason(decree, reason)
    if condition in decree.settled[key]:
        raise refusals.HoldConditionSettled(decree=decree.id, hold=key, condition=condition)
    _not_before(decree, held, moment)
    waived = DecreeConditionWaived(hold=key, condition=condition, reason=reason, by=by)
    decree.record(waived, moment)


def lift(
    decree: Decree,
    key: str,
    by: str | None,
    met: Mapping[str, tuple[str, ...]],
    reason: Text,
    moment: Moment,
    *,
    in_person: bool = False,
) -> None:
    """Lift a hold. Every condition is fulfilled or waived by now, or `met` gives evidence for it.

    `by` must be its holder; None stands for whoever may lift any hold. It is effective when recorded
    or earlier, and neither before the hold is nor before a condition was fulfilled or waived.
    """
    held = _open_hold(decree, key)
    if by is not None and not held.is_held_by(by, in_person=in_person):
        raise refusals.HeldByOther(decree=decree.id, hold=key, holder=held.holder)
    _check_reason(decree, reason)
    for given in sorted(met):
        _check_condition(decree, held, given)
    settled = decree.settled[key] | {
        given: MetCondition(key=given, evidence=evidence) for given, evidence in met.items() if evidence
    }
    if missing := [one.key for one in held.conditions if one.key not in settled]:
        raise refusals.HoldConditionsOpen(decree=decree.id, hold=key, missing=", ".join(missing))
    _not_before(decree, held, moment)
    for condition, settled_at in decree.settled_at[key].items():
        moment.must_not_precede(settled_at, condition)
    decree.record(
        DecreeResumed(
            hold=key,
            met=tuple(settled[one.key] for one in held.conditions),
            reason=reason,
            article=held.article,
            measure=held.measure,
        ),
        moment,
    )


def _open_hold(decree: Decree, key: str) -> DecreeHeld:
    decree.must_exist()
    held = decree.holds.get(key)
    if held is None:
        raise refusals.HoldNotOpen(decree=decree.id, hold=key)
    return held


def _check_condition(decree: Decree, held: DecreeHeld, condition: str) -> None:
    if condition not in {one.key for one in held.conditions}:
        raise refusals.HoldConditionUnknown(decree=decree.id, hold=held.hold, unknown=condition)


def _not_before(decree: Decree, held: DecreeHeld, moment: Moment) -> None:
    moment.must_not_be_ahead()
    if held.since is not None and moment.effective_at < held.since:
        at, since = rfc3339(moment.effective_at), rfc3339(held.since)
        raise refusals.LiftBeforeHold(decree=decree.id, hold=held.hold, effective_at=at, since=since)


def _check_reason(decree: Decree, reason: Text) -> None:
    if not gives_reason(reason):
        raise refusals.ReasonBlank(decree=decree.id)


def _check_scope(decree: Decree, article: str | None, measure: str | None, moment: Moment) -> None:
    """Refuse a part that the decree did not have on the day of the hold, wherever on Earth that is meant."""
    days = {moment.effective_at.astimezone(zone).date() for zone in (UTC, FIRST_ZONE)}
    then = [known for day in days for known in decree.articles_on(day)]
    articles = {known.article for known in then}
    measures = {row for known in then for row in known.measures}
    if article is not None and measure is not None:
        raise AmbiguousScope()
    if article is not None and article not in articles:
        raise NoSuchPart(decree=decree.id, part="article", id=article)
    if measure is not None and measure not in measures:
        raise NoSuchPart(decree=decree.id, part="measure", id=measure)
