"""The bodies that the endpoints of handovers read; unknown fields are refused."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from services.registry.bodies import Reference
from services.registry.bodies_missions import ReferenceBody
from shared.contracts.country import Country
from shared.contracts.identity import Token
from shared.contracts.registry import Disposal, Disposition, ItemKind, Signatory, Succession
from shared.contracts.text import Text
from shared.dossier.form import Day
from shared.web import RequestModel

Quantity = Annotated[int, Field(ge=0, le=10_000_000)]
Some = Annotated[int, Field(ge=1, le=10_000_000)]
EmployeeId = Annotated[str, Path(pattern=r"^l-[0-9a-f]{8,32}$")]
"""The random id of a local employee in a path."""

StateCode = Annotated[str, Path(pattern=r"^[A-Z]{2}$")]
"""A State in a path: ISO 3166-1 alpha-2."""


class StateBody(ReferenceBody):
    """What becomes of the representation in a State."""

    succession: Succession
    successor: Token | None = None
    power: Country | None = None


class DistrictBody(RequestModel):
    """The mission that takes the consular district, and the consent of the host State."""

    to: Token
    consent: Reference


class CasesBody(RequestModel):
    """How many cases of a group are open."""

    open: Quantity


class CasesOwnedBody(ReferenceBody):
    """How many cases get which owner: a mission or a department."""

    count: Some
    owner: Token


class ArchiveBody(RequestModel):
    """A unit of the archives; `held` says that it must not be destroyed, until oversight releases it."""

    title: Text
    held: bool = False


class PlaceBody(ReferenceBody):
    """Where a unit of the archives is kept."""

    place: Token


class DestructionBody(ReferenceBody):
    """The destruction of a unit of the archives before two people, named by their subjects."""

    witnesses: tuple[Token, Token]


class ItemsBody(RequestModel):
    """How many accountable items the register shows."""

    item_kind: ItemKind
    quantity: Quantity


class DisposalBody(ReferenceBody):
    """What became of how many."""

    quantity: Some
    disposal: Disposal


class PremisesBody(RequestModel):
    """Premises of the mission."""

    title: Text
    leased: bool


class DispositionBody(ReferenceBody):
    """What becomes of premises, and who looks after them: a mission or a department."""

    disposition: Disposition
    custodian: Token


class AssetsBody(RequestModel):
    """How many assets of a category the inventory shows."""

    quantity: Quantity


class StopDateBody(RequestModel):
    """The day after which the mission commits itself to nothing."""

    on: Day


class CommitmentBody(RequestModel):
    """A commitment of the mission."""

    title: Text
    until: Day


class CommitmentEndBody(ReferenceBody):
    """The day on which a commitment ends, which is earlier than it was."""

    until: Day


class SignatureBody(ReferenceBody):
    """A signature under the closing minutes, which are named by their reference."""

    signatory: Signatory
