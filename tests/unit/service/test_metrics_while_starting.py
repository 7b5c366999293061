"""A service that waits for its engines shows that it does; so alerts can tell it from one that is gone."""

from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.catalogue import SERVICES, build, settings_of
from deploy.front import Front
from deploy.local.secrets import Secrets
from services.registry.erasures import Erasures
from shared.web.leaving import Leaving


@pytest.mark.parametrize("service", SERVICES)
async def test_metrics_are_shown_before_a_service_is_open(service: str, tmp_path: Path) -> None:
    secrets, kind = Secrets(tmp_path), settings_of(service)
    further = {name: secrets.random_key(name) for name in kind.drawn}
    further |= {name: tmp_path / name for name in kind.folders}
    settings = kind(
        database_url="postgresql://nowhere/none",
        nats_url="nats://nowhere",
        signing_key=secrets.signing_key(service),
        jwks=secrets.jwks(),
        **further,  # type: ignore[arg-type]  # only paths are among them
    )
    front = Front(build(service, settings), Leaving())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://here") as client:
        shown = await client.get("/metrics")
    assert shown.status_code == 200
    families = {family.name: family for family in text_string_to_metric_families(shown.text)}
    assert families["tanfidh_starting"].samples[0].value == 1
    assert "tanfidh_log_position" not in families


async def test_an_erasure_that_cannot_be_carried_out_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    erasures = Erasures(None, None)  # type: ignore[arg-type]  # nothing is asked of a store

    async def refused() -> None:
        raise PermissionError

    def unfinished() -> float:
        return {family.name: family.samples[0].value for family in erasures.collect()}[
            "tanfidh_person_erasures_pending"
        ]

    assert unfinished() == 0
    with monkeypatch.context() as patch:
        patch.setattr(erasures, "finish_recorded", refused)
        await erasures.finish()
    assert unfinished() == 1
    await erasures.finish()
    assert unfinished() == 0
