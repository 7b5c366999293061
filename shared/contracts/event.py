"""The base of every published event, and the catalogue of their types."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from shared.contracts.sealed import PERSONAL

QUERY_KEYS = ("decree", "article", "measure", "mission", "staff", "task", "plan", "department")
"""The words by which a trail can be asked for; a field of such a name becomes a query key."""

CO_EXECUTORS = "co_executors"
"""The field, and the member of the meta, of the departments that take part beside the lead."""

CATALOGUE: dict[str, type["Event"]] = {}
"""Every declared event by its type name, for example ``registry.mission.closed``."""


class Event(BaseModel):
    """What happened, in the past tense: exactly the JSON that goes on the wire.

    A service's base class names the service, an event names its type and schema version::

        class RegistryEvent(Event, service="registry"): ...
        class MissionClosed(RegistryEvent, type="mission.closed"): ...

    A later schema raises ``version`` and adds a static method ``upcast_v1_v2(state)``, which changes
    the stored JSON object in place (the library's convention). The type's first part is the kind of
    the aggregate that the event belongs to.

    A field of the type `Sealed` is personal: it holds a token and never stands in the JSON.
    """

    # An error must not repeat what somebody mistook for a token.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    service: ClassVar[str]
    event_type: ClassVar[str]
    class_version: ClassVar[int] = 1
    query_keys: ClassVar[tuple[str, ...]] = ()
    shared_out: ClassVar[bool] = False
    """Whether it has `co_executors`: departments that it concerns beside the one among its query keys."""
    sealed_fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # pydantic hands a class's keywords to both hooks, and object's takes none
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(
        cls, service: str | None = None, type: str | None = None, version: int = 1, **kwargs: Any
    ) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if service is not None:
            cls.service = service
        if type is None:
            return
        cls.event_type = f"{cls.service}.{type}"
        cls.class_version = version
        cls.query_keys = tuple(key for key in QUERY_KEYS if key in cls.model_fields)
        cls.shared_out = CO_EXECUTORS in cls.model_fields
        cls.sealed_fields = tuple(
            name for name, field in cls.model_fields.items() if PERSONAL in field.metadata
        )
        if cls.event_type in CATALOGUE:
            raise TypeError(f"event type {cls.event_type} is declared twice")
        CATALOGUE[cls.event_type] = cls

    def sealed(self) -> dict[str, str]:
        """The tokens of this event's personal fields, by field; those without a value are left out."""
        values = self.__dict__
        return {name: values[name] for name in self.sealed_fields if values[name] is not None}

    def co_executors_told(self) -> tuple[str, ...]:
        """The departments that take part beside the one among its query keys; nothing for most events."""
        return self.__dict__[CO_EXECUTORS] if self.shared_out else ()

    def keys(self) -> dict[str, str]:
        """The query keys that this event's own fields give."""
        values = self.__dict__
        return {key: str(values[key]) for key in self.query_keys if values[key] is not None}
