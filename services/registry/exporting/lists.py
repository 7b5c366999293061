"""Rows of views as the rows of lists; pure."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]


def mission_values(row: Row) -> dict[str, str]:
    """A mission as it is: its kind, city, establishment and the States that it answers for now."""
    answers_for = [span["state"] for span in row["accredited"] if span["until"] is None]
    further = [state for state in answers_for if state != row["host"]] or row["accreditations"]
    texts = {
        f"{name}_{language}": row[name][language] for name in ("name", "city") for language in ("en", "ar")
    }
    plain = {name: row[name] for name in ("id", "host", "posts", "state", "confidence", "provenance")}
    values = plain | texts | {"kind": row["mission_kind"], "accreditations": " ".join(further)}
    return {name: str(value) for name, value in values.items() if value is not None}


def staff_values(row: Row, personal: Mapping[str, str]) -> dict[str, str]:
    """A posting, with what is told of the person where that is asked for."""
    values = {name: row[name] for name in ("id", "mission", "category", "authority", "provenance")}
    if row["posted_on"] is not None:
        values["posted_on"] = row["posted_on"]
    return values | dict(personal)
