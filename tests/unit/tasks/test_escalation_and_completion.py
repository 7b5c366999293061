"""What the registry completes by an event of its own is escalated no further."""

from services.tasks.escalation import Escalation
from services.tasks.escalation_policy import STANDING, EscalationPolicy
from services.tasks.sweeping import missing
from shared.contracts import tasks as said
from tests.unit.tasks.dated import DUE_AT, FIRST
from tests.unit.tasks.escalated import LADDER
from tests.unit.tasks.given import step
from tests.unit.tasks.test_plans_and_amendments import announced, dates, planned, react


def test_an_event_that_completes_a_missed_task_ends_its_escalation() -> None:
    store = planned(step(1, window="-30", completed_by="mission.announced"))
    store.run(lambda turn: turn.get(EscalationPolicy, STANDING).declare(LADDER, {"archives"}, turn.moment))
    react(store, dates(), "emb-va")
    store.now = DUE_AT
    store.run(missing(FIRST, DUE_AT).decide)
    assert store.find(Escalation, FIRST).open
    react(store, announced(), "emb-va")
    assert [ended.ground for ended in store.said(said.EscalationEnded)] == [said.EscalationEnding.HANDED_IN]
    assert not store.find(Escalation, FIRST).open
