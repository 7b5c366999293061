"""Personal data over HTTP, on a real PostgreSQL and a real folder of keys."""

import shutil
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from services.registry.application.person_keys import PersonKeys
from services.registry.erasures import Erasures
from services.registry.key_watch import KeyWatch
from services.registry.staff import StaffMember
from shared.contracts.meta import rfc3339
from shared.domain.refusal import Refusal
from shared.eventstore.sealing.erasure import Erasure
from shared.web.instruction import fingerprint
from shared.web.request import LimitedRequest
from tests.faults.entering import DEPARTMENT, dossier
from tests.integration.registry.conftest import Asked

STAFF = "p-0123456789"

PERSON = {
    "name_arabic": "سالم المبروك",
    "name_latin": "Salem Mabrouk",
    "born_on": "1980-02-03",
    "national_number": "119800203001",
    "passport_number": "AB123456",
    "passport_expires_on": "2031-01-31",
    "email": "salem@private.example",
    "phone": "+218 91 2345678",
}
REASON = {"reason": "retention-ended", "basis": "HR/14-2026"}


@pytest.fixture
async def staff(asked: Asked) -> str:
    """Somebody of the example, posted."""
    await done(asked, "POST", "/imports", dossier(7, ["emb-a"]))
    posting = {"mission": "emb-a", "category": "attached-officer", "authority": DEPARTMENT}
    await done(asked, "POST", f"/staff/{STAFF}/post", posting)
    return STAFF


async def done(
    asked: Asked, method: str, path: str, body: Any = None, role: str = "admin", **headers: str
) -> Any:
    response = await asked.send(method, path, body, role, **headers)
    assert response.is_success, response.text
    return response.json()


async def refused(
    asked: Asked, status: int, slug: str, method: str, path: str, body: Any = None, role: str = "admin"
) -> None:
    response = await asked.send(method, path, body, role)
    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (status, slug), response.text


async def read(asked: Asked, staff: str, query: str = "") -> Any:
    return await done(asked, "GET", f"/staff/{staff}/person{query}")


async def recorded(asked: Asked, staff: str) -> None:
    await done(asked, "PUT", f"/staff/{staff}/person", PERSON)


async def erased(asked: Asked, staff: str, **headers: str) -> Any:
    by = (await asked.get(f"/staff/{staff}")).json()["authority"]
    await done(asked, "POST", f"/staff/{staff}/recall", {"by": by})
    return await done(asked, "POST", f"/staff/{staff}/erase", REASON, **headers)


def shown(erasures: Erasures, metric: str) -> float:
    return next(each.samples[0].value for each in erasures.collect() if each.name == metric)


async def test_recorded_corrected_and_read_as_it_was(asked: Asked, staff: str) -> None:
    assert (await read(asked, staff))["personal_data"] == "none"
    await recorded(asked, staff)
    first = asked.store.head
    answer = await asked.send("GET", f"/staff/{staff}/person")
    assert answer.json()["person"] == PERSON
    assert (answer.headers["cache-control"], answer.headers["etag"]) == ("no-store", '"2"')
    await done(asked, "PUT", f"/staff/{staff}/person", {"name_latin": "Salim"}, If_Match='"2"')
    assert (await read(asked, staff))["person"] == {"name_latin": "Salim"}
    assert (await read(asked, staff, f"?as_of={first}"))["person"] == PERSON
    assert (await read(asked, staff, f"?as_of={first - 1}"))["personal_data"] == "none"


async def test_who_has_no_need_to_know_does_not_read_it(asked: Asked, staff: str) -> None:
    authority = (await asked.get(f"/staff/{staff}")).json()["authority"]
    person = f"/staff/{staff}/person"
    await done(asked, "PUT", person, PERSON, f"department:{authority}")
    await done(asked, "GET", person, role=f"department:{authority}")
    with capture_logs() as lines:
        await refused(asked, 403, "not-permitted", "GET", person, role="department:legal")
    (line,) = (line for line in lines if line["event"] == "person.read-refused")
    assert (line["reader"], line["role"], line["department"], line["staff"]) == (
        "department-1",
        "department",
        "legal",
        staff,
    )
    for role in ("auditor", "controller", "follow-up-office", "department:legal", "head-of-mission"):
        await refused(asked, 403, "not-permitted", "GET", person, role=role)
        await refused(asked, 403, "not-permitted", "PUT", person, PERSON, role)
        await refused(asked, 403, "not-permitted", "POST", f"/staff/{staff}/erase", REASON, role)


