"""Why something about a plan is refused."""

from collections.abc import Iterable, Sequence

from services.tasks.plan.state import PlanState
from services.tasks.template.refusals import Flaw
from shared.domain import Conflicting, Invalid, Text


class PlanWithoutDate(Conflicting):
    """Until somebody sets the official date, a plan has windows and no deadlines."""

    slug = "plan-without-date"
    title = Text(en="The official date is not set", ar="التاريخ الرسمي غير محدد")
    detail = Text(
        en="Plan {plan} has no official date yet: its deadlines follow once the date is set.",
        ar="لا تاريخ رسميًا للخطة {plan} بعد: تُحسب آجالها متى حُدد التاريخ.",
    )


class PlanInOtherState(Conflicting):
    """The plan's state does not allow it."""

    slug = "plan-state"
    title = Text(en="The plan's state does not allow it", ar="حالة الخطة لا تسمح بذلك")
    detail = Text(
        en="Plan {plan} is {state}; it must be {allowed_en}.",
        ar="الخطة {plan} حالتها {state_ar}؛ ويجب أن تكون {allowed_ar}.",
    )

    @classmethod
    def of(cls, plan: str, state: PlanState, allowed: Iterable[PlanState]) -> "PlanInOtherState":
        """Refuse for a plan in `state` what only the states `allowed` permit."""
        return cls(plan=plan, state=state.value, allowed=[one.value for one in allowed])

    def told(self) -> Text:
        """Name the states in the reader's language."""
        allowed = [PlanState(one).told for one in self.facts["allowed"]]
        return self.detail.format(
            plan=self.facts["plan"],
            state=self.facts["state"],
            state_ar=PlanState(self.facts["state"]).told.in_language("ar"),
            allowed_en=" or ".join(one.in_language("en") for one in allowed),
            allowed_ar=" أو ".join(one.in_language("ar") for one in allowed),
        )


class PlanOver(Conflicting):
    """Nothing is planned any more of a measure that is executed; a later one has a plan of its own."""

    slug = "plan-over"
    title = Text(en="The plan is over", ar="الخطة منتهية")
    detail = Text(
        en="The measure of plan {plan} was executed on {at}: nothing more is planned of it. What is still to "
        "be done belongs to the plan of a later measure.",
        ar="نُفِّذ إجراء الخطة {plan} في {at}: لا يُخطَّط لشيء منه بعد ذلك، وما بقي عمله فمكانه خطة إجراء لاحق.",
    )


class SecondBaselineWithoutReason(Invalid):
    """Whoever approves a plan again moves its baseline, and says why."""

    slug = "second-baseline-without-reason"
    title = Text(en="A new baseline needs a reason", ar="خط الأساس الجديد يحتاج إلى سبب")
    detail = Text(
        en="Plan {plan} is approved already: give the `reason` for which it is approved again.",
        ar="الخطة {plan} معتمدة بالفعل: اذكر سبب اعتمادها من جديد في `reason`.",
    )


class NoBaseline(Conflicting):
    """Slippage is measured against a baseline."""

    slug = "no-baseline"
    title = Text(en="The plan has no baseline", ar="لا خط أساس للخطة")
    detail = Text(
        en="Plan {plan} was not approved by then: it has no baseline against which slippage is measured.",
        ar="لم تكن الخطة {plan} قد اعتُمدت: لا خط أساس لها يُقاس عليه التأخر.",
    )


class DatesOfClosing(Conflicting):
    """The dates of a closing are set on its mission, since the host State is told of them."""

    slug = "dates-of-closing"
    title = Text(en="The mission's dates are meant", ar="المقصود تاريخا البعثة")
    detail = Text(
        en="Plan {plan} closes mission {mission}: its dates are set on the mission, and the plan follows.",
        ar="الخطة {plan} تُقفل البعثة {mission}: يُحدد تاريخاها على البعثة وتتبعهما الخطة.",
    )


class NotTheNewestVersion(Conflicting):
    """A plan is moved to the newest version of its procedure, which is the one that was looked at."""

    slug = "not-the-newest-version"
    title = Text(en="Not the newest version", ar="ليس أحدث إصدار")
    detail = Text(
        en="The newest version of procedure {template} is {newest}, not {version}: look at what it changes.",
        ar="أحدث إصدار من نموذج الإجراءات {template} هو {newest} لا {version}: اطلع أولًا على ما يغيّره.",
    )


class ReplanFlawed(Invalid):
    """The change of a plan makes no sense; every flaw is told at once, with its place."""

    slug = "replan-flawed"
    title = Text(en="The change of the plan has flaws", ar="في تعديل الخطة عيوب")
    detail = Text(en="{count} flaw(s): {told_en}", ar="عدد العيوب {count}: {told_ar}")

    @classmethod
    def by(cls, plan: str, flaws: Sequence[Flaw]) -> "ReplanFlawed":
        """Refuse a change for these flaws."""
        told = [
            {"code": flaw.code, "where": flaw.where, "en": flaw.what.en, "ar": flaw.what.ar} for flaw in flaws
        ]
        return cls(plan=plan, count=len(flaws), flaws=told)

    def told(self) -> Text:
        """Tell every flaw in the reader's language."""
        flaws = self.facts["flaws"]
        return self.detail.format(
            count=self.facts["count"],
            told_en="; ".join(f"{flaw['where']}: {flaw['en']}" for flaw in flaws),
            told_ar="؛ ".join(f"{flaw['where']}: {flaw['ar']}" for flaw in flaws),
        )
