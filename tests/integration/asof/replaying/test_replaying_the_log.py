"""Given a decree in which everything occurs, what is answered as of a moment is what a replay tells."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from shared.contracts.meta import rfc3339
from tests.integration.asof.replaying.asking import around_firsts, sampled, some, told_apart
from tests.integration.asof.replaying.comparing_composed import (
    AGGREGATES,
    COMPOSED,
    HISTORIES,
    compare_composed,
    compare_histories,
)
from tests.integration.asof.replaying.comparing_in_law import PRESENT, InLaw, things
from tests.integration.asof.replaying.comparing_rows import Rows
from tests.integration.asof.replaying.in_law_and_fact import SO
from tests.integration.asof.replaying.kept import Kept, played_and_served
from tests.integration.asof.replaying.replay import VIEWS
from tests.integration.asof.replaying.routes import (
    EFFECTIVE,
    ELSEWHERE,
    ITEMS,
    LISTS,
    parameters_by_route,
)
from tests.integration.asof.replaying.shortened import Shortened

pytestmark = pytest.mark.asyncio(loop_scope="module")
of_views = pytest.mark.parametrize("service", VIEWS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kept]:
    async with played_and_served(tmp_path_factory.mktemp("longer")) as kept:
        yield kept


async def test_every_route_that_reads_as_of_a_moment_is_compared(kept: Kept) -> None:
    known = [*LISTS, *ITEMS, *COMPOSED, *HISTORIES, *ELSEWHERE]
    assert sorted(known) == sorted(await parameters_by_route(kept.reader)), "compare it here, or say why not"


async def test_everything_occurs(kept: Kept) -> None:
    rows = {service: replay.rows(replay.head) for service, replay in kept.replays.items()}
    assert [(service, view) for service, views in rows.items() for view in views if not views[view]] == []


@of_views
async def test_lists_are_what_a_replay_tells(kept: Kept, service: str) -> None:
    replay = kept.replays[service]
    rows = Rows(kept.reader, replay)
    for position in sampled(replay, 4):
        for asked, end in told_apart(replay, position):
            await rows.whole_lists(asked, end)


@of_views
async def test_filtered_lists_are_what_a_replay_tells(kept: Kept, service: str) -> None:
    replay = kept.replays[service]
    rows, parameters = Rows(kept.reader, replay), await parameters_by_route(kept.reader)
    assert rows.unmet(parameters) == []
    for position in sampled(replay, 3)[2:]:
        await rows.filtered(parameters, str(position), position)


@of_views
async def test_items_change_with_each_type_of_event_and_not_before(kept: Kept, service: str) -> None:
    replay = kept.replays[service]
    rows = Rows(kept.reader, replay)
    for position in around_firsts(replay).values():
        record = replay.records[position - 1]
        for path, view in rows.items.items():
            for key in [*replay.views[view].keys(record)][:3]:
                await rows.one(path, key, str(position - 1), position - 1)
                for asked, end in told_apart(replay, position):
                    await rows.one(path, key, asked, end)


@of_views
async def test_some_items_of_every_list_are_what_a_replay_tells(kept: Kept, service: str) -> None:
    replay = kept.replays[service]
    rows = Rows(kept.reader, replay)
    for position in sampled(replay, 8):
        for path, view in rows.items.items():
            for key in some(replay.rows(replay.head)[view], 3, f"{path} {position}"):
                await rows.one(path, key, str(position), position)


@of_views
async def test_moments_and_days_mean_the_last_position_that_was_recorded_by_them(
    kept: Kept, service: str
) -> None:
    replay = kept.replays[service]
    path = next(path for path in LISTS if path.startswith(f"/{service}/"))
    for position in sampled(replay, 12)[1:]:
        moment = replay.records[position - 1].recorded_at
        day = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), UTC)
        for asked, end in {
            rfc3339(moment - timedelta(microseconds=1)): replay.before(moment),
            rfc3339(moment): replay.by(moment),
            moment.date().isoformat(): replay.before(day),
        }.items():
            answer = await kept.reader.get(path, params={"as_of": asked})
            assert answer.headers["tanfidh-position"] == str(end), asked


@pytest.mark.parametrize("service", ("registry", "tasks"))
async def test_what_is_put_together_is_what_it_would_be_where_the_log_ends(kept: Kept, service: str) -> None:
    replay = kept.replays[service]
    answered = defaultdict(set)
    for position in sampled(replay, 5):
        for asked, end in told_apart(replay, position):
            log = Shortened.at(replay, end)
            for path in (path for path in COMPOSED if path.startswith(f"/{service}/")):
                answered[path].update(await compare_composed(kept.reader, path, log, asked))
    unmoved = [path for path, answers in answered.items() if len(answers) < 2]
    unseen = [path for path, answers in answered.items() if 200 not in {status for status, _ in answers}]
    assert (unmoved, unseen) == ([], [])


@pytest.mark.parametrize("path", [path for path in COMPOSED if "/counts/" in path])
async def test_counts_are_those_of_the_rows_of_then(kept: Kept, path: str) -> None:
    replay = kept.replays[path.split("/")[1]]
    for position in sampled(replay, 20):
        await compare_composed(kept.reader, path, Shortened.at(replay, position), str(position))


@pytest.mark.parametrize("service", AGGREGATES)
async def test_histories_and_states_are_what_a_replay_tells(kept: Kept, service: str) -> None:
    replay = kept.replays[service]
    for position in sampled(replay, 5):
        for asked, end in told_apart(replay, position):
            await compare_histories(kept.reader, Shortened.at(replay, end), asked)


async def test_every_route_that_reads_by_the_clock_of_law_is_compared(kept: Kept) -> None:
    parameters = await parameters_by_route(kept.reader)
    assert sorted(SO) == sorted(path for path, names in parameters.items() if EFFECTIVE in names)


@pytest.mark.parametrize("path", SO)
async def test_what_was_so_in_law_or_fact_is_what_a_replay_tells(kept: Kept, path: str) -> None:
    replay = kept.replays[path.split("/")[1]]
    otherwise = 0
    for key in things(replay, path):
        asked = InLaw(kept.reader, replay, path, key)
        for end in asked.ends:
            row = asked.row(end)
            for moment in asked.moments():
                otherwise += await asked.compare(moment, end, row)
    assert otherwise > 20, "of what the moments are told differs from now"


@pytest.mark.parametrize("path", SO)
async def test_what_is_so_now_is_what_stands(kept: Kept, path: str) -> None:
    assert path in PRESENT, "tell what of its row is the present of what it is asked about"
    replay = kept.replays[path.split("/")[1]]
    for key in replay.rows(replay.head)[ITEMS[path]]:
        asked = InLaw(kept.reader, replay, path, key)
        for end in [*asked.ends, *([] if path.startswith("/tasks") else asked.every_end)]:
            await asked.is_now(end)
