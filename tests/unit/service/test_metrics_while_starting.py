"""A service that waits for its engines shows that it does; so alerts can tell it from one that is gone."""

from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.catalogue import SERVICES, build, settings_of
from deploy.front import Front
from deploy.local.secrets import Secrets
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
