"""What must not get in: each refused with a message that a person can act on, and nothing half done."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from deploy.local.secrets import Secrets
from shared.domain.clock import system_clock
from shared.dossier import read_folder
from shared.web.signing import issue_token, new_signing_key
from tests.product import DECREE, EXAMPLE, Person, Product, tanfidh

TASK = f"/tasks/tasks/{DECREE}-a2-r05-t01"
ROW = {"row": 1, "kind": "reduce-staff", "mission": "emb-it", "target": {"posts": 40}, "confidence": "likely"}
DATES = "/registry/missions/emb-lc/dates"


@pytest.fixture(autouse=True)
def nothing_is_stored(product: Product, office: Person) -> Iterator[None]:
    """Every service holds after each test what it held before it."""
    before = product.positions()
    yield
    assert product.positions() == before


@pytest.mark.parametrize(
    ("method", "path", "body", "slug", "told"),
    [
        ("POST", f"{TASK}/assign", {"lead": "nosuch"}, "unknown-department", "no department nosuch"),
        ("POST", f"{TASK}/assign", {"leed": "legal"}, "validation-failed", "see errors"),
        ("POST", f"{TASK[:-2]}99/assign", {}, "not-found", "There is no task"),
        (
            "PUT",
            DATES,
            {"public_on": "0001-01-01", "official_on": "9999-12-31"},
            "validation-failed",
            "2 value(s)",
        ),
        (
            "PUT",
            DATES,
            {"public_on": "2025-02-30", "official_on": "2025-12-31"},
            "validation-failed",
            "1 value(s)",
        ),
        (
            "PUT",
            DATES,
            {"public_on": "2025-12-31", "official_on": "2025-12-01"},
            "closing-dates-out-of-order",
            "after its official closing",
        ),
        ("PUT", DATES, {"public_on": 5, "official_on": 6}, "validation-failed", "2 value(s)"),
        (
            "POST",
            "/registry/staff/p-0000000002/post",
            {"mission": "emb-no", "category": "diplomat", "authority": "cabinet"},
            "not-found",
            "no mission emb-no",
        ),
    ],
)
def test_a_bad_command_is_refused(
    product: Product, office: Person, method: str, path: str, body: Any, slug: str, told: str
) -> None:
    asking = product.colleague("cabinet") if "staff" in path else office
    assert told in asking.refused(path, slug, body, method)["detail"]


def test_every_wrong_value_is_named_with_its_place_in_both_languages(office: Person) -> None:
    body = {"public_on": "0001-01-01", "official_on": "2025-12-31", "oficial": True}
    errors = office.refused(DATES, "validation-failed", body, "PUT")["errors"]
    told = {error["pointer"]: (error["what"]["en"], error["what"]["ar"]) for error in errors}
    assert told.keys() == {"/public_on", "/oficial"}
    assert told["/public_on"][0] == "0001-01-01 is not in the years 1900 to 2200"
    assert told["/oficial"] == ("Extra inputs are not permitted", "حقل غير معروف")


def test_prerequisites_in_a_circle_are_named(product: Product, office: Person) -> None:
    task = {"title": {"en": "x"}, "lead": "legal", "workstream": "legal", "window": "-1"}
    steps = [{**task, "number": number, "needs": [need]} for number, need in ((1, 2), (2, 3), (3, 1))]
    procedure = {
        "label": "1",
        "title": {"en": "x"},
        "calendar": "ly",
        "roll": "back",
        "tasks": steps,
        "decree_tasks": [],
    }
    refusal = office.refused("/tasks/templates/circular", "template-flawed", procedure)
    assert "the needs run in a circle: " in refusal["detail"]
    assert [flaw["code"] for flaw in refusal["flaws"]] == ["cycle"]


@pytest.mark.parametrize(
    "path", ["/registry/imports", DATES, f"{TASK}/submit"], ids=["dossier", "dates", "submission"]
)
def test_a_body_of_50_mb_is_refused(office: Person, path: str) -> None:
    headers = {"Idempotency-Key": "big", "Content-Type": "application/json"}
    method = "PUT" if path == DATES else "POST"
    response = office.request(method, path, content=b" " * 50_000_000, headers=headers)
    assert response.status_code == 413
    assert response.json()["type"].endswith("/body-too-large")


def test_whoever_is_not_known_gets_nothing(product: Product) -> None:
    ours, now = Secrets(product.data).token_key(), system_clock()
    hour = timedelta(hours=1)
    tokens = {
        "The token has expired.": issue_token(ours, "a", "admin", None, hour, now=now - 2 * hour),
        "key": issue_token(new_signing_key(), "a", "admin", None, hour, now=now),
        "not a signed JWT": "x.y.z",
    }
    for reason, token in tokens.items():
        stranger = product.bearer(token)
        problem = stranger.refused(DATES, "unauthenticated", {}, "PUT")
        assert (problem["status"], reason in problem["detail"]) == (401, True), problem
        assert stranger.get("/registry/missions").status_code == 401


def test_an_auditor_changes_nothing(product: Product, office: Person) -> None:
    auditor = product.who("auditor", "auditor-2")
    dates = {"public_on": "2025-11-30", "official_on": "2025-12-28"}
    assert auditor.refused(DATES, "not-permitted", dates, "PUT")["status"] == 403
    assert auditor.refused(f"{TASK}/accept", "not-permitted")["status"] == 403


@pytest.mark.parametrize(
    ("file", "there", "instead", "told"),
    [
        (
            "missions.yaml",
            "host: VA",
            "host: XX",
            "[missions.yaml missions.0.host] 'XX' is not a country code",
        ),
        ("missions.yaml", "id: emb-va", "id: emb-vb", "There is no mission emb-va."),
        ("closing-procedure.yaml", "needs: [1]", "needs: [5]", "the needs run in a circle: "),
        ("closing-procedure.yaml", "lead: legal", "lead: leagal", "There is no department leagal."),
        ("dossier.yaml", "decree:", "decree: [", "[dossier.yaml] The file cannot be read: expected"),
        ("dossier.yaml", "announced_on: 2025", "announced_on: 0025", "is not in the years 1900 to 2200"),
    ],
)
def test_a_bad_dossier_is_refused_before_anything_of_it_is_stored(
    product: Product, tmp_path: Path, file: str, there: str, instead: str, told: str
) -> None:
    dossier = tmp_path / "dossier"
    shutil.copytree(EXAMPLE, dossier)
    text = (dossier / file).read_text(encoding="utf-8")
    assert there in text
    (dossier / file).write_text(text.replace(there, instead, 1), encoding="utf-8")
    # Also where the procedure and a department are new: what goes first must not be stored either.
    departments = dossier / "departments.yaml"
    with departments.open("a", encoding="utf-8") as more:
        more.write("  - {key: newcomers, name: {en: Newcomers}}\n")
    said = tanfidh("import", str(dossier), data=product.data)
    assert (said.returncode, said.stdout) == (1, "")
    assert told in said.stderr and "Traceback" not in said.stderr


def test_a_procedure_that_nobody_adopted_is_told_before_anything_is_stored(
    product: Product, tmp_path: Path
) -> None:
    head = read_folder(EXAMPLE).dossier.decree.model_dump(mode="json", exclude_unset=True)
    article = {"article": "1", "text": {"en": "Another."}, "rows": [ROW]}
    other = {"number": 7, "uri": "/akn/ly/act/decree/2025/7", "obligations": [], "articles": [article]}
    for key, told in (("closng", "the procedure closng is not adopted"), ("closing", "")):
        path = tmp_path / "decree.json"
        path.write_bytes(orjson.dumps({"decree": head | other, "procedure": key}))
        said = tanfidh("import", str(path), "--dry-run", data=product.data)
        assert (said.returncode, "problem(s)" in said.stdout) == (0, False), said.stdout + said.stderr
        assert told in said.stdout
        assert ("no task or plan will come of: measure 7-2025-a1-r01" in said.stdout) is bool(told)
        assert ("not adopted" in said.stdout) is bool(told)


def test_a_repeated_import_changes_nothing_and_tells_what_it_kept(
    product: Product, office: Person, tmp_path: Path
) -> None:
    same = tanfidh("import", str(EXAMPLE), data=product.data)
    assert (same.returncode, "new are none" in same.stdout, "kept" in same.stdout) == (0, True, False)
    dossier = tmp_path / "dossier"
    shutil.copytree(EXAMPLE, dossier)
    procedure = dossier / "closing-procedure.yaml"
    procedure.write_text(procedure.read_text(encoding="utf-8").replace("-180", "-170", 1), encoding="utf-8")
    other = tanfidh("import", str(dossier), data=product.data)
    assert other.returncode == 0, other.stderr
    assert "kept as they were, for a version has this label already: closing" in other.stdout


def test_a_port_or_a_folder_that_is_in_use_is_told(product: Product, tmp_path: Path) -> None:
    port = product.url.rpartition(":")[2]
    taken = tanfidh("up", data=tmp_path / "data", PORT=port)
    assert (taken.returncode, f"Port {port} on 127.0.0.1 is in use" in taken.stderr) == (1, True)
    assert not (tmp_path / "data").exists()
    shared = tanfidh("up", data=product.data)
    assert (shared.returncode, "is in use by another process" in shared.stderr) == (1, True)
