"""Why something about a task is refused."""

from collections.abc import Iterable

from services.tasks.task.state import TaskState
from shared.domain import Conflicting, Forbidden, Invalid, Text


class WrongState(Conflicting):
    """The task's state does not allow it."""

    slug = "task-state"
    title = Text(en="The task's state does not allow it", ar="حالة المهمة لا تسمح بذلك")
    detail = Text(
        en="Task {task} is {state}; it must be {allowed_en}.",
        ar="المهمة {task} حالتها {state_ar}؛ ويجب أن تكون {allowed_ar}.",
    )

    @classmethod
    def of(cls, task: str, state: TaskState, allowed: Iterable[TaskState]) -> "WrongState":
        """Refuse for a task in `state` what only the states `allowed` permit."""
        return cls(task=task, state=state.value, allowed=[one.value for one in allowed])

    def told(self) -> Text:
        """Name the states in the reader's language."""
        allowed = [TaskState(one).told for one in self.facts["allowed"]]
        return self.detail.format(
            task=self.facts["task"],
            state=self.facts["state"],
            state_ar=TaskState(self.facts["state"]).told.in_language("ar"),
            allowed_en=" or ".join(one.in_language("en") for one in allowed),
            allowed_ar=" أو ".join(one.in_language("ar") for one in allowed),
        )


class PrerequisitesOpen(Conflicting):
    """A task starts only when everything that it needs is accepted (or cancelled)."""

    slug = "prerequisites-open"
    title = Text(en="Prerequisites are not accepted", ar="متطلبات سابقة لم تُقبل")
    detail = Text(
        en="Task {task} needs these to be accepted first: {told}.",
        ar="تتطلب المهمة {task} قبول ما يلي أولًا: {told}.",
    )

    @classmethod
    def of(cls, task: str, open: dict[str, TaskState]) -> "PrerequisitesOpen":
        """Refuse to start a task while these are open."""
        return cls(task=task, open={need: state.value for need, state in open.items()})

    def told(self) -> Text:
        """Name each open prerequisite with its state."""
        open = {need: TaskState(state).told for need, state in self.facts["open"].items()}
        english = ", ".join(f"{need} ({state.en})" for need, state in open.items())
        arabic = "، ".join(f"{need} ({state.ar})" for need, state in open.items())
        return Text(
            en=self.detail.in_language("en").format(task=self.facts["task"], told=english),
            ar=self.detail.in_language("ar").format(task=self.facts["task"], told=arabic),
        )


class AcceptedByDoer(Forbidden):
    """Nobody accepts work that they did, supported with evidence or submitted, nor does their deputy."""

    slug = "accepted-by-doer"
    title = Text(en="Work is accepted by somebody else", ar="يقبل العمل شخص آخر")
    detail = Text(
        en="{subject} took part in task {task}: somebody else must accept or return it.",
        ar="شارك {subject} في المهمة {task}: يجب أن يقبلها أو يعيدها شخص آخر.",
    )


class DatesNotSet(Conflicting):
    """Work on the closing dates cannot be done before somebody sets them."""

    slug = "dates-not-set"
    title = Text(en="The closing dates are not set", ar="تاريخا الإقفال غير محددين")
    detail = Text(
        en="Task {task} is about the closing dates, and its plan has none yet: it follows once they are set.",
        ar="تتعلق المهمة {task} بتاريخي الإقفال، ولم يُحددا في خطتها بعد: تُقدَّم متى حُددا.",
    )


class StepBeforeLast(Invalid):
    """The steps of a task follow one another: none is effective before the one that it follows."""

    slug = "step-before-last"
    title = Text(en="The step is said to be earlier than the one before it", ar="الخطوة تسبق ما قبلها")
    detail = Text(
        en="Task {task}: the step is said to be of {at}, and the one before it is of {last}. "
        "A task is planned, assigned, started and submitted in this order: name a moment that fits.",
        ar="المهمة {task}: الخطوة منسوبة إلى {at}، والتي قبلها إلى {last}. "
        "تُخطط المهمة ثم يُكلَّف بها ثم تبدأ ثم تُقدَّم بهذا الترتيب: اذكر وقتًا لا يسبق ما قبله.",
    )


class EvidenceMissing(Conflicting):
    """A task that names an evidence document is accepted with a document of that name, not another."""

    slug = "evidence-missing"
    title = Text(en="Evidence is missing", ar="مستند الإثبات ناقص")
    detail = Text(
        en="Task {task} is not accepted without a document named {evidence_en} among its evidence.",
        ar="لا تُقبل المهمة {task} دون مستند باسم {evidence_ar} ضمن إثباتها.",
    )


class PartsMissing(Conflicting):
    """A task with co-executors is accepted when each has done its part, or whoever accepts does without."""

    slug = "parts-missing"
    title = Text(en="Parts of co-executors are missing", ar="أجزاء جهات مشاركة ناقصة")
    detail = Text(
        en="Task {task}: these have not reported their parts as done: {departments}. "
        "Wait for them, or accept without, saying why (`waiver`).",
        ar="المهمة {task}: لم تُبلغ الجهات التالية بإتمام أجزائها: {departments}. "
        "انتظرها، أو اقبل المهمة دونها مع بيان السبب (`waiver`).",
    )


class NoPart(Forbidden):
    """Only a co-executor has a part to report; the lead answers for the whole."""

    slug = "no-part"
    title = Text(en="No part in this task", ar="لا جزء لهذه الجهة في المهمة")
    detail = Text(
        en="{department} is no co-executor of task {task}: it has no part to report.",
        ar="{department} ليست جهة مشاركة في المهمة {task}: لا جزء لها تُبلغ به.",
    )


class NotBlocked(Conflicting):
    """What nobody said to be blocked cannot be unblocked."""

    slug = "not-blocked"
    title = Text(en="The task is not blocked", ar="المهمة غير متوقفة")
    detail = Text(en="Nobody said that task {task} is blocked.", ar="لم يُبلغ أحد بأن المهمة {task} متوقفة.")


class TooManyComments(Conflicting):
    """A task has a limit of comments."""

    slug = "too-many-comments"
    title = Text(en="Too many comments", ar="التعليقات أكثر مما يجوز")
    detail = Text(
        en="Task {task} has {most} comments already, which is the most that it may have.",
        ar="للمهمة {task} بالفعل {most} تعليقًا، وهو الحد الأقصى.",
    )


class TooMuchEvidence(Conflicting):
    """The events that carry all evidence of a task have a limit of size."""

    slug = "too-much-evidence"
    title = Text(en="Too many documents", ar="المستندات أكثر مما يجوز")
    detail = Text(
        en="Task {task} would have {count} documents; it may have {most}. Put several into one file.",
        ar="سيبلغ عدد مستندات المهمة {task} {count}، والحد الأقصى {most}: اجمع بعضها في ملف واحد.",
    )


class UnknownDepartment(Invalid):
    """A department that nobody registered."""

    slug = "unknown-department"
    title = Text(en="Unknown department", ar="إدارة غير معروفة")
    detail = Text(
        en="There is no department {departments}: register it first.",
        ar="لا توجد إدارة بالمفتاح {departments}: سجّلها أولًا.",
    )


class DepartmentTwice(Invalid):
    """A department has one part in a task."""

    slug = "department-twice"
    title = Text(en="A department is named twice", ar="ذُكرت إدارة مرتين")
    detail = Text(
        en="Each department may be named once, as lead or as co-executor.",
        ar="تُذكر كل إدارة مرة واحدة، مختصة أو مشاركة.",
    )
