"""`tanfidh`: all commands, and what their failures look like."""

import asyncio
import sys

import typer

from deploy.cli import importing, migrating, provisioning, restoring, serving, status, tokens, up
from deploy.cli.failures import explain
from deploy.cli.options import err

app = typer.Typer(
    name="tanfidh",
    help="Follows the execution of government decrees, and keeps a record that proves itself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(up.up)
app.command("serve")(serving.serve)
app.command("migrate")(migrating.migrate)
app.command("provision")(provisioning.provision)
app.command("restore")(restoring.restore)
app.command("import")(importing.import_)
app.command("status")(status.status)
app.command("token")(tokens.token)


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 failed with a message, 2 wrong usage, 130 interrupted."""
    try:
        app()
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)
    except Exception as failure:
        message = explain(failure)
        if message is None:
            raise
        err.print(message, style="red", markup=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
