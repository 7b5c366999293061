"""Which of two forms a reader wants, by `Accept` (RFC 9110, 12.5.1)."""

HTML, JSON = "text/html", "application/json"
OF_HTML, OF_JSON = (HTML, "text/*"), (JSON, "application/*", "*/*")
"""What names a form, the closest first."""


def wants_page(accept: str | None) -> bool:
    """Whether HTML is named and weighs more than JSON, or as much and no JSON is named before it.

    A weight of 0 refuses a form. HTML is named by itself or by the range of texts, and not by that of
    everything: a program that accepts anything is given JSON, of which the digest is.
    """
    weights = dict(_weight(part) for part in reversed((accept or "").split(",")))
    by = next((kind for kind in OF_HTML if kind in weights), None)
    html, json = 0.0 if by is None else weights[by], _of_json(weights)
    if by is None or html == 0 or html < json:
        return False
    named = list(reversed(weights))
    return html > json or JSON not in named[: named.index(by)]


def _weight(part: str) -> tuple[str, float]:
    """A form with its weight: 1 where none is told, and where what is told is no weight."""
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    told = next((one.removeprefix("q=") for one in parameters if one.startswith("q=")), "1")
    try:
        weight = float(told)
    except ValueError:
        weight = 1.0
    return kind, weight if 0 <= weight <= 1 else 1.0


def _of_json(weights: dict[str, float]) -> float:
    """The weight of JSON, by the closest of what names it."""
    return next((weights[kind] for kind in OF_JSON if kind in weights), 0.0)
