"""What a witness accepts of another's log, and what it finds."""

import base64
import random
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contracts.witness import Finding
from shared.eventstore.log.note import Checkpoint, Signer, origin_of
from shared.witness import examining
from shared.witness.examining import Known, Verified, ask
from shared.witness.losses import Loss, losses
from shared.witness.own_copy import NotReceived, OwnCopy
from shared.witness.statement import Contradiction
from tests.unit.witness.forged import Copy, MemoryLog, leaf


def known_of(verified: Verified) -> Known:
    """What is known once that was witnessed."""
    root = base64.b64encode(verified.checkpoint.root).decode()
    statement = verified.statement
    return Known(statement.log_id, verified.checkpoint.size, root, statement.verifier_key)


async def examine(service: str, log: MemoryLog, known: Known, own: OwnCopy | None) -> Verified | None:
    return await examining.examine(service, log, known, own, await ask(service, log, known, own))


async def witnessed(log: MemoryLog, known: Known | None = None, own: OwnCopy | None = None) -> Verified:
    verified = await examine("tasks", log, known or Known(), own)
    assert verified is not None
    return verified


async def found(log: MemoryLog, known: Known, own: OwnCopy | None = None) -> Contradiction:
    with pytest.raises(Contradiction) as caught:
        await examine("tasks", log, known, own)
    return caught.value


@pytest.fixture
def log() -> MemoryLog:
    log = MemoryLog()
    for start in range(0, 100, 10):
        log.append(*(leaf(number) for number in range(start, start + 10)))
    return log


async def test_an_empty_log_is_nothing_to_witness() -> None:
    assert await examine("tasks", MemoryLog(), Known(), None) is None


async def test_the_first_checkpoint_is_trusted_and_the_next_must_grow_from_it(log: MemoryLog) -> None:
    first = await witnessed(log)
    assert (first.checkpoint.size, first.previous_size, first.compared) == (100, 0, 0)
    log.append(leaf("more"))
    second = await witnessed(log, known_of(first))
    assert (second.checkpoint.size, second.previous_size, second.passed_over) == (101, 100, 0)


async def test_nothing_is_told_where_nothing_grew(log: MemoryLog) -> None:
    assert await examine("tasks", log, known_of(await witnessed(log)), None) is None


async def test_a_changed_event_below_a_witnessed_size_is_not_proved(log: MemoryLog) -> None:
    known = known_of(await witnessed(log))
    log.leaves[56] = leaf("forged")
    assert (await found(log, known)).finding is Finding.OTHER_ROOT
    log.append(leaf("more"))
    assert (await found(log, known)).finding is Finding.NOT_PROVED


async def test_a_tail_that_was_cut_off_is_found(log: MemoryLog) -> None:
    known = known_of(await witnessed(log))
    log.leaves, log.signed = log.leaves[:90], log.signed[:-1]
    contradiction = await found(log, known)
    assert (contradiction.finding, contradiction.stated) == (Finding.SHORTER, 90)
    log.leaves, log.signed = [], []
    assert (await found(log, known)).finding is Finding.SHORTER


async def test_a_tail_that_was_cut_off_and_grew_again_is_found(log: MemoryLog) -> None:
    known = known_of(await witnessed(log))
    log.leaves, log.signed = log.leaves[:90], log.signed[:-1]
    log.append(*(leaf(f"forged {number}") for number in range(20)))
    assert (await found(log, known)).finding is Finding.NOT_PROVED


