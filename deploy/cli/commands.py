"""All commands by name. Only the one that is asked for is imported: each brings along what it works with."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import typer

from deploy.cli.failures import explain
from deploy.cli.options import err

COMMANDS = {
    "up": ("up:up", "Start PostgreSQL, NATS and all services on one port; Ctrl-C stops them."),
    "serve": (
        "serving:serve",
        "Run one service on the engines named by TANFIDH_DATABASE_URL and TANFIDH_NATS_URL.",
    ),
    "migrate": (
        "migrating:migrate",
        "Bring the schemas of all services in TANFIDH_DATABASE_URL to this release.",
    ),
    "provision": (
        "provisioning:provision",
        "Make the streams and consumers in TANFIDH_NATS_URL, or check them. Run `tanfidh migrate` first.",
    ),
    "restore": (
        "restoring:restore",
        "Bring streams and inboxes back in step with stores that were restored from a backup.",
    ),
    "import": (
        "importing:import_",
        "Import a decree's dossier, or a list of missions or staff. Again changes nothing.",
    ),
    "draw-ids": (
        "drawing_ids:draw_ids",
        "Draw a random id for each person of a list that has none, and write a new list.",
    ),
    "erase": (
        "erasing:erase",
        "Erase a staff member's personal data for good: the key is destroyed. The log stays whole.",
    ),
    "status": (
        "status:status",
        "Show measures, missions, tasks and deadlines of every decree, and where the engines are.",
    ),
    "rebuild": (
        "rebuilding:rebuild",
        "Rebuild read models of a service from its log, beside those that are read, and compare.",
    ),
    "simulate": (
        "simulating:simulate",
        "Play a scenario on throwaway engines under a virtual clock, and count what became of it.",
    ),
    "report": (
        "reporting:report",
        "Make the report of a decree as of a moment: a page in Arabic or English, or JSON, with its digest.",
    ),
    "token": ("tokens:token", "Print a bearer token for the services that run on the data folder."),
}
"""Each with its place and, for the list of commands, the first line of what it says about itself."""

GROUPS = {
    "export": (
        "Give what is stored in the forms in which it is imported.",
        {
            "dossier": (
                "exporting:dossier",
                "Export a decree as one file with its procedure and calendars, in YAML or JSON.",
            ),
            "missions": ("exporting:missions", "Export all missions as a list, in CSV or XLSX."),
            "staff": (
                "exporting:staff",
                "Export everybody who is posted as a list, in CSV or XLSX.",
            ),
        },
    ),
    "inbox": (
        "See what services could not take in of one another's events, and deal with it.",
        {
            "list": (
                "inboxes:list_",
                "Show how far each service has taken in the events of the others, and how many are parked.",
            ),
            "parked": (
                "inboxes:parked",
                "Show the parked events of a source, in order, and why each waits.",
            ),
            "show": (
                "inboxes:show",
                "Show one parked event with its payload, and what its reaction failed on.",
            ),
            "retry": (
                "inboxes:retry",
                "Try the first parked event of a stream again at once; if it succeeds, those behind follow.",
            ),
            "skip": (
                "inboxes:skip",
                "Let the first parked event of a stream go for good, without effects; those behind follow.",
            ),
        },
    ),
    "audit": (
        "Read what happened in all services, and check it.",
        {
            "trail": (
                "auditing:trail",
                "Show what happened in all services, in order, or the causes or effects of one event.",
            ),
            "verify": (
                "verifying:verify",
                "Recompute every leaf, chain, tile and checkpoint, and compare with what audit received "
                "and witnessed.",
            ),
        },
    ),
    "keys": (
        "Keep the keys of personal data, and the list of erasures, beside the database.",
        {
            "backup": ("keys:backup", "Write all keys and erasures into a new file, under a passphrase."),
            "restore": (
                "keys:restore",
                "Put back what a backup has and the folder of keys has not; the erased stay erased.",
            ),
        },
    ),
}
"""Commands that have commands of their own."""


def application(arguments: Sequence[str]) -> typer.Typer:
    """Put the command line together for these arguments."""
    app = typer.Typer(
        name="tanfidh",
        help="Follows the execution of government decrees, and keeps a record that proves itself.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    asked = [argument for argument in arguments if not argument.startswith("-")]
    _add(app, COMMANDS, asked)
    for name, (summary, commands) in GROUPS.items():
        group = typer.Typer(no_args_is_help=True)
        _add(group, commands, asked[1:] if asked[:1] == [name] else [])
        app.add_typer(group, name=name, help=summary)
    return app


def _add(app: typer.Typer, commands: Mapping[str, tuple[str, str]], asked: Sequence[str]) -> None:
    for name, (place, summary) in commands.items():
        if asked[:1] == [name]:
            app.command(name)(command_at(place))
        else:
            app.command(name, help=summary)(_listed_only)


def command_at(place: str) -> Callable[..., Any]:
    """Import the function of a command."""
    module, _, function = place.partition(":")
    command: Callable[..., Any] = getattr(import_module(f"deploy.cli.{module}"), function)
    return command


def carry_out(app: typer.Typer, arguments: Sequence[str]) -> None:
    """Run the command; a failure that a person can do something about is told and exits with 1."""
    try:
        app(list(arguments))
    except Exception as failure:
        message = explain(failure)
        if message is None:
            raise
        err.print(message, style="red", markup=False, soft_wrap=True)
        sys.exit(1)


def _listed_only() -> None:
    """Stand in the list for a command that was not asked for."""
