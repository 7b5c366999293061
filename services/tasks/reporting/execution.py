"""The sections on what was decreed and done: the decree, its measures, missions, tasks, deadlines, staff."""

from services.tasks.reporting import words
from services.tasks.reporting.counting import Counting
from services.tasks.reporting.facts import Facts, tally
from services.tasks.reporting.form import Cell, Figure, Section, Table, Told
from services.tasks.task import TaskState
from shared.contracts.text import Text


def of_decree(facts: Facts, counting: Counting) -> Section:
    """What the decree is, how it stands as far as is known, and how it stood in law."""
    decree, so = facts.decree, facts.decree.get("so", {})
    link = counting.row("registry", f"decrees/{decree['id']}")
    rows: list[tuple[Cell, ...]] = [
        (Told(Text(en="Title", ar="العنوان")), Told(words.text_of(decree["title"]), link)),
        (Told(Text(en="Issuer", ar="الجهة المُصدِرة")), Told(words.text_of(decree["issuer"]))),
        (Told(Text(en="Announced on", ar="أُعلن في")), Told(str(decree["announced_on"]))),
        (Told(Text(en="In force since", ar="نافذ منذ")), Told(str(decree["in_force_on"] or "—"))),
        (
            Told(Text(en="State, as far as is known", ar="الحالة بحسب المعلوم")),
            Told(words.DECREES[decree["state"]]),
        ),
        (
            Told(Text(en="State in law at the effective moment", ar="الحالة قانونًا في وقت النفاذ")),
            Told(words.DECREES[so["state"]] if so.get("state") else "—"),
        ),
    ]
    for article in decree["articles"]:
        name = Text(en=f"Article {article['article']}", ar=f"المادة {article['article']}")
        rows.append((Told(name), Told(words.text_of(article["text"]))))
    columns = (Text(en="About", ar="البيان"), Text(en="What is so", ar="الواقع"))
    return Section("decree", Text(en="The decree", ar="القرار"), tables=(Table(columns, tuple(rows)),))


def of_measures(facts: Facts, counting: Counting) -> Section:
    """The rows of the decree's tables by state, and why some cannot be carried out."""
    blocked = [row for row in facts.measures if row["state"] == "blocked"]
    reasons = Table(
        (
            Text(en="Row", ar="البند"),
            Text(en="Mission", ar="البعثة"),
            Text(en="Why it is blocked", ar="سبب التعذر"),
        ),
        tuple(
            (
                Told(str(row["row"]), counting.row("registry", f"measures/{row['id']}")),
                _mission(facts, row["mission"]),
                Told(words.text_of(row["explanation"])),
            )
            for row in blocked
        ),
    )
    return Section(
        "measures",
        Text(en="Measures", ar="الإجراءات"),
        figures=(
            (words.TOTAL, counting.of_registry("measures.total", len(facts.measures), "measures")),
            *counting.by_state("measures", tally(facts.measures, "state"), words.MEASURES),
        ),
        tables=(reasons,) if blocked else (),
    )


def of_missions(facts: Facts, counting: Counting) -> Section:
    """The missions that a row of the decree is about, by state, with both closing dates."""
    table = Table(
        (
            Text(en="Mission", ar="البعثة"),
            Text(en="State", ar="الحالة"),
            Text(en="Merged into", ar="تُضم إلى"),
            Text(en="Closed to the public", ar="الإقفال أمام الجمهور"),
            Text(en="Officially closed", ar="الإقفال الرسمي"),
        ),
        tuple(
            (
                Told(words.text_of(row["name"]), counting.row("registry", f"missions/{row['id']}")),
                Told(words.MISSIONS[row["state"]]),
                Told(words.text_of(facts.receivers[row["receiver"]]["name"]) if row["receiver"] else "—"),
                Told(row["public_on"] or "—"),
                Told(row["official_on"] or "—"),
            )
            for row in facts.missions
        ),
    )
    return Section(
        "missions",
        Text(en="Missions", ar="البعثات"),
        figures=(
            (words.TOTAL, counting.of_registry("missions.total", len(facts.missions), "missions")),
            *counting.by_state("missions", tally(facts.missions, "state"), words.MISSIONS),
        ),
        tables=(table,) if facts.missions else (),
    )


