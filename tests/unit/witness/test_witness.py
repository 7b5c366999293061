"""The rules of what is known of a log: given, when, then."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.audit.witness import AuditWitness
from services.registry.witness import RegistryWitness
from shared.contracts import audit, registry
from shared.contracts.text import Text
from shared.contracts.witness import Finding, Inconsistent, Witnessed
from shared.domain import Actor, Moment
from shared.domain.permission import NotPermitted
from shared.witness.permissions import PERMISSIONS
from shared.witness.pinned import pinned_keys
from shared.witness.schedule import Schedule
from shared.witness.witness import NothingToAcknowledge, Witness
from tests.unit.eventstore.test_notes import GO_KEY

NOW = datetime(2025, 5, 5, 8, tzinfo=UTC)
MOMENT = Moment(NOW, NOW)
LOG = UUID(int=1)


def seen(size: int, log_id: UUID = LOG) -> Witnessed:
    return Witnessed(
        source="tasks",
        log_id=log_id,
        size=size,
        root="cm9vdA==",
        verifier_key="key",
        previous_size=0,
        compared=size,
        cosigned="note",
        witnessed_at=NOW,
    )


def contradiction(known_size: int, finding: Finding = Finding.SHORTER, stated: int = 3) -> Inconsistent:
    return Inconsistent(
        source="tasks",
        log_id=LOG,
        known_size=known_size,
        stated_size=stated,
        position=None,
        finding=finding,
        reason="because",
        found_at=NOW,
    )


@pytest.fixture(params=[(AuditWitness, audit), (RegistryWitness, registry)])
def witness(request: pytest.FixtureRequest) -> Witness:
    kind: type[Witness] = request.param[0]
    assert kind.witnessed_as is request.param[1].CheckpointWitnessed
    assert kind.found_as is request.param[1].InconsistencyFound
    return kind.blank("tasks")


def test_a_checkpoint_becomes_what_is_known(witness: Witness) -> None:
    assert witness.confirm(seen(7), since=0, moment=MOMENT)
    assert (witness.version, witness.log_id, witness.size, witness.verifier_key) == (1, LOG, 7, "key")
    assert witness.last == seen(7)


def test_what_was_examined_on_something_older_is_left(witness: Witness) -> None:
    witness.confirm(seen(7), since=0, moment=MOMENT)
    assert not witness.confirm(seen(9), since=0, moment=MOMENT)
    assert witness.size == 7


def test_a_finding_is_told_once_however_the_log_goes_on(witness: Witness) -> None:
    witness.confirm(seen(7), since=0, moment=MOMENT)
    assert witness.contradict(contradiction(7), MOMENT)
    assert not witness.contradict(contradiction(7, stated=4), MOMENT)
    assert witness.contradict(contradiction(7, Finding.OTHER_KEY), MOMENT)
    assert [found.finding for found in witness.findings] == [Finding.SHORTER, Finding.OTHER_KEY]
    assert (witness.version, witness.size) == (3, 7)


def loss(known_size: int = 9, common: int = 7) -> Inconsistent:
    return contradiction(known_size, Finding.ROLLED_BACK, common)


WHY = Text(en="the disk failed")


def test_a_loss_is_open_until_it_is_acknowledged(witness: Witness) -> None:
    assert witness.contradict(loss(), MOMENT)
    assert [found.known_size for found in witness.losses] == [9]
    witness.acknowledge(LOG, 9, WHY, "auditor", MOMENT)
    event = witness.pending_events[-1].event
    assert isinstance(event, witness.acknowledged_as)
    assert event.model_dump(exclude={"reason"}) == {  # type: ignore[attr-defined]
        "source": "tasks",
        "log_id": LOG,
        "known_size": 9,
        "common": 7,
        "by": "auditor",
    }
    assert witness.losses == []
    assert len(witness.findings) == 1, "what was found stays"
    assert not witness.contradict(loss(), MOMENT)
    with pytest.raises(NothingToAcknowledge):
        witness.acknowledge(LOG, 9, WHY, "auditor", MOMENT)


def test_another_loss_is_open_by_itself(witness: Witness) -> None:
    witness.contradict(loss(), MOMENT)
    for log_id, size in ((UUID(int=2), 9), (LOG, 8)):
        with pytest.raises(NothingToAcknowledge):
            witness.acknowledge(log_id, size, WHY, "auditor", MOMENT)
    witness.acknowledge(LOG, 9, WHY, "auditor", MOMENT)
    assert witness.contradict(loss(common=6), MOMENT), "more of it is gone"
    assert [found.stated_size for found in witness.losses] == [6]


def test_a_loss_and_a_broken_copy_are_told_once_while_the_log_is_witnessed_further(witness: Witness) -> None:
    gap = contradiction(7, Finding.OWN_COPY).model_copy(update={"position": 5})
    assert witness.contradict(loss(), MOMENT)
    assert witness.contradict(gap, MOMENT)
    witness.confirm(seen(20), since=2, moment=MOMENT)
    assert not witness.contradict(loss(), MOMENT)
    assert not witness.contradict(gap.model_copy(update={"known_size": 20}), MOMENT)


def test_oversight_acknowledges_and_nobody_who_runs_the_services() -> None:
    for role in ("auditor", "controller"):
        PERMISSIONS.check(Actor(subject="x", role=role), "loss.acknowledge")
    for role in ("admin", "follow-up-office", "service", "department"):
        with pytest.raises(NotPermitted):
            PERMISSIONS.check(Actor(subject="x", role=role), "loss.acknowledge")


def test_rounds_are_at_multiples_of_the_interval_whenever_one_asks() -> None:
    schedule = Schedule(timedelta(minutes=1))
    assert schedule.after(NOW) == NOW + timedelta(minutes=1)
    assert schedule.after(NOW + timedelta(seconds=59.999)) == NOW + timedelta(minutes=1)
    other = Schedule(timedelta(minutes=1), offset=timedelta(seconds=30))
    assert other.after(NOW) == NOW + timedelta(seconds=30)
    assert other.after(NOW + timedelta(seconds=30)) == NOW + timedelta(seconds=90)
    assert Schedule(timedelta(days=1)).after(NOW) == datetime(2025, 5, 6, tzinfo=UTC)


def test_pinned_keys_are_read_by_their_service() -> None:
    from shared.eventstore.log.note import verifier_key_of

    key = verifier_key_of("tanfidh/tasks/one", bytes(32))
    assert pinned_keys(f" {key} ") == {"tasks": key}
    assert pinned_keys("") == {}
    for wrong in (GO_KEY, "nonsense"):
        with pytest.raises(ValueError, match="TANFIDH_WITNESS_KEYS"):
            pinned_keys(wrong)
