"""Words for people, in both languages of the house."""

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
            raise ValueError("a text needs Arabic or English")

    def in_language(self, language: str) -> str:
        """Return the text in `language` (``ar`` or ``en``), or in the other where that is missing."""
        first, second = (self.ar, self.en) if language == "ar" else (self.en, self.ar)
        return first or second or ""

    def format(self, **facts: object) -> "Text":
        """Fill the placeholders of both languages."""
        return Text(
            ar=self.ar.format_map(facts) if self.ar else None,
            en=self.en.format_map(facts) if self.en else None,
        )
