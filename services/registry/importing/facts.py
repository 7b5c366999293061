"""From the form of a dossier to the facts that the registry records."""

from collections.abc import Iterator

from shared.calendar import Rule
from shared.contracts.registry import (
    Article,
    Competence,
    DecreeIssued,
    MeasureListed,
    MissionRegistered,
    Objective,
    Obligation,
    Provenance,
)
from shared.dossier.form import Dossier, MissionForm, ObligationForm


def decree_of(dossier: Dossier) -> DecreeIssued:
    """Return the decree, with the ids of all its measures."""
    form = dossier.decree
    return DecreeIssued(
        number=form.number,
        year=form.year,
        uri=form.uri,
        title=form.title,
        issuer=form.issuer,
        announced_on=form.announced_on,
        signed_on=form.signed_on,
        in_force_on=form.in_force_on,
        articles=tuple(
            Article(
                article=article.article,
                text=article.text,
                measures=tuple(form.measure_id(article, row) for row in article.rows),
            )
            for article in form.articles
        ),
        objectives=tuple(Objective(key=known.key, text=known.text) for known in form.objectives),
        obligations=tuple(_obligation(dossier, obligation) for obligation in form.obligations),
        procedure=dossier.procedure,
        procedures=dossier.procedures,
    )


def is_decree_of(known: DecreeIssued, dossier: Dossier) -> bool:
    """Whether that is the decree of the dossier; of older ones the day of entry into force was not kept."""
    draft = decree_of(dossier)
    if known.in_force_on is None:
        draft = draft.model_copy(update={"in_force_on": None})
    return known == draft


def _obligation(dossier: Dossier, form: ObligationForm) -> Obligation:
    anchored_on = dossier.decree.dates()[Rule.parse(form.rule).anchor]
    assert anchored_on is not None, "checked with the dossier"
    return Obligation(
        key=form.key,
        article=form.article,
        title=form.title,
        rule=form.rule,
        anchored_on=anchored_on,
        roll=form.roll,
        task=form.task,
    )


def measures_of(dossier: Dossier) -> Iterator[tuple[str, MeasureListed]]:
    """Return every row with the id of its measure, in order."""
    form = dossier.decree
    for article in form.articles:
        for row in article.rows:
            yield (
                form.measure_id(article, row),
                MeasureListed(
                    decree=form.id,
                    article=article.article,
                    row=row.row,
                    measure_kind=row.kind,
                    mission=row.mission,
                    receiver=row.receiver,
                    feasibility=row.feasibility,
                    confidence=row.confidence,
                    note=row.note,
                    target=row.target,
                ),
            )


def closes(row: MeasureListed) -> bool:
    """Whether a row closes its mission once it is ordered: a merger without its receiver is not."""
    kind = row.measure_kind
    return kind.closes_mission and (row.receiver is not None or not kind.needs_receiver)


def competences_of(dossier: Dossier) -> tuple[Competence, ...]:
    """Return which authority decides on which category of staff."""
    return tuple(
        Competence(
            category=form.key,
            title=form.title,
            authority=form.authority,
            cap_months=form.cap_months,
            warn_days=form.warn_days,
            extension_months=form.extension_months,
        )
        for form in dossier.staff.categories
    )


def mission_of(dossier: Dossier, form: MissionForm) -> MissionRegistered:
    """Return the description of a mission."""
    return described(form, form.provenance or dossier.missions.provenance)


def described(form: MissionForm, provenance: Provenance) -> MissionRegistered:
    """Return the description of a mission of a list with that provenance."""
    return MissionRegistered(
        mission_kind=form.kind,
        name=form.name,
        host=form.host,
        city=form.city,
        accreditations=form.accreditations,
        confidence=form.confidence,
        provenance=provenance,
        planned=form.planned,
        posts=form.posts,
    )
