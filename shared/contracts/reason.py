"""Why somebody decides something: words that say something, in every language in which they are given.

A reason is published as it is written and is what remains of a decision, so that one of spaces, or of marks
that nobody sees, is none. Whatever asks for a reason asks for it by one of these types, or by
`says_something`.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.contracts.text import Text, WrongValue

_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that count as letters or signs and show as nothing: fillers of Hangul, Braille without dots."""


def says_something(words: str) -> bool:
    """Whether anything of it can be seen: not spaces, controls, marks of direction or of joining alone."""
    return any(_seen(character) for character in words)


def _seen(character: str) -> bool:
    # Separators, everything that is no character, and marks that need another one to stand on.
    unseen = unicodedata.category(character)[0] in "ZCM"
    return not unseen and character not in _BLANK_LETTERS


def gives_reason(text: Text) -> bool:
    """Whether a text says something in each language in which it is given."""
    return all(words is None or says_something(words) for words in (text.ar, text.en))


def _must_say(words: str) -> str:
    if not says_something(words):
        raise _blank()
    return words


def _must_give(text: Text) -> Text:
    if not gives_reason(text):
        raise _blank()
    return text


def _blank() -> WrongValue:
    return WrongValue(en="say why: the reason is blank", ar="اذكر السبب: السبب فارغ")


Reason = Annotated[Text, AfterValidator(_must_give)]
"""A reason in Arabic or English, or in both."""

WrittenReason = Annotated[str, Field(pattern=r"\S", max_length=2000), AfterValidator(_must_say)]
"""A reason in the words of whoever gives it."""
