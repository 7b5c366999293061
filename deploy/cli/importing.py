"""`tanfidh import`: a decree's dossier, or a list of missions or staff, into the services that run."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.options import DEFAULT_DATA, Data, Json, out, say
from deploy.client import client_for
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run
from shared.contracts.registry import Provenance
from shared.dossier import ImportSummary, import_dossier
from shared.dossier.problems import Problem
from shared.dossier.trying import MEDIA_TYPES, send_list, try_dossier

FEW = 5
"""Measures that are told one by one."""


class As(StrEnum):
    """What a file is imported as."""

    DOSSIER = "dossier"
    MISSIONS = "missions"
    STAFF = "staff"


def import_(
    file: Annotated[Path, typer.Argument(help="A dossier (folder, .yaml, .json), or a list (.csv, .xlsx).")],
    as_: Annotated[As, typer.Option("--as", help="What the file is.")] = As.DOSSIER,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell every problem and what would be done; store nothing.")
    ] = False,
    provenance: Annotated[
        Provenance, typer.Option(help="Where the rows of a list come from that do not say so.")
    ] = Provenance.SOURCED,
    effective_at: Annotated[
        str | None,
        typer.Option(
            help="Since when that is so of which the files tell no day: a date, or a moment of RFC 3339. "
            "Where nothing is said: of a dossier since the decree's own days, of a list since now."
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Import a decree's dossier, or a list of missions or staff. Again changes nothing."""
    if as_ is not As.DOSSIER and file.suffix.lower() not in MEDIA_TYPES:
        raise typer.BadParameter(f"a list ends with one of {', '.join(MEDIA_TYPES)}", param_hint="FILE")
    url, token = Running.read(data).url, local_token(Secrets(data), "admin", "tanfidh-import")
    if as_ is As.DOSSIER and not dry_run:
        summary = run(send(file, url, token, effective_at))
        _tell(vars(summary), describe(summary), json)
        return
    answer = run(_send(file, as_, provenance, dry_run, url, token, effective_at))
    _tell(answer, describe_trial(answer) if dry_run else describe_list(answer), json)
    if answer.get("problems"):
        raise typer.Exit(1)


async def send(file: Path, url: str, token: str, effective_at: str | None = None) -> ImportSummary:
    """Send a dossier to the services at `url`."""
    async with client_for(url) as client:
        return await import_dossier(file, client, token, effective_at)


async def _send(
    file: Path,
    as_: As,
    provenance: Provenance,
    trial: bool,
    url: str,
    token: str,
    effective_at: str | None,
) -> dict[str, Any]:
    async with client_for(url) as client:
        if as_ is As.DOSSIER:
            return await try_dossier(file, client, token, effective_at)
        return await send_list(file, as_.value, provenance.value, trial, client, token, effective_at)


def _tell(answer: dict[str, Any], told: str, json: bool) -> None:
    if json:
        out.print_json(data=answer)
    else:
        say(told)


def describe(summary: ImportSummary) -> str:
    """Tell what became of an import in one line."""
    measures = ", ".join(f"{number} {state}" for state, number in summary.measures.items() if number)
    kept = ", ".join(summary.kept)
    told = f"{summary.decree}: new are {_listed(summary.created)}; measures: {measures or 'none'}"
    if summary.not_ordered:
        why = ", ".join(f"{measure} ({reason})" for measure, reason in summary.not_ordered.items())
        told = f"{told}; not ordered: {why}"
    told = "; ".join(
        [told, *_unplanned(summary.unplanned), *_stay(summary.postings_kept), *_signs(summary.signing_kept)]
    )
    return f"{told}; kept as they were, for a version has this label already: {kept}" if kept else told


def describe_trial(answer: dict[str, Any]) -> str:
    """Tell what an import would do, or each problem in a line of its own."""
    problems = [Problem.model_validate(problem) for problem in answer["problems"]]
    if problems:
        return "\n".join([*map(str, problems), f"{len(problems)} problem(s); nothing was stored."])
    would = [f"new would be {_listed(answer['created'])}"]
    would += [f"{name}: {_listed(answer[name])}" for name in ("changed", "known") if answer[name]]
    if answer.get("measures"):
        would.append("measures: " + ", ".join(f"{n} {state}" for state, n in answer["measures"].items()))
    for row in answer.get("not_ordered", ()):
        would.append(f"not ordered: {row['measure']} ({row['reason']})")
    would += _unplanned(answer.get("unplanned", {}))
    return "; ".join([*would, *_besides(answer), "nothing was stored"])


def describe_list(answer: dict[str, Any]) -> str:
    """Tell what became of a list in one line."""
    told = [f"new are {_listed(answer['created'])}", f"known: {_listed(answer['known'])}"]
    return "; ".join([*told, *_besides(answer)])


def _unplanned(unplanned: dict[str, list[str]]) -> list[str]:
    """Tell what nobody will be given to do: many measures by their number, a few by their ids."""
    told = [f"obligation {key}" for key in unplanned.get("obligations", ())]
    measures = unplanned.get("measures", [])
    told += [f"{len(measures)} measures"] if len(measures) > FEW else [f"measure {id}" for id in measures]
    waiting = unplanned.get("not_adopted", [])
    why = "no procedure is named, or it is not adopted" if waiting else "no procedure is named"
    lines = [f"no task or plan will come of: {', '.join(told)} ({why})"] if told else []
    lines += [f"the procedure {key} is not adopted: `tasks` parks what asks for it" for key in waiting]
    return lines + [
        f"whether the procedure {key} is adopted is not known: `tasks` does not answer"
        for key in unplanned.get("not_known", ())
    ]


def _besides(answer: dict[str, Any]) -> list[str]:
    """Tell of personal data, and of people who are elsewhere than a list says and stay there."""
    personal, kept = answer.get("personal", {}), answer.get("kept", [])
    told = [f"personal data: {personal['recorded']} new"] if personal.get("recorded") else []
    return told + _stay(kept) + _signs(answer.get("signing_kept", ()))


def _stay(kept: Iterable[Mapping[str, Any]]) -> list[str]:
    """Tell of people of whom a file says another posting than stands: where in it, and what stands."""
    return [
        f"{one['path'] if 'path' in one else 'row {row}'.format_map(one)}: {one['staff']} stays as it is "
        f"({one['mission'] or one['state']}{_since(one)})"
        for one in kept
    ]


def _signs(kept: Iterable[Mapping[str, Any]]) -> list[str]:
    """Tell of departments that sign for what a file says, but not since the day of which it says so."""
    return [
        f"{one['path']}: {one['department']} signs for {', '.join(one['signs']) or 'nobody'} "
        f"since {one['since']} only, and not since {one['says_since']} "
        f"(PUT /departments/{one['department']}/signs moves it)"
        for one in kept
    ]


def _since(kept: Mapping[str, Any]) -> str:
    return f" since {kept['posted_on']}" if kept.get("posted_on") else ""


def _listed(counted: dict[str, int]) -> str:
    return ", ".join(_counted(number, name) for name, number in counted.items() if number) or "none"


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 or name == "staff" else f"{number} {name}s"
