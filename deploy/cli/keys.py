"""`tanfidh keys`: the backup of the keys of personal data, and putting it back."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import DEFAULT_DATA, IN_PART, Json, out, say
from deploy.local.errors import FolderUnknown
from deploy.looping import run
from deploy.person_keys import named_elsewhere, vault_of
from deploy.restoring.asking import ask
from deploy.restoring.keys import KeyPlan, Known, judge
from shared.eventstore.sealing.backup import back_up, put_back, read_backup
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.vault import Vault
from shared.service import KeyUnusable

_File = Annotated[Path, typer.Argument(help="The backup.")]
_Passphrase = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="File with the passphrase; it is asked for where none is given."),
]
_Data = Annotated[Path | None, typer.Option(envvar="DATA", help="Data folder of local mode.")]


def backup(file: _File, passphrase: _Passphrase = None, json: Json = False, data: _Data = None) -> None:
    """Write all keys and erasures into a new file, under a passphrase.

    Services may run. Works on the data folder of local mode, or on TANFIDH_PERSON_KEYS where no folder is
    given.
    """
    keys, erasures = back_up(_vault(_folder(data)), file, _said(passphrase, confirm=True))
    if json:
        out.print_json(data={"keys": keys, "erasures": erasures})
    else:
        say(f"{file}: {keys} keys, {erasures} erasures. Keep it and its passphrase apart from the database.")


def restore(
    file: _File,
    passphrase: _Passphrase = None,
    moved: Annotated[
        bool, typer.Option("--moved", help="The backup is of an installation that was moved here.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Erase whom only the backup erases, unasked.")] = False,
    json: Json = False,
    data: _Data = None,
) -> None:
    """Put back what a backup has and the folder of keys has not; the erased stay erased.

    Whom the registry's log, its stream or audit's copies tell as erased is erased here first, so that no key
    of theirs comes back. A backup of another installation is refused. Erasures that only the backup knows are
    shown and have to be confirmed; nobody who is posted is erased by them. Start the services anew then.
    """
    folder = _folder(data)
    vault = _vault(folder)
    found = read_backup(file, _said(passphrase, confirm=False))
    known = run(ask(folder, [erasure.owner for erasure in found.erasures]))
    plan = judge(vault, found, known, moved)
    if not json:
        _tell(plan, known)
    if plan.unproven and not yes and (json or not _confirmed(len(plan.unproven))):
        if json:
            out.print_json(data={"restored": False, **_owners(plan)})
        else:
            say("Nothing was changed.")
        raise typer.Exit(1)
    for erasure in plan.known:
        vault.erase(erasure)
    done = put_back(vault, found, {erasure.owner for erasure in plan.left})
    if json:
        out.print_json(data={"restored": True, **asdict(done), **_owners(plan)})
    else:
        say(
            f"{done.added} keys put back, {done.known} were there; {done.erased} of erased persons stay "
            f"destroyed; {done.erasures} erasures were not known here. Start the services anew."
        )
    if plan.left:
        raise typer.Exit(IN_PART)


def _tell(plan: KeyPlan, known: Known) -> None:
    asked = known.stored is not None
    if known.published is None:
        say("No stream could be asked for erasures; elsewhere than in local mode set TANFIDH_NATS_URL.")
    if not asked:
        say("No database could be asked for erasures; elsewhere than in local mode set TANFIDH_DATABASE_URL.")
    for erasure in plan.known:
        say(f"Erased by the registry: {_line(erasure)}")
    for erasure in plan.left:
        why = "posted" if asked else "in possession of a key here, and no database could be asked about them"
        say(f"Left as they are, {why}: {_line(erasure)}")
    for erasure in plan.unproven:
        say(f"Erased by this backup alone: {_line(erasure)}")


def _line(erasure: Erasure) -> str:
    return f"{erasure.owner}, {erasure.reason}, {erasure.basis}, {erasure.recorded_at:%Y-%m-%d}"


def _confirmed(many: int) -> bool:
    asked = f"This cannot be undone. Type how many persons ({many}) are erased by this"
    return bool(typer.prompt(asked, default="") == str(many))


def _owners(plan: KeyPlan) -> dict[str, list[str]]:
    def owners(erasures: Iterable[Erasure]) -> list[str]:
        return [erasure.owner for erasure in erasures]

    return {
        "erased_by_the_registry": owners(plan.known),
        "erased_by_backup_alone": owners(plan.unproven),
        "left_as_they_are": owners(plan.left),
    }


def _folder(data: Path | None) -> Path | None:
    """Return the data folder of local mode, or None where the environment names a folder of keys."""
    if data is None and named_elsewhere():
        return None
    folder = data or DEFAULT_DATA
    if not (folder / "FORMAT").exists():
        raise FolderUnknown(f"There is no data of Tanfidh in {folder}. Name its folder with --data.")
    return folder


def _vault(folder: Path | None) -> Vault:
    found = vault_of(folder)
    assert found is not None, "a folder is named, here or there"
    return found


def _said(file: Path | None, confirm: bool) -> str:
    if file is None:
        said: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm)
        return said
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(file, str(error)) from error
