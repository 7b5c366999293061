"""Time zones by their names in the IANA database."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from shared.contracts.text import WrongValue


def known_zone(zone: str) -> str:
    """Return the name of a time zone; raise ValueError where the database has none of that name."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise WrongValue(
            en=f"{zone!r} is not a time zone of the IANA database",
            ar=f"{zone!r} ليست منطقة زمنية في قاعدة IANA",
        ) from unknown
    return zone


Zone = Annotated[str, AfterValidator(known_zone)]
"""The name of a time zone, for example ``Africa/Tripoli``."""
