"""What an Arabic text may hold in Latin letters: names, codes and values that were sent; never a sentence."""

import re
from collections.abc import Iterator
from typing import Any

from shared.contracts.text import Text
from shared.domain.refusal import Refusal

QUOTED = re.compile(r"'[^']*'|`[^`]*`|«[^»]*»|\"[^\"]*\"|\[[^\]]*\]")
"""Values, and places in files."""

SENTENCE = re.compile(r"(?<![\w./:-])[A-Za-z][a-z']+(?: +[A-Za-z][a-z']+)+(?![\w./:-])")
"""Two words of letters with nothing but a space between them; identifiers and codes are single words."""

GRAMMAR = re.compile(
    r"(?<![\w.=/:-])(?:the|an|and|or|not|nor|is|are|was|of|to|its|this|that|there|which|with|must|be|by|no)"
    r"(?![\w.=/:-])"
)
"""What holds an English sentence together, also where a value stands between. (`it` may be a department.)"""

PHRASES = re.compile(
    r"ISO 3166-1 alpha-2|tanfidh keys restore|working days after|days (?:before|after) x|month after x|on x"
)
"""Names of more than one word, and how rules are written."""


def english_in(text: str) -> list[str]:
    """The English in an Arabic text, beside what is quoted."""
    told = PHRASES.sub("…", QUOTED.sub("…", text))
    return SENTENCE.findall(told) + GRAMMAR.findall(told)


def arabic_of(refusal: Refusal) -> Iterator[str]:
    """Everything that a refusal tells in Arabic, its members included."""
    yield refusal.title.ar or ""
    yield refusal.told().ar or ""
    yield from _arabic_in(refusal.facts)


def _arabic_in(fact: Any) -> Iterator[str]:
    match fact:
        case Text(ar=str(arabic)):
            yield arabic
        case dict():
            for inner in fact.values():
                yield from _arabic_in(inner)
        case list() | tuple():
            for inner in fact:
                yield from _arabic_in(inner)
