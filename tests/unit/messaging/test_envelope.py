import string
from dataclasses import fields, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import Unpublishable, header_lines, stream_name, subject_of
from shared.contracts.meta import rfc3339
from shared.eventstore.log.leaf import NO_LEAF, leaf_of
from shared.eventstore.record import Record
from shared.messaging.received import MalformedMessage, open_envelope

LOG = UUID("6f1d3a52-9c0e-4a5b-8f3e-2b1c0d9e8f7a")
MOMENT = datetime(2025, 5, 5, 8, 0, 0, 120000, tzinfo=UTC)

tokens = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=64)
moments = st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


def record(**changes: Any) -> Record:
    given: dict[str, Any] = {
        "position": 7,
        "stream": "mission.emb-va",
        "version": 3,
        "type": "registry.mission.closed",
        "schema": 1,
        "recorded_at": MOMENT,
        "effective_at": MOMENT,
        "data": b'{"reason":"done"}',
        "sealed": b"",
        "previous": NO_LEAF,
        "note": "",
        **changes,
    }
    meta = {
        "id": str(uuid4()),
        "type": given["type"],
        "schema": given["schema"],
        "stream": given["stream"],
        "version": given["version"],
        "recorded_at": rfc3339(given["recorded_at"]),
        "effective_at": rfc3339(given["effective_at"]),
        "actor": {"subject": given.pop("note"), "role": "admin"},
        "correlation": str(uuid4()),
        "keys": {},
    }
    if traceparent := given.pop("traceparent", None):
        meta["traceparent"] = traceparent
    given["meta"] = given.pop("meta", None) or orjson.dumps(meta)
    return Record(leaf=b"", **given)


def leaf(record: Record) -> bytes:
    stored = [field.name for field in fields(Record) if field.init and field.name != "leaf"]
    return leaf_of(LOG, **{name: getattr(record, name) for name in stored})


def headers_of(record: Record) -> dict[str, str]:
    lines = header_lines(record, LOG).decode().split("\r\n")
    assert lines.pop() == ""
    return dict(line.split(": ", 1) for line in lines)


def opened(record: Record, **changes: str) -> Any:
    return open_envelope(subject_of(record), headers_of(record) | changes, record.data)


@given(
    kind=tokens,
    id=tokens,
    service=tokens,
    name=tokens,
    schema=st.integers(1, 99),
    version=st.integers(1, 2**53),
    position=st.integers(1, 2**62),
    recorded_at=moments,
    effective_at=moments,
    data=st.binary(max_size=50),
    sealed=st.binary(max_size=50),
    previous=st.binary(min_size=32, max_size=32),
    note=texts,
)
def test_the_leaf_can_be_computed_from_what_travels(
    kind: str, id: str, service: str, name: str, **rest: Any
) -> None:
    sent = record(stream=f"{kind}.{id}", type=f"{service}.{kind}.{name}", **rest)

    got = opened(sent)

    assert got.leaf() == leaf(sent)
    assert (got.position, got.event_id, got.log_id) == (sent.position, sent.event_id, LOG)
    assert (got.kind, got.id, got.service) == (kind, id, service)
    assert (got.recorded_at, got.effective_at) == (sent.recorded_at, sent.effective_at)


def test_the_headers_are_those_of_cloudevents_and_ours() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    headers = headers_of(record(traceparent=trace))

    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-type"] == "tanfidh.registry.mission.closed.v1"
    assert headers["ce-source"] == "/tanfidh/registry"
    assert headers["ce-subject"] == "mission.emb-va"
    assert headers["ce-time"] == "2025-05-05T08:00:00.120000Z"
    assert headers["ce-datacontenttype"] == "application/json"
    assert headers["tf-log"] == str(LOG)
    assert headers["traceparent"] == trace


