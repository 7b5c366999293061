"""`tanfidh erase`: what it says and how it exits."""

from deploy.cli.erasing import conclude

STAFF = "p-0123456789"


def test_a_key_that_is_still_there_is_told() -> None:
    done = "\n".join(conclude({"staff": STAFF, "key": "destroyed"}))
    pending = "\n".join(conclude({"staff": STAFF, "key": "pending"}))
    assert "its key is destroyed" in done
    assert "NOT DESTROYED YET" in pending
    assert "its key is destroyed" not in pending
