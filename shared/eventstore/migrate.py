"""Numbered migrations with checksums, run by an explicit command and never by a service.

Those up to 1000 are every service's. A service may have further ones of its own, numbered from 1001, in the
folder ``migrations`` of its package; whoever knows the service passes them in.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from shared.eventstore.connection import role_of
from shared.eventstore.errors import UnusableStore

_LOCK = 0x7461_6E66_6964_68
_REGISTER = """
CREATE TABLE IF NOT EXISTS migrations (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""
# Roles belong to the whole cluster, where another database may be migrated at this moment.
_CREATE_ROLE = """
DO $$ BEGIN
    CREATE ROLE "{role}" NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""
# A table whose trigger refuses changes to everybody gives the service's role no right to them either.
_APPEND_ONLY = """
SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = 'append_only' AND relnamespace = $1::regnamespace"""
_FIRST_OWN = 1001


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; its checksum is SHA-256 of its text."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """All migrations of this release that every service has, in order."""
    return migrations_in("shared.eventstore")


def migrations_in(package: str) -> list[Migration]:
    """All migrations in the folder ``migrations`` of a package, in order; none where it has none."""
    folder = files(package) / "migrations"
    found = []
    for file in folder.iterdir() if folder.is_dir() else ():
        matched = re.fullmatch(r"(\d{4})_([a-z_]+)\.sql", file.name)
        if matched:
            found.append(Migration(int(matched[1]), matched[2], file.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.number)


async def migrate(
    database_url: str, service: str, log_id: UUID | None = None, own: Sequence[Migration] = ()
) -> list[str]:
    """Bring the schema of a service to this release; return the names of what was applied.

    Run as a role that may create schemas and roles. One runs at a time, the others wait. `own` are the
    service's own migrations.

    Raises:
        UnusableStore: the schema was changed by a newer release, or by hand.
    """
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            await connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{service}"')
            await connection.execute(f'SET LOCAL search_path = "{service}"')
            await connection.execute(_REGISTER)
            pending = _pending(await _applied(connection), service, own)
            for migration in pending:
                await connection.execute(migration.sql)
                await connection.execute(
                    "INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)",
                    migration.number,
                    migration.name,
                    migration.checksum,
                )
            await _begin_log(connection, log_id or uuid4())
            await _grant(connection, service)
        return [migration.name for migration in pending]
    finally:
        await connection.close()


async def check_schema(pool: Any, service: str, own: Sequence[Migration] | None = ()) -> None:
    """Refuse to work on a schema that is not exactly this release's.

    Where `own` is None, the service's own migrations are not looked at: for those who work with what every
    service has.
    """
    try:
        applied = await _applied(pool)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError) as error:
        raise UnusableStore(f"the schema {service} is not there: run `tanfidh migrate`") from error
    if own is None:
        applied = {number: said for number, said in applied.items() if number < _FIRST_OWN}
    pending = _pending(applied, service, own or ())
    if pending:
        raise UnusableStore(f"the schema {service} is older than this release: run `tanfidh migrate`")


async def _applied(connection: Any) -> dict[int, tuple[str, str]]:
    rows = await connection.fetch("SELECT number, name, checksum FROM migrations")
    return {row["number"]: (row["name"], row["checksum"]) for row in rows}


def _pending(
    applied: Mapping[int, tuple[str, str]], service: str, own: Sequence[Migration]
) -> list[Migration]:
    ours = [*migrations(), *own]
    unknown = sorted(set(applied) - {migration.number for migration in ours})
    if unknown:
        raise UnusableStore(f"the schema {service} was made by a newer release (migration {unknown[-1]})")
    for migration in ours:
        if migration.number in applied and applied[migration.number][1] != migration.checksum:
            raise UnusableStore(
                f"migration {migration.number} {migration.name} was applied to {service} with another text"
            )
    return [migration for migration in ours if migration.number not in applied]


async def _begin_log(connection: Any, log_id: UUID) -> None:
    begun = await connection.fetchval(
        "INSERT INTO head (log_id) SELECT $1 WHERE NOT EXISTS (SELECT FROM head) RETURNING log_id", log_id
    )
    if begun is not None:
        await connection.execute("INSERT INTO logs (log_id, first) VALUES ($1, 1)", log_id)


async def _grant(connection: Any, service: str) -> None:
    role = role_of(service)
    await connection.execute(_CREATE_ROLE.format(role=role))
    await connection.execute(f'GRANT "{role}" TO CURRENT_USER')
    await connection.execute(f'GRANT USAGE ON SCHEMA "{service}" TO "{role}"')
    await connection.execute(
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{service}" TO "{role}"'
    )
    await connection.execute(f'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "{service}" TO "{role}"')
    await connection.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{service}" TO "{role}"')
    for row in await connection.fetch(_APPEND_ONLY, service):
        await connection.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON {row[0]} FROM "{role}"')
    await connection.execute(f'REVOKE INSERT, UPDATE, DELETE ON migrations, logs FROM "{role}"')
