"""Documents over HTTP on a real store: sent, registered, found by letter number, read back, withdrawn."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.integration.registry.conftest import Asked

PDF = b"%PDF-1.7\nOn the studies"
NAME = sha256(PDF).hexdigest()
LETTER = {
    "document_kind": "letter",
    "title": {"en": "On the studies", "ar": "بشأن الدراسات"},
    "sender": {"en": "Audit Bureau"},
    "dated": "2025-05-04",
    "incoming": "AB/2025/612",
    "sha256": NAME,
}


async def upload(asked: Asked, content: bytes, role: str = "department:legal", kind: str = "") -> Any:
    name = sha256(content).hexdigest()
    headers = {"Authorization": f"Bearer {role}", "Content-Type": kind or "application/octet-stream"}
    return await asked.client.put(f"/contents/{name}", content=content, headers=headers)


async def test_a_letter_is_sent_registered_found_and_read_back(asked: Asked, tmp_path: Path) -> None:
    early = await asked.send("PUT", "/documents/doc-1", LETTER)
    assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (404, "contents-not-there")
    sent = await upload(asked, PDF, kind="application/pdf")
    assert (sent.status_code, sent.json()) == (
        201,
        {"sha256": NAME, "size": len(PDF), "media_type": "application/pdf"},
    )
    assert (await upload(asked, PDF)).status_code == 200
    for number, incoming in enumerate(("AB/2025/612", "AB/2025/6", "ab/2025/613", "B/1"), 1):
        made = await asked.send("PUT", f"/documents/doc-{number}", LETTER | {"incoming": incoming})
        assert made.status_code == 201, made.text
    exact = (await asked.get("/documents?incoming=AB/2025/612")).json()["items"]
    assert [row["id"] for row in exact] == ["doc-1"]
    assert (exact[0]["size"], exact[0]["media_type"]) == (len(PDF), "application/pdf")
    first = await asked.get("/letters?begins=ab/2025/6&limit=2")
    assert [row["number"] for row in first.json()["items"]] == ["ab/2025/6", "ab/2025/612"]
    assert first.json()["items"][0]["document"]["id"] == "doc-2"
    following = first.headers["link"].partition("<")[2].partition(">")[0]
    rest = await asked.get(f"/letters{following}")
    assert [row["number"] for row in rest.json()["items"]] == ["ab/2025/613"]
    withdrawn = {"reason": {"en": "Sent by mistake"}, "reference": "9/2025"}
    answer = await asked.send("POST", "/documents/doc-1/withdraw", withdrawn)
    assert answer.json()["state"] == "withdrawn"
    headers = {"Authorization": "Bearer auditor"}
    for path in ("/documents/doc-1/content", f"/contents/{NAME}"):
        read = await asked.client.get(path, headers=headers)
        assert (read.status_code, read.content) == (200, PDF)
        assert read.headers["x-content-type-options"] == "nosniff"
        assert read.headers["content-disposition"].startswith("attachment")
    (tmp_path / "documents" / NAME[:2] / NAME).write_bytes(PDF + b" and more")
    damaged = await asked.client.get("/documents/doc-1/content", headers=headers)
    assert (damaged.status_code, damaged.json()["type"].rpartition("/")[2]) == (503, "contents-damaged")


async def test_what_may_not_be_kept_is_refused(asked: Asked) -> None:
    wrong = await upload(asked, b"<html></html>")
    assert (wrong.status_code, wrong.json()["type"].rpartition("/")[2]) == (415, "media-type-not-taken")
    headers = {"Authorization": "Bearer admin", "Content-Type": "application/pdf"}
    other = await asked.client.put(f"/contents/{'a' * 64}", content=PDF, headers=headers)
    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (422, "digest-differs")
    large = await asked.client.put(f"/contents/{NAME}", content=b"%PDF-" + bytes(16_000_001), headers=headers)
    assert large.status_code == 413
    assert (await upload(asked, PDF, role="service")).status_code == 403
    assert (await asked.client.put(f"/contents/{'A' * 64}", content=PDF, headers=headers)).status_code == 422
    await upload(asked, PDF)
    ahead = await asked.send("PUT", "/documents/doc-1", LETTER | {"dated": "2199-01-01"})
    assert (ahead.status_code, ahead.json()["type"].rpartition("/")[2]) == (422, "document-dated-ahead")
    denied = await asked.send("PUT", "/documents/doc-1", LETTER, role="auditor")
    assert denied.status_code == 403
