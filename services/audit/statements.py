"""The named SQL statements of audit, one file each in ``sql/``."""

from importlib.resources import files


def statement(name: str) -> str:
    """Return the text of ``sql/<name>.sql``."""
    return (files("services.audit") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
