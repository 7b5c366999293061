"""Words for people, in both languages of the house."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class Text(BaseModel):
    """A text in Arabic and English; either may be missing where no source gives it, never both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ar: str | None = None
    en: str | None = None

    def model_post_init(self, _context: Any) -> None:
        """Refuse a text without words."""
        if not self.ar and not self.en:
            raise WrongValue(en="a text needs Arabic or English", ar="يلزم النص بالعربية أو الإنجليزية")

    def in_language(self, language: str) -> str:
        """Return the text in `language` (``ar`` or ``en``), or in the other where that is missing."""
        first, second = (self.ar, self.en) if language == "ar" else (self.en, self.ar)
        return first or second or ""

    def format(self, **facts: object) -> "Text":
        """Fill the placeholders of both languages; texts, and lists of texts, each in the sentence's own."""
        return Text(
            ar=self.ar.format_map(_worded(facts, "ar", "؛ ")) if self.ar else None,
            en=self.en.format_map(_worded(facts, "en", "; ")) if self.en else None,
        )


class WrongValue(ValueError):
    """What a reader of values says of one that makes no sense: a ValueError in both languages."""

    def __init__(self, en: str, ar: str) -> None:
        self.told = Text(en=en, ar=ar)
        super().__init__(en)


def _worded(facts: Mapping[str, object], language: str, between: str) -> dict[str, object]:
    return {name: _in_words(fact, language, between) for name, fact in facts.items()}


def _in_words(fact: object, language: str, between: str) -> object:
    if isinstance(fact, Text):
        return fact.in_language(language)
    if isinstance(fact, list | tuple):
        return between.join(str(_in_words(one, language, between)) for one in fact)
    return fact
