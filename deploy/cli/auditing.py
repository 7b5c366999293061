"""`tanfidh audit trail`: what happened, in order; what it goes back to, and what followed from it."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import orjson
import typer

from deploy.cli.options import DEFAULT_DATA, Data, Json, out, say
from deploy.client import client_for, read, read_list
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run

_Key = Annotated[str | None, typer.Option(help="Only events about it.")]


def trail(
    decree: _Key = None,
    article: _Key = None,
    measure: _Key = None,
    mission: _Key = None,
    staff: _Key = None,
    task: _Key = None,
    plan: _Key = None,
    department: _Key = None,
    stream: Annotated[str | None, typer.Option(help="Only of this aggregate: mission.emb-va.")] = None,
    service: Annotated[str | None, typer.Option(help="Only of this service.")] = None,
    type: Annotated[
        str | None, typer.Option(help="Only of this type: tasks.deadline.missed, or tasks.deadline.*.")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Only by whoever has this subject.")] = None,
    begin: Annotated[
        str | None, typer.Option("--from", help="Recorded then or later: 2025-05-05T00:00:00Z.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Recorded before then.")] = None,
    newest: Annotated[bool, typer.Option("--newest", help="The newest first.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Events, at most.")] = 50,
    causes: Annotated[
        UUID | None, typer.Option(metavar="EVENT_ID", help="What this event goes back to.")
    ] = None,
    effects: Annotated[UUID | None, typer.Option(metavar="EVENT_ID", help="What followed from it.")] = None,
    json: Json = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show what happened in all services, in order, or the causes or effects of one event."""
    asked = {
        "decree": decree,
        "article": article,
        "measure": measure,
        "mission": mission,
        "staff": staff,
        "task": task,
        "plan": plan,
        "department": department,
        "stream": stream,
        "service": service,
        "type": type,
        "actor": actor,
        "from": begin,
        "to": end,
    }
    filters = {name: value for name, value in asked.items() if value is not None}
    if (causes or effects) and (filters or newest or (causes and effects)):
        raise typer.BadParameter("--causes and --effects stand alone.")
    running = Running.read(data)
    found = run(_ask(running, data, filters | ({"order": "desc"} if newest else {}), limit, causes, effects))
    if json:
        print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    elif causes:
        _show([found["event"], *found["causes"]], f"Causes of {causes}, the nearest first")
        _show_ground(found)
    elif effects:
        _show(found["effects"], f"Effects of {effects}")
        if not found["complete"]:
            say("There are more: raise --limit.")
    else:
        _show(found, "Trail")


async def _ask(
    running: Running,
    data: Path,
    filters: dict[str, str],
    limit: int,
    causes: UUID | None,
    effects: UUID | None,
) -> Any:
    token = local_token(Secrets(data), "auditor", "tanfidh-audit")
    async with client_for(running.url) as client:
        if causes:
            return await read(client, f"/audit/trail/events/{causes}/causes", token)
        if effects:
            query = httpx.QueryParams({"limit": min(limit, 1_000)})
            return await read(client, f"/audit/trail/events/{effects}/effects?{query}", token)
        return await read_list(client, f"/audit/trail?{httpx.QueryParams(filters)}", token, limit)


def _show(events: list[dict[str, Any]], title: str) -> None:
    """Show two lines for each event: what and when, then by whom and the whole id, to be copied."""
    say(f"{title}: {len(events)} events")
    for event in events:
        actor = event["actor"] or {}
        depth = "  " * (event.get("depth", 1) - 1)
        gone = "  superseded" if event["superseded"] else ""
        moment = event["recorded_at"][:19].replace("T", " ")
        about = event["stream"].partition(".")[2]
        out.print(
            f"[dim]{moment}[/]  {depth}[bold]{event['type']}[/]  [cyan]{about}[/]{gone}",
            highlight=False,
            soft_wrap=True,
        )
        by = str(actor.get("subject", ""))
        out.print(
            f"[dim]{'':19}  {depth}#{event['position']} by {by}  {event['id']}[/]",
            highlight=False,
            soft_wrap=True,
        )


def _show_ground(found: dict[str, Any]) -> None:
    command, ground = found["command"], found["ground"]
    actor = command["actor"] or {}
    say(f"It began with a command of {actor.get('subject')} ({actor.get('role')}).")
    if found["unknown_cause"]:
        say(f"The cause {found['unknown_cause']} is not filed.")
    if ground is None:
        say("No decree is named.")
        return
    article = f", article {ground['article']['article']}" if ground["article"] else ""
    measure = f", measure {ground['measure']}" if ground["measure"] else ""
    say(f"It goes back to decree {ground['decree']}{article}{measure}.")
    if ground["ordered"]:
        by = ground["ordered"]["actor"]
        say(f"The measure was ordered by {by['subject']} ({by['role']}), {ground['ordered']['recorded_at']}.")
