"""Personal fields of events: only tokens, only in `sealed`, moved unopened by upcasting."""

import orjson
import pytest
from pydantic import ValidationError

from shared.contracts.event import CATALOGUE, Event
from shared.contracts.registry import StaffPersonRecorded
from shared.contracts.sealed import Sealed, Token
from shared.eventstore.codec import decode, encode, encode_sealed
from shared.eventstore.sealing.cipher import PersonKey
from shared.web.asyncapi import asyncapi

STREAM = "staff.p-0123456789"
KEY = PersonKey("0" * 32, STREAM, bytes(32))


class Sample(Event, service="sealing-sample"):
    pass


class Entered(Sample, type="person.entered", version=2):
    """`name` was called `title` in the first version."""

    room: str
    name: Sealed = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, str]) -> None:
        state["name"] = state.pop("title")


def teardown_module() -> None:
    del CATALOGUE[Entered.event_type]


def test_tokens_stand_in_sealed_and_never_in_data() -> None:
    token = KEY.seal(STREAM, 2, "name_latin", "Salem")
    event = StaffPersonRecorded(name_latin=token)
    assert encode(event) == b"{}"
    assert orjson.loads(encode_sealed(event)) == {"name_latin": token}
    assert decode(event.event_type, 1, encode(event), encode_sealed(event)) == event
    assert decode(event.event_type, 1, encode(event)) == StaffPersonRecorded()


def test_an_event_without_personal_fields_has_nothing_sealed() -> None:
    assert encode_sealed(Entered(room="1")) == b""


def test_no_event_takes_a_text_for_a_token_nor_repeats_it() -> None:
    with pytest.raises(ValidationError) as wrong:
        StaffPersonRecorded(name_latin="Salem Mabrouk")
    assert "Salem" not in str(wrong.value)


def test_upcasting_moves_a_token_that_opens_as_what_it_was() -> None:
    token = KEY.seal(STREAM, 4, "title", "Salem")
    event = decode(Entered.event_type, 1, b'{"room":"1"}', orjson.dumps({"title": token}))
    assert event == Entered(room="1", name=token)
    assert KEY.open(Token.read(event.sealed()["name"]), STREAM, 4) == "Salem"


def test_the_published_language_has_no_personal_fields() -> None:
    described = asyncapi("registry", "Registry", "1")["components"]["schemas"]
    assert described["registry.staff.person-recorded"]["properties"] == {}
    assert set(described["registry.staff.erased"]["properties"]) == {"reason", "basis", "erased_by"}
