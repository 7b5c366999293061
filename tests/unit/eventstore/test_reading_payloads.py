"""Payloads are read member by member; what makes sense as a whole was asked when the event was made."""

import pytest
from pydantic import ValidationError

from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.eventstore.codec import decode, encode


class Remark(Event, service="remarks"):
    pass


class RemarkMade(Remark, type="remark.made"):
    number: int
    text: Text


def read(data: bytes) -> Event:
    return decode(RemarkMade.event_type, 1, data)


def test_what_was_encoded_is_read_as_it_was() -> None:
    made = RemarkMade(number=1, text=Text(en="Noted", ar="عُلم"))
    again = read(encode(made))
    assert again == made
    assert type(again) is RemarkMade
    assert type(made.text) is Text
    assert encode(again) == encode(made)


@pytest.mark.parametrize("data", [b'{"number": "one", "text": {"en": "a"}}', b'{"number": 1}', b"[]", b"{"])
def test_a_member_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError):
        read(data)


def test_a_rule_for_making_events_is_none_for_reading_them() -> None:
    wordless = b'{"number": 1, "text": {"en": null, "ar": null}}'
    with pytest.raises(ValueError, match="needs Arabic or English"):
        RemarkMade.model_validate_json(wordless)
    event = read(wordless)
    assert isinstance(event, RemarkMade)
    assert (event.text.ar, event.text.en) == (None, None)
