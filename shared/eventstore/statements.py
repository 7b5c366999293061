"""The named SQL statements of the store, one file each in ``sql/``."""

from importlib.resources import files


def statement(name: str) -> str:
    """Return the text of ``sql/<name>.sql``."""
    return (files("shared.eventstore") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


APPEND = statement("append")
_END = "SELECT turn FROM fence"
APPEND_PARKING = APPEND.replace(_END, statement("parking") + _END)
"""The same with changes of what is parked; who parks nothing pays nothing for it."""
LOAD = statement("load")
TILES = statement("tiles")
COLUMNS = (
    "position, stream, version, type, schema, recorded_at, effective_at, data, meta, sealed, previous, leaf"
)
READ = f"SELECT {COLUMNS} FROM events WHERE position > $1 ORDER BY position LIMIT $2"
READ_ONE = f"SELECT {COLUMNS} FROM events WHERE position = $1"
HISTORY = f"""
SELECT {COLUMNS} FROM events WHERE stream = $1 AND version > $2 AND position <= $3
ORDER BY version LIMIT $4"""
# The conditions are those of the indexes in migration 0008, so that nothing else is looked through.
ERASED = f"""
SELECT {COLUMNS} FROM events WHERE type LIKE '%.erased' AND position > $1 ORDER BY position LIMIT $2"""
IS_ERASED = "SELECT EXISTS (SELECT FROM events WHERE stream = $1 AND type LIKE '%.erased')"
SEALED = (
    f"SELECT {COLUMNS} FROM events WHERE sealed <> ''::bytea AND position > $1 ORDER BY position LIMIT $2"
)
POSITION_AT = statement("position_at")
LOOK = "SELECT h.position AS head, i.name, i.position FROM head h LEFT JOIN inboxes i ON true"
HEAD = "SELECT log_id, turn, mark, position, recorded_at FROM head"
ANSWERS = "SELECT command, fingerprint, position, answer FROM answers WHERE command = ANY($1::uuid[])"
NEWEST_ANSWERS = """
SELECT command, fingerprint, position, answer FROM answers WHERE position >= $1
ORDER BY position DESC LIMIT $2"""
