"""What views that have not come far enough are not asked."""

from typing import Any, ClassVar

import pytest

from shared.service.inquiries import Inquiries, ViewsBehind
from shared.web import AsOf, PageAsked


class Stuck:
    """Views that stand at 3 and have rows."""

    position = 3

    async def wait_for(self, position: int, timeout: float) -> bool:
        return position <= self.position

    async def list(self, *asked: Any) -> list[tuple[str, dict[str, Any]]]:
        return [("a", {"as_of": asked[-1], "version": 1})]

    async def get(self, view: str, id: str, as_of: int | None) -> dict[str, Any]:
        return {"as_of": as_of, "version": 1}


class Things(Inquiries):
    kinds: ClassVar = {"things": "thing"}


async def test_nothing_less_than_what_was_asked_is_answered() -> None:
    things = Things(None, Stuck())  # type: ignore[arg-type]  # no engine
    for when in (AsOf(4), AsOf(400)):
        for asked in (things.listed("things", PageAsked(), {}, when), things.item("things", "a", when)):
            with pytest.raises(ViewsBehind) as refused:
                await asked
            assert refused.value.facts == {"position": when.position, "folded": 3}


@pytest.mark.parametrize(("when", "as_of", "position"), [(AsOf(2), b"2", "2"), (None, b"null", "3")])
async def test_what_is_folded_is_asked_as_of_then(when: AsOf | None, as_of: bytes, position: str) -> None:
    things = Things(None, Stuck())  # type: ignore[arg-type]  # no engine
    for answer in (
        await things.listed("things", PageAsked(), {}, when),
        await things.item("things", "a", when),
    ):
        assert b'"as_of":%b' % as_of in answer.body
        assert answer.headers["tanfidh-position"] == position
