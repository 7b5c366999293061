"""The endpoints of the registry that read: lists, items, counts."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.registry.answers.decrees import DecreeByLaw, DecreeRow
from services.registry.answers.departments import DepartmentByLaw, DepartmentRow
from services.registry.answers.measures import MeasureByLaw, MeasureRow
from services.registry.answers.missions import MissionByFact, MissionRow
from services.registry.answers.overview import DecreeCounts
from services.registry.answers.staff import StaffByFact, StaffRow
from services.registry.bodies import Filter, Id, YesNo
from services.registry.inquiries import RegistryInquiries
from shared.contracts.country import Country
from shared.contracts.registry import Confidence, Feasibility, MeasureKind, MissionKind
from shared.service.inquiries import standing
from shared.web import AsOfQuery, Caller, EffectiveQuery, Items, PageQuery, json_response
from shared.web.joining import joined


def reads(inquiries: RegistryInquiries) -> APIRouter:
    """Build every reading endpoint."""
    return joined(part(inquiries) for part in (_decrees, _missions, _others))


def _decrees(inquiries: RegistryInquiries) -> APIRouter:
    routes = APIRouter(tags=["decrees"])

    @routes.get("/decrees", response_model=Items[DecreeRow])
    async def decrees(_: Caller, query: PageQuery, when: AsOfQuery, state: Filter = None) -> Response:
        """List decrees."""
        return await inquiries.listed("decrees", query, {"state": state}, when)

    @routes.get("/decrees/{decree}", response_model=DecreeRow | DecreeByLaw)
    async def decree(_: Caller, when: AsOfQuery, in_law: EffectiveQuery, decree: Id) -> Response:
        """Read a decree with its articles, amendments and open holds; by either clock."""
        return await inquiries.item("decrees", decree, when, in_law)

    @routes.get("/measures", response_model=Items[MeasureRow])
    async def measures(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        decree: Filter = None,
        article: Filter = None,
        state: Filter = None,
        measure_kind: MeasureKind | None = None,
        feasibility: Feasibility | None = None,
        confidence: Confidence | None = None,
        mission: Filter = None,
        receiver: Filter = None,
    ) -> Response:
        """List measures, filtered by what is given."""
        where: dict[str, str | None] = {
            "decree": decree,
            "article": article,
            "state": state,
            "measure_kind": measure_kind,
            "feasibility": feasibility,
            "confidence": confidence,
            "mission": mission,
            "receiver": receiver,
        }
        return await inquiries.listed("measures", query, where, when)

    @routes.get("/measures/{measure}", response_model=MeasureRow | MeasureByLaw)
    async def measure(_: Caller, when: AsOfQuery, in_law: EffectiveQuery, measure: Id) -> Response:
        """Read a measure: how far it has come, and what its row says by the amendments; by either clock."""
        return await inquiries.item("measures", measure, when, in_law)

    return routes


def _missions(inquiries: RegistryInquiries) -> APIRouter:
    routes = APIRouter(tags=["missions"])

    @routes.get("/missions", response_model=Items[MissionRow])
    async def missions(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        state: Filter = None,
        decree: Filter = None,
        receiver: Filter = None,
        host: Annotated[Country | None, Query()] = None,
        mission_kind: MissionKind | None = None,
    ) -> Response:
        """List missions, filtered by what is given."""
        where: dict[str, str | None] = {
            "state": state,
            "decree": decree,
            "receiver": receiver,
            "host": host,
            "mission_kind": mission_kind,
        }
        return await inquiries.listed("missions", query, where, when)

    @routes.get("/missions/{mission}", response_model=MissionRow | MissionByFact)
    async def mission(_: Caller, when: AsOfQuery, in_fact: EffectiveQuery, mission: Id) -> Response:
        """Read a mission: state, States, staff, receiver load, evidenced conditions; by either clock."""
        return await inquiries.item("missions", mission, when, in_fact)

    @routes.get("/staff", response_model=Items[StaffRow])
    async def staff(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        state: Filter = None,
        mission: Filter = None,
        category: Filter = None,
        authority: Filter = None,
        near: YesNo = None,
        overdue: YesNo = None,
    ) -> Response:
        """List staff, filtered by what is given; `near` and `overdue` speak of the posting's last day."""
        where = {"state": state, "mission": mission, "category": category, "authority": authority}
        where |= {"near": near, "overdue": overdue}
        return await inquiries.listed("staff", query, where, when)

    @routes.get("/staff/{person}", response_model=StaffRow | StaffByFact)
    async def person(_: Caller, when: AsOfQuery, in_fact: EffectiveQuery, person: Id) -> Response:
        """Read a staff member's posting, its term and the ends of the past ones; by either clock."""
        return await inquiries.item("staff", person, when, in_fact)

    return routes


def _others(inquiries: RegistryInquiries) -> APIRouter:
    routes = APIRouter()

    @routes.get("/departments", response_model=Items[DepartmentRow], tags=["departments"])
    async def departments(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        parent: Filter = None,
        head: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9:_-]{1,64}$")] = None,
        signs_receiving: YesNo = None,
        signs_inspection: YesNo = None,
    ) -> Response:
        """List departments and authorities, filtered by what is given: by whom they sign minutes for, too."""
        where: dict[str, str | None] = {"parent": parent, "head": head}
        where |= {"signs_receiving": signs_receiving, "signs_inspection": signs_inspection}
        return await inquiries.listed("departments", query, where, when)

    @routes.get(
        "/departments/{department}", response_model=DepartmentRow | DepartmentByLaw, tags=["departments"]
    )
    async def department(_: Caller, when: AsOfQuery, in_law: EffectiveQuery, department: Id) -> Response:
        """Read a department, its head and who acts for the head; by either clock."""
        return await inquiries.item("departments", department, when, in_law)

    @routes.get("/counts/decrees", response_model=dict[str, DecreeCounts], tags=["decrees"])
    async def counts(_: Caller, when: AsOfQuery) -> Response:
        """Count measures and missions by decree and state."""
        position = await inquiries.folded(when)
        return json_response(await inquiries.counts_by_decree(when), headers=standing(position, when))

    return routes
