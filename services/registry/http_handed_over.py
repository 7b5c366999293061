"""The endpoints of a handover about things: archives, accountable items, premises, assets, commitments."""

from fastapi import APIRouter
from starlette.responses import Response

from services.registry.answers.handovers import EntryMade
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
from shared.web.joining import joined

HERE = "/missions/{mission}/handover"


def things(registry: Registry) -> APIRouter:
    """Build every endpoint about things that must have a place or a fate."""
    return joined(part(registry) for part in (_custody, _estate))


def _custody(registry: Registry) -> APIRouter:
    routes, note = APIRouter(), registry.handovers.note

    @routes.put(HERE + "/archives/{item}", response_model=EntryMade)
    async def list_archive(by: Instruct, mission: Id, item: Id, body: ArchiveBody) -> Response:
        """Enter a unit of the archives, or that it is held from destruction; no entry ends that."""
        return answered(await note(by, mission, custody.list_archive, item, body.title, body.held))

    @routes.post(HERE + "/archives/{item}/release", response_model=EntryMade)
    async def release(by: Instruct, mission: Id, item: Id, body: ReferenceBody) -> Response:
        """Let a unit of the archives be held no longer; oversight alone does."""
        facts, action = (item, body.reference, by.actor), "handover.release-archive"
        return answered(await note(by, mission, custody.release_archive, *facts, action=action))

    @routes.post(HERE + "/archives/{item}/place", response_model=EntryMade)
    async def place(by: Instruct, mission: Id, item: Id, body: PlaceBody) -> Response:
        """Place a unit of the archives where it is kept."""
        return answered(await note(by, mission, custody.place_archive, item, body.place, body.reference))

    @routes.post(HERE + "/archives/{item}/destroy", response_model=EntryMade)
    async def destroy(by: Instruct, mission: Id, item: Id, body: DestructionBody) -> Response:
        """Destroy a unit of the archives before two people."""
        return answered(
            await note(by, mission, custody.destroy_archive, item, body.witnesses, body.reference)
        )

    @routes.put(HERE + "/items/{item}", response_model=EntryMade)
    async def count_items(by: Instruct, mission: Id, item: Id, body: ItemsBody) -> Response:
        """Enter how many accountable items the register shows."""
        return answered(await note(by, mission, custody.count_items, item, body.item_kind, body.quantity))

    @routes.post(HERE + "/items/{item}/dispose", response_model=EntryMade)
    async def dispose_items(by: Instruct, mission: Id, item: Id, body: DisposalBody) -> Response:
        """Return, transfer or destroy accountable items."""
        return answered(
            await note(by, mission, custody.dispose_items, item, body.quantity, body.disposal, body.reference)
        )

    return routes


def _estate(registry: Registry) -> APIRouter:
    routes, use = APIRouter(), registry.handovers

    @routes.put(HERE + "/premises/{premises}", response_model=EntryMade)
    async def list_premises(by: Instruct, mission: Id, premises: Id, body: PremisesBody) -> Response:
        """Enter premises."""
        return answered(await use.note(by, mission, estate.list_premises, premises, body.title, body.leased))

    @routes.post(HERE + "/premises/{premises}/dispose", response_model=EntryMade)
    async def dispose_premises(by: Instruct, mission: Id, premises: Id, body: DispositionBody) -> Response:
        """Say what becomes of premises, and who looks after them."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            check_keeper(turn, leaving, body.custodian)
            estate.dispose_premises(
                handover, leaving, premises, body.disposition, body.custodian, body.reference, turn.moment
            )

        return answered(await use.enter(by, "dispose-premises", mission, entry))

    @routes.put(HERE + "/assets/{category}", response_model=EntryMade)
    async def count_assets(by: Instruct, mission: Id, category: Id, body: AssetsBody) -> Response:
        """Enter how many assets of a category the inventory shows."""
        return answered(await use.note(by, mission, estate.count_assets, category, body.quantity))

    @routes.post(HERE + "/assets/{category}/dispose", response_model=EntryMade)
    async def dispose_assets(by: Instruct, mission: Id, category: Id, body: DisposalBody) -> Response:
        """Give assets a fate."""
        return answered(
            await use.note(
                by, mission, estate.dispose_assets, category, body.quantity, body.disposal, body.reference
            )
        )

    @routes.put(HERE + "/stop-date", response_model=EntryMade)
    async def set_stop_date(by: Instruct, mission: Id, body: StopDateBody) -> Response:
        """Set the day after which the mission commits itself to nothing."""

        def entry(turn: Turn, handover: Handover, leaving: Mission) -> None:
            estate.set_stop_date(turn, handover, leaving, body.on, turn.moment)

        return answered(await use.enter(by, "set-stop-date", mission, entry))

    @routes.put(HERE + "/commitments/{commitment}", response_model=EntryMade)
    async def enter_commitment(by: Instruct, mission: Id, commitment: Id, body: CommitmentBody) -> Response:
        """Enter a commitment of the mission."""
        return answered(
            await use.note(by, mission, estate.enter_commitment, commitment, body.title, body.until)
        )

    @routes.post(HERE + "/commitments/{commitment}/end", response_model=EntryMade)
    async def end_commitment(by: Instruct, mission: Id, commitment: Id, body: CommitmentEndBody) -> Response:
        """Let a commitment end earlier."""
        return answered(
            await use.note(by, mission, estate.end_commitment, commitment, body.until, body.reference)
        )

    return routes
