"""The use cases of the registry: who may ask, what is read, who decides. No rule lives here."""

from services.registry.application.amendments import Amendments
from services.registry.application.decrees import Decrees
from services.registry.application.departments import Departments
from services.registry.application.handovers import Handovers
from services.registry.application.imports import Imports
from services.registry.application.measures import Measures
from services.registry.application.missions import Missions
from services.registry.application.procedures import Procedures
from services.registry.application.staff import Staff
from services.registry.inquiries import RegistryInquiries
from shared.domain.clock import Clock, system_clock
from shared.eventstore.store import EventStore
from shared.messaging.asking import Ask, nobody_asked
from shared.projections import Views


class Registry:
    """Everything that can be asked of the registry, by subject."""

    def __init__(
        self, store: EventStore, views: Views, clock: Clock = system_clock, ask: Ask = nobody_asked
    ) -> None:
        self.decrees = Decrees(store)
        self.amendments = Amendments(store, clock)
        self.measures = Measures(store)
        self.missions = Missions(store)
        self.handovers = Handovers(store)
        self.departments = Departments(store)
        self.staff = Staff(store)
        self.imports = Imports(store, Procedures(ask))
        self.inquiries = RegistryInquiries(store, views)


__all__ = ["Registry"]
