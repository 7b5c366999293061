"""The endpoints of a handover about things: archives, accountable items, premises, assets, commitments."""

from fastapi import APIRouter
from starlette.responses import Response

from services.registry.application import Registry
from services.registry.bodies import Id
from services.registry.bodies_handovers import (
    ArchiveBody,
    AssetsBody,
    CommitmentBody,
    CommitmentEndBody,
    DestructionBody,
    DisposalBody,
    DispositionBody,
    ItemsBody,
    PlaceBody,
    PremisesBody,
    StopDateBody,
)
from services.registry.bodies_missions import ReferenceBody
from services.registry.handover import Handover, custody, estate
from services.registry.handover.keeping import check_keeper
from services.registry.mission import Mission
from shared.eventstore.command import Turn
from shared.web import Instruct, answered

HERE = "/missions/{mission}/handover"


def things(registry: Registry) -> APIRouter:
    """Build every endpoint about things that must have a place or a fate."""
    routes = APIRouter()
    for part in (_custody, _estate):
        routes.include_router(part(registry))
    return routes


def _custody(registry: Registry) -> APIRouter:
    routes, enter = APIRouter(), registry.handovers.enter

    @routes.put(HERE + "/archives/{item}")
    async def list_archive(by: Instruct, mission: Id, item: Id, body: ArchiveBody) -> Response:
        """Enter a unit of the archives, or that it is held from destruction; no entry ends that."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            custody.list_archive(handover, leaving, item, body.title, body.held, turn.moment)

        return answered(await enter(by, "list-archive", mission, entry))

    @routes.post(HERE + "/archives/{item}/release")
    async def release(by: Instruct, mission: Id, item: Id, body: ReferenceBody) -> Response:
        """Let a unit of the archives be held no longer; oversight alone does."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            custody.release_archive(handover, leaving, item, body.reference, by.actor, turn.moment)

        released = await enter(by, "release-archive", mission, entry, action="handover.release-archive")
        return answered(released)

    @routes.post(HERE + "/archives/{item}/place")
    async def place(by: Instruct, mission: Id, item: Id, body: PlaceBody) -> Response:
        """Place a unit of the archives where it is kept."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            custody.place_archive(handover, leaving, item, body.place, body.reference, turn.moment)

        return answered(await enter(by, "place-archive", mission, entry))

    @routes.post(HERE + "/archives/{item}/destroy")
    async def destroy(by: Instruct, mission: Id, item: Id, body: DestructionBody) -> Response:
        """Destroy a unit of the archives before two people."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            custody.destroy_archive(handover, leaving, item, body.witnesses, body.reference, turn.moment)

        return answered(await enter(by, "destroy-archive", mission, entry))

    @routes.put(HERE + "/items/{item}")
    async def count_items(by: Instruct, mission: Id, item: Id, body: ItemsBody) -> Response:
        """Enter how many accountable items the register shows."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            custody.count_items(handover, leaving, item, body.item_kind, body.quantity, turn.moment)

        return answered(await enter(by, "count-items", mission, entry))

    @routes.post(HERE + "/items/{item}/dispose")
    async def dispose_items(by: Instruct, mission: Id, item: Id, body: DisposalBody) -> Response:
        """Return, transfer or destroy accountable items."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            custody.dispose_items(
                handover, leaving, item, body.quantity, body.disposal, body.reference, turn.moment
            )

        return answered(await enter(by, "dispose-items", mission, entry))

    return routes


def _estate(registry: Registry) -> APIRouter:
    routes, enter = APIRouter(), registry.handovers.enter

    @routes.put(HERE + "/premises/{premises}")
    async def list_premises(by: Instruct, mission: Id, premises: Id, body: PremisesBody) -> Response:
        """Enter premises."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            estate.list_premises(handover, leaving, premises, body.title, body.leased, turn.moment)

        return answered(await enter(by, "list-premises", mission, entry))

    @routes.post(HERE + "/premises/{premises}/dispose")
    async def dispose_premises(by: Instruct, mission: Id, premises: Id, body: DispositionBody) -> Response:
        """Say what becomes of premises, and who looks after them."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            check_keeper(turn, leaving, body.custodian)
            estate.dispose_premises(
                handover, leaving, premises, body.disposition, body.custodian, body.reference, turn.moment
            )

        return answered(await enter(by, "dispose-premises", mission, entry))

    @routes.put(HERE + "/assets/{category}")
    async def count_assets(by: Instruct, mission: Id, category: Id, body: AssetsBody) -> Response:
        """Enter how many assets of a category the inventory shows."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            estate.count_assets(handover, leaving, category, body.quantity, turn.moment)

        return answered(await enter(by, "count-assets", mission, entry))

    @routes.post(HERE + "/assets/{category}/dispose")
    async def dispose_assets(by: Instruct, mission: Id, category: Id, body: DisposalBody) -> Response:
        """Give assets a fate."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            estate.dispose_assets(
                handover, leaving, category, body.quantity, body.disposal, body.reference, turn.moment
            )

        return answered(await enter(by, "dispose-assets", mission, entry))

    @routes.put(HERE + "/stop-date")
    async def set_stop_date(by: Instruct, mission: Id, body: StopDateBody) -> Response:
        """Set the day after which the mission commits itself to nothing."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            estate.set_stop_date(turn, handover, leaving, body.on, turn.moment)

        return answered(await enter(by, "set-stop-date", mission, entry))

    @routes.put(HERE + "/commitments/{commitment}")
    async def enter_commitment(by: Instruct, mission: Id, commitment: Id, body: CommitmentBody) -> Response:
        """Enter a commitment of the mission."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            estate.enter_commitment(handover, leaving, commitment, body.title, body.until, turn.moment)

        return answered(await enter(by, "enter-commitment", mission, entry))

    @routes.post(HERE + "/commitments/{commitment}/end")
    async def end_commitment(by: Instruct, mission: Id, commitment: Id, body: CommitmentEndBody) -> Response:
        """Let a commitment end earlier."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            estate.end_commitment(handover, leaving, commitment, body.until, body.reference, turn.moment)

        return answered(await enter(by, "end-commitment", mission, entry))

    return routes
