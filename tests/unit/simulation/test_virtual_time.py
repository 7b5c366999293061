"""Given a virtual clock, when it is moved, then whoever waits for that moment goes on, and nobody else."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from deploy.simulation.agenda import Agenda, Request
from deploy.simulation.clock import SkippedMoment, VirtualTime
from deploy.simulation.driver import next_moment
from deploy.simulation.form import ActorForm

BEGINNING = datetime(2025, 4, 30, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def request(step: int = 1) -> Request:
    actor = ActorForm(role="admin", subject="admin-1")
    return Request(step=step, actor=actor, method="POST", path="/tasks/x", body=None, key=f"k-{step}")


async def turns() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def waiting(time: VirtualTime, moment: datetime) -> "asyncio.Task[None]":
    task = asyncio.create_task(time.reached(moment))
    await turns()
    return task


async def test_it_stands_still_until_it_is_moved() -> None:
    time = VirtualTime(BEGINNING)
    task = await waiting(time, BEGINNING + HOUR)
    assert (time(), task.done()) == (BEGINNING, False)

    time.advance(BEGINNING + HOUR)
    await asyncio.wait_for(task, 1)
    assert time() == BEGINNING + HOUR


async def test_a_moment_that_has_come_is_not_waited_for() -> None:
    time = VirtualTime(BEGINNING)
    await asyncio.wait_for(time.reached(BEGINNING), 1)
    await asyncio.wait_for(time.reached(BEGINNING - HOUR), 1)
    assert time.next_awaited is None


async def test_everybody_who_waits_for_the_same_moment_goes_on() -> None:
    time = VirtualTime(BEGINNING)
    tasks = [await waiting(time, BEGINNING + HOUR) for _ in range(3)]
    later = await waiting(time, BEGINNING + 2 * HOUR)

    time.advance(BEGINNING + HOUR)
    await turns()
    assert [task.done() for task in (*tasks, later)] == [True, True, True, False]
    assert time.next_awaited == BEGINNING + 2 * HOUR
    later.cancel()


async def test_it_is_never_moved_over_a_moment_that_is_awaited_nor_back() -> None:
    time = VirtualTime(BEGINNING)
    task = await waiting(time, BEGINNING + HOUR)
    with pytest.raises(SkippedMoment, match="is awaited before"):
        time.advance(BEGINNING + 2 * HOUR)
    with pytest.raises(SkippedMoment, match="forward only"):
        time.advance(BEGINNING - HOUR)
    assert (time(), task.done()) == (BEGINNING, False)
    task.cancel()


async def test_whoever_gave_up_is_waited_for_no_more() -> None:
    time = VirtualTime(BEGINNING)
    gone, stays = await waiting(time, BEGINNING + HOUR), await waiting(time, BEGINNING + 2 * HOUR)
    gone.cancel()
    await turns()
    assert time.next_awaited == BEGINNING + 2 * HOUR
    time.advance(BEGINNING + 2 * HOUR)
    await asyncio.wait_for(stays, 1)


async def test_the_next_moment_is_the_step_or_what_is_awaited_whichever_is_earlier() -> None:
    time, agenda = VirtualTime(BEGINNING), Agenda()
    assert next_moment(agenda, time) is None

    agenda.put(BEGINNING + 2 * HOUR, request())
    assert next_moment(agenda, time) == BEGINNING + 2 * HOUR

    task = await waiting(time, BEGINNING + HOUR)
    assert next_moment(agenda, time) == BEGINNING + HOUR

    time.advance(BEGINNING + HOUR)
    await task
    assert next_moment(agenda, time) == BEGINNING + 2 * HOUR


async def test_two_moments_at_the_same_instant_are_one_jump() -> None:
    time, agenda = VirtualTime(BEGINNING), Agenda()
    agenda.put(BEGINNING + HOUR, request())
    task = await waiting(time, BEGINNING + HOUR)
    moment = next_moment(agenda, time)
    assert moment == BEGINNING + HOUR
    time.advance(moment)
    await asyncio.wait_for(task, 1)
    assert [what.step for what in agenda.due(time())] == [1]
    assert next_moment(agenda, time) is None


def test_what_is_put_down_first_is_done_first_and_what_comes_meanwhile_counts() -> None:
    agenda = Agenda()
    for step in (1, 2):
        agenda.put(BEGINNING, request(step))
    done = []
    for what in agenda.due(BEGINNING):
        done.append(what.step)
        if what.step == 1:
            agenda.put(BEGINNING, request(3))
            agenda.put(BEGINNING + HOUR, request(4))
    assert done == [1, 2, 3]
    assert agenda.next_moment == BEGINNING + HOUR
