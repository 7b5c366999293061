"""Tokens: what proves an actor, and every way in which it does not."""

import json
import math
import os
from datetime import timedelta

import orjson
import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey

from shared.web import identity as identity_module
from shared.web import keyset
from shared.web.identity import Identity
from shared.web.refusals import Unauthenticated
from shared.web.signing import (
    AUDIENCE,
    LOCAL_ISSUER,
    issue_token,
    new_signing_key,
    read_signing_key,
    write_jwks,
    write_signing_key,
)


@pytest.fixture
def clock(now):
    return [now]


@pytest.fixture
def identity(jwks, clock):
    return Identity(jwks, LOCAL_ISSUER, AUDIENCE, lambda: clock[0])


@pytest.fixture
def claims(now):
    moment = int(now.timestamp())
    return {
        "iss": LOCAL_ISSUER,
        "aud": AUDIENCE,
        "sub": "clerk",
        "client_id": "test",
        "jti": "1",
        "iat": moment,
        "exp": moment + 60,
        "role": "auditor",
    }


def signed(claims, key, alg="Ed25519", typ="at+jwt", **header):
    # Written by json, which escapes what UTF-8 does not have; joserfc's own writer refuses it.
    payload = json.dumps(claims).encode()
    return jws.serialize_compact({"alg": alg, "typ": typ, **header}, payload, key, algorithms=[alg])


def reason(identity, token):
    with pytest.raises(Unauthenticated) as refused:
        identity.authenticate(f"Bearer {token}")
    assert 'error="invalid_token"' in refused.value.headers["WWW-Authenticate"]
    return refused.value.facts["reason"].en


def test_an_issued_token_proves_its_actor(identity, key, now):
    token = issue_token(key, "clerk", "department", "protocol", now=now)
    actor = identity.authenticate(f"Bearer {token}")
    assert actor.model_dump() == {
        "subject": "clerk",
        "role": "department",
        "department": "protocol",
        "mission": None,
        "on_behalf_of": None,
    }


def test_who_acts_for_another_is_told_apart_from_the_other(identity, key, now):
    token = issue_token(key, "deputy", "head-of-mission", on_behalf_of="head", now=now)
    actor = identity.authenticate(f"bearer {token}")
    assert (actor.subject, actor.on_behalf_of) == ("deputy", "head")


def test_a_token_ends_when_it_expires_even_if_it_was_verified_before(identity, key, clock, now):
    token = issue_token(key, "clerk", "auditor", ttl=timedelta(seconds=30), now=now)
    assert identity.authenticate(f"Bearer {token}").subject == "clerk"
    clock[0] = now + timedelta(seconds=30)
    assert reason(identity, token) == "The token has expired."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"iss": "https://elsewhere"}, "The token is from another issuer."),
        ({"aud": "other"}, "The token is meant for another audience."),
        ({"aud": ["other"]}, "The token is meant for another audience."),
        ({"aud": None}, "The token is meant for another audience."),
        ({"sub": None}, "The token lacks sub."),
        ({"sub": ""}, "The token lacks sub."),
        ({"act": "x"}, "The token's act is not an object."),
        ({"act": {}}, "The token lacks act.sub."),
        ({"client_id": None}, "The token lacks client_id."),
        ({"jti": 5}, "The token lacks jti."),
        ({"exp": None}, "The token lacks a valid exp."),
        ({"exp": True}, "The token lacks a valid exp."),
        ({"iat": "now"}, "The token lacks a valid iat."),
        ({"exp": 10**400}, "The token lacks a valid exp."),
        ({"exp": math.inf}, "The token lacks a valid exp."),
        ({"exp": math.nan}, "The token lacks a valid exp."),
        ({"iat": math.nan}, "The token lacks a valid iat."),
        ({"iat": -(10**400)}, "The token lacks a valid iat."),
        ({"nbf": -math.inf}, "The token lacks a valid nbf."),
        ({"iat": 9_999_999_999}, "The token is not valid yet."),
        ({"nbf": 9_999_999_999}, "The token is not valid yet."),
        ({"role": "king"}, "The token names no role that exists here."),
        ({"role": "department:own"}, "The token names no role that exists here."),
        ({"role": ["admin"]}, "The token names no role that exists here."),
        ({"role": "department"}, "The token names no department."),
    ],
)
def test_claims_that_do_not_count(identity, key, claims, change, told):
    assert reason(identity, signed(claims | change, key, kid=key.kid)) == told


