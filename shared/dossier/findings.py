"""How what is wrong with a dossier is put in words; the file is added by whoever knows it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from shared.domain import Text
from shared.domain.naming import KINDS
from shared.dossier.problems import Problem


def problem(path: str, en: str, ar: str, do_en: str, do_ar: str) -> Problem:
    """Tell what is wrong at a path, and what to do."""
    return Problem(file="", path=path, what=Text(en=en, ar=ar), remedy=Text(en=do_en, ar=do_ar))


def twice(path: str, keys: Iterable[str]) -> Iterator[Problem]:
    """Find the keys that stand more than once."""
    for key, times in Counter(keys).items():
        if times > 1:
            yield problem(
                path,
                f"{key} stands {times} times.",
                f"{key} مكرر {times} مرات.",
                "Keep one.",
                "أبقِ واحدًا.",
            )


def missing(path: str, what: str, key: str, where: str) -> Problem:
    """Tell that a name leads nowhere."""
    return problem(
        path,
        f"There is no {what} {key}.",
        f"لا يوجد شيء من نوع «{KINDS[what]}» باسم {key}.",
        f"Add it to {where}, or correct the name.",
        f"أضفه إلى {where} أو صحح الاسم.",
    )
