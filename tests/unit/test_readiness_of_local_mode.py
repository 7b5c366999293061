"""What `tanfidh up` tells of services that are not ready, and when it says that all are."""

import httpx

from deploy.cli.readiness import all_ready, unready

SERVICES = ("registry", "tasks")
AWAY = {"store": "ok", "relay": "the log has a hole"}
BEHIND = {"store": "ok", "views": "tasks are not folded", "relay": "the log has a hole"}


class Services:
    """Answer of registry what they are told, one answer after the other; the last stays. Tasks is ready."""

    def __init__(self, *answers: dict[str, str] | None) -> None:
        self._answers = list(answers)
        transport = httpx.MockTransport(self._answer)
        self.client = httpx.AsyncClient(base_url="http://x", transport=transport)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/tasks/readyz":
            return httpx.Response(200, json={"status": "ok", "checks": {"store": "ok"}})
        assert request.url.path == "/registry/readyz"
        checks = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if checks is None:
            return httpx.Response(200, json={"status": "ok"})
        return httpx.Response(503, json={"detail": "Not ready.", "checks": checks})


async def test_what_is_not_ready_is_told_with_its_reason() -> None:
    assert await unready(Services(None).client, SERVICES) == {}
    assert await unready(Services(AWAY).client, SERVICES) == {"registry": "relay: the log has a hole"}
    assert await unready(Services({}).client, SERVICES) == {"registry": "Not ready."}


async def test_each_reason_is_told_once_and_the_end_is_that_all_are_ready() -> None:
    told: list[str] = []
    await all_ready(Services(AWAY, AWAY, BEHIND, None).client, SERVICES, told.append, grace=0)
    assert told == [
        "registry is not ready (http://x/registry/readyz): relay: the log has a hole",
        "registry is not ready (http://x/registry/readyz): "
        "views: tasks are not folded; relay: the log has a hole",
    ]


async def test_a_start_that_is_on_its_way_is_no_news() -> None:
    told: list[str] = []
    await all_ready(Services(AWAY, None).client, SERVICES, told.append, grace=60)
    assert told == []
