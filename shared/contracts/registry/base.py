"""The base of the registry's events, and the words that several of them use."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.contracts.event import Event


class RegistryEvent(Event, service="registry"):
    """An event of the registry."""


class Fact(BaseModel):
    """A part of a payload."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Confidence(StrEnum):
    """How sure the source of a fact makes us."""

    CONFIDENT = "confident"
    LIKELY = "likely"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"


class Provenance(StrEnum):
    """Where a record comes from: a source, general knowledge, or nowhere at all."""

    SOURCED = "sourced"
    SAMPLE = "sample"
    FICTITIOUS = "fictitious"


class MissionKind(StrEnum):
    """Kinds of missions abroad."""

    EMBASSY = "embassy"
    PERMANENT_MISSION = "permanent-mission"
    CONSULATE_GENERAL = "consulate-general"
    CONSULATE = "consulate"
    LIAISON_OFFICE = "liaison-office"
    ATTACHE_OFFICE = "attache-office"
