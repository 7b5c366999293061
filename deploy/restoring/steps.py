"""The steps of a restore, in an order in which it may break off anywhere and be begun again.

What will be lost is written down while the stream still has it. Then the database changes, in one
transaction for each service; only after that streams are deleted. From then on everything that is left to do
follows from what the database says.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from nats.aio.client import Client

from deploy.restoring.plan import ServicePlan
from deploy.restoring.report import write_report
from shared.eventstore.restore import begin_new_log
from shared.eventstore.stored import StoredLog
from shared.messaging.refill import consumer_serves, delete_stream, refill, renew_consumer
from shared.messaging.tracked import read_tracked, set_tracked
from shared.projections.beyond import begin_again_beyond

TOLD_EVERY = 10_000
"""Events between two words on how far a stream is filled."""

Tell = Callable[[str], None]


async def carry_out(
    nc: Client,
    plans: Sequence[ServicePlan],
    reads: Mapping[str, Sequence[str]],
    folder: Path,
    tell: Tell,
    replicas: int = 1,
) -> list[Path]:
    """Do what the plans say; return the reports on lost events. `tell` hears of each step before it.

    Streams that are made anew are held by as many servers as `replicas` says.
    """
    reports = []
    for plan in plans:
        if plan.stream is not None and plan.stream.lost:
            tell(f"{plan.service}: writing down {len(plan.stream.lost)} lost events")
            others = [service for service in reads if service != plan.service]
            reports.append(await write_report(folder, plan, others))
    for plan in plans:
        if plan.new_log or plan.moved or plan.stale_views:
            tell(f"{plan.service}: going on as log {plan.log_id}")
            await _change_stores(plan)
    for plan in plans:
        if plan.remakes_stream:
            tell(f"{plan.service}: deleting the stream")
            await delete_stream(nc, plan.service)
    logs = [await StoredLog.of(plan.service, plan.log.connection) for plan in plans]
    for log in logs:
        tell(f"{log.service}: filling the stream")
        await refill(nc, log, _progress(log, tell), replicas)
    for log in logs:
        for source in reads[log.service]:
            tell(f"{log.service}: checking the consumer of {source}")
            await _serve(nc, log, source)
    return reports


async def _change_stores(plan: ServicePlan) -> None:
    connection = plan.log.connection
    async with connection.transaction():
        if plan.new_log is not None:
            await begin_new_log(connection, plan.new_log, plan.matched)
        for tracked in plan.moved:
            await set_tracked(connection, tracked)
        await begin_again_beyond(connection, plan.log.head)


async def _serve(nc: Client, log: StoredLog, source: str) -> None:
    tracked = await read_tracked(log.connection, log.service, source)
    if not await consumer_serves(nc, log.service, source, tracked.position if tracked else 0):
        await renew_consumer(nc, log.service, source)


def _progress(log: StoredLog, tell: Tell) -> Callable[[int], None]:
    due = TOLD_EVERY

    def told(position: int) -> None:
        nonlocal due
        if position >= due:
            tell(f"{log.service}: {position} of {log.head} events published")
            due = position + TOLD_EVERY

    return told
