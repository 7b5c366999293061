"""Log lines are JSON objects that say which request they belong to, and never hold a token."""

import io
import json
import logging

import pytest
import structlog

from shared.web.logging import configure_logging


@pytest.fixture
def lines():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    target = io.StringIO()
    configure_logging("local", to=target)
    yield lambda: [json.loads(line) for line in target.getvalue().splitlines()]
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def test_a_line_is_one_json_object(lines):
    structlog.get_logger("x").info("mission_closed", mission="emb-va", reason="قرار")
    (line,) = lines()
    assert line["event"] == "mission_closed"
    assert (line["mission"], line["reason"], line["service"], line["level"]) == (
        "emb-va",
        "قرار",
        "local",
        "info",
    )
    assert line["at"].endswith("Z")


def test_lines_of_libraries_are_json_too(lines):
    logging.getLogger("some.library").warning("slow: %s ms", 5)
    assert lines()[0]["event"] == "slow: 5 ms"


def test_requests_that_are_sent_are_not_told(lines):
    logging.getLogger("httpx").info("HTTP Request: GET http://127.0.0.1")
    logging.getLogger("httpx").warning("something is wrong")
    assert [line["event"] for line in lines()] == ["something is wrong"]


def test_attempts_to_send_spans_again_are_not_told(lines):
    logging.getLogger("opentelemetry.exporter.x").warning("Transient error, retrying in 0.84s.")
    logging.getLogger("opentelemetry.exporter.x").error("Failed to export spans batch.")
    assert [line["event"] for line in lines()] == ["Failed to export spans batch."]


async def test_a_fault_is_logged_with_its_request_and_without_the_token(lines, client):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await client.get("/letters/broken/now", headers={"traceparent": trace})
    (line,) = [line for line in lines() if line["event"] == "request.failed"]
    assert line["service"] == "letters"
    assert (line["path"], line["traceparent"]) == ("/letters/broken/now", trace)
    assert line["exception"][0]["exc_type"] == "RuntimeError"
    assert client.headers["authorization"].split()[1] not in json.dumps(line)


async def test_a_command_is_correlated_by_its_id(lines, client, book, letter):
    book.failing = True
    await client.post("/letters", json=letter(), headers={"Idempotency-Key": "k"})
    (line,) = [line for line in lines() if line["event"] == "request.failed"]
    assert line["correlation"] == str(book.seen[0].id)
