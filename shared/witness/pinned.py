"""The keys of watched logs that an operator gives beforehand."""

from shared.eventstore.log.note import UnverifiableNote, read_verifier_key


def pinned_keys(given: str) -> dict[str, str]:
    """Read verifier keys that are separated by spaces; return each by its service.

    A key is one of the service, whatever log it is named after: a restored log is signed with the same.

    Raises:
        ValueError: one is not the verifier key of a log of ours.
    """
    keys: dict[str, str] = {}
    for key in given.split():
        try:
            name, _ = read_verifier_key(key)
        except UnverifiableNote as error:
            raise ValueError(f"TANFIDH_WITNESS_KEYS: {error}") from error
        parts = name.split("/")
        if len(parts) != 3 or parts[0] != "tanfidh":
            raise ValueError(f"TANFIDH_WITNESS_KEYS: {name} is no log of ours")
        keys[parts[1]] = key
    return keys
