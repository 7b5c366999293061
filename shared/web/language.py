"""Which of the house's two languages a caller reads (RFC 9110, 12.5.4)."""

from functools import lru_cache

LANGUAGES = ("en", "ar")
DEFAULT = LANGUAGES[0]


@lru_cache(maxsize=256)
def language_of(accepted: str | None) -> str:
    """Return ``ar`` or ``en``: the one that Accept-Language weighs more, English where it says nothing.

    Regions do not matter (``ar-LY`` is Arabic). A weight that cannot be read counts as none.
    """
    weights = dict.fromkeys(LANGUAGES, -1.0)
    others = 0.0
    for part in (accepted or "").lower().split(","):
        tag, _, parameters = part.partition(";")
        language = tag.strip().partition("-")[0]
        weight = _weight(parameters)
        if language == "*":
            others = max(others, weight)
        elif language in weights:
            weights[language] = max(weights[language], weight)
    told = {language: others if weight < 0 else weight for language, weight in weights.items()}
    return max(LANGUAGES, key=lambda language: told[language])


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0 if not name else 0.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
