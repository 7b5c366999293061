"""The report of Article 3 as people have it made: figures lead to what they count, and it can be proved."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.product import DECREE, PLANNED, Person, Product, tanfidh

REPORT = {"decree": DECREE, "kind": "article", "article": "3"}


def figures(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for section in report["sections"]:
        yield from section["figures"]
        for table in section["tables"]:
            yield from (cell for row in table["rows"] for cell in row if "figure" in cell)


def links(report: dict[str, Any]) -> Iterator[str]:
    for section in report["sections"]:
        for table in section["tables"]:
            yield from (
                cell["link"] for row in table["rows"] for cell in row if "text" in cell and "link" in cell
            )


@pytest.fixture(scope="module")
def made(office: Person) -> dict[str, Any]:
    """The report, made before what the tests do then."""
    meeting = {
        "meeting": "follow-up-1",
        "decree": DECREE,
        "title": {"en": "Follow-up"},
        "at": "2025-05-05T10:00:00+02:00",
        "calendar": "ly-2025",
        "chair": {"subject": "minister-1"},
        "invited": [{"department": "legal"}],
    }
    calendar = office.read("/tasks/calendars")["items"][0]["name"]
    office.done("/tasks/meetings", {**meeting, "calendar": calendar})
    office.done("/tasks/meetings/follow-up-1/hold", {"present": [{"department": "legal"}]})
    task = {"title": {"en": "A timetable"}, "lead": "legal", "due": "10 working days after held_on"}
    office.done("/tasks/meetings/follow-up-1/decisions", {"text": {"en": "A timetable"}, "tasks": [task]})
    indicator = {
        "indicator": "spending",
        "decree": DECREE,
        "objective": "spending",
        "name": {"en": "Spending"},
        "unit": {"en": "million"},
        "direction": "down",
        "baseline": 100,
        "target": "80.5",
        "target_on": "2199-01-01",
        "calendar": calendar,
    }
    office.done("/tasks/indicators", indicator)
    return office.done("/tasks/reports", {**REPORT, "report": "r-1"})


def test_every_figure_leads_to_exactly_what_it_counts(office: Person, made: dict[str, Any]) -> None:
    # What happens afterwards is not in it.
    office.done("/tasks/meetings/follow-up-1/decisions", {"text": {"en": "Another one"}})
    report = office.read("/tasks/reports/r-1.json")
    found = {figure["figure"]: figure for figure in figures(report)}
    assert found["measures.total"]["value"] == 25
    assert found["tasks.total"]["value"] == PLANNED + 1
    assert found["risks.unknown"]["value"] == 5
    assert found["decisions.open"]["value"] == found["indicators.running"]["value"] == 1
    for figure in found.values():
        link = urlsplit(figure["link"])
        rows = office.every(link.path, **dict(parse_qsl(link.query)))
        assert len(rows) == figure["value"], figure
    for link in links(report):
        assert office.get(link).status_code == 200, link


def test_it_is_made_again_byte_for_byte(office: Person, made: dict[str, Any]) -> None:
    first, again = office.get("/tasks/reports/r-1.json"), office.get("/tasks/reports/r-1")
    assert first.content == again.content
    assert hashlib.sha256(first.content).hexdigest() == made["sha256"]
    row = office.every("/tasks/reports", decree=DECREE)[0]
    assert (row["sha256"], row["as_of"]) == (made["sha256"], made["as_of"])
    office.refused("/tasks/reports", "report-exists", {**REPORT, "report": "r-1"})


def test_before_it_was_made_there_is_no_report(office: Person, made: dict[str, Any]) -> None:
    first = office.get("/tasks/reports/r-1.json")
    position = office.get("/tasks/streams/report/r-1").json()["items"][0]["position"]
    for path in ("/tasks/reports/r-1", "/tasks/reports/r-1.json", "/tasks/reports/r-1.html"):
        then = office.get(path, params={"as_of": position})
        assert (then.status_code, then.headers["tanfidh-position"]) == (200, str(position))
        assert "tanfidh-as-of" in then.headers
        for before in (position - 1, "2020-01-01"):
            assert office.get(path, params={"as_of": before}).status_code == 404
    assert office.get("/tasks/reports/r-1", params={"as_of": position}).content == first.content


def test_a_page_is_given_to_whoever_wants_one(office: Person, made: dict[str, Any]) -> None:
    given = office.get("/tasks/reports/r-1", headers={"Accept": "text/html,*/*"})
    assert given.headers["content-type"] == "text/html; charset=utf-8"
    assert given.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert '<html lang="ar" dir="rtl">' in given.text and made["sha256"] in given.text


def test_what_cannot_be_reported_is_refused(office: Person) -> None:
    wanted = {**REPORT, "report": "r-2"}
    office.refused("/tasks/reports", "no-such-article", {**wanted, "article": "99"})
    office.refused("/tasks/reports", "not-found", {**wanted, "decree": "1-2024"})
    # Long before there was anything.
    office.refused("/tasks/reports", "not-found", {**wanted, "as_of": "2020-01-01T00:00:00Z"})
    periodic = {"report": "r-2", "decree": DECREE, "kind": "periodic", "since": "2199-01-01T00:00:00Z"}
    office.refused("/tasks/reports", "since-not-before", periodic)
    assert office.get("/tasks/reports/r-2").status_code == 404


def test_the_command_prints_what_the_digest_is_of(product: Product, office: Person, tmp_path: Path) -> None:
    printed = tanfidh("report", DECREE, "--json", data=product.data)
    assert printed.returncode == 0, printed.stderr
    digests = {row["sha256"] for row in office.every("/tasks/reports")}
    assert hashlib.sha256(printed.stdout.removesuffix("\n").encode()).hexdigest() in digests
    page = tmp_path / "report.html"
    told = tanfidh("report", DECREE, "--lang", "en", "--html", str(page), data=product.data)
    assert told.returncode == 0, told.stderr
    assert '<html lang="en" dir="ltr">' in page.read_text(encoding="utf-8")
