"""A task's window: the calendar days, relative to an official date, in which it is to be done."""

import re

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.calendar.rule import Rule, Unit
from shared.contracts.text import WrongValue

FURTHEST = 3660


class Window(BaseModel):
    """Days relative to an official date, negative before it; without `opens` only a due day is set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens: int | None = Field(default=None, ge=-FURTHEST, le=FURTHEST)
    due: int = Field(ge=-FURTHEST, le=FURTHEST)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Window":
        if self.opens is not None and self.opens > self.due:
            raise WrongValue(
                en=f"the window {self} opens after it closes", ar=f"المدة {self} تبدأ بعد نهايتها"
            )
        return self

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read ``-30..0`` or ``-165``. Raises ValueError for anything else."""
        found = _RANGE.fullmatch(text)
        if found is None:
            raise WrongValue(
                en=f"{text!r} is not a window such as '-30..0' or '-165'",
                ar=f"{text!r} ليست مدة مثل '-30..0' أو '-165'",
            )
        opens = found["opens"]
        return cls(opens=None if opens is None else int(opens), due=int(found["due"]))

    def __str__(self) -> str:
        """The window in the form that `parse` reads."""
        return str(self.due) if self.opens is None else f"{self.opens}..{self.due}"

    def opening_rule(self, anchor: str) -> Rule | None:
        """The rule for the day on which it opens, or None."""
        return None if self.opens is None else Rule(count=self.opens, unit=Unit.DAY, anchor=anchor)

    def due_rule(self, anchor: str) -> Rule:
        """The rule for its last day."""
        return Rule(count=self.due, unit=Unit.DAY, anchor=anchor)


_RANGE = re.compile(r"(?:(?P<opens>-?[0-9]{1,4})\.\.)?(?P<due>-?[0-9]{1,4})")
