"""Whether the people of a dossier can be posted to their missions, as of the days of their postings."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from services.registry.days import beginning_of, come
from services.registry.importing.facts import closes, measures_of
from services.registry.importing.plan import binds_on
from services.registry.measure import Measure, MeasureState
from services.registry.mission import Mission, MissionState
from services.registry.mission.refusals import EstablishmentFull, NoPostingThere
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from shared.domain import Conflicting, Moment, Text
from shared.dossier.form import Dossier, PersonForm
from shared.dossier.problems import Problem

REMEDY = Text(en="Leave it out, or correct the day.", ar="احذفه أو صحح اليوم.")


def posting_conflict(dossier: Dossier, number: int, reading: Reading, moment: Moment) -> Problem | None:
    """Tell why a person who is not known cannot be posted, where the mission closes by then; else None.

    What closes it is an order that stands, or the dossier's own, which is of the moment that is said of the
    import or of the day from which the decree binds. Of whom no day is told the decree found them there.
    """
    person, path = dossier.staff.persons[number], f"persons.{number}"
    try:
        _check_takes_staff(dossier, person, reading, moment)
    except Conflicting as refused:
        return Problem(file="staff", path=path, what=refused.told(), remedy=REMEDY)
    since = _closing_since(dossier, person.mission, reading, moment)
    if person.posted_on is None or since is None or beginning_of(person.posted_on) < since:
        return None
    day = since.date()
    what = Text(
        en=f"The decree closes {person.mission} since {day}: nobody is posted there on {person.posted_on}.",
        ar=f"القرار يقفل {person.mission} منذ {day}: لا يوفد إليها أحد في {person.posted_on}.",
    )
    return Problem(file="staff", path=f"{path}.posted_on", what=what, remedy=REMEDY)


def _check_takes_staff(dossier: Dossier, person: PersonForm, reading: Reading, moment: Moment) -> None:
    """Refuse as the mission does; of one that is new, what the dossier says of it is what will be there."""
    mission = reading.get(Mission, person.mission)
    if mission.state is not MissionState.UNKNOWN:
        mission.check_takes_staff(Moment(moment.recorded_at, _posted_at(dossier, person, moment)))
        return
    forms = (form for form in dossier.missions.missions if form.id == person.mission)
    if any(form.planned for form in forms):
        raise NoPostingThere(mission=person.mission, state=MissionState.PLANNED.value)


def _posted_at(dossier: Dossier, person: PersonForm, moment: Moment) -> datetime:
    if person.posted_on is not None:
        return beginning_of(person.posted_on)
    found_on = come(dossier.decree.announced_on, moment.recorded_at)
    return _said_or(moment, None if found_on is None else beginning_of(found_on))


def establishment_conflicts(dossier: Dossier, reading: Reading) -> Iterator[Problem]:
    """Tell of whom a mission has no post left for, once those before them in the dossier are there."""
    told = {form.id: form.posts for form in dossier.missions.missions}
    joined: Counter[str] = Counter()
    for number, person in enumerate(dossier.staff.persons):
        if reading.get(StaffMember, person.id).exists:
            continue
        mission = reading.get(Mission, person.mission)
        posts = mission.posts if mission.exists else told.get(person.mission)
        joined[person.mission] += 1
        if posts is None or (mission.exists and len(mission.posted) >= posts):
            continue  # without limit, or told of each as they are judged alone
        if len(mission.posted) + joined[person.mission] > posts:
            full = EstablishmentFull(mission=person.mission, posts=posts)
            yield Problem(file="staff", path=f"persons.{number}", what=full.told(), remedy=REMEDY)


def _closing_since(dossier: Dossier, mission: str, reading: Reading, moment: Moment) -> datetime | None:
    """The moment as of which a row of the dossier would begin to close a mission; None where none would."""
    day = come(binds_on(dossier), moment.recorded_at)
    if day is None:
        return None
    for id, row in measures_of(dossier):
        waits = reading.get(Measure, id).state in (MeasureState.UNKNOWN, MeasureState.LISTED)
        if row.mission == mission and waits and closes(row):
            return _said_or(moment, beginning_of(day))
    return None


def _said_or(moment: Moment, otherwise: datetime | None) -> datetime:
    said = moment.effective_at != moment.recorded_at
    return moment.effective_at if said or otherwise is None else otherwise
