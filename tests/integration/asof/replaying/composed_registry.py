"""What the registry puts together, as it is answered where the log ends."""

from collections.abc import Mapping
from typing import Any, cast

from starlette.responses import Response

from services.registry.application.exports import Exports
from services.registry.application.handovers import Handovers
from services.registry.application.missions import Missions
from services.registry.application.persons import Persons
from shared.domain import Actor
from shared.dossier.lists import CSV, write
from shared.dossier.lists.missions import COLUMNS
from shared.dossier.lists.staff import POSTING
from tests.integration.asof.replaying.composing import EVERY, Composed, Names, among
from tests.integration.asof.replaying.shortened import Shortened
from tests.product import DECREE

NOBODY = cast(Persons, None)
"""Who would tell personal data, which is not asked for."""


def _exports(log: Shortened) -> Exports:
    return Exports(log.store, log.registry, NOBODY)


async def _dossier(log: Shortened, named: Names) -> Any:
    return (await _exports(log).dossier(named["decree"], None))[0]


async def _missions(log: Shortened, named: Names) -> Response:
    rows, _ = await _exports(log).missions(among(named, "state", "decree"), None)
    return Response(write(tuple(one for one in COLUMNS if not one.ignored), rows, CSV))


async def _staff(log: Shortened, named: Names) -> Response:
    where = among(named, "mission", "category", "authority")
    rows, _ = await _exports(log).staff(cast(Actor, None), where, False, None)
    return Response(write(tuple(one for one in POSTING if not one.ignored), rows, CSV))


REGISTRY: Mapping[str, Composed] = {
    "/registry/letters": Composed(
        lambda log, named: log.registry.letters(EVERY, named["begins"]),
        queries=({"begins": "ab/2026/6"}, {"begins": "MFA"}, {"begins": "x"}),
        paged=True,
    ),
    "/registry/counts/decrees": Composed(lambda log, _: log.registry.counts_by_decree()),
    "/registry/exports/dossier/{decree}": Composed(_dossier, "decrees", (DECREE,)),
    "/registry/exports/missions.csv": Composed(_missions, queries=({}, {"state": "closing"})),
    "/registry/exports/staff.csv": Composed(_staff, queries=({}, {"mission": "emb-al"})),
    "/registry/missions/{mission}/handover": Composed(
        lambda log, named: Handovers(log.store).ledger_as_of(log.position, named["mission"]),
        "missions",
        ("emb-na",),
    ),
    "/registry/missions/{mission}/closing-conditions": Composed(
        lambda log, named: Missions(log.store).closing_conditions_as_of(log.position, named["mission"]),
        "missions",
        ("emb-na", "emb-al"),
    ),
}
