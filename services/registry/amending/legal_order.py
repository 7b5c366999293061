"""Whether what was entered before still fits where something that is older in law is entered after it."""

from datetime import date

from services.registry.amending.proposal import Amendment, misfits
from services.registry.amending.refusals import EndBeforeAmendment, LaterWouldNotFit
from services.registry.decree import Decree
from services.registry.decree.articles import applied, in_legal_order
from shared.contracts.registry import AmendmentText, DecreeAmended


def check_later_fit(decree: Decree, amendment: Amendment, says: AmendmentText) -> None:
    """Refuse an amendment with which one that is later in law would change what is not there, and so on.

    What the law would say then nobody can tell: whoever enacted the later one knew something else.
    """
    without = with_it = decree.articles_on(amendment.on)
    with_it = applied(with_it, says)
    for later in in_legal_order(decree.amendments):
        if later.on <= amendment.on:
            continue
        assert later.says is not None, "it was told"
        known = set(misfits(without, later.says, later.rows_changed))
        faults = [fault for fault in misfits(with_it, later.says, later.rows_changed) if fault not in known]
        if faults:
            raise LaterWouldNotFit(
                decree=decree.id,
                by=amendment.by,
                on=amendment.on.isoformat(),
                later=later.by,
                later_on=later.on.isoformat(),
                faults=faults,
            )
        without, with_it = applied(without, later.says), applied(with_it, later.says)


def check_ends_last(decree: Decree, by: str, on: date) -> None:
    """Refuse to end a decree from a day after which another one still amended it."""
    later = next((one for one in in_legal_order(decree.amendments) if one.on > on), None)
    if later is not None:
        raise EndBeforeAmendment(
            decree=decree.id, by=by, on=on.isoformat(), later=later.by, later_on=later.on.isoformat()
        )


def taken_out(decree: Decree, amendment: Amendment, article: str) -> tuple[str, date] | None:
    """By which decree, and from which day, a row of an article that an amendment adds was taken out again."""
    for later in in_legal_order(decree.amendments):
        if later.on > amendment.on and later.says is not None and article in later.says.dropped:
            return later.by, later.on
    if decree.ended_by is not None and decree.ended_on is not None:
        return decree.ended_by, decree.ended_on
    return None


def effects(decree: Decree, event: DecreeAmended) -> DecreeAmended:
    """The amendment with what becomes of the articles as they stand now."""
    changed, added, dropped = decree.moved_by(event)
    return event.model_copy(update={"changed": changed, "added": added, "dropped": dropped})
