"""`tanfidh keys`: the backup of the keys of personal data, and putting it back."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import DEFAULT_DATA, Json, out, say
from deploy.local.errors import FolderUnknown
from deploy.person_keys import named_elsewhere, vault_of
from shared.eventstore.sealing.backup import back_up, put_back
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
    keys, erasures = back_up(_vault(data), file, _said(passphrase, confirm=True))
    if json:
        out.print_json(data={"keys": keys, "erasures": erasures})
    else:
        say(f"{file}: {keys} keys, {erasures} erasures. Keep it and its passphrase apart from the database.")


def restore(file: _File, passphrase: _Passphrase = None, json: Json = False, data: _Data = None) -> None:
    """Put back what a backup has and the folder of keys has not; the erased stay erased.

    Keys of persons whose erasure is known here or in the backup are not put back. Start the services
    anew afterwards: whom the log tells as erased is then erased here too, before anybody is served.
    """
    done = put_back(_vault(data), file, _said(passphrase, confirm=False))
    if json:
        out.print_json(data=asdict(done))
    else:
        say(
            f"{done.added} keys put back, {done.known} were there; {done.erased} of erased persons stay "
            f"destroyed; {done.erasures} erasures were not known here. Start the services anew."
        )


def _vault(data: Path | None) -> Vault:
    if data is None and named_elsewhere():
        found = vault_of(None)
    else:
        folder = data or DEFAULT_DATA
        if not (folder / "FORMAT").exists():
            raise FolderUnknown(f"There is no data of Tanfidh in {folder}. Name its folder with --data.")
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
