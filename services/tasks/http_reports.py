"""The endpoints of reports."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Query
from pydantic import AwareDatetime, model_validator
from starlette.responses import HTMLResponse, Response

from services.tasks.answers.reports import ReportMade, ReportRow, ReportTold
from services.tasks.inquiries import TaskInquiries
from services.tasks.reporting.accepting import wants_page
from services.tasks.reporting.page import page
from services.tasks.reporting.style import HEADERS
from services.tasks.reports import Reports, Wish
from services.tasks.requests import Filter, Id
from shared.contracts.identity import Token
from shared.contracts.tasks import ReportKind
from shared.contracts.text import WrongValue
from shared.service.inquiries import past
from shared.web import AsOf, AsOfQuery, Caller, Instruct, Items, PageQuery, RequestModel, answered

Language = Annotated[Literal["ar", "en"], Query(description="The language of the page.")]


class Wanted(RequestModel):
    """A report under an article, or one that compares with an earlier moment."""

    report: Token
    decree: Token
    kind: ReportKind = ReportKind.ARTICLE
    article: Token | None = None
    as_of: AwareDatetime | None = None
    since: AwareDatetime | None = None
    effective_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> "Wanted":
        if (self.kind is ReportKind.ARTICLE) != (self.article is not None):
            raise WrongValue(
                en="an article report names its article, and no other does",
                ar="تقرير المادة يذكر مادته، ولا يذكرها غيره",
            )
        if (self.kind is ReportKind.PERIODIC) != (self.since is not None):
            raise WrongValue(
                en="a periodic report names the moment since which it compares, and no other does",
                ar="التقرير الدوري يذكر الوقت الذي يقارن منذه، ولا يذكره غيره",
            )
        return self

    def wish(self) -> Wish:
        """What is wanted."""
        return Wish(
            report=self.report,
            decree=self.decree,
            kind=self.kind,
            article=self.article,
            as_of=self.as_of,
            since=self.since,
            effective_at=self.effective_at,
        )


_PAGE: dict[int | str, Any] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}


def report_routes(reports: Reports, inquiries: TaskInquiries) -> APIRouter:
    """Build the endpoints that make reports and give them out, as JSON or as a page."""
    routes = APIRouter(tags=["reports"])

    @routes.post("/reports", response_model=ReportMade, status_code=201)
    async def generate(by: Instruct, body: Wanted) -> Response:
        """Make a report as of a moment, or as of now; its digest is recorded, so that it can be proved."""
        return answered(await reports.generate(by, body.wish()))

    @routes.get("/reports", response_model=Items[ReportRow])
    async def listed(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        decree: Filter = None,
        kind: ReportKind | None = None,
    ) -> Response:
        """List the reports that were made: from which positions, by whom, and their digests."""
        return await inquiries.listed("reports", query, {"decree": decree, "report_kind": kind}, when)

    @routes.get("/reports/{report}.json", response_model=ReportTold)
    async def as_json(_: Caller, when: AsOfQuery, report: Id) -> Response:
        """Give a report out as JSON: the bytes of which the digest is."""
        return _told(_json(*await reports.read(report, past(when))), when)

    @routes.get("/reports/{report}.html", response_class=HTMLResponse)
    async def as_page(_: Caller, when: AsOfQuery, report: Id, lang: Language = "ar") -> Response:
        """Give a report out as a page for a screen or A4 paper."""
        return _told(_page(*await reports.read(report, past(when)), lang), when)

    @routes.get("/reports/{report}", response_model=ReportTold, responses=_PAGE)
    async def either(
        _: Caller,
        when: AsOfQuery,
        report: Id,
        lang: Language = "ar",
        accept: Annotated[str | None, Header(description="text/html for the page.")] = None,
    ) -> Response:
        """Give a report out as JSON, or as a page to whoever prefers HTML to it.

        With `as_of`: where it was made by then. What is in it does not change.
        """
        made = await reports.read(report, past(when))
        response = _page(*made, lang) if wants_page(accept) else _json(*made)
        response.headers["Vary"] = "Accept"
        return _told(response, when)

    return routes


def _json(made: bytes, digest: str) -> Response:
    return Response(made, headers=_proof(digest, "json"), media_type="application/json")


def _page(made: bytes, digest: str, language: str) -> Response:
    content = page(orjson.loads(made), digest, language)
    headers = {**HEADERS, **_proof(digest, f"html-{language}")}
    return Response(content, headers=headers, media_type="text/html; charset=utf-8")


def _told(response: Response, when: AsOf | None) -> Response:
    if when is not None:
        response.headers.update(when.headers())
    return response


def _proof(digest: str, form: str) -> dict[str, str]:
    return {"ETag": f'"{digest}-{form}"', "Tanfidh-Report-SHA256": digest}
