"""The user that engines run as when we are root: PostgreSQL refuses to be root, NATS need not be."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group by number."""

    uid: int
    gid: int


def engine_account() -> Account | None:
    """Return the user to drop to, or None where we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED)
    return Account(entry.pw_uid, entry.pw_gid)


def own_folder(folder: Path, account: Account | None) -> Path:
    """Make `folder`, closed to others and owned by `account`; nothing outside it changes hands."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


def own_file(file: Path, text: str, account: Account | None) -> Path:
    """Write a file that only `account` (or we) can read."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as output:
        output.write(text)
        if account:
            os.fchown(output.fileno(), account.uid, account.gid)
    return file
