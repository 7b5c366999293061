"""To import a dossier: everything is checked first, then entered step by step."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial

from services.registry.application.entering import Answer, Counted, Entering
from services.registry.application.procedures import Procedures
from services.registry.application.rehearsing import Rehearsal
from services.registry.days import beginning_of, come, first_moment_of, has_come
from services.registry.importing import (
    binds_on,
    conflicts_beside,
    department_phases,
    find_conflicts,
    order_steps,
    phases,
    unplanned,
)
from services.registry.importing.conflicts import department_conflicts
from services.registry.importing.facts import measures_of
from services.registry.importing.kept import kept_of_dossier, kept_signing
from services.registry.measure import Measure
from services.registry.permissions import PERMISSIONS, PERMITS
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from shared.domain import Actor, Conflicting, Moment
from shared.dossier.checking import check
from shared.dossier.form import DepartmentsForm, Dossier
from shared.dossier.problems import refuse
from shared.eventstore.command import Instruction, Turn
from shared.eventstore.store import EventStore


class Imports(Entering):
    """Use cases of imports. Repeating an import, whole or cut off, gives no event a second time."""

    def __init__(self, store: EventStore, procedures: Procedures) -> None:
        super().__init__(store)
        self._procedures = procedures

    async def departments(
        self, by: Instruction, form: DepartmentsForm, found_on: date | None = None
    ) -> Answer:
        """Register departments alone, so that other services know them before the rest is sent.

        `found_on` is the day on which a decree finds them, where they are sent for one (decision 0035). One
        that is still to come is refused. `signing_kept` names those that sign for what is said, but were not
        declared to by the day of which that is said: no import moves a declaration (decision 0032).
        """
        by = PERMITS.ask(by, "dossier.import")
        if found_on is not None:
            Moment(self._store.clock(), beginning_of(found_on)).must_not_be_ahead()
        planned = list(department_phases(form, found_on))
        every, kept = [step for steps in planned for step in steps], list[Answer]()

        def look(turn: Turn) -> None:
            refuse(department_conflicts(form, turn))
            kept[:] = kept_signing(form, turn, found_on, by.effective_at)

        await self._preflight(by, look, every)
        return (await self._enter(by, planned)).as_json() | {"signing_kept": kept}

    async def dossier(self, by: Instruction, dossier: Dossier) -> Answer:
        """Import a whole dossier, and tell how its measures stand now.

        Refuses with every problem (`DossierRefused`) before anything is stored. Afterwards a row that
        cannot be ordered (a hold covers it, or another import came between) stays as it is and is named
        in `not_ordered` with the reason; the others go on. Repeating the import orders what then can be.
        `unplanned` names what no procedure is for, or one that is not adopted: nobody will be given it to do.
        Nobody who is known is moved: `kept` tells of whom the dossier says another posting than stands, and
        `signing_kept` which departments sign for what it says, but not since the announcement.
        """
        by = PERMITS.ask(by, "dossier.import")
        refuse(check(dossier))
        planned = list(phases(dossier, self._store.clock()))
        every, signing_kept = [step for steps in planned for step in steps], list[Answer]()

        def look(turn: Turn) -> None:
            _must_bind_by(dossier, turn.moment)
            refuse(find_conflicts(dossier, turn, turn.moment))
            signing_kept[:] = self._signing_kept(dossier, turn, by.effective_at)

        await self._preflight(by, look, every)
        adopted = await self._procedures.named_by(dossier)
        *entering, listing = planned
        counted = await self._enter(by, entering)
        refused = await self._take(by, listing, counted) | await self._order(by, dossier, counted)
        persons = dossier.staff.persons
        posted = [(StaffMember, person.id) for person in persons]
        states = {id: state for id, (state, _) in (await self._measures(by, dossier)).items()}
        return {
            "decree": dossier.decree.id,
            **counted.as_json(),
            "measures": dict(Counter(states.values())),
            "not_ordered": _not_ordered(states, refused),
            "unplanned": unplanned(dossier, adopted),
            "kept": await self._look(by, partial(kept_of_dossier, persons), posted),
            "signing_kept": signing_kept,
        }

    async def check(
        self,
        actor: Actor,
        dossier: Dossier,
        said: datetime | None = None,
        sent_along: Iterable[str] = (),
    ) -> Answer:
        """Tell what importing a dossier would do now, and every problem of it; nothing is stored.

        `said` is what the import would be said to be of. Every step is decided on what is stored, on copies,
        as the import would decide it. Procedures that are `sent_along`, to `tasks`, need not be adopted.
        """
        PERMISSIONS.check(actor, "dossier.import")
        problems = check(dossier)
        rehearsal = await Rehearsal.begin(self._store, actor, said)
        if problems:
            registering = department_phases(dossier.departments)
            reads = [(step.kind, step.id) for steps in registering for step in steps]
            problems += await rehearsal.judge(
                lambda reading: conflicts_beside(dossier, reading, rehearsal.moment), reads
            )
            return rehearsal.told(problems)
        _must_bind_by(dossier, rehearsal.moment)
        planned = list(phases(dossier, self._store.clock()))
        reads = [(step.kind, step.id) for steps in planned for step in steps]
        problems = await rehearsal.judge(
            lambda reading: find_conflicts(dossier, reading, rehearsal.moment), reads
        )
        if problems:
            return rehearsal.told(problems)
        kept = await rehearsal.judge(lambda reading: kept_of_dossier(dossier.staff.persons, reading))
        signing_kept = await rehearsal.judge(lambda reading: self._signing_kept(dossier, reading, said))
        refused = await rehearsal.take([step for steps in planned for step in steps])
        ids = [id for id, _ in measures_of(dossier)]
        seen = {measure.id: measure.version for measure in await rehearsal.every(Measure, ids)}
        refused |= await rehearsal.take(order_steps(dossier, seen, self._store.clock()))
        measures = await rehearsal.every(Measure, ids)
        states = {measure.id: measure.state.value for measure in measures}
        return rehearsal.told([]) | {
            "decree": dossier.decree.id,
            "measures": dict(Counter(states.values())),
            "not_ordered": _not_ordered(states, refused),
            "unplanned": unplanned(dossier, await self._procedures.named_by(dossier, sent_along)),
            "kept": kept,
            "signing_kept": signing_kept,
        }

    def _signing_kept(self, dossier: Dossier, reading: Reading, said: datetime | None) -> list[Answer]:
        """Tell which declarations stay as they stand though the dossier says otherwise."""
        found_on = come(dossier.decree.announced_on, self._store.clock())
        return kept_signing(dossier.departments, reading, found_on, said)

    async def _measures(self, by: Instruction, dossier: Dossier) -> dict[str, tuple[str, int]]:
        """Tell the state and version of every measure of the dossier, as of one moment."""
        ids = [id for id, _ in measures_of(dossier)]

        def decide(turn: Turn) -> dict[str, tuple[str, int]]:
            measures = [turn.get(Measure, id) for id in ids]
            return {measure.id: (measure.state.value, measure.version) for measure in measures}

        return await self._look(by, decide, [(Measure, id) for id in ids])

    async def _order(self, by: Instruction, dossier: Dossier, counted: Counted) -> dict[str, Conflicting]:
        """Order every row that can be; return why the others cannot, by measure."""
        seen = {id: version for id, (_, version) in (await self._measures(by, dossier)).items()}
        return await self._take(by, order_steps(dossier, seen, self._store.clock()), counted)


def _must_bind_by(dossier: Dossier, moment: Moment) -> None:
    """Refuse to enter what is said to be of a day before the decree binds."""
    day = binds_on(dossier)
    if has_come(day, moment.recorded_at):
        moment.must_not_precede(first_moment_of(day), dossier.decree.id)


def _not_ordered(states: Mapping[str, str], refused: Mapping[str, Conflicting]) -> list[Answer]:
    return [
        {"measure": id, "state": states[id], "reason": why.slug, "detail": why.told().model_dump()}
        for id, why in refused.items()
    ]
