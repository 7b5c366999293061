"""For which sides of a closing departments sign the minutes."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.contracts.identity import Token
from shared.contracts.registry.base import RegistryEvent
from shared.contracts.registry.handover import Signatory


class SigningSide(StrEnum):
    """What a department may sign closing minutes for; for the outgoing side the mission's own head does."""

    RECEIVING = Signatory.RECEIVING.value
    INSPECTION = Signatory.INSPECTION.value


def each_once(sides: Iterable[SigningSide]) -> tuple[SigningSide, ...]:
    """Return the sides in one order, each once, so that what is said twice is said alike."""
    return tuple(sorted(set(sides)))


Sides = Annotated[tuple[SigningSide, ...], Field(max_length=10), AfterValidator(each_once)]
"""The sides for which a department signs; none says that it signs for nobody."""


class DepartmentSigningDeclared(RegistryEvent, type="department.signing-declared"):
    """It was declared for which sides the department signs closing minutes: for these, and for no others.

    `former` is what held before, None where nothing was declared; `reference` is missing where a dossier
    declares it.
    """

    signs: tuple[SigningSide, ...]
    former: tuple[SigningSide, ...] | None
    reference: str | None


class SigningDeclared(RegistryEvent, type="organisation.signing-declared"):
    """The organisation noted for which sides a department signs, so that all who do are known together."""

    department: Token
    signs: tuple[SigningSide, ...]
