"""Behind the server that runs it: bytes as they come over a socket get an answer, never silence."""

import asyncio
import socket

import pytest
import uvicorn

HOST = b"Host: letters\r\n"


@pytest.fixture
async def address(app):
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield listening.getsockname()
    server.should_exit = True
    await serving


async def answer(address, *parts):
    reader, writer = await asyncio.open_connection(*address)
    try:
        for part in parts:
            writer.write(part)
        async with asyncio.timeout(10):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
            return head, await reader.readexactly(length)
    finally:
        writer.transport.abort()


@pytest.mark.parametrize(
    ("framing", "first"),
    [
        (b"Content-Length: 50000000\r\n\r\n", b""),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n" % 50_000_000),
    ],
)
async def test_50_mb_are_refused_before_they_have_come(address, token, framing, first):
    head = (
        b"POST /letters HTTP/1.1\r\n" + HOST + b"Authorization: Bearer " + token().encode() + b"\r\n"
        b"Idempotency-Key: k\r\nContent-Type: application/json\r\n" + framing
    )
    told, body = await answer(address, head, first, b"x" * 2_000_000)
    assert told.startswith(b"HTTP/1.1 413 ")
    assert b"/body-too-large" in body


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /letters/%00 HTTP/1.1", 400),
        (b"GET /letters/%0d%0aSet-Cookie:a HTTP/1.1", 400),
        (b"GET /letters/%ff HTTP/1.1", 400),
        (b"GET /letters/\xff HTTP/1.1", 400),
        (b"GET /letters/\0 HTTP/1.1", 400),
        (b"GET /letters/a%2fb HTTP/1.1", 404),
        (b"GET /../etc/passwd HTTP/1.1", 404),
        (b"GET /letters/" + b"a" * 10_000 + b" HTTP/1.1", 414),
        (b"GET /letters/" + b"a" * 70_000 + b" HTTP/1.1", 400),
        (b"OPTIONS * HTTP/1.1", 404),
        (b"BREW /letters HTTP/1.1", 400),
        (b"GET /letters/> HTTP/1.1", 401),
    ],
)
async def test_odd_request_lines_are_answered(address, request_line, status):
    head, _ = await answer(address, request_line + b"\r\n" + HOST + b"\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)


async def test_a_connection_serves_on_after_a_refusal(address):
    reader, writer = await asyncio.open_connection(*address)
    async with asyncio.timeout(10):
        for path, status in ((b"/letters/%00", b"400"), (b"/livez", b"200")):
            writer.write(b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.split(b" ")[1] == status
            lines = head.lower().split(b"\r\n")
            await reader.readexactly(
                next(int(line[15:]) for line in lines if line.startswith(b"content-length"))
            )
    writer.transport.abort()