async def test_only_its_own_endpoint_shows_it(asked: Asked, staff: str) -> None:
    await recorded(asked, staff)
    state = (await asked.get(f"/staff/{staff}")).json()
    assert state["personal_data"] == "recorded"
    paths = (
        f"/staff/{staff}",
        "/staff?limit=200",
        f"/streams/staff/{staff}",
        f"/streams/staff/{staff}/state",
    )
    for path in paths:
        told = (await asked.get(path)).text
        assert not [value for value in PERSON.values() if value in told], path
    event = (await asked.get(f"/streams/staff/{staff}")).json()["items"][-1]
    assert (event["data"], event["sealed"]) == ({}, dict.fromkeys(PERSON, "sealed"))


async def test_every_reading_leaves_a_line_without_the_data(asked: Asked, staff: str) -> None:
    await recorded(asked, staff)
    with capture_logs() as lines:
        await read(asked, staff)
    (line,) = (line for line in lines if line["event"] == "person.read")
    assert (line["reader"], line["role"], line["staff"]) == ("admin-1", "admin", staff)
    assert not [value for value in PERSON.values() if value in str(line)]


async def test_erased_for_every_moment_and_the_key_is_gone(asked: Asked, staff: str) -> None:
    await recorded(asked, staff)
    first, erase = asked.store.head, f"/staff/{staff}/erase"
    await refused(asked, 409, "still-posted", "POST", erase, REASON)
    assert (await erased(asked, staff))["key"] == "destroyed"
    assert asked.vault.every_key() == []
    for query in ("", f"?as_of={first}"):
        told = await read(asked, staff, query)
        assert (told["personal_data"], told["person"]) == ("erased", dict.fromkeys(PERSON, "erased"))
    event = (await asked.get(f"/streams/staff/{staff}")).json()["items"][1]
    assert event["sealed"] == dict.fromkeys(PERSON, "erased")
    assert (await asked.get(f"/staff/{staff}")).json()["personal_data"] == "erased"
    await refused(asked, 409, "staff-erased", "POST", erase, REASON)
    await refused(asked, 409, "staff-erased", "PUT", f"/staff/{staff}/person", PERSON)


async def test_what_is_wrong_is_refused_and_not_repeated(asked: Asked, staff: str) -> None:
    blank, unknown, email = {"name_latin": "  "}, {"name_latin": "Salem", "x": 1}, {"email": "at home"}
    for wrong in ({}, blank, unknown, {"name_latin": "Salem", **email}, {"phone": "+218 91 2345678"}):
        response = await asked.send("PUT", f"/staff/{staff}/person", wrong)
        assert response.status_code == 422, response.text
        assert "at home" not in response.text


async def test_a_repetition_is_known_by_a_digest_that_nobody_can_guess_at(asked: Asked, staff: str) -> None:
    path = f"/staff/{staff}/person"
    headers = {"Idempotency_Key": "once"}
    await done(asked, "PUT", path, PERSON, **headers)
    again = await asked.send("PUT", path, PERSON, **headers)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")
    other = await asked.send("PUT", path, PERSON | {"phone": "123456"}, **headers)
    assert other.json()["type"].endswith("/idempotency-mismatch")
    sent = again.request.content
    said = "\n".join(("PUT", path, "", repr(None), repr(None)))
    plain = sha256(said.encode() + b"\n" + sent).digest()
    kept = await asked.store.pool.fetch("SELECT fingerprint FROM answers ORDER BY position DESC LIMIT 1")
    assert kept[0]["fingerprint"] != plain
    assert fingerprint(_request(path), sent, None, None) == plain


