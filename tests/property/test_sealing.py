"""A token opens for its own key at its own event, and for nothing else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.sealed import Origin, Token
from shared.eventstore.sealing.cipher import PersonKey, SealBroken

STREAM = "staff.p-0123456789"
KEY = PersonKey("0" * 32, STREAM, bytes(range(32)))
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)
fields = st.from_regex(r"\A[a-z][a-z0-9_]{0,20}\Z")
versions = st.integers(1, 10**17)


def sealed(text: str, version: int = 3, field: str = "name_latin") -> Token:
    return Token.read(KEY.seal(STREAM, version, field, text))


def refused(token: Token, key: PersonKey = KEY, stream: str = STREAM, version: int = 3) -> None:
    with pytest.raises(SealBroken) as broken:
        key.open(token, stream, version)
    assert "secret" not in str(broken.value)


@given(texts, versions, fields)
def test_what_is_sealed_opens_again(text: str, version: int, field: str) -> None:
    assert KEY.open(sealed(text, version, field), STREAM, version) == text


@given(texts)
def test_the_same_decision_gives_the_same_token_and_any_other_another(text: str) -> None:
    same = sealed(text)
    assert same == sealed(text)
    others = {str(t) for t in (sealed(text + "x"), sealed(text, 4), sealed(text, field="phone"))}
    assert len(others | {str(same)}) == 4
    nonces = {urlsafe_b64decode(Token.read(t).content[:16]) for t in (*others, str(same))}
    assert len(nonces) == 4


@given(texts, st.data())
def test_no_byte_of_a_token_can_be_changed(text: str, data: st.DataObject) -> None:
    token = sealed("secret " + text)
    raw = urlsafe_b64decode(token.content + "=" * (-len(token.content) % 4))
    at = data.draw(st.integers(0, len(raw) - 1))
    changed = bytearray(raw)
    changed[at] ^= data.draw(st.integers(1, 255))
    refused(Token(token.key, token.origin, urlsafe_b64encode(changed).rstrip(b"=").decode()))
    shorter = urlsafe_b64encode(raw[:at]).rstrip(b"=").decode()
    refused(Token(token.key, token.origin, shorter))


@given(texts, versions.filter(lambda drawn: drawn != 3), fields.filter(lambda drawn: drawn != "name_latin"))
def test_it_opens_nowhere_else(text: str, version: int, field: str) -> None:
    token = sealed("secret " + text)
    refused(token, version=version)
    refused(token, stream="staff.p-9999999999")
    for origin in (
        Origin(STREAM, version, token.origin.field),
        Origin(STREAM, 3, field),
        Origin("staff.p-9999999999", 3, token.origin.field),
    ):
        refused(Token(token.key, origin, token.content), stream=origin.stream, version=origin.version)
    refused(Token("f" * 32, token.origin, token.content))
    refused(token, PersonKey(KEY.id, STREAM, bytes(32)))


@pytest.mark.parametrize("length", [0, 1, 59])
def test_short_texts_have_tokens_of_one_length(length: int) -> None:
    assert len(str(sealed("x" * length))) == len(str(sealed("")))


OF_ANOTHER_FORMAT = str(sealed("a")).replace("1:", "2:", 1)


@pytest.mark.parametrize("text", ["Salem", "", "1:x", str(sealed("a")) + "=", OF_ANOTHER_FORMAT])
def test_what_is_no_token_is_not_read_nor_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="no sealed token") as wrong:
        Token.read(text)
    assert not text or text not in str(wrong.value)