ODD_NAMES = [
    "dana@example.org",
    "Dana Example",
    "a.b",
    "a\nb",
    "a\n",
    "مدير",
    "a" * 65,
    "a>b",
    "\ud800",
    "\0",
]


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("place", ["sub", "act.sub"])
def test_what_could_be_personal_data_is_not_published(identity, key, claims, name, place):
    changed = claims | ({"sub": name} if place == "sub" else {"act": {"sub": name}})
    told = reason(identity, signed(changed, key, kid=key.kid))
    assert told.startswith(f"The token's {place} is not a pseudonym. It is published with every event")
    assert "have the issuer put a pseudonym there" in told
    assert name not in told


@pytest.mark.parametrize("name", ["u-7f3a", "service:tasks", "A_z-9", "a" * 64])
def test_a_pseudonym_is_taken(identity, key, claims, name):
    assert identity.authenticate(f"Bearer {signed(claims | {'sub': name}, key, kid=key.kid)}").subject == name


@pytest.mark.parametrize("department", ["a.b", "", "a\n", "a:b", "\ud800", 5])
def test_a_department_is_a_key(identity, key, claims, department):
    told = reason(identity, signed(claims | {"department": department}, key, kid=key.kid))
    assert told.startswith("The token names no valid department")


def test_a_chain_of_stand_ins_is_not_cut_short_in_silence(identity, key, claims):
    chain = {"act": {"sub": "deputy", "act": {"sub": "secretary"}}}
    assert "only one level" in reason(identity, signed(claims | chain, key, kid=key.kid))


async def test_an_endless_token_is_401_and_no_fault(client, key, claims):
    token = signed(claims | {"exp": 10**400}, key, kid=key.kid)
    assert (await client.get("/letters", headers={"Authorization": f"Bearer {token}"})).status_code == 401


def test_an_audience_among_several_counts(identity, key, claims):
    token = signed(claims | {"aud": ["other", AUDIENCE]}, key, kid=key.kid)
    assert identity.authenticate(f"Bearer {token}").subject == "clerk"


def test_the_older_name_of_the_algorithm_is_read(jwks, identity, claims):
    older = OKPKey.generate_key("Ed25519", auto_kid=True)
    write_jwks(jwks, [older])
    with pytest.warns(match="EdDSA"):
        token = signed(claims, older, alg="EdDSA", kid=older.kid)
    assert identity.authenticate(f"Bearer {token}").subject == "clerk"


def test_a_foreign_key_is_not_trusted_under_its_own_id_nor_under_ours(identity, key, claims):
    foreign = new_signing_key()
    assert "not trusted" in reason(identity, signed(claims, foreign, kid=foreign.kid))
    assert reason(identity, signed(claims, foreign, kid=key.kid)) == "The token's signature is wrong."


def test_no_other_algorithm_verifies_with_a_published_key(identity, key, claims):
    public = key.as_dict(private=False)["x"]
    confused = signed(claims, OctKey.import_key(public * 2), alg="HS256", kid=key.kid)
    assert reason(identity, confused) == "The token's signature is wrong."
    curve = ECKey.generate_key("P-256")
    assert reason(identity, signed(claims, curve, alg="ES256", kid=key.kid)).endswith("wrong.")


def test_an_unsigned_token_is_nothing(identity, key, claims):
    head, _, _ = signed(claims, key, kid=key.kid).partition(".")
    none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"
    body = signed(claims, key, kid=key.kid).split(".")[1]
    assert reason(identity, f"{none}.{body}.") == "The token's signature is wrong."
    assert reason(identity, f"{head}.{body}.") == "The token's signature is wrong."


