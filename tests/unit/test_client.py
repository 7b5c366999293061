"""What is given to a command stays one segment of the path that it asks for."""

import httpx
import pytest

from deploy.cli import erasing
from deploy.cli.inboxes import _path
from deploy.client import path_of, read


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("../x", b"..%2Fx"),
        ("..", b"%2E%2E"),
        (".", b"%2E"),
        ("p?limit=1#top", b"p%3Flimit%3D1%23top"),
        ("a%2Fb", b"a%252Fb"),
        ("p-0123456789", b"p-0123456789"),
    ],
)
async def test_a_segment_leads_nowhere_else(given: str, asked: bytes) -> None:
    paths = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        return httpx.Response(200, json={})

    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(base_url="http://x", transport=transport) as client:
        await read(client, path_of("registry", "staff", given, "person"), "token")
    assert paths == [b"/registry/staff/" + asked + b"/person"]


async def test_commands_quote_what_they_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = []

    async def told(_client: httpx.AsyncClient, path: str, _token: str) -> dict[str, str]:
        paths.append(path)
        return {}

    monkeypatch.setattr(erasing, "read", told)
    await erasing._look("http://x", "token", "../x")
    assert paths == ["/registry/staff/..%2Fx"]
    assert _path("tasks", "../x") == "/tasks/inboxes/..%2Fx/parked"
