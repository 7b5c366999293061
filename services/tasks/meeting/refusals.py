"""Why something about a meeting is refused."""

from collections.abc import Iterable

from services.tasks.meeting.state import MeetingState
from shared.domain import Conflicting, Forbidden, Invalid, NotFound, Text


class MeetingExists(Conflicting):
    """A meeting is called once."""

    slug = "meeting-exists"
    title = Text(en="The meeting is called already", ar="سبقت الدعوة إلى الاجتماع")
    detail = Text(
        en="Meeting {meeting} was called already: postpone it, or give the new one a name of its own.",
        ar="سبقت الدعوة إلى الاجتماع {meeting}: أجّله أو اختر للاجتماع الجديد اسمًا آخر.",
    )


class WrongMeetingState(Conflicting):
    """The meeting's state does not allow it."""

    slug = "meeting-state"
    title = Text(en="The meeting's state does not allow it", ar="حالة الاجتماع لا تسمح بذلك")
    detail = Text(
        en="Meeting {meeting} is {state}; it must be {allowed_en}.",
        ar="الاجتماع {meeting} حالته {state_ar}؛ ويجب أن تكون {allowed_ar}.",
    )

    @classmethod
    def of(cls, meeting: str, state: MeetingState, allowed: Iterable[MeetingState]) -> "WrongMeetingState":
        """Refuse for a meeting in `state` what only the states `allowed` permit."""
        return cls(meeting=meeting, state=state.value, allowed=[one.value for one in allowed])

    def told(self) -> Text:
        """Name the states in the reader's language."""
        allowed = [MeetingState(one).told for one in self.facts["allowed"]]
        return self.detail.format(
            meeting=self.facts["meeting"],
            state=self.facts["state"],
            state_ar=MeetingState(self.facts["state"]).told.in_language("ar"),
            allowed_en=" or ".join(one.in_language("en") for one in allowed),
            allowed_ar=" أو ".join(one.in_language("ar") for one in allowed),
        )


class HeldBeforeDecree(Invalid):
    """What a meeting about a decree is about was not there before it was announced."""

    slug = "held-before-decree"
    title = Text(en="The meeting is before its decree", ar="الاجتماع سابق لقراره")
    detail = Text(
        en="Meeting {meeting} is said to be held on {held_on}; the decree {decree}, which it is about, was "
        "announced on {announced_on}.",
        ar="يُنسب انعقاد الاجتماع {meeting} إلى {held_on}، وقد أُعلن القرار {decree} الذي يخصه "
        "في {announced_on}.",
    )


class ParticipantTwice(Invalid):
    """Everybody is named once."""

    slug = "participant-twice"
    title = Text(en="Somebody is named twice", ar="ذُكر مشارك مرتين")
    detail = Text(
        en="{participant} is named twice among those of the meeting: once is enough.",
        ar="ذُكر {participant} مرتين ضمن المشاركين في الاجتماع: مرة واحدة تكفي.",
    )


class NoSuchItem(Invalid):
    """An item that the agenda does not have, or has twice."""

    slug = "no-such-item"
    title = Text(en="The agenda does not have the item once", ar="البند غير وارد مرة واحدة في جدول الأعمال")
    detail = Text(
        en="The agenda of meeting {meeting} must have the item {item} exactly once.",
        ar="يجب أن يرد البند {item} في جدول أعمال الاجتماع {meeting} مرة واحدة.",
    )


class NoSuchDecision(NotFound):
    """A decision that the meeting did not take."""

    detail = Text(
        en="Meeting {meeting} took no decision {decision}.",
        ar="لم يتخذ الاجتماع {meeting} القرار {decision}.",
    )


class TooManyDecisions(Conflicting):
    """A meeting has so many decisions at most, as each has a place in its closing event and in its name."""

    slug = "too-many-decisions"
    title = Text(en="Too many decisions", ar="القرارات أكثر مما يجوز")
    detail = Text(
        en="Meeting {meeting} took {most} decisions already: call another meeting.",
        ar="اتخذ الاجتماع {meeting} {most} قرارًا: ادعُ إلى اجتماع آخر.",
    )


class DecisionHasTasks(Conflicting):
    """What became of a decision that has tasks, its tasks tell."""

    slug = "decision-has-tasks"
    title = Text(en="The decision's tasks tell what became of it", ar="مهام القرار تبيّن ما آل إليه")
    detail = Text(
        en="Decision {decision} is carried out by tasks: it is settled when they are accepted or cancelled.",
        ar="يُنفَّذ القرار {decision} بمهام: ويُعد منتهيًا متى قُبلت أو أُلغيت.",
    )


class DecisionSettled(Conflicting):
    """A decision is settled once."""

    slug = "decision-settled"
    title = Text(en="The decision is settled already", ar="سبق إنهاء القرار")
    detail = Text(en="Decision {decision} is settled already.", ar="سبق إنهاء القرار {decision}.")


class DecisionsOpen(Conflicting):
    """A meeting is closed when nothing that it decided is open."""

    slug = "decisions-open"
    title = Text(en="Decisions are still open", ar="قرارات ما زالت قائمة")
    detail = Text(
        en="Meeting {meeting} is not closed while these of its decisions are open: {decisions}.",
        ar="لا يُختتم الاجتماع {meeting} ما دامت القرارات التالية قائمة: {decisions}.",
    )


class MinutesState(Conflicting):
    """Minutes are written, and then approved or returned."""

    slug = "minutes-state"
    title = Text(en="The minutes are not at this point", ar="المحضر ليس في هذه المرحلة")
    detail = Text(
        en="Meeting {meeting}: there are no minutes that wait for approval; they must be written first.",
        ar="الاجتماع {meeting}: لا محضر ينتظر الاعتماد؛ يجب تحريره أولًا.",
    )


class MinutesNotForYou(Forbidden):
    """The minutes are approved or returned by the chair, the deputy, or who stands in for one of them."""

    slug = "minutes-not-for-you"
    title = Text(en="The minutes are for the chair to approve", ar="اعتماد المحضر لرئيس الاجتماع")
    detail = Text(
        en="{subject} neither chaired meeting {meeting} ({chair}) nor stands in for the chair.",
        ar="لم يرأس {subject} الاجتماع {meeting} (رئيسه {chair}) ولا ينوب عن رئيسه.",
    )


class MinutesOfOwnHand(Forbidden):
    """Nobody approves minutes that they wrote."""

    slug = "minutes-of-own-hand"
    title = Text(en="Minutes are approved by somebody else", ar="يعتمد المحضر شخص غير محرره")
    detail = Text(
        en="{subject} wrote the minutes of meeting {meeting}: somebody else must approve them.",
        ar="حرّر {subject} محضر الاجتماع {meeting}: يجب أن يعتمده شخص آخر.",
    )
