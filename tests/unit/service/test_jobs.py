"""Given the jobs of a service, when one ends before the service does, then it is not ready."""

import asyncio

from structlog.testing import capture_logs

from shared.service.jobs import Jobs


async def for_ever() -> None:
    await asyncio.Event().wait()


async def fails() -> None:
    raise PermissionError("postgresql://user:password@host")


async def returns() -> None:
    return


async def is_cancelled() -> None:
    raise asyncio.CancelledError


async def settled() -> None:
    """Let jobs that end at once end, and their callbacks run."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_jobs_that_run_are_well_and_end_with_the_service() -> None:
    jobs = Jobs()
    jobs.begin({"views": for_ever(), "relay": for_ever()})
    await settled()
    assert await jobs.check() is None

    with capture_logs() as told:
        await jobs.end()
        await settled()

    assert await jobs.check() is None
    assert not told


async def test_a_job_that_ends_is_told_without_the_text_of_its_error() -> None:
    jobs = Jobs()
    with capture_logs() as told:
        jobs.begin({"views": for_ever(), "relay": fails()})
        await settled()

    assert await jobs.check() == "job relay ended: PermissionError"
    assert [(entry["log_level"], entry["job"]) for entry in told] == [("critical", "relay")]
    assert isinstance(told[0]["exc_info"], PermissionError)
    await jobs.end()


async def test_a_job_that_returns_or_is_cancelled_by_itself_is_told_too() -> None:
    jobs = Jobs()
    jobs.begin({"views": returns(), "inbox of registry": is_cancelled()})
    await settled()

    assert await jobs.check() == "job views ended: it returned; job inbox of registry ended: CancelledError"
    await jobs.end()
