"""Why a procedure is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain import Conflicting, Invalid, Text


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a proposal: what kind of thing, where, and in words."""

    code: str
    where: str
    what: Text


class TemplateFlawed(Invalid):
    """The procedure makes no sense; every flaw is told at once, with its place."""

    slug = "template-flawed"
    title = Text(en="The procedure has flaws", ar="في الإجراء عيوب")
    detail = Text(en="{count} flaw(s): {told_en}", ar="عدد العيوب {count}: {told_ar}")

    @classmethod
    def by(cls, template: str, flaws: Sequence[Flaw]) -> "TemplateFlawed":
        """Refuse a template for these flaws."""
        told = [
            {"code": flaw.code, "where": flaw.where, "en": flaw.what.en, "ar": flaw.what.ar} for flaw in flaws
        ]
        return cls(template=template, count=len(flaws), flaws=told)

    def told(self) -> Text:
        """Tell every flaw in the reader's language."""
        flaws = self.facts["flaws"]
        return self.detail.format(
            count=self.facts["count"],
            told_en="; ".join(f"{flaw['where']}: {flaw['en']}" for flaw in flaws),
            told_ar="؛ ".join(f"{_in_arabic(flaw['where'])}: {flaw['ar']}" for flaw in flaws),
        )


def _in_arabic(where: str) -> str:
    return where.replace("task ", "المهمة ")


class ProcedureNotAdopted(Conflicting):
    """A decree names a procedure that nobody adopted."""

    slug = "procedure-not-adopted"
    title = Text(en="Procedure not adopted", ar="الإجراء غير معتمد")
    detail = Text(
        en="The procedure {template} is not adopted: adopt it first.",
        ar="لم يُعتمد الإجراء {template}: اعتمده أولًا.",
    )


class ProcedureForOtherKinds(Conflicting):
    """A decree names, for a kind of measures, a procedure that is for others."""

    slug = "procedure-for-other-kinds"
    title = Text(en="The procedure is for other measures", ar="الإجراء مخصص لتدابير أخرى")
    detail = Text(
        en="The procedure {template} is for {kinds}, not for {kind}: adopt a version that is for it too.",
        ar="نموذج الإجراءات {template} مخصص لما يلي: {kinds}، لا لما يلي: {kind}؛ اعتمد إصدارًا يشمله.",
    )


class ProcedureWithoutTasks(Conflicting):
    """A procedure that has tasks of decrees alone carries no measure out."""

    slug = "procedure-without-tasks"
    title = Text(en="The procedure has no task for measures", ar="لا مهام للتدابير في الإجراء")
    detail = Text(
        en="The procedure {template} has no task that carries a measure out: adopt a version that has some.",
        ar="لا مهمة في نموذج الإجراءات {template} تُنفذ تدبيرًا: اعتمد إصدارًا فيه مهام لذلك.",
    )


class UnknownProcedureTask(Conflicting):
    """An obligation names a task that the procedure does not have for decrees."""

    slug = "unknown-procedure-task"
    title = Text(en="No such task in the procedure", ar="لا توجد مهمة كهذه في الإجراء")
    detail = Text(
        en="The procedure {template} has no decree task {number}: adopt a version that has it.",
        ar="لا يحتوي الإجراء {template} على مهمة للقرار برقم {number}: اعتمد إصدارًا يتضمنها.",
    )
