"""The database of what the service keeps of people: accounts, conversations, the audit and feedback.

Apart from the library's record, so that erasing, sharing or rebuilding a library never touches it; any process may open it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError

from assistant.errors import LibraryError
from assistant.postgres import postgres_engine

SERVICE = "service.sqlite3"


def service_engine(folder: Path, database: SecretStr | None = None) -> Engine:
    """An engine on the service's database: in the library's `folder`, which must exist, or in the PostgreSQL `database`."""
    if database:
        return postgres_engine(database, "service")
    engine = create_engine(f"sqlite:///{folder / SERVICE}", hide_parameters=True)
    event.listen(engine, "connect", _set_up_connection)
    return engine


def prepare(engine: Engine, schema: MetaData) -> None:
    """Make the tables of `schema`; those made before have the columns added that may be empty. Raises LibraryError."""
    with transaction(engine) as connection:
        schema.create_all(connection)
        for table in schema.sorted_tables:
            there = {column["name"] for column in inspect(connection).get_columns(table.name)}
            for column in table.columns:
                if column.nullable and column.name not in there:
                    connection.execute(text(f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {column.type}'))


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """All that is done within is done, or nothing. Raises LibraryError where the database cannot be read or written."""
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        said = str(error.orig).partition("\n")[0]
        raise LibraryError(
            f"The service's database cannot be read or written ({said}); check the disk and the folder's permissions."
        ) from None


def scrub(engine: Engine) -> None:
    """Leave no byte of what was deleted from an SQLite database in its files. Raises LibraryError."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    except DBAPIError as error:
        raise LibraryError(
            f"The database could not be cleared of what was deleted ({error.orig}); free some space and run it again."
        ) from None


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of the SQLite file `source`, which others may be writing to, as the new file `target`. Raises LibraryError."""
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as from_, closing(sqlite3.connect(target)) as to:
            from_.backup(to)
            to.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise LibraryError(f"{source} cannot be copied ({error}); free some space, or run `python app.py check`.") from error


def faults(engine: Engine) -> list[str]:
    """What an SQLite database says is wrong with itself; empty where all is well. Raises LibraryError where it cannot be read."""
    if engine.dialect.name != "sqlite":
        return []
    with transaction(engine) as connection:
        found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        found += [f"a row of {row[0]} belongs to nothing" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    return [said for said in found if said != "ok"]


def _set_up_connection(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA secure_delete = ON")
