"""Cells: what a list may hold in one, and how a text is kept from being taken for a formula."""

import re
from dataclasses import dataclass

from shared.domain import Text

LONGEST = 2000
"""Characters of a cell."""

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
"""A spreadsheet may carry out what begins with one of these (OWASP, CSV Injection)."""

MARK = "'"
INVISIBLE = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Marks of direction (UAX #9), and of the order of bytes: nobody sees them at the ends of a text."""

_PLAIN = re.compile(r"[+\-＋－]([0-9][0-9 .,:/\-]*)?")
"""A sign alone, or before digits as numbers, days and telephones have them: nothing to carry out."""
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True)
class BadCell:
    """A cell that holds no value that may be taken; `what` says why, `remedy` what to do."""

    what: Text
    remedy: Text


Cell = str | BadCell


FORMULA = BadCell(
    Text(en="The cell holds a formula.", ar="في الخانة صيغة حسابية."),
    Text(en="Write the value itself.", ar="اكتب القيمة نفسها."),
)
TAKEN_FOR_FORMULA = BadCell(
    Text(en="A spreadsheet takes this cell for a formula.", ar="تعدّ برامج الجداول هذه الخانة صيغة حسابية."),
    Text(
        en="Write the value itself; before a text that begins so, put an apostrophe.",
        ar="اكتب القيمة نفسها، وضع فاصلة عليا (') قبل نص يبدأ هكذا.",
    ),
)


def trimmed(text: str) -> str:
    """Take spaces and invisible marks away at both ends; inside a text they may stand."""
    while (shorter := text.strip().strip(INVISIBLE)) != text:
        text = shorter
    return text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a text file would carry this cell out."""
    text = trimmed(text)
    return text.startswith(DANGEROUS) and not _PLAIN.fullmatch(in_ascii_digits(text))


def escaped(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would carry out; `unescaped` takes it away again."""
    return MARK + text if text.lstrip(MARK).startswith(DANGEROUS) else text


def unescaped(text: str) -> str:
    """Take away the apostrophe that `escaped` put there; any other stays."""
    return text[1:] if text.startswith(MARK) and text.lstrip(MARK).startswith(DANGEROUS) else text


def in_ascii_digits(text: str) -> str:
    """Write Arabic and Persian digits as ASCII ones, for dates, numbers and codes."""
    return text.translate(_DIGITS)


def judged(text: str) -> Cell:
    """Take a text as a cell, trimmed; refuse one that is too long or has control characters."""
    text = unescaped(trimmed(text))
    if len(text) > LONGEST:
        return BadCell(
            Text(en=f"The cell has more than {LONGEST} characters.", ar=f"في الخانة أكثر من {LONGEST} محرف."),
            Text(en="Shorten it.", ar="اختصرها."),
        )
    if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
        return BadCell(
            Text(en="The cell has a control character.", ar="في الخانة محرف تحكم."),
            Text(en="Remove it.", ar="احذفه."),
        )
    return text
