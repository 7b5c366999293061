"""What has to be done to bring a service's store, its stream and those who read it back in step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from nats.aio.client import Client

from shared.eventstore.restore import common_size
from shared.eventstore.stored import StoredLog
from shared.messaging.divergence import Divergence, compare
from shared.messaging.refill import consumer_serves
from shared.messaging.tracked import Tracked, read_tracked
from shared.projections.beyond import views_beyond


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """What was found for one service, and what follows from it.

    Attributes:
        log: its store.
        stream: what its stream holds beside the store; None where there is none.
        new_log: the id under which the log goes on; None where it keeps its own.
        matched: the last position up to which the store agrees with what was published.
        common: the size of the last checkpoint that the old and the new log have in common.
        readers: where the services that read it stand now.
        moved: where those of them that must be moved will stand.
        sources: the services whose events this one must be given again from the first.
        stale_views: how many of its views stand beyond its log.
    """

    log: StoredLog
    stream: Divergence | None
    new_log: UUID | None
    matched: int
    common: int
    readers: tuple[Tracked, ...]
    moved: tuple[Tracked, ...]
    sources: tuple[str, ...]
    stale_views: int

    @property
    def service(self) -> str:
        """The service's name."""
        return self.log.service

    @property
    def log_id(self) -> UUID:
        """The id of the log once everything is in step."""
        return self.new_log or self.log.log_id

    @property
    def remakes_stream(self) -> bool:
        """Whether the stream that there is must be deleted."""
        stream = self.stream
        return stream is not None and (stream.log_id != self.log_id or stream.faulty)

    @property
    def to_publish(self) -> int:
        """How many events the stream will be given."""
        if self.stream is None or self.remakes_stream:
            return self.log.head
        return self.log.head - self.stream.matched

    @property
    def in_step(self) -> bool:
        """Whether nothing has to be done."""
        return self.stream is not None and not (
            self.new_log
            or self.remakes_stream
            or self.to_publish
            or self.moved
            or self.sources
            or self.stale_views
        )


async def examine(
    nc: Client,
    logs: Mapping[str, StoredLog],
    reads: Mapping[str, Sequence[str]],
    asked: Sequence[str] = (),
) -> list[ServicePlan]:
    """Compare every store with its stream, and with the services that read it. Nothing is changed.

    Args:
        nc: a connection with an administrator's rights.
        logs: the store of each service.
        reads: the services that each reads.
        asked: services that get a new log id whatever is found.
    """
    return [await _examine(nc, logs[service], reads, service in asked) for service in logs]


async def _examine(
    nc: Client, log: StoredLog, reads: Mapping[str, Sequence[str]], asked: bool
) -> ServicePlan:
    stream = await compare(nc, log)
    found = [
        await read_tracked(log.connection, service, log.service)
        for service, sources in reads.items()
        if log.service in sources
    ]
    readers = tuple(tracked for tracked in found if tracked is not None)
    new_log = uuid4() if asked or is_behind(log, stream, readers) else None
    matched = min(stream.matched, log.head) if stream is not None and stream.lost else log.head
    common = await common_size(log.connection, matched)
    moved = tuple(moved for one in readers if (moved := place(one, log, new_log, common)) != one)
    sources = [source for source in reads[log.service] if not await _is_served(nc, log, source)]
    return ServicePlan(
        log,
        stream,
        new_log,
        matched,
        common,
        readers,
        moved,
        tuple(sources),
        await views_beyond(log.connection, log.head),
    )


def is_behind(log: StoredLog, stream: Divergence | None, readers: Sequence[Tracked]) -> bool:
    """Whether something was published under the store's log id, or a later one, that the store lacks.

    A stream or a reader that has a former log of this store is only late: a restore was begun and not
    finished, or it was restored itself.
    """
    lineage = log.lineage
    if stream is not None and stream.log_id not in lineage:
        return True
    if stream is not None and stream.log_id == log.log_id and stream.lost:
        return True
    return any(
        reader.log_id not in lineage or (reader.log_id == log.log_id and reader.position > log.head)
        for reader in readers
    )


def place(reader: Tracked, log: StoredLog, new_log: UUID | None, common: int) -> Tracked:
    """Where a reader has to stand: at what it took in and what is still so."""
    carried = log.lineage.carried_over(reader.log_id, reader.position)
    position = reader.position if carried is None else carried
    if new_log is not None:
        position = min(position, common)
    return Tracked(reader.service, reader.source, new_log or log.log_id, position)


async def _is_served(nc: Client, log: StoredLog, source: str) -> bool:
    tracked = await read_tracked(log.connection, log.service, source)
    return await consumer_serves(nc, log.service, source, tracked.position if tracked else 0)
