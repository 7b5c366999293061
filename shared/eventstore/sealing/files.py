"""Files of a key store: complete or not there at all, closed to others, durable before anybody goes on."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def make(file: Path, content: bytes) -> bool:
    """Write a new file; return False, changing nothing, where there is one. Of several callers one wins."""
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as output:
            output.write(content)
            output.flush()
            os.fsync(output.fileno())
        try:
            os.link(unfinished, file)
        except FileExistsError:
            return False
    finally:
        unfinished.unlink()
        sync_folder(file.parent)
    return True


def destroy(file: Path) -> bool:
    """Overwrite a file and remove it; return whether it was there. Several may do it at once."""
    try:
        handle = os.open(file, os.O_WRONLY)
    except FileNotFoundError:
        return False
    with os.fdopen(handle, "wb") as output:
        output.write(secrets.token_bytes(os.fstat(output.fileno()).st_size))
        output.flush()
        os.fsync(output.fileno())
    with suppress(FileNotFoundError):
        file.unlink()
    sync_folder(file.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
