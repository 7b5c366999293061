"""The endpoints of meetings."""

from fastapi import APIRouter
from starlette.responses import Response

from services.tasks.answers.meetings import (
    Decided,
    DecisionBegun,
    DecisionRow,
    MeetingRow,
    MeetingStands,
    MeetingTold,
)
from services.tasks.bodies_meetings import (
    Agenda,
    Attendance,
    Calling,
    Deciding,
    DecisionId,
    MeetingId,
    Minutes,
    Postponing,
    Settling,
)
from services.tasks.inquiries import TaskInquiries
from services.tasks.meeting import DecisionState, MeetingState
from services.tasks.meetings import Meetings
from services.tasks.requests import Filter, Refused
from shared.service.inquiries import standing, versioned
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered, json_response


def meeting_commands(meetings: Meetings) -> APIRouter:
    """Build the endpoints that call, hold, minute and follow up meetings."""
    routes = APIRouter(tags=["meetings"])

    @routes.post("/meetings", response_model=MeetingStands, status_code=201)
    async def call(by: Instruct, body: Calling) -> Response:
        """Call a meeting. Nobody is named: who takes part is an office, a department or a pseudonym."""
        return answered(await meetings.call(by, body.meeting, body.call()))

    @routes.post("/meetings/{meeting}/postpone", response_model=MeetingStands)
    async def postpone(by: Instruct, meeting: MeetingId, body: Postponing) -> Response:
        """Hold a meeting at another moment."""
        return answered(await meetings.postpone(by, meeting, body.at, body.reason))

    @routes.put("/meetings/{meeting}/agenda", response_model=MeetingStands)
    async def agenda(by: Instruct, meeting: MeetingId, body: Agenda) -> Response:
        """Give a meeting another agenda before it is held."""
        return answered(await meetings.change_agenda(by, meeting, body.agenda))

    @routes.post("/meetings/{meeting}/cancel", response_model=MeetingStands)
    async def cancel(by: Instruct, meeting: MeetingId, body: Refused) -> Response:
        """Give a meeting up before it is held."""
        return answered(await meetings.cancel(by, meeting, body.reason))

    @routes.post("/meetings/{meeting}/hold", response_model=MeetingStands)
    async def hold(by: Instruct, meeting: MeetingId, body: Attendance) -> Response:
        """Tell that a meeting took place, and who came; Tanfidh-Effective-At says when it was."""
        return answered(await meetings.hold(by, meeting, body.chaired_by, body.present))

    @routes.post("/meetings/{meeting}/decisions", response_model=Decided)
    async def decide(by: Instruct, meeting: MeetingId, body: Deciding) -> Response:
        """Enter a decision; its tasks are planned, with their deadlines, in the same command."""
        wanted = [task.wanted() for task in body.tasks]
        return answered(await meetings.decide(by, meeting, body.text, body.item, wanted))

    @routes.post("/meetings/{meeting}/decisions/{decision}/settle", response_model=MeetingStands)
    async def settle(by: Instruct, meeting: MeetingId, decision: DecisionId, body: Settling) -> Response:
        """Tell what became of a decision that has no tasks."""
        outcome = await meetings.settle(by, meeting, decision, body.outcome, body.note, body.evidence)
        return answered(outcome)

    @routes.put("/meetings/{meeting}/minutes", response_model=MeetingStands)
    async def minutes(by: Instruct, meeting: MeetingId, body: Minutes) -> Response:
        """Enter the document of the minutes, for approval; a later decision takes them back."""
        return answered(await meetings.write_minutes(by, meeting, body.minutes))

    @routes.post("/meetings/{meeting}/minutes/approve", response_model=MeetingStands)
    async def approve(by: Instruct, meeting: MeetingId) -> Response:
        """Approve the minutes; for the chair or who stands in for the chair, never for who wrote them."""
        return answered(await meetings.approve_minutes(by, meeting))

    @routes.post("/meetings/{meeting}/minutes/return", response_model=MeetingStands)
    async def send_back(by: Instruct, meeting: MeetingId, body: Refused) -> Response:
        """Return the minutes to whoever wrote them."""
        return answered(await meetings.return_minutes(by, meeting, body.reason))

    @routes.post("/meetings/{meeting}/close", response_model=MeetingStands)
    async def close(by: Instruct, meeting: MeetingId) -> Response:
        """Close a meeting; refused while anything that it decided is open."""
        return answered(await meetings.close(by, meeting))

    return routes


def meeting_reads(inquiries: TaskInquiries) -> APIRouter:
    """Build the endpoints that read meetings and decisions."""
    routes = APIRouter(tags=["meetings"])

    @routes.get("/meetings", response_model=Items[MeetingRow])
    async def listed(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        decree: Filter = None,
        state: MeetingState | None = None,
    ) -> Response:
        """List meetings, filtered by what is given."""
        return await inquiries.listed("meetings", query, {"decree": decree, "state": state}, when)

    @routes.get("/meetings/{meeting}", response_model=MeetingTold)
    async def meeting(_: Caller, when: AsOfQuery, meeting: MeetingId) -> Response:
        """Read a meeting with its decisions, and how each stands."""
        position = await inquiries.folded(when)
        return versioned(await inquiries.meeting(meeting, when), position, when)

    @routes.get("/meetings/{meeting}/follow-up", response_model=Items[DecisionRow])
    async def follow_up(_: Caller, when: AsOfQuery, meeting: MeetingId) -> Response:
        """Read what the meetings before it decided, the last one first, and how each decision stands."""
        position = await inquiries.folded(when)
        decisions = await inquiries.followed_up(meeting, when)
        return json_response({"items": decisions}, headers=standing(position, when))

    @routes.get("/decisions", response_model=Items[DecisionRow | DecisionBegun])
    async def decisions(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        meeting: Filter = None,
        decree: Filter = None,
        state: DecisionState | None = None,
    ) -> Response:
        """List decisions of meetings with the states of their tasks, filtered by what is given."""
        where = {"meeting": meeting, "decree": decree, "state": state}
        return await inquiries.listed("decisions", query, where, when)

    return routes
