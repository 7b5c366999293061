"""Kills of random replicas and restarts of engines, each in its time."""

import asyncio
import random
import signal
from dataclasses import dataclass
from time import monotonic

from benchmarks.soak.house import House, Replica
from benchmarks.soak.plan import Plan

REST = (0.5, 3.0)
"""Seconds for which a replica stays away, at least and at most."""


@dataclass(frozen=True)
class Break:
    """Something that was broken: when, how long its end took, how long its way back (both in seconds)."""

    at: float
    what: str
    how: str
    ended_in: float
    back_in: float


async def break_replicas(house: House, plan: Plan, since: float, broken: list[Break]) -> None:
    """Kill a replica every so often, by turns with SIGKILL and SIGTERM; start it again."""
    chance = random.Random(298)
    number = 0
    while (number := number + 1) * plan.break_every < plan.seconds:
        await _at(since + number * plan.break_every)
        spared = monotonic() - since > plan.any_victim_until
        victims = [one for one in house.replicas.values() if one.alive and not (spared and one.letter == "a")]
        victim = chance.choice(victims)
        how = (signal.SIGKILL, signal.SIGTERM)[number % 2]
        broken.append(await _break_one(victim, how, chance.uniform(*REST), since))


async def _break_one(victim: Replica, how: signal.Signals, rest: float, since: float) -> Break:
    at = monotonic() - since
    ended_in = await victim.end(how)
    await asyncio.sleep(rest)
    return Break(at, victim.name, how.name, ended_in, await victim.start_supervised())


async def break_engines(house: House, plan: Plan, since: float, broken: list[Break]) -> None:
    """Restart engines as the plan says."""
    for at, what in plan.outages:
        await _at(since + at)
        begun = monotonic()
        engine, _, how = what.partition(" ")
        number = signal.SIGKILL if how == "killed" else None
        ministry = house.ministry
        restart = ministry.engines.restart_database if engine == "PostgreSQL" else house.nats.restart
        await asyncio.to_thread(restart, number)
        broken.append(Break(begun - since, engine, how, 0.0, monotonic() - begun))


async def _at(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - monotonic()))