def test_an_id_token_is_no_access_token(identity, key, claims):
    assert "not an access token" in reason(identity, signed(claims, key, typ="JWT", kid=key.kid))


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "W10.W10.x", "a" * 9000 + ".b.c"])
def test_what_is_no_jwt(identity, token):
    assert reason(identity, token) == "The bearer token is not a signed JWT."


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer "])
def test_no_bearer_token_is_told_how_to_send_one(identity, header):
    with pytest.raises(Unauthenticated) as refused:
        identity.authenticate(header)
    assert refused.value.headers["WWW-Authenticate"].startswith('Bearer realm="tanfidh"')


def test_an_es256_key_of_an_issuer_counts(tmp_path, claims, now):
    curve = ECKey.generate_key("P-256", auto_kid=True)
    write_jwks(tmp_path / "keys", [curve])
    identity = Identity(tmp_path / "keys", LOCAL_ISSUER, AUDIENCE, lambda: now)
    token = signed(claims, curve, alg="ES256", kid=curve.kid)
    assert identity.authenticate(f"Bearer {token}").role == "auditor"


def test_keys_change_with_the_file_and_a_broken_file_changes_nothing(jwks, key, claims, now, monkeypatch):
    monkeypatch.setattr(keyset, "LOOK_EVERY_S", 0.0)
    identity = Identity(jwks, LOCAL_ISSUER, AUDIENCE, lambda: now)
    old, new = f"Bearer {signed(claims, key, kid=key.kid)}", new_signing_key()
    assert identity.authenticate(old).subject == "clerk"
    jwks.write_text("{")
    assert identity.authenticate(old).subject == "clerk"
    write_jwks(jwks, [new])
    assert identity.authenticate(f"Bearer {signed(claims, new, kid=new.kid)}").subject == "clerk"
    assert "not trusted" in reason(identity, signed(claims, key, kid=key.kid))


def test_keys_of_other_kinds_are_left_out():
    kinds = [OctKey.generate_key(256), OKPKey.generate_key("X25519"), ECKey.generate_key("P-384")]
    raw = orjson.dumps({"keys": [kind.as_dict(private=True) for kind in kinds]})
    assert keyset.read_keys(raw) == {}


def test_the_memory_of_tokens_is_bounded(identity, key, now, monkeypatch):
    monkeypatch.setattr(identity_module, "MOST_KNOWN", 3)
    for number in range(10):
        identity.authenticate(f"Bearer {issue_token(key, f'clerk-{number}', 'auditor', now=now)}")
    assert len(identity._known) == 3


def test_a_verified_token_is_not_verified_again(identity, key, now, monkeypatch):
    header = f"Bearer {issue_token(key, 'clerk', 'auditor', now=now)}"
    first = identity.authenticate(header)
    monkeypatch.setattr(identity_module.jwt, "decode", None)
    assert identity.authenticate(header) is first


def test_a_private_key_is_kept_for_its_owner_alone(tmp_path, key, identity, now):
    write_signing_key(tmp_path / "private", key)
    assert os.stat(tmp_path / "private").st_mode & 0o777 == 0o600
    again = read_signing_key(tmp_path / "private")
    token = issue_token(again, "clerk", "auditor", now=now)
    assert identity.authenticate(f"Bearer {token}").subject == "clerk"


def test_published_keys_hold_nothing_private(jwks):
    assert '"d"' not in jwks.read_text()


async def test_http_answers_401_with_a_challenge(client):
    response = await client.get("/letters", headers={"Authorization": "Bearer x"})
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer realm=")
    assert response.json()["type"].endswith("/unauthenticated")


async def test_nobody_learns_what_is_wrong_with_a_body_before_saying_who_asks(client):
    response = await client.post("/letters", content=b"{", headers={"Authorization": ""})
    assert response.status_code == 401
