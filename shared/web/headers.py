"""What the request headers of a command mean; each reader refuses what it cannot read."""

import re
from datetime import UTC, date, datetime, time

from shared.contracts.text import Text
from shared.web.refusals import BadHeader, IdempotencyKeyMissing, OutOfRange

FIRST_YEAR, LAST_YEAR = 1900, 2200
ANY_VERSION = "*"

_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG = re.compile(r'"(0|[1-9][0-9]{0,17})"')
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def idempotency_key(value: str | None) -> str:
    """Read Idempotency-Key: 1 to 128 visible ASCII characters; refuse where there is none."""
    if not value:
        raise IdempotencyKeyMissing()
    if _KEY.fullmatch(value) is None:
        raise BadHeader(
            header="Idempotency-Key",
            expected=Text(
                en="1 to 128 visible ASCII characters without spaces",
                ar="من 1 إلى 128 محرف ASCII ظاهرًا بلا فراغات",
            ),
        )
    return value


def expected_version(value: str | None) -> int | None:
    """Read If-Match: the version of one strong ETag, or None where it is missing or ``*``.

    A weak validator never matches under If-Match (RFC 9110, 13.1.1), so it is refused as a mistake,
    as is a list: a command changes one version.
    """
    if value is None or value.strip() == ANY_VERSION:
        return None
    match = _ETAG.fullmatch(value.strip())
    if match is None:
        raise BadHeader(
            header="If-Match",
            expected=Text(
                en='one strong ETag as it was answered, for example "5", or *',
                ar='قيمة ETag واحدة قوية كما وردت في الجواب، مثل "5"، أو *',
            ),
        )
    return int(match[1])


def effective_moment(value: str | None) -> datetime | None:
    """Read Tanfidh-Effective-At: an RFC 3339 moment, or a date, which means its beginning in UTC."""
    if value is None:
        return None
    try:
        given = value.strip()
        if DATE.fullmatch(given):
            moment = datetime.combine(date.fromisoformat(given), time(0), UTC)
        else:
            moment = rfc3339_moment(given)
    except ValueError as error:
        raise BadHeader(
            header="Tanfidh-Effective-At",
            expected=Text(
                en="a date or a moment of RFC 3339, for example 2025-05-05T10:00:00+02:00",
                ar="تاريخًا أو وقتًا بصيغة RFC 3339، مثل 2025-05-05T10:00:00+02:00",
            ),
        ) from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise OutOfRange(first=FIRST_YEAR, last=LAST_YEAR)
    return moment


def rfc3339_moment(value: str) -> datetime:
    """Read a moment of RFC 3339, in UTC. Raises ValueError."""
    if _MOMENT.fullmatch(value) is None:
        raise ValueError("not RFC 3339")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside of the calendar") from error


def trace_context(value: str | None) -> str | None:
    """Return a valid W3C traceparent; an invalid one counts as none, as the recommendation asks."""
    if value is None or _TRACEPARENT.fullmatch(value) is None:
        return None
    return value
