"""Traces are made only where somebody asks for them, and asking for what cannot be is refused."""

import asyncio
import builtins
import sys
import threading
from typing import Any

import pytest

from deploy.cli.failures import explain
from shared.telemetry.spread import Spread
from shared.telemetry.starting import TelemetryUnusable, tracer_for
from shared.telemetry.tracing import CONTEXT_LIMIT, contexts_in

CONTEXT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_SDK_DISABLED",
        "OTEL_TRACES_EXPORTER",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let OpenTelemetry not be installed."""
    for name in [name for name in sys.modules if name.startswith(("opentelemetry", "shared.telemetry.otlp"))]:
        monkeypatch.delitem(sys.modules, name)
    found = builtins.__import__

    def imported(name: str, *more: Any, **others: Any) -> Any:
        if name.startswith("opentelemetry"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return found(name, *more, **others)

    monkeypatch.setattr(builtins, "__import__", imported)


def test_nobody_who_asks_for_nothing_needs_the_extra(without_extra: None) -> None:
    assert tracer_for("registry", "") is None


@pytest.mark.parametrize("named", ["TANFIDH_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_an_endpoint_without_the_extra_is_refused(
    without_extra: None, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    endpoint = "http://user:hidden@127.0.0.1:4318"
    if named.startswith("OTEL"):
        monkeypatch.setenv(named, endpoint)
    with pytest.raises(TelemetryUnusable, match=rf"{named} is set.*install tanfidh\[telemetry\]") as refused:
        tracer_for("registry", endpoint if named.startswith("TANFIDH") else "")
    assert explain(refused.value) == str(refused.value), "the command line says it without a traceback"
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("endpoint", ["127.0.0.1:4318", "grpc://collector:4317", "http://", "collector"])
def test_what_is_no_address_is_refused(endpoint: str) -> None:
    with pytest.raises(TelemetryUnusable, match="TANFIDH_OTLP_ENDPOINT is not the http or https address"):
        tracer_for("registry", endpoint)


@pytest.mark.parametrize("off", [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")])
def test_opentelemetrys_own_switches_turn_it_off(
    monkeypatch: pytest.MonkeyPatch, off: tuple[str, str]
) -> None:
    monkeypatch.setenv(*off)
    assert tracer_for("registry", "http://127.0.0.1:4318") is None


async def test_a_collector_that_is_away_holds_up_neither_work_nor_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.telemetry.otlp.PARTING_S", 0.1)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    tracer = tracer_for("registry", "http://127.0.0.1:9")  # the port that discards, where nobody listens
    assert tracer is not None
    span = tracer.follow([CONTEXT], "a command", "internal", outcome="decided")
    assert span is not None and span.context.startswith(CONTEXT[:36])
    span.end()
    span.end("twice")
    await tracer.close()
    # It still tries in a thread of its own, which would draw random delays in the middle of other tests.
    for thread in threading.enumerate():
        if thread.name == "last spans":
            await asyncio.to_thread(thread.join)


def test_contexts_are_found_in_stored_meta_only_where_they_stand_as_such() -> None:
    escaped = rb'{"actor":{"subject":"\"traceparent\":\"%b\""}}' % CONTEXT.encode()
    given = b'{"id":"x","traceparent":"%b","keys":{}}' % CONTEXT.encode()
    assert contexts_in([escaped, b"{}", given, given]) == [CONTEXT]
    many = [given.replace(b"b7ad", b"%04x" % number) for number in range(2 * CONTEXT_LIMIT)]
    assert len(contexts_in(many)) == CONTEXT_LIMIT


async def test_a_context_that_is_none_is_followed_by_nobody() -> None:
    tracer = tracer_for("registry", "http://127.0.0.1:9")
    assert tracer is not None
    assert tracer.follow(["00-zz-zz-01", ""], "x", "internal") is None
    assert tracer.follow([], "x", "internal") is None
    assert tracer.follow([CONTEXT[:-1] + "0"], "x", "internal") is None, "it is not sampled"
    await tracer.close()


def test_a_spread_counts_each_value_once_and_cumulates() -> None:
    spread = Spread((1.0, 10.0))
    for value in (0.5, 1.0, 3.0, 100.0, -2.0):
        spread.observe(value)
    assert spread.buckets() == [("1.0", 3), ("10.0", 4), ("+Inf", 5)]
    assert (spread.count, spread.sum) == (5, 104.5)
