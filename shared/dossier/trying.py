"""To have an import tried, of a dossier or a list, and lists sent; a trial stores nothing anywhere."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from pydantic_core import to_json

from shared.dossier.folder import MAIN, read_folder
from shared.dossier.lists.sheets import CSV, XLSX
from shared.dossier.safe_yaml import read_yaml
from shared.dossier.sending import ImportFailed, saying

MEDIA_TYPES = {".csv": CSV, ".txt": CSV, ".tsv": CSV, ".xlsx": XLSX}
Answer = dict[str, Any]


async def try_dossier(
    path: Path, client: httpx.AsyncClient, token: str, effective_at: str | None = None
) -> Answer:
    """Read a dossier, and have the registry tell what importing it would do now, and what stands against it.

    The procedures that stand in it are named to the registry, since an import sends them before the rest.

    Raises:
        DossierRefused: the files have problems; nothing was sent.
        ImportFailed: the registry refused to tell.
        httpx.HTTPError: it does not answer.
    """
    folder = await asyncio.to_thread(read_folder, path)
    sent = to_json(folder.dossier)
    along = urlencode([("sent_along", procedure["template"]) for procedure in folder.procedures])
    address = f"/registry/imports/check{'?' if along else ''}{along}"
    answer = await _send(client, address, sent, "application/json", token, effective_at)
    return _in_files(answer, await asyncio.to_thread(_names, path))


async def send_list(
    path: Path,
    kind: str,
    provenance: str,
    trial: bool,
    client: httpx.AsyncClient,
    token: str,
    effective_at: str | None = None,
) -> Answer:
    """Send a list of ``missions`` or ``staff``, to be imported or to be tried.

    Sending the same list again changes nothing.

    Raises:
        ImportFailed: the registry refused it; of an import with every problem.
        httpx.HTTPError: it does not answer.
    """
    raw = await asyncio.to_thread(path.read_bytes)
    address = f"/registry/imports/{kind}{'/check' if trial else ''}?provenance={provenance}"
    answer = await _send(client, address, raw, MEDIA_TYPES[path.suffix.lower()], token, effective_at)
    return _in_files(answer, {kind: path.name})


async def _send(
    client: httpx.AsyncClient, path: str, body: bytes, media_type: str, token: str, effective_at: str | None
) -> Answer:
    # A key made of the content would tell of personal data in it, to whoever knows the rest.
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": media_type,
        "Idempotency-Key": f"import-{uuid4()}",
        **saying(effective_at),
    }
    response = await client.post(path, content=body, headers=headers)
    try:
        content = response.json()
    except ValueError:
        content = {"title": f"HTTP {response.status_code}"}
    if not response.is_success:
        raise ImportFailed(path, content)
    answer: Answer = content
    return answer


def _names(path: Path) -> dict[str, str]:
    """Return the file of each part of a dossier."""
    main = path / MAIN if path.is_dir() else path
    content = {} if main.suffix == ".json" else read_yaml(main)
    named = {part: content.get(part) for part in ("departments", "missions", "staff")}
    return {part: name if isinstance(name, str) else main.name for part, name in named.items()} | {
        "decree": main.name
    }


def _in_files(answer: Answer, names: Mapping[str, str]) -> Answer:
    problems = [
        problem | {"file": names.get(problem["file"], problem["file"])}
        for problem in answer.get("problems", [])
    ]
    return answer | {"problems": problems} if "problems" in answer else answer
