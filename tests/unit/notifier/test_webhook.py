"""Given an event, when it is rendered as a webhook, then the standard's own library verifies it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from services.notifier.secrets import MasterKey
from services.notifier.sending.client import retry_after
from services.notifier.sending.outcome import Reason, judged
from services.notifier.sending.webhook import body_of, signed_headers
from services.notifier.settings import read_master_key
from shared.service import KeyUnusable
from tests.unit.notifier.given import NOON, in_force

KEY = MasterKey(b"k" * 32)
LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
DATE = r"([A-Z][a-z]{2}, )?[0-9]{1,3} Jan [0-9]{1,5} [0-9:.]{1,8} ([+-][0-9]{1,15}|GMT|[A-Z])"
FIRST, SECOND = (KEY.secret("owner", "mine", number) for number in (1, 2))


def test_a_body_holds_the_payload_as_it_was_stored() -> None:
    event = in_force()
    body = body_of(event)
    assert b'"payload":' + event.data + b"}}" in body
    assert body.startswith(b'{"type":"registry.decree.entered-into-force","timestamp":"2025-05-05T12:00:00')


def test_every_secret_that_signs_verifies() -> None:
    body, now = body_of(in_force()), datetime.now(UTC)
    headers = {
        str(name): str(value) for name, value in signed_headers("n-1", body, [SECOND, FIRST], now).items()
    }
    for secret in (FIRST, SECOND):
        assert Webhook(secret).verify(body, headers)["type"] == "registry.decree.entered-into-force"
    for wrong in (body + b" ", body.replace(b"298", b"299")):
        with pytest.raises(WebhookVerificationError):
            Webhook(FIRST).verify(wrong, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(KEY.secret("owner", "mine", 3)).verify(body, headers)


def test_a_published_vector_is_signed_the_same() -> None:
    """The vector of the specification's own repository, github.com/standard-webhooks/standard-webhooks.

    It stands there in libraries/javascript/src/webhook.test.ts ("sign function works") and in
    libraries/go/webhook_test.go (TestWebhookSign).
    """
    secret, id, stamp = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    headers = signed_headers(id, b'{"test": 2432232314}', [secret], datetime.fromtimestamp(stamp, UTC))
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (id, str(stamp))


@pytest.mark.parametrize(
    ("status", "reason", "final"),
    [
        (200, None, False),
        (299, None, False),
        (199, Reason.REFUSED, False),
        (301, Reason.REDIRECTED, False),
        (404, Reason.REFUSED, False),
        (410, Reason.GONE, True),
        (429, Reason.REFUSED, False),
        (503, Reason.REFUSED, False),
    ],
)
def test_2xx_alone_is_success(status: int, reason: Reason | None, final: bool) -> None:
    judgement = judged(status)
    assert (judgement.reason, judgement.final, judgement.status) == (reason, final, status)


@pytest.mark.parametrize(
    ("value", "waits"),
    [
        (None, None),
        (b"120", timedelta(minutes=2)),
        (b"-1", None),
        (b"1.5", None),
        (b"soon", None),
        (b"\xb2", None),
        (b"9" * 41, None),
        (b"9" * 30, timedelta(seconds=10**9)),
        (b"Mon, 05 May 2025 13:00:00 GMT", timedelta(hours=1)),
        (b"Mon, 05 May 2025 11:00:00 GMT", timedelta(0)),
        (b"Mon, 05 May 99999 11:00:00 GMT", None),
        (b"1 Jan 2024 00:00:00 +999999999999999", None),
        (b"1 Jan 1 00:00:00 +2359", timedelta(0)),
        (b"31 Dec 9999 23:59:59 -2359", LAST - NOON + timedelta(hours=23, minutes=59)),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: bytes | None, waits: timedelta | None) -> None:
    assert retry_after(value, NOON) == waits


@given(st.binary(max_size=41) | st.from_regex(DATE, fullmatch=True).map(str.encode))
def test_no_retry_after_is_an_error(value: bytes) -> None:
    waits = retry_after(value, NOON)
    assert waits is None or waits >= timedelta(0)


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("too short\n")
    (tmp_path / "good").write_text("k" * 32 + "\n")
    with pytest.raises(KeyUnusable, match="holds 9 bytes"):
        read_master_key(tmp_path / "short")
    with pytest.raises(KeyUnusable, match="No such file"):
        read_master_key(tmp_path / "none")
    assert read_master_key(tmp_path / "good").secret("owner", "mine", 1) == FIRST
