"""The HTTP client of webhooks: one POST, no redirects, no proxies, no cookies, and no answer that matters."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpcore
import httpx

from services.notifier.sending.guard import GuardedNetwork
from services.notifier.sending.outcome import Attempted, NotSent, Reason, failed, judged

CONNECT_S = 5.0
TOTAL_S = 15.0
ANSWER_BYTES = 64 * 1024
"""Bytes of an answer that are read, and dropped, before the connection is closed on it."""
AT_ONCE_EACH = 4
AT_ONCE = 200
"""Connections together: there is an end to the files that a process may open."""
IDLE_S = 5.0

Headers = Mapping[bytes | str, bytes | str]

TIMEOUTS = {"connect": CONNECT_S, "read": TOTAL_S, "write": TOTAL_S, "pool": None}


class _Receiver:
    """The places at one host and port, kept while somebody uses or awaits one."""

    def __init__(self) -> None:
        self.slots = asyncio.Semaphore(AT_ONCE_EACH)
        self.users = 0


class WebhookClient:
    """Posts to receivers; httpcore alone, because it follows nothing and reads no environment.

    Args:
        private: whether receivers may be on private networks.
    """

    def __init__(self, private: bool) -> None:
        self._network = GuardedNetwork(private)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=AT_ONCE,
            max_keepalive_connections=AT_ONCE // 4,
            keepalive_expiry=IDLE_S,
            network_backend=self._network,
        )
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._receivers: dict[str, _Receiver] = {}

    @asynccontextmanager
    async def place(self, url: str) -> AsyncIterator[None]:
        """Wait for a place at the receiver of a URL, and hold it: each has a few, whoever subscribed."""
        name = urlsplit(url).netloc.lower()
        receiver = self._receivers.setdefault(name, _Receiver())
        receiver.users += 1
        try:
            async with receiver.slots, self._slots:
                yield
        finally:
            receiver.users -= 1
            if not receiver.users:
                del self._receivers[name]

    async def post(self, url: str, headers: Headers, body: bytes, now: datetime) -> Attempted:
        """Post once, in a place, and tell what came of it; never raises for what a receiver does."""
        try:
            async with asyncio.timeout(TOTAL_S):
                return await self._post(url, headers, body, now)
        except NotSent as error:
            return failed(error.reason)
        except (TimeoutError, httpcore.TimeoutException):
            return failed(Reason.TIMEOUT)
        except httpcore.ConnectError as error:
            return failed(Reason.TLS_FAILED if _is_of_tls(error) else Reason.CONNECTION_FAILED)
        except httpcore.ProtocolError:
            return failed(Reason.BROKEN_ANSWER)
        except (httpcore.NetworkError, ssl.SSLError):
            return failed(Reason.CONNECTION_FAILED)

    async def _post(self, url: str, headers: Headers, body: bytes, now: datetime) -> Attempted:
        request = self._pool.stream(
            "POST", url, headers=headers, content=body, extensions={"timeout": TIMEOUTS}
        )
        async with request as response:
            told = {name.lower(): value for name, value in response.headers}
            read = 0
            async for part in response.aiter_stream():
                read += len(part)
                if read > ANSWER_BYTES:
                    break
        return judged(response.status, retry_after(told.get(b"retry-after"), now))

    async def close(self) -> None:
        """Close what is open."""
        await self._pool.aclose()
        self._network.close()


def retry_after(value: bytes | None, now: datetime) -> timedelta | None:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); what is neither counts for nothing."""
    if value is None or len(value) > 40:
        return None
    text = value.decode("latin-1").strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text), 10**9))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(0), moment.replace(tzinfo=moment.tzinfo or UTC) - now)


def _is_of_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
