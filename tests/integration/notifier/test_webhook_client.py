"""Given receivers of every kind, when a webhook is posted, then it arrives, or it is told why not."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.notifier.sending import client, names
from services.notifier.sending.client import WebhookClient
from services.notifier.sending.outcome import Attempted, NotSent, Reason
from tests.integration.notifier.receiver import Receiver, receiving

NAME = "receiver.example"
NOW = datetime.now(UTC)


def certificate(folder: Path, name: str) -> Path:
    """A certificate that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + built.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
async def poster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[WebhookClient]:
    """A client for which every name leads to this machine, and which trusts the test's certificates."""
    trusted = tmp_path / "trusted.pem"
    known = (NAME, "other.example")
    trusted.write_bytes(b"".join(certificate(tmp_path, name).read_bytes() for name in known))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    monkeypatch.setattr(names, "resolve", lambda _host: ["127.0.0.1"])
    poster = WebhookClient(private=True)
    yield poster
    await poster.close()


async def post(poster: WebhookClient, receiver: Receiver, url: str | None = None) -> Attempted:
    url = url or receiver.url
    return await poster.post(url, await poster.check(url, "owner"), {"webhook-id": "n-1"}, b"{}", NOW)


@asynccontextmanager
async def secured(file: Path) -> AsyncIterator[tuple[Receiver, list[str | None]]]:
    """A receiver behind TLS, and the names that it was asked for."""
    asked: list[str | None] = []
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver, asked
    server.close()
    await server.wait_closed()


async def test_the_name_of_the_url_is_asked_for_and_verified(poster: WebhookClient, tmp_path: Path) -> None:
    async with secured(tmp_path / f"{NAME}.pem") as (receiver, asked):
        url = f"https://{NAME}:{receiver.port}/hooks"
        assert await post(poster, receiver, url) == Attempted(status=204)
        assert asked == [NAME]
        assert receiver.came[0].headers["host"] == f"{NAME}:{receiver.port}"
        wrong = await post(poster, receiver, f"https://other.example:{receiver.port}/hooks")
        assert (wrong.reason, len(receiver.came)) == (Reason.TLS_FAILED, 1)


async def test_who_does_not_answer_in_time_failed(
    poster: WebhookClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TOTAL_S", 0.2)
    async with receiving() as receiver:
        receiver.held = asyncio.Event()
        assert (await post(poster, receiver)).reason is Reason.TIMEOUT
        receiver.held.set()
        monkeypatch.setattr(client, "TOTAL_S", 30)
        assert await post(poster, receiver) == Attempted(status=204)


async def test_an_answer_that_trickles_has_an_end(
    poster: WebhookClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TOTAL_S", 0.5)
    async with receiving() as receiver:
        receiver.answers = [b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nsome of it, and then no more"]
        assert (await post(poster, receiver)).reason is Reason.TIMEOUT


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 2", b"\x00\x01\x02\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"]
)
async def test_what_is_no_answer_is_a_failure(poster: WebhookClient, answer: bytes) -> None:
    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(answering, "127.0.0.1", 0)
    receiver = Receiver(server.sockets[0].getsockname()[1])
    attempted = await post(poster, receiver)
    assert attempted.reason in (Reason.BROKEN_ANSWER, Reason.CONNECTION_FAILED)
    server.close()
    await server.wait_closed()


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as receiver, receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        poster = WebhookClient(private=True)
        assert await post(poster, receiver) == Attempted(status=204)
        await poster.close()
        assert (len(receiver.came), proxy.came) == (1, [])


async def test_private_receivers_are_refused_unless_configured() -> None:
    async with receiving() as receiver:
        poster = WebhookClient(private=False)
        with pytest.raises(NotSent) as refused:
            await post(poster, receiver)
        await poster.close()
        assert (refused.value.reason, receiver.came) == (Reason.HOST_UNUSABLE, [])


@pytest.mark.parametrize("asked", ["1 Jan 2024 00:00:00 +999999999999999", "3600", "\xff"])
async def test_what_was_delivered_is_delivered_whatever_retry_after_says(
    poster: WebhookClient, asked: str
) -> None:
    async with receiving() as receiver:
        receiver.answers = [
            f"HTTP/1.1 {status} Said\r\nretry-after: {asked}\r\ncontent-length: 0\r\n\r\n".encode("latin-1")
            for status in (200, 410, 503)
        ]
        assert await post(poster, receiver) == Attempted(status=200)
        assert await post(poster, receiver) == Attempted(Reason.GONE, 410, final=True)
        waits = timedelta(hours=1) if asked == "3600" else None
        assert await post(poster, receiver) == Attempted(Reason.REFUSED, 503, waits)
