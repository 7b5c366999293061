"""Bytes of documents as the use cases need them: off the event loop, with refusals for what can go wrong."""

import asyncio
from collections.abc import Callable, Iterable
from hashlib import sha256 as digest_of
from typing import TypeVar

import structlog

from shared.documents import refusals
from shared.documents.contents import Contents, ContentsUnusable, Damaged, Described
from shared.documents.media import TAKEN, media_type_of

T = TypeVar("T")
ANY = "application/octet-stream"

log = structlog.get_logger()


class Keeping:
    """The contents of this installation, where it keeps any."""

    def __init__(self, contents: Contents | None) -> None:
        self._contents = contents

    async def keep(self, sha256: str, content: bytes, declared: str) -> tuple[Described, bool]:
        """Keep bytes under their digest; return what they are, and whether they are new here.

        Raises:
            Refusal: the digest or the kind is not what is said, or nothing can be kept.
        """
        contents = self._must_be_there()

        def kept() -> tuple[Described, bool]:
            found = digest_of(content).hexdigest()
            if found != sha256:
                raise refusals.DigestDiffers(sha256=sha256, found=found)
            kind = media_type_of(content)
            if kind is None or declared not in (kind, ANY):
                raise refusals.MediaTypeNotTaken(given=declared[:100], taken=", ".join(TAKEN))
            return Described(sha256, len(content), kind), contents.put(sha256, content)

        return await self._asked(sha256, kept)

    async def read(self, sha256: str) -> bytes:
        """Return bytes, checked against their digest; refuse where they are missing or damaged."""
        contents = self._must_be_there()
        content = await self._asked(sha256, lambda: contents.read(sha256))
        if content is None:
            raise refusals.ContentsNotThere(sha256=sha256)
        return content

    async def describe(self, sha256: str) -> Described:
        """Tell what bytes are, from the bytes themselves; refuse where they are missing or damaged."""
        content = await self.read(sha256)
        return Described(sha256, len(content), media_type_of(content) or ANY)

    async def kept(self, digests: Iterable[str]) -> frozenset[str]:
        """Tell which bytes are here, by their names; none where nothing is kept."""
        contents, asked = self._contents, tuple(dict.fromkeys(digests))
        if contents is None or not asked:
            return frozenset()
        return await self._asked(asked[0], lambda: frozenset(one for one in asked if contents.has(one)))

    async def must_be_kept(self, digests: Iterable[str]) -> None:
        """Refuse where bytes are not here."""
        self._must_be_there()
        asked = tuple(digests)
        known = await self.kept(asked)
        for sha256 in asked:
            if sha256 not in known:
                raise refusals.ContentsNotThere(sha256=sha256)

    def _must_be_there(self) -> Contents:
        if self._contents is None:
            raise refusals.ContentsNotKept()
        return self._contents

    async def _asked(self, sha256: str, ask: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(ask)
        except Damaged as error:
            log.critical("contents.damaged", sha256=sha256, error=str(error))
            raise refusals.ContentsDamaged(sha256=sha256) from error
        except ContentsUnusable as error:
            log.exception("contents.unusable")
            raise refusals.ContentsUnavailable() from error


NOTHING_KEPT = Keeping(None)
"""Of an installation that keeps no bytes."""
