"""The use cases of reports: made, recorded by its digest, and made again from the same positions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from services.tasks.decree import NoSuchArticle
from services.tasks.permissions import PERMITS
from services.tasks.report import Basis, Report
from services.tasks.report.report import FORM
from services.tasks.reporting.document import document
from services.tasks.reporting.facts import Facts
from services.tasks.reporting.gathering import Gathering, Places
from shared.contracts.tasks import ReportKind
from shared.domain import Conflicting, Invalid, NotFound, Text
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


class SinceNotBefore(Invalid):
    """A periodic report compares with an earlier moment."""

    slug = "since-not-before"
    title = Text(en="The moment to compare with is not earlier", ar="وقت المقارنة ليس أسبق")
    detail = Text(
        en="A report as of {as_of} cannot be compared with {since}: name an earlier moment.",
        ar="لا يُقارن تقرير حتى {as_of} بالوقت {since}: حدّد وقتًا أسبق.",
    )


class ReportDiffers(Conflicting):
    """What is made again is not what was made: by another form, or from logs that are not those of then."""

    slug = "report-differs"
    title = Text(en="The report cannot be made again", ar="تعذّر إعداد التقرير ثانية كما كان")
    detail = Text(
        en="Report {report} has the digest {recorded} (form {form}); made again (form {now}) it has {found}.",
        ar="بصمة التقرير {report} هي {recorded} (الصيغة {form})؛ وبإعداده ثانية (الصيغة {now}) كانت {found}.",
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What report is wanted: as of now where no moment is named."""

    report: str
    decree: str
    kind: ReportKind
    article: str | None
    as_of: datetime | None
    since: datetime | None
    effective_at: datetime | None


class Reports:
    """Makes reports. Nothing of their text is stored: it follows from the positions."""

    def __init__(self, store: EventStore, gathering: Gathering) -> None:
        self._store = store
        self._gathering = gathering

    async def generate(self, by: Instruction, wish: Wish) -> Outcome[Answer]:
        """Make a report, and record from what, and its digest.

        Raises:
            NotAnswered: the registry cannot be asked.
        """
        by = PERMITS.ask(by, "report.generate")
        basis = await self._basis(wish)
        facts, made = await self._made(basis)
        if wish.article is not None and wish.article not in _articles(facts):
            raise NoSuchArticle(decree=wish.decree, article=wish.article)
        digest = sha256(made).hexdigest()

        def decide(turn: Turn) -> Answer:
            turn.get(Report, wish.report).generate(basis, digest, turn.actor, turn.moment)
            places = {service: place.model_dump(mode="json") for service, place in basis.as_of.items()}
            return {"report": wish.report, "sha256": digest, "as_of": places}

        command = Command("generate-report", by, decide, ((Report, wish.report),))
        return await self._store.execute(command)

    async def read(self, report: str, upto: int | None = None) -> tuple[bytes, str]:
        """Make a report again; return its JSON and its digest. Nothing that was recorded since changes these.

        `upto` is a position of this service's log, its head where none is given; it was made by then.

        Raises:
            NotFound: it was not made by then.
            ReportDiffers: it would not be the same.
            NotAnswered: the registry cannot be asked.
        """
        generated = (await self._store.load(Report, report, upto)).generated
        if generated is None:
            raise NotFound(kind=Report.kind, id=report)
        basis = Basis(
            report=report,
            decree=generated.decree,
            article=generated.article,
            kind=generated.report_kind,
            as_of=generated.as_of,
            since=generated.since,
            effective_at=generated.effective_at,
        )
        _, made = await self._made(basis)
        digest = sha256(made).hexdigest()
        if digest != generated.sha256:
            raise ReportDiffers(
                report=report, recorded=generated.sha256, form=generated.form, now=FORM, found=digest
            )
        return made, digest

    async def _basis(self, wish: Wish) -> Basis:
        places = await self._gathering.places(wish.decree, wish.as_of)
        since = None if wish.since is None else await self._gathering.places(wish.decree, wish.since)
        recorded = [place.recorded_at for place in places.told().values() if place.recorded_at is not None]
        as_of = wish.as_of or max(recorded)
        if wish.since is not None and wish.since >= as_of:
            raise SinceNotBefore(as_of=as_of.isoformat(), since=wish.since.isoformat())
        return Basis(
            report=wish.report,
            decree=wish.decree,
            article=wish.article,
            kind=wish.kind,
            as_of=places.told(),
            since=None if since is None else since.told(),
            effective_at=wish.effective_at or as_of,
        )

    async def _made(self, basis: Basis) -> tuple[Facts, bytes]:
        gather, at = self._gathering.facts, basis.effective_at
        facts = await gather(basis.decree, Places.of(basis.as_of), at)
        before = None
        if basis.since is not None:
            before = await gather(basis.decree, Places.of(basis.since), at)
        return facts, document(basis, facts, before)


def _articles(facts: Facts) -> set[str]:
    articles: list[Mapping[str, Any]] = facts.decree["articles"]
    return {str(article["article"]) for article in articles}
