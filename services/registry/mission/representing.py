"""For which States a mission is registered: its host, and each further State once."""

from services.registry.mission import refusals
from shared.contracts.registry import MissionRegistered


def each_once(registered: MissionRegistered) -> MissionRegistered:
    """The description with every further State once, and without the host, for which it answers anyway.

    Older logs have missions that were registered as accredited twice, or to their host.
    """
    further = tuple(dict.fromkeys(registered.accreditations))
    without_host = tuple(state for state in further if state != registered.host)
    if without_host == registered.accreditations:
        return registered
    return registered.model_copy(update={"accreditations": without_host})


def check_each_once(mission: str, registered: MissionRegistered) -> None:
    """Refuse a description that names a further State twice, or the host among them."""
    named = [registered.host, *registered.accreditations]
    if twice := sorted({state for state in named if named.count(state) > 1}):
        raise refusals.AccreditedTwice(mission=mission, states=", ".join(twice))
