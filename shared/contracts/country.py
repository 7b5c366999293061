"""Countries by their codes."""

from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field

from shared.contracts.text import WrongValue


def known_country(code: str) -> str:
    """Return the code of a country; raise ValueError where ISO 3166-1 has no such alpha-2 code."""
    if pycountry.countries.get(alpha_2=code) is None or code != code.upper():
        raise WrongValue(
            en=f"{code!r} is not a country code of ISO 3166-1 alpha-2, such as LY",
            ar=f"{code!r} ليس رمز دولة وفق ISO 3166-1 alpha-2 مثل LY",
        )
    return code


Country = Annotated[str, Field(max_length=2), AfterValidator(known_country)]
"""The ISO 3166-1 alpha-2 code of a country, for example ``LY``."""