async def test_received_events_show_a_tail_cut_off_before_it_was_witnessed(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    own = OwnCopy(copy)
    known = known_of(await witnessed(log, own=own))
    log.append(leaf("late"))
    copy.receive(log.log_id, leaf("late"), after=100)
    log.leaves, log.signed = log.leaves[:100], log.signed[:-1]
    assert (await found(log, known, own)).finding is Finding.SHORTER


async def test_another_key_is_found_also_where_it_was_pinned_beforehand(log: MemoryLog) -> None:
    known = known_of(await witnessed(log))
    other = Signer(origin_of("tasks", "of-an-older-log"), log.key).verifier_key
    assert await witnessed(log, Known(verifier_key=other))
    log.key = Ed25519PrivateKey.generate()
    assert (await found(log, known)).finding is Finding.OTHER_KEY
    assert (await found(log, Known(verifier_key=other))).finding is Finding.OTHER_KEY


async def test_a_log_of_another_id_that_does_not_name_the_known_one_is_found(log: MemoryLog) -> None:
    known = known_of(await witnessed(log))
    other = MemoryLog(*log.leaves, leaf("more"))
    assert (await found(other, known)).finding is Finding.FOREIGN_LOG


async def test_a_checkpoint_that_was_not_signed_is_found(log: MemoryLog) -> None:
    told = await log.statement()
    told["note"] = told["note"].replace("\n100\n", "\n101\n")
    told["size"] = 101
    log.statement = lambda upto=None: _answered(told)  # type: ignore[method-assign]  # the lie
    assert (await found(log, Known())).finding is Finding.BAD_SIGNATURE


@pytest.mark.parametrize("told", [None, {}, {"log_id": 7}, [], "log"])
async def test_an_answer_that_cannot_be_read_is_found(log: MemoryLog, told: object) -> None:
    log.statement = lambda upto=None: _answered(told)  # type: ignore[method-assign]  # the lie
    assert (await found(log, Known())).finding is Finding.MALFORMED


async def _answered(told: object) -> object:
    return told


async def test_what_was_received_is_compared_and_each_leaf_is_read_once(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    own = OwnCopy(copy)
    first = await witnessed(log, own=own)
    assert first.compared == 100
    copy.received_of[log.log_id][1] = leaf("read before")
    log.append(leaf("more"))
    copy.receive(log.log_id, leaf("more"), after=100)
    assert (await witnessed(log, known_of(first), own)).compared == 101


async def test_an_event_that_differs_from_the_received_one_is_named_at_its_position() -> None:
    """The log was forged with its key, and nothing of it had been witnessed."""
    chance = random.Random(298)
    for size in (1, 2, 3, 64, 100, 333):
        for _ in range(10):
            position = chance.randint(1, size)
            honest = [leaf(number) for number in range(size)]
            copy = Copy()
            forged = list(honest)
            for at in range(position - 1, size):
                forged[at] = (
                    leaf(f"forged {at}") if at == position - 1 or chance.random() < 0.3 else forged[at]
                )
            log = MemoryLog(*forged)
            copy.receive(log.log_id, *honest)
            contradiction = await found(log, Known(), OwnCopy(copy))
            assert (contradiction.finding, contradiction.position) == (Finding.OTHER_EVENTS, position)
            assert log.asked <= 10


async def test_events_that_have_not_arrived_are_waited_for_and_then_left_for_later(
    log: MemoryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.witness.examining.PATIENCE", 0)
    copy = Copy()
    copy.receive(log.log_id, *log.leaves[:73])
    own = OwnCopy(copy)
    first = await witnessed(log, own=own)
    assert (first.checkpoint.size, first.compared) == (70, 70)
    with pytest.raises(NotReceived):
        await examine("tasks", log, known_of(first), own)
    copy.receive(log.log_id, *log.leaves)
    assert (await witnessed(log, known_of(first), own)).checkpoint.size == 100


async def test_growth_by_witness_events_alone_is_verified_and_not_told(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    own = OwnCopy(copy)
    known = known_of(await witnessed(log, own=own))
    copy.quiet = {leaf("witness 1"), leaf("witness 2")}
    log.append(leaf("witness 1"), leaf("witness 2"))
    copy.receive(log.log_id, leaf("witness 1"), leaf("witness 2"), after=100)
    assert not (await witnessed(log, known, own)).news
    log.append(leaf("decision"))
    copy.receive(log.log_id, leaf("decision"), after=102)
    assert (await witnessed(log, known, own)).news


async def test_a_restored_log_is_consistent_up_to_what_it_has_in_common(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    own = OwnCopy(copy)
    first = await witnessed(log, own=own)
    known, old = known_of(first), log.log_id
    log.restore(80)
    log.append(*(leaf(f"after {number}") for number in range(30)))
    copy.receive(log.log_id, *log.leaves[80:], after=80)
    for copied in (own, None):
        second = await witnessed(log, known, copied)
        assert (second.continues, second.previous_size, second.passed_over) == (old, 80, 20)
        assert (second.checkpoint.size, second.news) == (110, True)
    assert await examine("tasks", log, known_of(second), own) is None


async def test_a_restored_log_that_lost_nothing_witnessed_must_grow_from_what_was_witnessed(
    log: MemoryLog,
) -> None:
    known, old = known_of(await witnessed(log)), log.log_id
    log.append(leaf("lost"))
    log.append(leaf("lost too"))
    log.restore(101)
    log.append(leaf("after"))
    verified = await witnessed(log, known)
    assert (verified.continues, verified.previous_size, verified.passed_over) == (old, 100, 0)
    log.leaves[3] = leaf("forged")
    assert (await found(log, known)).finding is Finding.NOT_PROVED


async def test_a_restore_that_is_pretended_over_other_events_is_found(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    own = OwnCopy(copy)
    known = known_of(await witnessed(log, own=own))
    log.leaves[3] = leaf("forged")
    log.restore(80)
    log.append(leaf("after"))
    assert (await found(log, known, own)).finding is Finding.OTHER_EVENTS


async def test_a_log_that_was_restored_twice_is_held_to_the_least_that_all_have_in_common(
    log: MemoryLog,
) -> None:
    known = known_of(await witnessed(log))
    log.restore(50)
    log.append(*(leaf(f"after {number}") for number in range(40)))
    log.restore(90)
    log.append(leaf("again"))
    assert (await witnessed(log, known)).previous_size == 50


async def test_of_each_former_log_counts_what_all_later_ones_have_in_common(log: MemoryLog) -> None:
    log.restore(80)
    log.append(leaf("after"))
    log.restore(50)
    log.append(leaf("again"))
    statement = (await witnessed(log)).statement
    assert [part.upto for part in statement.parts()] == [50, 50, None]


async def lost(log: MemoryLog, known: Known, own: OwnCopy | None = None) -> list[Loss]:
    return list((await ask("tasks", log, known, own)).losses)


async def test_what_was_witnessed_and_is_gone_under_a_new_log_id_is_a_loss(log: MemoryLog) -> None:
    known, old = known_of(await witnessed(log)), log.log_id
    log.restore(80)
    assert await lost(log, known) == [Loss(old, 100, 80)]
    log.append(*(leaf(f"after {number}") for number in range(30)))
    assert await lost(log, known) == [Loss(old, 100, 80)]
    assert await lost(log, known_of(await witnessed(log, known))) == []


async def test_what_was_received_and_is_gone_under_a_new_log_id_is_a_loss(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    own = OwnCopy(copy)
    known, old = known_of(await witnessed(log, own=own)), log.log_id
    copy.receive(log.log_id, leaf("late"), leaf("later"), after=100)
    log.restore(100)
    assert await lost(log, known, own) == [Loss(old, 102, 100)]
    assert await lost(log, Known(), own) == [Loss(old, 102, 100)], "also where nothing was witnessed yet"


async def test_a_log_that_is_all_gone_under_a_new_id_is_a_loss(log: MemoryLog) -> None:
    known, old = known_of(await witnessed(log)), log.log_id
    log.restore(0)
    assert await lost(log, known) == [Loss(old, 100, 0)]


async def test_a_restore_that_loses_nothing_is_no_loss(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    known = known_of(await witnessed(log, own=OwnCopy(copy)))
    log.restore(100)
    assert await lost(log, known, OwnCopy(copy)) == []


def test_a_log_in_between_hides_no_loss() -> None:
    """Whoever cuts off an end may pretend two restores, the first of which loses nothing."""
    first, second, third = (UUID(int=number) for number in (1, 2, 3))
    assert losses([(first, 0), (second, 100), (third, 40)], {first: 100}) == [Loss(second, 100, 40)]
    assert losses([(first, 0), (second, 50), (third, 40)], {first: 100, second: 60}) == [
        Loss(first, 100, 50),
        Loss(second, 60, 40),
    ]


async def test_a_gap_in_what_was_received_is_found_at_its_position(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    del copy.received_of[log.log_id][31]
    contradiction = await found(log, Known(), OwnCopy(copy))
    assert (contradiction.finding, contradiction.position) == (Finding.OWN_COPY, 31)


async def test_a_lost_end_of_what_was_received_is_found_by_where_the_inbox_stands(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves[:99])
    copy.reached = 100
    contradiction = await found(log, Known(), OwnCopy(copy))
    assert (contradiction.finding, contradiction.position) == (Finding.OWN_COPY, 100)


async def test_growth_is_verified_without_the_copy(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    own = OwnCopy(copy)
    known = known_of(await witnessed(log, own=own))
    log.append(leaf("more"), leaf("and more"))
    copy.receive(log.log_id, leaf("and more"), after=101)
    asked = await ask("tasks", log, known, own)
    with pytest.raises(Contradiction):
        await examining.examine("tasks", log, known, own, asked)
    verified = await examining.examine("tasks", log, known, own, asked, comparing=False)
    assert verified is not None
    assert (verified.checkpoint.size, verified.compared) == (102, 0)


async def test_a_copy_that_does_not_fit_itself_accuses_no_log(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    copy.received_of[log.log_id][41] = leaf("another leaf in the column")
    copy.unfitting[41] = log.leaves[40]
    own = OwnCopy(copy)
    contradiction = await found(log, Known(), own)
    assert (contradiction.finding, contradiction.position) == (Finding.OWN_COPY, 41)
    copy.unfitting[41] = leaf("and other columns")
    assert (await found(log, Known(), own)).finding is Finding.OWN_COPY
    copy.received_of[log.log_id][41], copy.unfitting = log.leaves[40], {}
    assert (await witnessed(log, own=own)).compared == 100, "what was mended is read again"


async def test_a_copy_that_does_not_fit_itself_hides_no_other_difference(log: MemoryLog) -> None:
    copy = Copy()
    copy.receive(log.log_id, *log.leaves)
    copy.received_of[log.log_id][41] = leaf("another leaf in the column")
    copy.unfitting[41] = leaf("and other columns")
    log.leaves[70] = leaf("forged")
    contradiction = await found(log, Known(), OwnCopy(copy))
    assert (contradiction.finding, contradiction.position) == (Finding.OTHER_EVENTS, 71)


@pytest.mark.parametrize("size", [-1, 2**63, 10**25, 1e25, True, "100", None, float("nan")])
async def test_a_size_that_is_none_is_neither_believed_nor_told(log: MemoryLog, size: object) -> None:
    told = await log.statement() | {"size": size}
    log.statement = lambda upto=None: _answered(told)  # type: ignore[method-assign]  # the lie
    contradiction = await found(log, Known())
    assert (contradiction.finding, contradiction.stated) == (Finding.MALFORMED, None)


async def test_a_size_that_is_signed_and_too_large_is_not_told(log: MemoryLog) -> None:
    signer = Signer(origin_of("tasks", str(log.log_id)), log.key)
    told = await log.statement()
    told |= {"size": 2**70, "note": signer.sign(Checkpoint(signer.name, 2**70, bytes(32)).text())}
    log.statement = lambda upto=None: _answered(told)  # type: ignore[method-assign]  # the lie
    assert (await found(log, Known())).stated is None


async def test_no_number_is_told_that_was_not_signed(log: MemoryLog) -> None:
    told = await log.statement()
    told |= {"size": 7, "note": told["note"].replace("\n100\n", "\n7\n")}
    log.statement = lambda upto=None: _answered(told)  # type: ignore[method-assign]  # the lie
    contradiction = await found(log, Known())
    assert (contradiction.finding, contradiction.stated) == (Finding.BAD_SIGNATURE, None)
    told |= {"logs": "x" * 300_000}
    log.statement = lambda upto=None: _answered(told)  # type: ignore[method-assign]  # the lie
    assert len((await found(log, Known())).reason) <= 500
