"""The registry's part of the main job, on a real PostgreSQL."""

import pytest

from tests.integration.registry.conftest import Asked
from tests.integration.registry.scenes import HOLD, imported, small


async def test_a_measure_becomes_known_and_is_ordered(asked: Asked) -> None:
    await imported(asked)
    path = "/measures/298-2025-a2-r20"
    known = {"receiver": "emb-gh", "confidence": "likely", "source": "5/2026"}
    assert (await asked.send("POST", f"{path}/order")).status_code == 409
    assert (await asked.send("POST", f"{path}/identify", known)).json()["state"] == "listed"
    assert (await asked.send("POST", f"{path}/order")).json()["state"] == "ordered"
    assert (await asked.get("/missions/emb-bf")).json()["state"] == "closing"


@pytest.mark.parametrize(
    ("category", "authority", "status", "slug"),
    [
        ("head-of-mission", "cabinet", 403, "authority-not-competent"),
        ("cook", "cabinet", 422, "category-unknown"),
        ("diplomat", "cabinet", 201, None),
    ],
)
async def test_who_is_competent_for_a_posting_is_not_for_the_caller_to_say(
    asked: Asked, category: str, authority: str, status: int, slug: str | None
) -> None:
    body = {"mission": "emb-it", "category": category, "authority": authority}
    nobody_yet = await asked.send("POST", "/staff/p-00000000a1/post", body)
    assert nobody_yet.json()["type"].endswith("/category-unknown"), "nothing is declared before the import"
    await imported(asked)
    answer = await asked.send("POST", "/staff/p-00000000a1/post", body, role=f"department:{authority}")
    assert answer.status_code == status
    assert slug is None or answer.json()["type"].endswith(f"/{slug}")


async def test_competences_that_contradict_stored_ones_are_refused(asked: Asked) -> None:
    await imported(asked)
    head, other = asked.store.head, small(7, "emb-gh", None)
    other["staff"]["categories"][0]["authority"] = "cabinet"
    refused = await asked.send("POST", "/imports", other)
    assert refused.status_code == 422 and "categories.0" in refused.text
    assert asked.store.head == head


@pytest.mark.parametrize("id", ["p-salem", "p-1234567", "p-" + "0" * 33, "p-ABCDEF01", "12345678"])
async def test_a_person_has_a_random_id(asked: Asked, id: str) -> None:
    body = {"mission": "emb-it", "category": "diplomat", "authority": "cabinet"}
    assert (await asked.send("POST", f"/staff/{id}/post", body)).status_code == 422


@pytest.mark.parametrize(
    ("reference", "status"),
    [
        ("12/2025", 200),
        ("م.و/12-2025", 200),
        ("Salem Ali 12", 422),
        ("letter", 422),
        ("1" * 65, 422),
        ("", 422),
    ],
)
async def test_a_reference_is_the_number_of_a_letter(asked: Asked, reference: str, status: int) -> None:
    await imported(asked)
    person = (await asked.get("/staff?mission=emb-va&category=diplomat")).json()["items"][0]
    body = {"by": "cabinet", "reference": reference}
    assert (await asked.send("POST", f"/staff/{person['id']}/recall", body)).status_code == status


async def test_the_competent_authority_may_act_for_itself_and_for_nobody_else(asked: Asked) -> None:
    await imported(asked)
    (head,) = (await asked.get("/staff?mission=emb-va&category=head-of-mission")).json()["items"]
    path, body = f"/staff/{head['id']}/reassign", {"by": "presidential-council", "mission": "emb-it"}
    assert (await asked.send("POST", path, body, role="department:hr")).status_code == 403
    wrong = body | {"by": "cabinet"}
    assert (await asked.send("POST", path, wrong, role="department:cabinet")).status_code == 403
    moved = await asked.send("POST", path, body, role="department:presidential-council")
    assert moved.json()["mission"] == "emb-it"
    row = (await asked.get(f"/staff/{head['id']}")).json()
    assert row["outcomes"][0]["outcome"] == "reassigned"
    assert (await asked.get("/missions/emb-it")).json()["staff"] == [head["id"]]


async def test_a_version_that_was_not_seen_is_refused(asked: Asked) -> None:
    await imported(asked)
    dates = {"public_on": "2025-11-01", "official_on": "2025-11-30"}
    stale = await asked.send("PUT", "/missions/emb-va/dates", dates, if_match='"1"')
    assert stale.status_code == 412
    etag = (await asked.get("/missions/emb-va")).headers["etag"]
    assert (await asked.send("PUT", "/missions/emb-va/dates", dates, if_match=etag)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/missions/emb-xx",
        "/measures/x",
        "/decrees/1-2000",
        "/staff/p-00000000",
        "/streams/mission/x",
        "/streams/x/y",
    ],
)
async def test_what_is_not_there_is_not_found(asked: Asked, path: str) -> None:
    response = await asked.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_decree_is_amended_by_endpoint_and_read_as_it_stood(asked: Asked) -> None:
    await imported(asked)
    later = small(401, "emb-va", None)
    later["decree"]["articles"][0]["rows"] = []
    later["decree"] |= {"announced_on": "2025-06-01", "in_force_on": "2025-06-02"}
    assert (await asked.send("POST", "/imports", later)).status_code == 200
    amendment = {
        "by": "401-2025",
        "on": "2025-06-02",
        "changed": [{"article": "1", "text": {"en": "As amended", "ar": "كما عُدّلت"}}],
        "rows_changed": [{"measure": "298-2025-a2-r20", "receiver": "emb-gh"}],
    }
    amended = await asked.send("POST", "/decrees/298-2025/amendments", amendment)
    assert (amended.status_code, amended.json()["irreversible"]) == (200, [])
    measure = (await asked.get("/measures/298-2025-a2-r20")).json()
    assert (measure["state"], measure["receiver"], measure["amended_by"]) == ("listed", "emb-gh", "401-2025")
    ordered = await asked.send("POST", "/measures/298-2025-a2-r20/order")
    assert ordered.json()["state"] == "ordered"
    now = (await asked.get("/decrees/298-2025")).json()["articles"][0]["text"]["en"]
    then = (await asked.get("/decrees/298-2025?effective_at=2025-05-05")).json()
    assert (now, then["articles"][0]["text"]["en"] != now, then["state"]) == ("As amended", True, "in-force")


async def test_whoever_is_called_like_a_department_lifts_none_of_its_holds(asked: Asked) -> None:
    await imported(asked)
    assert (
        await asked.send("POST", "/decrees/298-2025/holds", HOLD, role="controller:audit-bureau")
    ).status_code == 200
    body = {
        "met": [{"key": "financial", "evidence": ["5/2026"]}],
        "reason": {"en": "Reviewed", "ar": "روجعت"},
    }
    path = "/decrees/298-2025/holds/ab-1/lift"
    refused = await asked.send("POST", path, body, role="controller=audit-bureau")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "held-by-other")
    lifted = await asked.send("POST", path, body, role="controller:audit-bureau=somebody-else")
    assert lifted.status_code == 200, lifted.text
