"""Behind the server that runs it: bytes as they come over a socket get an answer, never silence."""

import asyncio
import socket

import pytest
import uvicorn

HOST = b"Host: letters\r\n"
MUCH = 60_000_000
"""Bytes; far more than an endpoint takes and than buffers on the way hold."""


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
        async with asyncio.timeout(60):
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


async def test_nothing_is_read_any_more_once_it_is_too_much(address, token):
    _, writer = await asyncio.open_connection(*address)
    writer.write(
        b"POST /letters HTTP/1.1\r\n" + HOST + b"Authorization: Bearer " + token().encode() + b"\r\n"
        b"Idempotency-Key: k\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    sent = 0
    with pytest.raises(ConnectionError):
        async with asyncio.timeout(60):
            while sent < MUCH:
                writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                await writer.drain()
                sent += 0x10000
    writer.transport.abort()
    assert sent < MUCH


@pytest.mark.parametrize(
    ("request_line", "framing", "closed"),
    [
        (b"POST /letters", b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", True),
        (b"GET /livez", b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", True),
        (b"POST /letters", b"Content-Length: 50000000\r\n\r\nabcde", True),
        (b"POST /letters", b"Content-Length: 5\r\n\r\nabcde", False),
        (b"GET /livez", b"\r\n", False),
    ],
)
async def test_the_connection_ends_only_where_much_may_still_come(address, request_line, framing, closed):
    head, _ = await answer(address, request_line + b" HTTP/1.1\r\n" + HOST + framing)
    assert (b"\r\nconnection: close\r\n" in head.lower()) is closed


async def test_a_chunked_body_that_was_read_costs_no_connection(address, token):
    head, body = await answer(
        address,
        b"POST /letters/import HTTP/1.1\r\n" + HOST + b"Authorization: Bearer " + token().encode() + b"\r\n"
        b"Idempotency-Key: k\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    )
    assert (body, b"connection: close" in head.lower()) == (b'{"bytes":5}', False)


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
    async with asyncio.timeout(60):
        for path, status in ((b"/letters/%00", b"400"), (b"/livez", b"200")):
            writer.write(b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.split(b" ")[1] == status
            lines = head.lower().split(b"\r\n")
            await reader.readexactly(
                next(int(line[15:]) for line in lines if line.startswith(b"content-length"))
            )
    writer.transport.abort()
