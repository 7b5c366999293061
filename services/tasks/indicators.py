"""The use cases of indicators: defined, measured, withdrawn."""

from datetime import date
from decimal import Decimal
from typing import Any

from services.tasks.calendar import Calendar
from services.tasks.decree import Decree
from services.tasks.drafting import Reads
from services.tasks.indicator import Indicator, Terms
from services.tasks.mission import Mission
from services.tasks.permissions import PERMITS
from shared.contracts.tasks import Evidence
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


class Indicators:
    """The commands about indicators, each one transaction."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def define(
        self, by: Instruction, indicator: str, decree: str, calendar: str, terms: Terms
    ) -> Outcome[Answer]:
        """Define an indicator of a decree's objective; a mission that it names must be registered."""
        by = PERMITS.ask(by, "indicator.define")

        def decide(turn: Turn) -> Answer:
            defined, of = turn.get(Indicator, indicator), turn.get(Decree, decree)
            if terms.mission is not None:
                turn.get(Mission, terms.mission).must_be_registered()
            defined.define(terms, of, turn.get(Calendar, calendar).in_force(), turn.actor, turn.moment)
            return _told(defined)

        reads: Reads = ((Indicator, indicator), (Decree, decree), (Calendar, calendar))
        if terms.mission is not None:
            reads = (*reads, (Mission, terms.mission))
        return await self._store.execute(Command("define-indicator", by, decide, reads))

    async def measure(
        self,
        by: Instruction,
        indicator: str,
        value: Decimal,
        on: date,
        source: str,
        evidence: Evidence | None,
    ) -> Outcome[Answer]:
        """Tell the value of a day, or correct it."""
        by = PERMITS.ask(by, "indicator.measure")

        def decide(turn: Turn) -> Answer:
            measured = turn.get(Indicator, indicator)
            terms = measured.terms
            calendar = turn.get(Calendar, terms.calendar).of_version(terms.calendar_version)
            measured.measure(value, on, source, evidence, calendar, turn.actor, turn.moment)
            return _told(measured)

        return await self._store.execute(Command("measure-indicator", by, decide, ((Indicator, indicator),)))

    async def withdraw(self, by: Instruction, indicator: str, reason: str) -> Outcome[Answer]:
        """Give an indicator up, before its target's day is over."""
        by = PERMITS.ask(by, "indicator.withdraw")

        def decide(turn: Turn) -> Answer:
            given_up = turn.get(Indicator, indicator)
            given_up.withdraw(reason, turn.actor, turn.moment)
            return _told(given_up)

        return await self._store.execute(Command("withdraw-indicator", by, decide, ((Indicator, indicator),)))


def _told(indicator: Indicator) -> Answer:
    return {"indicator": indicator.id, "state": indicator.state.value}