@pytest.mark.parametrize("trace", [None, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"])
def test_meta_of_another_order_gives_the_same_headers(trace: str | None) -> None:
    stored = record(traceparent=trace, note='"traceparent":"x"')
    turned = orjson.dumps(dict(reversed(orjson.loads(stored.meta).items())))

    expected = headers_of(stored) | {"tf-meta": turned.decode()}

    assert headers_of(replace(stored, meta=turned)) == expected
    assert expected.get("traceparent") == trace


def test_an_event_from_before_a_restore_keeps_the_leaf_of_its_own_log() -> None:
    sent, current = record(), uuid4()
    lines = header_lines(sent, current, leaf_log=LOG).decode().removesuffix("\r\n").split("\r\n")

    got = open_envelope(subject_of(sent), dict(line.split(": ", 1) for line in lines), sent.data)

    assert (got.log_id, got.leaf_log) == (current, LOG)
    assert got.leaf() == leaf(sent)
    assert opened(sent).leaf_log is None


def test_names_of_stream_and_subject() -> None:
    assert stream_name("registry") == "EVT_REGISTRY"
    assert subject_of(record()) == "evt.registry.mission.emb-va.closed"


@pytest.mark.parametrize(
    "id", ["*", ">", "a.b", "a\r\nb", "a\n", "a\0b", "", " ", "é", "x" * 65, "x" * 70_000]
)
def test_an_id_that_is_no_token_never_makes_a_subject(id: str) -> None:
    with pytest.raises(Unpublishable):
        subject_of(record(stream=f"mission.{id}"))
    with pytest.raises(Unpublishable):
        subject_of(record(type=f"registry.mission.{id}"))


def test_an_event_of_another_kind_than_its_stream_has_no_subject() -> None:
    with pytest.raises(Unpublishable):
        subject_of(record(stream="decree.298-2025"))


@pytest.mark.parametrize("end", ["\n", "\r", "\r\nNats-Msg-Id: 1"])
def test_meta_with_a_line_break_is_not_published(end: str) -> None:
    broken = SimpleNamespace(meta=b'{"a": 1}' + end.encode(), position=1)
    with pytest.raises(Unpublishable):
        header_lines(broken, LOG)  # type: ignore[arg-type]  # the rest of it is not looked at


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce-specversion", "0.3"),
        ("ce-type", "tanfidh.registry.mission.closed.v2"),
        ("ce-type", "registry.mission.closed.v1"),
        ("ce-id", str(UUID(int=7))),
        ("ce-subject", "mission.emb-it"),
        ("ce-time", "2025-05-05T08:00:00.000000Z"),
        ("tf-position", "0"),
        ("tf-position", "07"),
        ("tf-position", "٧"),
        ("tf-log", "no"),
        ("tf-sealed", "ab"),
        ("tf-previous", "zz" * 32),
        ("tf-meta", "{"),
        ("tf-meta", "[]"),
    ],
)
def test_a_message_that_contradicts_itself_is_refused(header: str, value: str) -> None:
    with pytest.raises(MalformedMessage, match=r"evt\.registry\.mission\.emb-va\.closed"):
        opened(record(), **{header: value})


def said(**changes: Any) -> bytes:
    """A meta that says something else than an event of ours would."""
    return orjson.dumps(orjson.loads(record().meta) | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"recorded_at": "2025-05-05T08:00:00"},
        {"effective_at": "2025-05-05"},
        {"effective_at": "0001-01-01T00:00:00+01:00"},
        {"version": 2**63},
        {"version": 0},
        {"version": True},
        {"schema": 1.0},
    ],
    ids=str,
)
def test_a_meta_of_which_no_leaf_can_be_made_is_refused(changes: dict[str, Any]) -> None:
    meta = said(**changes)
    headers = {"tf-meta": meta.decode(), "ce-id": orjson.loads(meta)["id"]}
    if "recorded_at" in changes:
        headers["ce-time"] = changes["recorded_at"]
    with pytest.raises(MalformedMessage, match="not an event of ours"):
        opened(record(), **headers)


def test_a_meta_that_nests_too_deep_to_be_told_is_refused() -> None:
    deep = said(id=None).replace(b"null", b"[" * 900 + b"]" * 900)
    with pytest.raises(MalformedMessage, match="differ in id, "):
        opened(record(recorded_at=datetime(2024, 1, 1, tzinfo=UTC)), **{"tf-meta": deep.decode()})


def test_a_position_that_no_store_can_have_is_refused() -> None:
    assert opened(record(), **{"tf-position": str(2**63 - 1)}).position == 2**63 - 1
    with pytest.raises(MalformedMessage, match="position"):
        opened(record(), **{"tf-position": str(2**63)})


def test_a_moment_of_another_offset_is_the_same_in_utc() -> None:
    meta = said(effective_at="2025-05-05T10:00:00.120000+02:00")
    got = opened(record(), **{"tf-meta": meta.decode(), "ce-id": orjson.loads(meta)["id"]})
    assert (got.effective_at, got.effective_at.tzinfo) == (MOMENT, UTC)


def test_a_missing_header_is_named() -> None:
    sent = record()
    headers = headers_of(sent)
    del headers["tf-position"]
    with pytest.raises(MalformedMessage, match="lacks tf-position"):
        open_envelope(subject_of(sent), headers, sent.data)


def test_a_message_without_headers_or_on_a_foreign_subject_is_refused() -> None:
    sent = record()
    with pytest.raises(MalformedMessage, match="no headers"):
        open_envelope("evt.registry.mission.emb-va.closed", None, b"{}")
    with pytest.raises(MalformedMessage, match="belongs on"):
        open_envelope("evt.registry.mission.emb-it.closed", headers_of(sent), sent.data)
