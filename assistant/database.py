"""The database of what the service keeps of people: accounts, conversations, the audit and feedback.

Apart from the library's record, so that erasing, sharing or rebuilding a library never touches it; any process may open it.
"""

from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, event

from assistant.postgres import postgres_engine


def service_engine(folder: Path, database: SecretStr | None = None) -> Engine:
    """An engine on the service's database: in the library's `folder`, which must exist, or in the PostgreSQL `database`."""
    if database:
        return postgres_engine(database, "service")
    engine = create_engine(f"sqlite:///{folder / 'service.sqlite3'}")
    event.listen(engine, "connect", _set_up_connection)
    return engine


def _set_up_connection(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA busy_timeout = 5000")
