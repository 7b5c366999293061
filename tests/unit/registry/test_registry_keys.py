"""With keys the registry carries out erasures; without, it has no such job, which would end at once."""

from pathlib import Path

from deploy.local.secrets import Secrets
from services.registry.service import build
from services.registry.settings import RegistrySettings
from shared.service import ServiceSettings


def jobs(folder: Path, kind: type[ServiceSettings], **keys: Path) -> set[str]:
    secrets = Secrets(folder)
    settings = kind(
        database_url="postgresql://nowhere/none",
        nats_url="nats://nowhere",
        signing_key=secrets.signing_key("registry"),
        jwks=secrets.jwks(),
        **keys,  # type: ignore[arg-type]  # only paths are among them
    )
    return set(build(settings).state.frame._further)


def test_erasures_are_carried_out_only_where_there_are_keys(tmp_path: Path) -> None:
    master = Secrets(tmp_path).random_key("person_keys_master")
    assert "erasures" not in jobs(tmp_path, ServiceSettings)
    assert "erasures" not in jobs(tmp_path, RegistrySettings, person_keys_master=master)
    keys = {"person_keys": tmp_path / "person-keys", "person_keys_master": master}
    assert "erasures" in jobs(tmp_path, RegistrySettings, **keys)
