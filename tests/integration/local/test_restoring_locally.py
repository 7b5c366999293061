"""A person puts back an older backup of local mode and restores, as docs/how-to/restore.md says."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.product import REGISTERS, Product, eventually, tanfidh

SERVICES = ("registry", "tasks", "notifier", "audit")
NEW = {"departments": [{"key": "translation", "name": {"en": "Translation", "ar": "الترجمة"}}]}


def copy_folder(source: Path, target: Path) -> None:
    """Copy with owners and times: the engines' account owns the files."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def readiness(product: Product, service: str) -> httpx.Response:
    return httpx.get(f"{product.url}/{service}/readyz", trust_env=False, verify=False, timeout=60)


def relay_of(product: Product, service: str) -> str:
    told: dict[str, Any] = readiness(product, service).json()
    return str(told.get("checks", {}).get("relay", ""))


@pytest.fixture
def product(tmp_path: Path) -> Product:
    return Product(tmp_path / "data", example=False)


def test_a_copy_of_the_database_folder_is_put_back_and_restored(product: Product, tmp_path: Path) -> None:
    postgres = product.data / "postgres"
    with product.running():
        imported = tanfidh("import", str(REGISTERS), data=product.data)
        assert imported.returncode == 0, imported.stderr
        product.published()
        product.end(signal.SIGINT)
    copy_folder(postgres, tmp_path / "backup")
    with product.running():
        admin = product.who("admin", "dana")
        admin.done("/registry/imports/departments", NEW)
        product.published()
        product.end(signal.SIGINT)
    subprocess.run(["rm", "-r", str(postgres)], check=True)
    copy_folder(tmp_path / "backup", postgres)

    with product.running():
        told = eventually(lambda: relay_of(product, "registry"), lambda said: "tanfidh restore" in said)
        assert "the store of registry ends at" in told
        assert readiness(product, "registry").status_code == 503
        refused = tanfidh("restore", "--yes", data=product.data)
        assert (refused.returncode, "is in use by another process" in refused.stderr) == (1, True)

    planned = tanfidh("restore", "--json", data=product.data)
    assert planned.returncode == 0, planned.stderr
    plan = json.loads(planned.stdout)
    assert plan["restored"] is False
    assert [event["type"] for event in plan["services"]["registry"]["lost"]] == [
        "registry.department.registered"
    ]
    done = tanfidh("restore", "--yes", data=product.data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 published events are not in the store" in done.stdout
    assert "Everything is in step. Start the services." in done.stdout
    [report] = product.data.glob("lost-registry-*.json")
    assert json.loads(report.read_text())["lost"][0]["stream"] == "department.translation"

    with product.running():
        product.who("admin", "dana").done("/registry/imports/departments", NEW)
        for service in SERVICES:
            eventually(lambda name=service: readiness(product, name).status_code, lambda code: code == 200)  # type: ignore[misc]  # bound per service
        product.published()
    again = tanfidh("restore", "--json", "--yes", data=product.data)
    told_again = json.loads(again.stdout)
    assert (told_again["restored"], told_again["reports"]) == (False, [])
    assert all(service["in_step"] for service in told_again["services"].values())


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    said = tanfidh("restore", data=tmp_path / "nothing")
    assert said.returncode == 1
    assert "There is no data of Tanfidh" in said.stderr
    assert not (tmp_path / "nothing").exists()
