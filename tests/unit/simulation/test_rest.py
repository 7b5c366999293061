"""Given services that are at work, when rest is waited for, then it comes with the last, or is told."""

import asyncio
from typing import Any

import pytest

from deploy.simulation.rest import NotAtRest, Rest
from shared.service.gate import Gate
from shared.service.standing import Standing


def standing(head: int = 5, **others: Any) -> Standing:
    at_rest: dict[str, Any] = {
        "published": head,
        "views": head,
        "taken_in": {},
        "under_way": (),
        "failing": (),
    }
    return Standing(head=head, **(at_rest | others))


class Service:
    """Stands as it is told, look after look; the last standing stays."""

    def __init__(self, *standings: Standing) -> None:
        self._standings = list(standings)
        self.gates = {"first": Gate(), "second": Gate()}
        self.looks = 0
        self.folds = 0

    def standing(self) -> Standing:
        self.looks += 1
        return self._standings.pop(0) if len(self._standings) > 1 else self._standings[0]

    async def fold(self) -> None:
        self.folds += 1


def rest(patience: float = 5.0, **services: Service) -> Rest:
    return Rest(services, patience)  # type: ignore[arg-type]


async def test_it_takes_two_looks_that_agree() -> None:
    service = Service(standing())
    await rest(tasks=service).reached("now")
    assert (service.looks, service.folds) == (2, 0)


async def test_what_grew_between_two_looks_is_looked_at_again() -> None:
    service = Service(standing(5), standing(6))
    await rest(tasks=service).reached("now")
    assert service.looks == 3


@pytest.mark.parametrize(
    "busy",
    [
        standing(published=4),
        standing(views=4),
        standing(taken_in={"registry": 6}),
        standing(under_way=("sweeper of deadlines",)),
    ],
)
async def test_it_waits_for_whatever_is_behind(busy: Standing) -> None:
    registry = Service(standing(7))
    tasks = Service(busy, busy, standing(taken_in={"registry": 7}))
    await rest(registry=registry, tasks=tasks).reached("now")
    assert (tasks.looks, tasks.folds) == (4, 2)


async def test_services_without_views_are_not_waited_for() -> None:
    await rest(audit=Service(standing(views=None))).reached("now")


async def test_what_hangs_is_named() -> None:
    tasks = Service(standing(8, published=6, taken_in={"registry": 3}, under_way=("writer",)))
    with pytest.raises(NotAtRest) as failed:
        await rest(0.05, registry=Service(standing(4)), tasks=tasks).reached("2025-05-01 10:00")
    assert str(failed.value).splitlines() == [
        "The simulation stopped at 2025-05-01 10:00: not everything comes to rest.",
        "  tasks: its relay has published 6 of 8 events",
        "  tasks: its inbox of registry has taken in 3 of 4 events",
        "  tasks: its writer is at work",
    ]


async def test_an_engine_that_does_not_answer_is_named_before_what_waits_for_it() -> None:
    async def silent() -> list[str]:
        return ["NATS"]

    tasks = Service(standing(under_way=("sweeper of deadlines",)))
    with pytest.raises(NotAtRest) as failed:
        await Rest({"tasks": tasks}, 0.05, silent).reached("now")  # type: ignore[dict-item]  # stands as told
    assert str(failed.value).splitlines()[1:] == [
        "  NATS does not answer",
        "  tasks: its sweeper of deadlines is at work",
    ]


async def test_a_job_that_ended_or_an_alarm_is_told_at_once() -> None:
    failing = Service(standing(failing=("relay: the log has a hole",)))
    async with asyncio.timeout(2):
        with pytest.raises(NotAtRest, match="registry: relay: the log has a hole"):
            await rest(60.0, registry=failing).reached("now")


async def test_workers_at_gates_are_admitted_one_by_one_when_all_else_rests() -> None:
    """At work, at rest twice; then the first worker is at work, and at rest twice; then the other."""
    at_work = standing(under_way=("relay",))
    service = Service(at_work, *[standing(5)] * 2, at_work, *[standing(6)] * 2, at_work, standing(7))
    admitted: list[tuple[str, int]] = []

    async def work(name: str) -> None:
        await service.gates[name].passed()
        admitted.append((name, service.looks))

    for gate in service.gates.values():
        gate.close()
    workers = [asyncio.create_task(work(name)) for name in ("second", "first")]
    await rest(tasks=service).reached("now")
    await asyncio.gather(*workers)
    # A worker notices when the next look, at once, was taken.
    assert admitted == [("first", 4), ("second", 7)]
    assert service.looks == 9


async def test_gates_at_which_nobody_waits_hold_nothing_up() -> None:
    service = Service(standing())
    for gate in service.gates.values():
        gate.close()
    await rest(tasks=service).reached("now")
    assert service.looks == 2
