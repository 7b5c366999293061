"""Cells: what a list may hold in one, and how a text is kept from being taken for a formula."""

from dataclasses import dataclass

from shared.domain import Text

LONGEST = 2000
"""Characters of a cell."""

DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
"""A spreadsheet may carry out what begins with one of these (OWASP, CSV Injection)."""

MARK = "'"
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True)
class BadCell:
    """A cell that holds no value that may be taken; `what` says why, `remedy` what to do."""

    what: Text
    remedy: Text


Cell = str | BadCell


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
    text = unescaped(text.strip())
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
