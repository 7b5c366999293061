"""Escalation: the ladder as data, and how a missed deadline climbs it while nobody answers.

An escalation is an aggregate of its own, under the id of its task.
"""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.calendar import CalendarVersion
from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent
from shared.contracts.tasks.deadline import DeadlineFact
from shared.contracts.text import Text, WrongValue


class Recipient(StrEnum):
    """To whom a step goes: the task's lead, the head of that, a department, or whoever has a role."""

    LEAD = "lead"
    HEAD = "head"
    DEPARTMENT = "department"
    ROLE = "role"


class LadderStep(BaseModel):
    """A step of a ladder. It is taken after so many working days of silence since the step before it.

    The first is counted from the day that was missed, and may be taken at its end: after 0 days. `named` is
    the department's or the role's key, for these two.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Token
    title: Text
    to: Recipient
    named: Token | None = None
    after: int = Field(ge=0, le=60)

    @model_validator(mode="after")
    def _names_whom(self) -> "LadderStep":
        if (self.named is not None) != (self.to in (Recipient.DEPARTMENT, Recipient.ROLE)):
            raise WrongValue(
                en=f"a step to {self.to} names a key for a department or a role, and for no other",
                ar=f"درجة التصعيد إلى {self.to}: يُذكر named للإدارة أو الدور ولا يُذكر لغيرهما",
            )
        return self


class Ladder(BaseModel):
    """What a policy of escalation is declared to be.

    `acknowledged_for` are the working days for which an acknowledgement stops the clock, at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(min_length=1, max_length=64)
    title: Text
    steps: tuple[LadderStep, ...] = Field(min_length=1, max_length=20)
    acknowledged_for: int = Field(ge=1, le=60)

    @model_validator(mode="after")
    def _climbs(self) -> "Ladder":
        keys = [step.key for step in self.steps]
        if len(set(keys)) < len(keys):
            raise WrongValue(en="a step is named twice", ar="درجة مذكورة مرتين")
        if any(step.after == 0 for step in self.steps[1:]):
            raise WrongValue(
                en="only the first step may be taken at once: after 0 working days",
                ar="لا تُتخذ فورًا، بعد 0 يوم عمل، إلا الدرجة الأولى",
            )
        return self


class EscalationPolicyDeclared(TasksEvent, type="escalation-policy.declared"):
    """A version of a ladder was declared. Escalations that began by an earlier one go on by that."""

    policy: Token
    version: int
    ladder: Ladder
    declared_at: datetime | None = None


class EscalationFact(DeadlineFact):
    """What every event of an escalation says. `department` is the one addressed, `lead` that of the task."""

    lead: Token


class EscalationBegun(EscalationFact, type="escalation.begun"):
    """A due day was missed, and the ladder is climbed from `counted_from` on, by a version of a policy.

    `next_at` is when the first step is due, None while a hold stops the clock.
    """

    policy: Token
    policy_version: int
    due_on: date
    counted_from: date
    next_at: datetime | None


class EscalationRaised(EscalationFact, type="escalation.raised"):
    """A step of the ladder was taken: of `steps` the one of number `step`, counted from 1.

    `head` is the pseudonym of whoever heads the department, where that is known. `late` says that it was
    recorded more than 60 seconds after it could have been. The event is effective at `due_at`; `next_at` is
    when the next step is due: None after the last, and while the clock is stopped. `also` are the calendars
    beside the first whose working days count.
    """

    policy: Token
    policy_version: int
    due_on: date
    step: int
    steps: int
    key: Token
    title: Text
    to: Recipient
    role: Token | None
    head: str | None
    on: date
    due_at: datetime
    late: bool
    calendar: Token
    calendar_version: int
    next_at: datetime | None
    also: tuple[CalendarVersion, ...] = ()


class EscalationAcknowledged(EscalationFact, type="escalation.acknowledged"):
    """Somebody answers for the step: the clock of the ladder stands from `since` until the end of `until`."""

    step: int
    by: tuple[str, ...]
    note: str
    since: date
    until: date
    next_at: datetime | None


class EscalationSuspended(EscalationFact, type="escalation.suspended"):
    """A hold that covers the task stopped the clock of the ladder, from `since` on."""

    since: date


class EscalationResumed(EscalationFact, type="escalation.resumed"):
    """The clock of the ladder goes on, or comes to another moment: by a lift, or by another calendar."""

    next_at: datetime


class EscalationEnding(StrEnum):
    """What ended an escalation: the work was handed in, the task cancelled, the deadline put off."""

    HANDED_IN = "handed-in"
    CANCELLED = "cancelled"
    PUT_OFF = "put-off"


class EscalationEnded(EscalationFact, type="escalation.ended"):
    """The ladder is climbed no further."""

    step: int
    ground: EscalationEnding
