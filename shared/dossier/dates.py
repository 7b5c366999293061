"""What the head of a decree cannot say at once: only what is certainly wrong becomes a problem.

A decree may be announced before it is signed, bind for a time before it was announced, and be announced in
the year after the one that it is numbered by. None of these is a mistake for sure.
"""

import re
from collections.abc import Iterator

from shared.dossier.findings import problem
from shared.dossier.form import DecreeForm
from shared.dossier.problems import Problem

_WORK = re.compile(r"/akn/[^/]+/act(/[^/]+)*/(?P<year>\d{4})(-\d\d-\d\d)?/(?P<number>[^/]+)")
"""The URI of a work after Akoma Ntoso: … / year, or day / number."""


def check_head(decree: DecreeForm) -> Iterator[Problem]:
    """Return the contradictions between number, year, URI and days of a decree."""
    work = _WORK.fullmatch(decree.uri)
    if work is not None and (work["year"], work["number"]) != (str(decree.year), str(decree.number)):
        yield problem(
            "decree.uri",
            f"{decree.uri} is the URI of another decree than {decree.number} of {decree.year}.",
            f"{decree.uri} معرّف قرار غير القرار {decree.number} لسنة {decree.year}.",
            f"End it with /{decree.year}/{decree.number}, or correct number and year.",
            f"اجعل نهايته /{decree.year}/{decree.number} أو صحح الرقم والسنة.",
        )
    if decree.announced_on.year < decree.year:
        yield problem(
            "decree.announced_on",
            f"A decree of {decree.year} cannot have been announced on {decree.announced_on}.",
            f"لا يمكن أن يكون قرار سنة {decree.year} قد أُعلن في {decree.announced_on}.",
            "Correct the day, or the year.",
            "صحح التاريخ أو السنة.",
        )
    if decree.signed_on is not None and decree.signed_on.year > decree.year:
        yield problem(
            "decree.signed_on",
            f"A decree of {decree.year} cannot have been signed on {decree.signed_on}.",
            f"لا يمكن أن يكون قرار سنة {decree.year} قد وُقّع في {decree.signed_on}.",
            "Correct the day, or the year.",
            "صحح التاريخ أو السنة.",
        )