def _request(path: str) -> Any:
    scope = {"type": "http", "method": "PUT", "path": path, "query_string": b"", "headers": []}
    return LimitedRequest(scope, None, 1)  # type: ignore[arg-type]  # nothing is received


async def test_a_missing_key_is_an_alarm_and_no_erasure(asked: Asked, staff: str, tmp_path: Path) -> None:
    await recorded(asked, staff)
    keys = tmp_path / "person-keys" / "keys"
    shutil.move(keys, tmp_path / "away")
    keys.mkdir()
    await refused(asked, 503, "person-key-missing", "GET", f"/staff/{staff}/person")
    begun = Erasures(asked.store, asked.vault)
    assert begun.watch is not None
    with capture_logs() as lines:
        await begun.watch.look()
    assert begun.watch.missing == {f"staff.{staff}"}
    assert [line["persons"] for line in lines if line["event"] == "person-keys.missing"] == [
        [f"staff.{staff}"]
    ]
    assert shown(begun, "tanfidh_person_keys_missing") == 1
    shutil.copytree(tmp_path / "away", keys, dirs_exist_ok=True)
    assert (await read(asked, staff))["person"] == PERSON
    await begun.watch.look()
    assert begun.watch.missing == frozenset()


async def test_a_key_that_vanishes_is_found_and_data_recorded_anew_ends_the_alarm(
    asked: Asked, staff: str, tmp_path: Path
) -> None:
    await recorded(asked, staff)
    watch, stream, first = KeyWatch(asked.store, asked.vault), f"staff.{staff}", asked.store.head
    await watch.look()
    assert watch.missing == frozenset()
    (tmp_path / "person-keys" / "keys" / f"{stream}.1").unlink()
    await watch.look()
    assert (watch.missing, watch.lost) == ({stream}, frozenset())
    await done(asked, "PUT", f"/staff/{staff}/person", {"name_latin": "Salim"})
    with capture_logs() as lines:
        await watch.look()
        old = await read(asked, staff, f"?as_of={first}")
    assert (watch.missing, watch.lost) == (frozenset(), {stream})
    assert [line["event"] for line in lines] == ["person-keys.lost", "person.read"]
    assert (old["personal_data"], set(old["person"].values())) == ("lost", {"lost"})
    assert (await read(asked, staff))["person"] == {"name_latin": "Salim"}


