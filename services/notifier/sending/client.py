"""The HTTP client of webhooks: one POST, no redirects, no proxies, no cookies, and no answer that matters."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpcore
import httpx

from services.notifier.sending.guard import LEADING, Checked, GuardedNetwork, bare
from services.notifier.sending.outcome import Attempted, NotSent, Reason, judged
from services.notifier.sending.places import AT_ONCE

CONNECT_S = 5.0
TOTAL_S = 15.0
ANSWER_BYTES = 64 * 1024
"""Bytes of an answer that are read, and dropped, before the connection is closed on it."""
IDLE_S = 5.0

Headers = Mapping[bytes | str, bytes | str]

TIMEOUTS = {"connect": CONNECT_S, "read": TOTAL_S, "write": TOTAL_S, "pool": None}


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

    async def check(self, url: str, owner: str) -> Checked:
        """Look up and check where a URL leads to. Raises NotSent.

        Waiting for others who look up names may take long; the webhook is signed and timed afterwards.
        """
        return await self._network.check(bare(urlsplit(url).hostname or ""), owner)

    async def post(
        self, url: str, checked: Checked, headers: Headers, body: bytes, now: datetime
    ) -> Attempted:
        """Post once, to what was checked, and tell what came of it.

        It never raises for what a receiver does.
        """
        leading = LEADING.set(checked)
        try:
            async with asyncio.timeout(TOTAL_S):
                return await self._post(url, headers, body, now)
        except NotSent as error:
            return Attempted(error.reason)
        except (TimeoutError, httpcore.TimeoutException):
            return Attempted(Reason.TIMEOUT)
        except httpcore.ConnectError as error:
            return Attempted(Reason.TLS_FAILED if _is_of_tls(error) else Reason.CONNECTION_FAILED)
        except httpcore.ProtocolError:
            return Attempted(Reason.BROKEN_ANSWER)
        except (httpcore.NetworkError, ssl.SSLError):
            return Attempted(Reason.CONNECTION_FAILED)
        finally:
            LEADING.reset(leading)

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
        judgement = judged(response.status)
        if judgement.reason is None or judgement.final:
            return judgement
        return replace(judgement, asked=retry_after(told.get(b"retry-after"), now))

    async def close(self) -> None:
        """Close what is open."""
        await self._pool.aclose()
        self._network.close()


def retry_after(value: bytes | None, now: datetime) -> timedelta | None:
    """Read Retry-After, seconds or a date (RFC 9110, 10.2.3); what is neither counts for nothing.

    The parser of dates is lenient, and takes zones and years that no moment can have.
    """
    if value is None or len(value) > 40:
        return None
    text = value.decode("latin-1").strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text), 10**9))
    try:
        moment = parsedate_to_datetime(text)
        return max(timedelta(0), moment.replace(tzinfo=moment.tzinfo or UTC) - now)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _is_of_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
