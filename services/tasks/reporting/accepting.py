"""Which of two forms a reader wants, by `Accept` (RFC 9110, 12.5.1)."""

HTML, JSON = "text/html", "application/json"


def wants_page(accept: str | None) -> bool:
    """Whether HTML is named and weighs more than JSON, or as much and no JSON is named before it.

    A weight of 0 refuses a form. Only HTML that is named by itself counts: a program that accepts anything is
    given JSON, of which the digest is.
    """
    weights = dict(_weight(part) for part in reversed((accept or "").split(",")))
    html, json = weights.get(HTML, 0.0), _of_json(weights)
    if html == 0 or html < json:
        return False
    named = list(reversed(weights))
    return html > json or JSON not in named[: named.index(HTML)]


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
    return next((weights[kind] for kind in (JSON, "application/*", "*/*") if kind in weights), 0.0)
