"""The keys that signatures are checked with: one of each service, from where no database administrator is."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import FolderUnknown, LocalModeError
from deploy.local.secrets import Secrets
from shared.eventstore.log.cosignature import COSIGNATURE, CosignatureVerifier, witness_name
from shared.eventstore.log.note import (
    UnverifiableNote,
    Verifier,
    origin_of,
    raw_public,
    read_verifier_key,
    verifier_key_of,
)
from shared.service import read_signing_key


class KeysMissing(LocalModeError):
    """Without its key a service's log cannot be verified."""


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """The public key of a service. It signs all of its logs, before and after restores, and cosigns."""

    service: str
    public: bytes

    def of_log(self, log_id: str) -> Verifier:
        """Verify checkpoints of one of its logs."""
        return Verifier(verifier_key_of(origin_of(self.service, log_id), self.public))

    def of_witness(self) -> CosignatureVerifier:
        """Verify what it cosigned."""
        return CosignatureVerifier(verifier_key_of(witness_name(self.service), self.public, COSIGNATURE))


def keys_of_folder(data: Path, services: Iterable[str]) -> dict[str, ServiceKey]:
    """Take the keys from the key files of a data folder. Raises FolderUnknown, KeyUnusable."""
    folder = Secrets(data).folder
    if not folder.is_dir():
        raise FolderUnknown(f"There is no data of Tanfidh in {data}. Name its folder with --data.")
    return {
        service: ServiceKey(service, raw_public(read_signing_key(folder / f"{service}-log.pem")))
        for service in services
    }


def keys_given(verifier_keys: Iterable[str], services: Iterable[str]) -> dict[str, ServiceKey]:
    """Read verifier keys as ``GET /log`` tells them. Raises KeysMissing where one is wrong or not given."""
    keys: dict[str, ServiceKey] = {}
    for verifier_key in verifier_keys:
        try:
            name, public = read_verifier_key(verifier_key)
        except UnverifiableNote as error:
            raise KeysMissing(str(error)) from error
        parts = name.split("/")
        if len(parts) != 3 or parts[0] != "tanfidh":
            raise KeysMissing(f"{name} names no log of ours.")
        if keys.setdefault(parts[1], ServiceKey(parts[1], public)).public != public:
            raise KeysMissing(f"Two keys were given for {parts[1]}.")
    missing = [service for service in services if service not in keys]
    if missing:
        raise KeysMissing(
            f"The logs of {', '.join(missing)} cannot be verified without their keys: name each with --key. "
            "GET /log of a service tells it; take it from the operator once and keep it."
        )
    return keys
