"""PostgreSQL in place of the files of one machine: how its database is reached, and what its errors mean in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, TimeoutError

from assistant.errors import LibraryError, LibraryFull

_DISK_FULL, _MAY_NOT = "53100", "42501"
_SECONDS = 5
"""How long a machine that does not answer is waited for."""
_SETTING_UP = 7_860_001
"""The advisory lock under which tables are made: two processes may start at once."""


def postgres_engine(url: SecretStr, schema: str) -> Engine:
    """An engine whose tables live in `schema` of the database at `url`; connects when first used.

    A connection that a restart of the server has cut is noticed and made anew. Raises LibraryError where `url` is no address.
    """
    try:
        address = make_url(url.get_secret_value()).set(drivername="postgresql+psycopg")
    except ArgumentError:
        raise LibraryError(
            "DATABASE_URL is not the address of a database; write it as postgresql://USER:PASSWORD@HOST:PORT/NAME."
        ) from None  # the cause would show the password
    options = {"connect_timeout": _SECONDS, "options": f"-csearch_path={schema} -cjit=off"}
    engine = create_engine(address, pool_pre_ping=True, hide_parameters=True, connect_args=options)
    event.listen(engine.pool, "first_connect", lambda connection, _record: _make_schema(connection, schema))
    return engine


def set_up_alone(connection: Any) -> None:
    """Wait until no other process is making tables; until the transaction ends no other will."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SETTING_UP})


def _make_schema(connection: Any, schema: str) -> None:
    with connection.cursor() as cursor:
        if not cursor.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone()[0]:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_SETTING_UP,))
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.commit()


@contextmanager
def plain_errors() -> Iterator[None]:
    """Raises LibraryFull or LibraryError in place of what the database says, which may hold addresses and names."""
    try:
        yield
    except (DBAPIError, TimeoutError) as error:
        state = getattr(getattr(error, "orig", None), "sqlstate", None)
        if state == _DISK_FULL:
            raise LibraryFull("There is no room left on the disk of the database; free some space and run it again.") from error
        if state == _MAY_NOT:
            raise LibraryError(
                "The user of DATABASE_URL may not make or write tables in its database; let it, and run it again."
            ) from error
        if isinstance(error, (OperationalError, InterfaceError, TimeoutError)):
            raise LibraryError("The database cannot be reached; see that PostgreSQL runs and that DATABASE_URL is right.") from error
        raise
