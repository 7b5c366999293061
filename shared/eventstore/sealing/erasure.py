"""That a person was erased, as it is kept beside the keys: no restore of keys or database takes it back."""

from datetime import datetime
from typing import Self

import orjson
from pydantic import BaseModel, ConfigDict, Field

OWNER_FORM = r"^[a-z-]{1,32}\.[A-Za-z0-9_-]{1,64}$"


class Erasure(BaseModel):
    """One erasure. All of it is public: it repeats the event.

    `owner` is the person's stream, `event` the id of the event that recorded it first, `reason` and `basis`
    are that event's, and so is `effective_at`; `by` is the subject of whoever erased. What was noted before
    these were kept has neither: it was so since it was recorded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: str = Field(pattern=OWNER_FORM)
    event: str
    recorded_at: datetime
    reason: str
    basis: str
    effective_at: datetime | None = None
    by: str | None = None

    @property
    def since(self) -> datetime:
        """Since when the person is erased."""
        return self.effective_at or self.recorded_at

    def as_bytes(self) -> bytes:
        """Render it for a file."""
        return orjson.dumps({"format": 1, **self.model_dump(mode="json", exclude_none=True)})

    @classmethod
    def of_bytes(cls, content: bytes) -> Self:
        """Read what `as_bytes` rendered. Raises ValueError."""
        told = orjson.loads(content)
        if not isinstance(told, dict) or told.pop("format", None) != 1:
            raise ValueError("this is no erasure of a format that is known")
        return cls.model_validate(told)
