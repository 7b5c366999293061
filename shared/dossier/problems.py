"""What is wrong with a dossier: every problem with where it is and what to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.domain import Invalid, Text
from shared.domain.wrong_values import told_wrong


class Problem(BaseModel):
    """One thing to mend: the file, the path inside it (``measures.3.receiver``), what and how.

    In a list the path is ``row 7 host``; `row` (as a spreadsheet counts, from 1) and `column` say it apart.
    """

    model_config = ConfigDict(frozen=True)

    file: str
    path: str
    what: Text
    remedy: Text
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        return self.told("en")

    def told(self, language: str) -> str:
        """Tell where, what and what to do."""
        path = self.path
        if language == "ar" and self.row is not None:
            path = f"الصف {self.row} {self.column or ''}"
        place = f"{self.file} {path}".rstrip()
        return f"[{place}] {self.what.in_language(language)} {self.remedy.in_language(language)}"


class DossierRefused(Invalid):
    """The dossier has problems; nothing of it was stored. `problems` lists every one."""

    slug = "dossier-refused"
    title = Text(en="The dossier has problems", ar="في الملف أخطاء")
    detail = Text(
        en="The dossier has {count} problem(s), and nothing of it was stored: {listed}",
        ar="في الملف أخطاء عددها {count}، ولم يُخزَّن منه شيء: {listed}",
    )

    def told(self) -> Text:
        """List every problem in each language."""
        problems = [Problem.model_validate(problem) for problem in self.facts["problems"]]
        told = {
            language: " ".join(problem.told(language) for problem in problems) for language in ("en", "ar")
        }
        assert self.detail.en is not None and self.detail.ar is not None, "both are written above"
        return Text(
            en=self.detail.en.format(count=len(problems), listed=told["en"]),
            ar=self.detail.ar.format(count=len(problems), listed=told["ar"]),
        )


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `DossierRefused` where there is any problem."""
    listed = [problem.model_dump() for problem in problems]
    if listed:
        raise DossierRefused(problems=listed)


_REMEDIES = {
    "missing": Text(
        en="Add it; write `unknown` where no source tells.", ar="أضفه؛ واكتب unknown حيث لا مصدر."
    ),
    "extra_forbidden": Text(en="Remove it, or correct its name.", ar="احذفه أو صحح اسمه."),
}
_CORRECT = Text(en="Correct the value.", ar="صحح القيمة.")
_WORDS = {
    "missing": Text(en="This field is missing.", ar="هذا الحقل مفقود."),
    "extra_forbidden": Text(en="There is no such field.", ar="لا يوجد حقل بهذا الاسم."),
}


def problems_of(error: ValidationError, file: str) -> list[Problem]:
    """Turn what pydantic found in the data of `file` into problems."""
    return [
        Problem(
            file=file,
            path=".".join(str(step) for step in found["loc"]),
            what=_WORDS.get(found["type"]) or _in_words(found),
            remedy=_REMEDIES.get(found["type"], _CORRECT),
        )
        for found in error.errors(include_url=False, include_input=False)
    ]


def _in_words(found: Mapping[str, Any]) -> Text:
    told = told_wrong(found)
    return Text(en=f"{told.en}.", ar=f"{told.ar}.")
