"""Reports as JSON or as a page, as `Accept` weighs them."""

import pytest

from services.tasks.reporting.accepting import wants_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/html", True),
        (BROWSER, True),
        ("text/html, application/json", True),
        ("application/json, text/html", False),
        ("text/html;q=0, application/json", False),
        ("text/html;q=0", False),
        ("text/html; q=0.5, application/json; q=0.4", True),
        ("application/json;q=0.4, text/html;q=0.5", True),
        ("text/html;q=0.4, application/json;q=0.5", False),
        ("text/html;q=0.4, application/json", False),
        ("text/html;q=0.5, */*;q=0.8", False),
        ("text/html;q=0.5, application/*;q=0.4, */*;q=0.9", True),
        ("application/json;q=0, text/html;q=0.1", True),
        ("*/*, text/html", True),
        ("text/*;q=0.9, application/json;q=0.1", True),
        ("text/*;q=0.1, application/json;q=0.9", False),
        ("text/*", True),
        ("text/*, */*;q=0.8", True),
        ("text/*;q=0.5, */*;q=0.8", False),
        ("text/*, application/json", True),
        ("application/json, text/*", False),
        ("text/html;q=0, text/*", False),
        ("text/*;q=0, text/html", True),
        ("text/*;q=0, application/json", False),
        ("text/*;q=0.9, text/html;q=0.1, application/json;q=0.5", False),
        ("text/plain, application/json;q=0.1", False),
        ("TEXT/HTML; level=1; Q=0.3", True),
        ("text/html;q=many", True),
        ("text/html;q=nan", True),
        ("text/html;q=-1, application/json;q=0.9", True),
    ],
)
def test_a_page_is_given_to_whom_wants_it(accept: str | None, page: bool) -> None:
    assert wants_page(accept) is page