def of_tasks(facts: Facts, counting: Counting) -> Section:
    """The matrix: tasks by lead department and state."""
    leads = sorted({lead for lead, _ in facts.counts["tasks"]})
    rows = []
    for lead in leads:
        cells: list[Cell] = [Told(_department(facts, lead))]
        for state in TaskState:
            value, key = facts.count("tasks", lead, state.value), f"tasks.{lead}.{state.value}"
            cells.append(counting.of_tasks(key, value, "tasks", department=lead, state=state.value))
        total = sum(facts.count("tasks", lead, state.value) for state in TaskState)
        cells.append(counting.of_tasks(f"tasks.{lead}.total", total, "tasks", department=lead))
        rows.append(tuple(cells))
    columns = (Text(en="Lead", ar="الإدارة المختصة"), *(state.told for state in TaskState), words.TOTAL)
    total = sum(facts.counts["tasks"].values())
    return Section(
        "tasks",
        Text(en="Tasks by lead department", ar="المهام بحسب الإدارة المختصة"),
        figures=((words.TOTAL, counting.of_tasks("tasks.total", total, "tasks")),),
        tables=(Table(columns, tuple(rows)),) if rows else (),
    )


def of_deadlines(facts: Facts, counting: Counting) -> Section:
    """Deadlines met, missed, extended, suspended; a miss is counted whatever came after it."""

    def own(key: str, value: int, **query: str) -> Figure:
        return counting.of_tasks(f"deadlines.{key}", value, "deadlines", **query)

    met, late = facts.count("met", "met", "false"), facts.count("met", "met", "true")
    plain = facts.count("plain", "true")
    return Section(
        "deadlines",
        Text(en="Deadlines", ar="الآجال"),
        figures=(
            (
                Text(en="met, and none missed before", ar="متحقق دون فوات"),
                own("met", met, state="met", missed="false"),
            ),
            (
                Text(en="met after a miss", ar="متحقق بعد فوات"),
                own("met-late", late, state="met", missed="true"),
            ),
            (
                Text(en="missed at any time", ar="فات في أي وقت"),
                own("ever-missed", facts.count("missed", "true"), missed="true"),
            ),
            (
                Text(en="missed, with a ground beside it", ar="فات وله مسوّغ مقيد"),
                own("qualified", facts.count("qualified", "true"), qualified="true"),
            ),
            (
                Text(
                    en="missed, and taken away or moved before it was due",
                    ar="فات وكان قد سقط أو نُقل قبل حلوله",
                ),
                own("taken-away", facts.count("taken-away", "true"), taken_away="true"),
            ),
            (
                Text(en="missed, and nothing beside it", ar="فات بلا مسوّغ مقيد"),
                own("missed-plainly", plain, missed_plainly="true"),
            ),
            *counting.by_own_state("deadlines", words.DEADLINES),
            *(
                (Text(en=f"extensions: {label.en}", ar=f"تمديد {label.ar}"), figure)
                for label, figure in counting.by_own_state("extensions", words.EXTENSIONS)
            ),
        ),
    )


def of_staff(facts: Facts, counting: Counting) -> Section:
    """What became of the people posted to the missions of the plans."""
    return Section(
        "staff",
        Text(en="Staff", ar="الموظفون"),
        figures=counting.by_own_state("outcomes", words.OUTCOMES, "outcome"),
    )


def of_holds(facts: Facts, counting: Counting) -> Section:
    """Holds on the execution, as clocks follow them."""
    table = Table(
        (
            Text(en="Hold", ar="الإيقاف"),
            Text(en="Reason", ar="السبب"),
            Text(en="Since", ar="منذ"),
            Text(en="Until", ar="حتى"),
        ),
        tuple(
            (
                Told(str(row["hold"])),
                Told(words.text_of(row["reason"])),
                Told(_day(row["since"])),
                Told(_day(row["until"])),
            )
            for row in facts.holds
        ),
    )
    return Section(
        "holds",
        Text(en="Holds", ar="إيقاف التنفيذ"),
        figures=counting.by_own_state("holds", words.HOLDS),
        tables=(table,) if facts.holds else (),
    )


def _mission(facts: Facts, mission: str | None) -> Told:
    row = next((row for row in facts.missions if row["id"] == mission), None)
    return Told("—" if mission is None else mission if row is None else words.text_of(row["name"]))


def _department(facts: Facts, key: str) -> Text | str:
    row = facts.departments.get(key)
    return key if row is None else words.text_of(row["name"])


def _day(moment: str | None) -> str:
    return "—" if moment is None else moment[:10]
