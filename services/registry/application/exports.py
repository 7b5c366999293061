"""What is exported: decrees as dossiers, missions and staff as lists, now or as of a position of the log."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.registry.application.persons import Persons
from services.registry.decree import Decree
from services.registry.exporting.dossiers import dossier_content, missions_named
from services.registry.exporting.lists import mission_values, staff_values
from services.registry.inquiries import RegistryInquiries
from services.registry.measure import Measure
from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.staff.person import PersonalData
from shared.contracts.registry import Competence, CompetencesDeclared
from shared.domain import Actor, stream_of
from shared.eventstore.store import EventStore
from shared.web import AsOf

Row = dict[str, Any]


class Exports:
    """Use cases of exports. Whoever may read may export; personal data has rules of its own."""

    def __init__(self, store: EventStore, inquiries: RegistryInquiries, persons: Persons) -> None:
        self._store = store
        self._inquiries = inquiries
        self._persons = persons

    async def dossier(self, decree: str, when: AsOf | None) -> tuple[Row, int]:
        """Return a decree as a dossier, and the position as of which it is."""
        position = await self._inquiries.folded(when)
        found = await self._store.load(Decree, decree, position)
        issued = found.must_exist().issued
        ids = [] if issued is None else [id for article in issued.articles for id in article.measures]
        every = await self._store.load_all([(Measure, id) for id in ids], position)
        measures = [m for m in every if isinstance(m, Measure) and m.exists]
        named = missions_named(measures)
        missions = await self._store.load_all([(Mission, id) for id in named], position)
        staff = [
            row
            for id in named
            for row in await self.rows("staff", {"state": "posted", "mission": id}, position)
        ]
        content = dossier_content(
            found,
            measures,
            await self.rows("departments", {}, position),
            [mission for mission in missions if isinstance(mission, Mission)],
            await self._competences(position),
            sorted(staff, key=lambda row: str(row["id"])),
        )
        return content, position

    async def missions(
        self, where: Mapping[str, str | None], when: AsOf | None
    ) -> tuple[list[dict[str, str]], int]:
        """Return the rows of a list of missions, and the position as of which they are."""
        position = await self._inquiries.folded(when)
        rows = await self.rows("missions", where, position)
        # A measure may tell of a mission that is not registered; there is nothing to list of it.
        return [mission_values(row) for row in rows if "mission_kind" in row], position

    async def staff(
        self, actor: Actor, where: Mapping[str, str | None], personal: bool, when: AsOf | None
    ) -> tuple[list[dict[str, str]], int]:
        """Return the rows of a list of who is posted, and the position as of which they are.

        With `personal` who they are, too: refused as a whole where that may not be told of one of them, and
        every person's reading leaves a line in the log.
        """
        position = await self._inquiries.folded(when)
        rows = await self.rows("staff", {**where, "state": "posted"}, position)
        told = [await self._person(actor, row["id"], position) if personal else {} for row in rows]
        return [staff_values(row, person) for row, person in zip(rows, told, strict=True)], position

    async def rows(self, view: str, where: Mapping[str, str | None], position: int) -> Sequence[Row]:
        """Return every row of a view as of a position."""
        return await self._inquiries.every(view, where, position)

    async def _person(self, actor: Actor, staff: str, position: int) -> Mapping[str, str]:
        answer, _ = await self._persons.read(actor, staff, position)
        known: Mapping[str, str] = answer["person"]
        return known if answer["personal_data"] == PersonalData.RECORDED else {}

    async def _competences(self, position: int) -> list[Competence]:
        records = await self._store.history(stream_of(Organisation.kind, MINISTRY), 0, position)
        declared = [record.event for record in records if isinstance(record.event, CompetencesDeclared)]
        return [one for event in declared for one in event.competences]
