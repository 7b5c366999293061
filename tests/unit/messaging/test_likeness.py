"""A message is the copy of an event only where every line of its headers is one that was published."""

import pytest

from shared.contracts.envelope import header_lines, subject_of
from shared.eventstore.lineage import Lineage, LogSpan
from shared.messaging.held import Held
from shared.messaging.likeness import Kind, Likeness
from tests.unit.messaging.test_envelope import LOG, record

SENT = record()
LINES = header_lines(SENT, LOG)
LIKE = Likeness("registry", LOG, Lineage([LogSpan(LOG, 1, 0)]), SENT.position)


def held(lines: bytes, status: bytes = b"NATS/1.0") -> Held:
    return Held(SENT.position, subject_of(SENT), status + b"\r\n" + lines + b"\r\n", SENT.data)


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        b"Nats-Expected-Last-Sequence: 6\r\n" + LINES,
        LINES + b"Nats-Batch-Sequence: 4\r\n",
        b"".join(reversed(LINES.splitlines(keepends=True))),
        LINES.replace(b": ", b":"),
    ],
    ids=["as published", "expecting", "in a batch", "another order", "no blank"],
)
def test_other_headers_of_the_server_another_order_and_blanks_are_as_good(lines: bytes) -> None:
    assert LIKE.fault(held(lines), SENT) is None


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (b"Nats-A: b\nce-id: forged\nNats-C: d\r\n" + LINES, "Nats-A"),
        (b"Nats-A: b\rce-id: forged\r\n" + LINES, "Nats-A"),
        (b"Nats-A\nce-id: forged\r\n" + LINES, "a line that is no header"),
        (b"Nats-A\r\n" + LINES, "a line that is no header"),
        (b"\r\n" + LINES, "a line that is no header"),
        (LINES + b" folded: x\r\n", "a line that is no header"),
        (b"Nats-Of 1: x\r\n" + LINES, "a line that is no header"),
        (b"Nats-1: x\r\n" + LINES, "Nats-1"),
        (b"nats-stream: x\r\n" + LINES, "nats-stream"),
        (LINES + b"x: y\r\n", "x"),
        (LINES + LINES.splitlines(keepends=True)[0], "ce-specversion"),
    ],
)
def test_any_other_line_is_a_difference(lines: bytes, named: str) -> None:
    message = held(lines)

    fault = LIKE.fault(message, SENT)

    assert not LIKE.is_copy(message, SENT)
    assert fault is not None and fault.kind is Kind.CHANGED
    assert named in fault.what.rpartition("has it: ")[2].split(", ")


def test_another_first_line_is_a_difference() -> None:
    fault = LIKE.fault(held(LINES, b"NATS/1.0 503"), SENT)
    assert fault is not None and fault.what.endswith("has it: a line that is no header")


def test_what_the_relay_publishes_is_a_copy_at_once() -> None:
    assert LIKE.is_copy(held(b"Nats-Expected-Last-Sequence: 6\r\n" + LINES), SENT)
