"""The sections on what is agreed, measured, doubtful and to be done next."""

from services.tasks.reporting import words
from services.tasks.reporting.counting import Counting
from services.tasks.reporting.facts import Facts, tally
from services.tasks.reporting.form import Figure, Section, Table, Told
from shared.contracts.text import Text


def of_meetings(facts: Facts, counting: Counting) -> Section:
    """Meetings about the decree, and what became of their decisions."""
    open = [row for row in facts.decisions if row["state"] == "open"]
    table = Table(
        (Text(en="Open decision", ar="قرار قائم"), Text(en="Text", ar="النص")),
        tuple(
            (
                Told(str(row["decision"]), counting.row("tasks", f"meetings/{row['meeting']}")),
                Told(words.text_of(row["text"])),
            )
            for row in open
        ),
    )
    return Section(
        "meetings",
        Text(en="Meetings and their decisions", ar="الاجتماعات وقراراتها"),
        figures=(
            *(
                (Text(en=f"meetings: {label.en}", ar=f"اجتماع {label.ar}"), figure)
                for label, figure in counting.by_own_state("meetings", words.MEETINGS)
            ),
            *(
                (Text(en=f"decisions: {label.en}", ar=f"قرار اجتماع {label.ar}"), figure)
                for label, figure in counting.by_own_state("decisions", words.DECISIONS)
            ),
        ),
        tables=(table,) if open else (),
    )


def of_indicators(facts: Facts, counting: Counting) -> Section:
    """The decree's objectives in numbers."""
    rows = []
    for row in facts.indicators:
        last, trend = row["values"][-1] if row["values"] else None, row["trend"]
        rows.append(
            (
                Told(words.text_of(row["name"]), counting.row("tasks", f"indicators/{row['indicator']}")),
                Told(words.text_of(row["unit"])),
                Told(row["baseline"]),
                Told("—" if last is None else f"{last['value']} ({last['on']})"),
                Told(f"{row['target']} ({row['target_on']})"),
                Told("—" if trend is None else words.HEADINGS[trend["heading"]]),
                Told(words.INDICATORS[row["state"]]),
            )
        )
    columns = (
        Text(en="Indicator", ar="المؤشر"),
        Text(en="Unit", ar="الوحدة"),
        Text(en="Baseline", ar="خط الأساس"),
        Text(en="Last value", ar="آخر قيمة"),
        Text(en="Target", ar="المستهدف"),
        Text(en="Trend", ar="الاتجاه"),
        Text(en="State", ar="الحالة"),
    )
    return Section(
        "indicators",
        Text(en="Indicators", ar="المؤشرات"),
        figures=counting.by_own_state("indicators", words.INDICATORS),
        tables=(Table(columns, tuple(rows)),) if rows else (),
    )


def of_risks(facts: Facts, counting: Counting) -> Section:
    """Rows that no source makes known, and measures that may not be feasible."""
    unknown, doubtful = _unknown(facts, counting), _doubtful(facts, counting)
    told = [row for row in facts.measures if row["feasibility"] == "doubtful"]
    table = Table(
        (Text(en="Row", ar="البند"), Text(en="Why it is doubtful", ar="سبب الشك في قابلية التنفيذ")),
        tuple(
            (
                Told(str(row["row"]), counting.row("registry", f"measures/{row['id']}")),
                Told(words.text_of(row["note"])),
            )
            for row in told
        ),
    )
    return Section(
        "risks",
        Text(en="Risks", ar="المخاطر"),
        figures=(
            (Text(en="rows that are unknown", ar="بنود غير معلومة"), unknown),
            (Text(en="measures of doubtful feasibility", ar="إجراءات مشكوك في قابلية تنفيذها"), doubtful),
        ),
        tables=(table,) if told else (),
    )


def of_next_steps(facts: Facts, counting: Counting) -> Section:
    """What somebody has to do, by rules: only that of which there is anything."""
    measures = tally(facts.measures, "state")
    own, theirs = counting.of_tasks, counting.of_registry
    steps = (
        (
            Text(
                en="Find out missions and receivers of blocked rows",
                ar="تحديد بعثات البنود المتعذرة وجهات ضمها",
            ),
            theirs("next.blocked", measures.get("blocked", 0), "measures", state="blocked"),
        ),
        (
            Text(en="Order the measures that are only listed", ar="الأمر بتنفيذ الإجراءات المدرجة"),
            theirs("next.listed", measures.get("listed", 0), "measures", state="listed"),
        ),
        (
            Text(en="Decide on measures of doubtful feasibility", ar="البت في الإجراءات المشكوك في قابليتها"),
            _doubtful(facts, counting, "next.doubtful"),
        ),
        (
            Text(en="Meet the conditions of open holds", ar="استيفاء شروط الإيقاف القائم"),
            own("next.holds", facts.count("holds", "open"), "holds", state="open"),
        ),
        (
            Text(en="Finish tasks whose deadline was missed", ar="إنجاز المهام التي فات أجلها"),
            own("next.missed", facts.count("deadlines", "missed"), "deadlines", state="missed"),
        ),
        (
            Text(en="Finish tasks whose deadline is near", ar="إنجاز المهام التي قرب أجلها"),
            own(
                "next.approaching", facts.count("deadlines", "approaching"), "deadlines", state="approaching"
            ),
        ),
        (
            Text(en="Accept or return submitted work", ar="قبول الأعمال المقدمة أو إعادتها"),
            own("next.submitted", _in_state(facts, "submitted"), "tasks", state="submitted"),
        ),
        (
            Text(en="Decide on requested extensions", ar="البت في طلبات التمديد"),
            own("next.extensions", facts.count("extensions", "requested"), "extensions", state="requested"),
        ),
        (
            Text(en="Carry out open decisions of meetings", ar="تنفيذ قرارات الاجتماعات القائمة"),
            own("next.decisions", facts.count("decisions", "open"), "decisions", state="open"),
        ),
    )
    due = tuple((label, figure) for label, figure in steps if figure.value)
    note = Text(en="Nothing waits for anybody.", ar="لا شيء ينتظر أحدًا.")
    title = Text(en="Next steps", ar="الخطوات التالية")
    return Section("next-steps", title, figures=due, notes=() if due else (note,))


def _unknown(facts: Facts, counting: Counting) -> Figure:
    value = tally(facts.measures, "confidence").get("unknown", 0)
    return counting.of_registry("risks.unknown", value, "measures", confidence="unknown")


def _doubtful(facts: Facts, counting: Counting, key: str = "risks.doubtful") -> Figure:
    value = tally(facts.measures, "feasibility").get("doubtful", 0)
    return counting.of_registry(key, value, "measures", feasibility="doubtful")


def _in_state(facts: Facts, state: str) -> int:
    return sum(count for (_, of), count in facts.counts["tasks"].items() if of == state)