async def test_a_look_costs_the_same_however_many_there_are(
    asked: Asked, staff: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorded(asked, staff)
    other = "p-0123456780"
    posting = {"mission": "emb-a", "category": "attached-officer", "authority": DEPARTMENT}
    await done(asked, "POST", f"/staff/{other}/post", posting)
    await recorded(asked, other)
    monkeypatch.setattr("services.registry.key_watch.AT_ONCE", 1)
    watch, looked = KeyWatch(asked.store, asked.vault), []
    key_of = asked.vault.key_of
    monkeypatch.setattr(
        asked.vault, "key_of", lambda token: looked.append(token.origin.stream) or key_of(token)
    )
    for _ in range(3):
        await watch.look()
    assert [stream[-1] for stream in dict.fromkeys(looked)] == ["9", "0"]


async def test_an_erasure_that_broke_off_is_finished_at_the_next_start(
    asked: Asked, staff: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorded(asked, staff)
    with monkeypatch.context() as patch:
        patch.setattr(type(asked.vault), "erase", _broken)
        assert (await erased(asked, staff, Idempotency_Key="erase"))["key"] == "pending"
        assert await asked.erasures.overview() == {"erasures_pending": 1}
        assert shown(asked.erasures, "tanfidh_person_erasures_pending") == 1
    assert len(asked.vault.every_key()) == 1
    assert (await read(asked, staff))["personal_data"] == "erased"
    await Erasures(asked.store, asked.vault).begin()
    assert asked.vault.every_key() == []
    again = await asked.send("POST", f"/staff/{staff}/erase", REASON, Idempotency_Key="erase")
    assert (again.json()["key"], again.headers["idempotency-replayed"]) == ("destroyed", "true")
    assert int(again.headers["content-length"]) == len(again.content)
    assert await asked.erasures.overview() == {"erasures_pending": 0}


def _broken(*_: Any) -> None:
    raise OSError("the folder is away")


async def test_a_folder_of_keys_from_before_changes_nothing(asked: Asked, staff: str, tmp_path: Path) -> None:
    await recorded(asked, staff)
    folder = tmp_path / "person-keys"
    shutil.copytree(folder, tmp_path / "before")
    await erased(asked, staff)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "before", folder)
    assert (await read(asked, staff))["personal_data"] == "erased"
    await Erasures(asked.store, asked.vault).begin()
    assert (asked.vault.every_key(), [e.owner for e in asked.vault.erasures()]) == ([], [f"staff.{staff}"])


@pytest.mark.parametrize(
    ("more", "since", "by"),
    [
        ({}, "2025-05-05T00:00:00.000000Z", None),
        (
            {"effective_at": "2025-05-04T23:59:59Z", "by": "admin-2"},
            "2025-05-04T23:59:59.000000Z",
            "admin-2",
        ),
    ],
)
async def test_a_log_from_before_learns_of_it_again(
    asked: Asked, staff: str, tmp_path: Path, more: dict[str, str], since: str, by: str | None
) -> None:
    """The folder knows of an erasure that the log has never had, as after a restore of the database.

    It is effective since it was; a folder of an older release does not tell who erased.
    """
    await recorded(asked, staff)
    shutil.copytree(tmp_path / "person-keys" / "keys", tmp_path / "before")
    erasure = orjson.dumps(
        {
            "format": 1,
            "owner": f"staff.{staff}",
            "event": "e-1",
            "recorded_at": "2025-05-05T00:00:00Z",
            "reason": "requested",
            "basis": "HR/9",
        }
        | more
    )
    (tmp_path / "person-keys" / "erased" / f"staff.{staff}").write_bytes(erasure)
    assert (await read(asked, staff))["personal_data"] == "erased"
    for _ in range(2):
        await Erasures(asked.store, asked.vault).begin()
    assert asked.vault.every_key() == []
    last = (await asked.get(f"/streams/staff/{staff}")).json()["items"][-1]
    assert (last["type"], last["data"]) == (
        "registry.staff.erased",
        {"reason": "requested", "basis": "HR/9", "erased_by": by},
    )
    assert (last["effective_at"], last["recorded_at"] > last["effective_at"]) == (since, True)
    assert last["actor"]["subject"] == "service:registry", "who recorded it, as always"
    assert (await asked.store.load(StaffMember, staff)).version == 3


async def test_the_folder_keeps_when_and_by_whom_it_was_erased(asked: Asked, staff: str) -> None:
    await recorded(asked, staff)
    await erased(asked, staff)
    event = (await asked.get(f"/streams/staff/{staff}")).json()["items"][-1]
    (kept,) = asked.vault.erasures()
    assert (rfc3339(kept.since), kept.by) == (event["effective_at"], event["actor"]["subject"])
    assert kept.by is not None


async def test_a_log_that_lost_the_data_too_tells_everywhere_that_it_was_erased(
    asked: Asked, staff: str
) -> None:
    before = asked.store.head
    at = datetime(2025, 5, 5, tzinfo=UTC)
    erasure = Erasure(owner=f"staff.{staff}", event="e-1", recorded_at=at, reason="requested", basis="HR/9")
    asked.vault.erase(erasure)
    await Erasures(asked.store, asked.vault).begin()
    told = await read(asked, staff)
    assert (told["personal_data"], told["person"]) == ("erased", {})
    assert (await asked.get(f"/staff/{staff}")).json()["personal_data"] == "erased"
    assert (await read(asked, staff, f"?as_of={before}"))["personal_data"] == "none"


async def test_without_keys_nothing_personal_is_taken(asked: Asked, staff: str) -> None:
    with pytest.raises(Refusal) as told:
        await PersonKeys(None).sealing_key(staff)
    assert told.value.slug == "personal-data-not-kept"
