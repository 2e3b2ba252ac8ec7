"""Accounts that people sign in with: passwords hashed with argon2, a pause after bad ones, and sign-ins that expire.

In the service's database. Nothing that could be used to sign in is kept as it is: of a sign-in there is the hash of its token.
"""

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Update,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from assistant.errors import AccountError
from assistant.people import Person, Role

IDLE = 60 * 60.0
"""Seconds after which a sign-in that is not used ends."""
LONGEST = 12 * 60 * 60.0
"""Seconds after which any sign-in ends."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_SEEN_EVERY = 60.0
_PAUSE, _LONGEST_PAUSE, _FORGOTTEN = 60.0, 60 * 60.0, 2 * 60 * 60.0
_EACH, _ADDRESS, _NAMED = 5, 50, 50
"""Bad passwords before a pause: for one name from one address, from one address for all names, for one name from anywhere."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each check of a password takes 64 MB: more than two at a time would let anyone fill the memory."""

_schema = MetaData()
_accounts = Table(
    "accounts",
    _schema,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password", String(200), nullable=False),
)
_sign_ins = Table(
    "sign_ins",
    _schema,
    Column("token", String(64), primary_key=True),
    Column("name", String(64), nullable=False, index=True),
    Column("began", Float, nullable=False),
    Column("seen", Float, nullable=False),
)
_bad = Table(
    "bad_sign_ins",
    _schema,
    Column("name", String(64), primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last", Float, nullable=False),
)


@dataclass(frozen=True)
class Account:
    """An account as an administrator sees it."""

    name: str
    role: Role
    signed_in: int
    """Sign-ins that have not ended."""
    paused: bool
    """Whether signing in to it is paused, from some address at least."""


class Accounts:
    """The accounts in the database that `engine` opens. `clock` gives seconds since 1970."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time, hasher: PasswordHasher | None = None) -> None:
        self._engine, self._clock = engine, clock
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())
        _schema.create_all(engine)

    # -- what an administrator does ----------------------------------------------

    def add(self, name: str, role: Role, password: str) -> None:
        """Make an account. Raises AccountError where the name is taken or cannot be one, or the password will not do."""
        name = _plain(name)
        if not _NAME.fullmatch(name):
            raise AccountError("A name has up to 64 letters, digits, and . _ @ -, and starts with a letter or digit; choose another.")
        hashed = self._hashed(name, password)
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(_accounts).values(name=name, role=role.value, password=hashed))
        except IntegrityError as error:
            raise AccountError(f"There is an account {name} already; choose another name.") from error

    def all(self) -> list[Account]:
        """All accounts, by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_accounts.c.name, _accounts.c.role).order_by(_accounts.c.name)).all()
            live = connection.execute(select(_sign_ins.c.name).where(self._live())).scalars().all()
            bad = connection.execute(select(_bad)).all()
        shut = {row.name for row in bad if self._shut([row], _EACH)}
        return [Account(name, Role(role), live.count(name), name in shut) for name, role in rows]

    def remove(self, name: str) -> None:
        """Take an account away and sign its person out. Raises AccountError where there is none."""
        with self._engine.begin() as connection:
            self._change(connection, name, delete(_accounts).where(_accounts.c.name == _plain(name)))
            connection.execute(delete(_sign_ins).where(_sign_ins.c.name == _plain(name)))

    def set_password(self, name: str, password: str, keep: str = "") -> None:
        """Give an account another password and end its sign-ins, all but the one of token `keep`. Raises AccountError."""
        hashed = self._hashed(_plain(name), password)
        with self._engine.begin() as connection:
            self._change(connection, name, update(_accounts).where(_accounts.c.name == _plain(name)).values(password=hashed))
            connection.execute(delete(_sign_ins).where(_sign_ins.c.name == _plain(name), _sign_ins.c.token != _hidden(keep)))

    def unlock(self, name: str) -> None:
        """Forget the bad passwords given for an account, so that its person can sign in at once. Raises AccountError."""
        name = _plain(name)
        with self._engine.begin() as connection:
            if connection.execute(select(_accounts.c.name).where(_accounts.c.name == name)).first() is None:
                raise AccountError(_NONE.format(name=name))
            connection.execute(delete(_bad).where(_bad.c.name == name))

    @staticmethod
    def _change(connection: Connection, name: str, statement: Update | Delete) -> None:
        if not connection.execute(statement).rowcount:
            raise AccountError(_NONE.format(name=_plain(name)))

    # -- signing in and out ------------------------------------------------------

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The token of a new sign-in, for a cookie. Raises AccountError, which does not say whether there is such an account."""
        name = _plain(name)[:64]
        self._count(name, address)
        if not self._right(name, password):
            raise AccountError("That name and password do not go together; try again.")
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._engine.begin() as connection:
            connection.execute(delete(_bad).where(_bad.c.name == name, _bad.c.address == address))
            connection.execute(delete(_sign_ins).where(~self._live()))
            connection.execute(insert(_sign_ins).values(token=_hidden(token), name=name, began=now, seen=now))
        return token

    def person(self, token: str) -> Person | None:
        """Who signed in with `token`, where that has not ended."""
        signed = select(_accounts.c.name, _accounts.c.role, _sign_ins.c.seen).join(_sign_ins, _sign_ins.c.name == _accounts.c.name)
        with self._engine.connect() as connection:
            row = connection.execute(signed.where(_sign_ins.c.token == _hidden(token), self._live())).first()
        if row is None:
            return None
        if self._clock() - row.seen > _SEEN_EVERY:
            with self._engine.begin() as connection:
                connection.execute(update(_sign_ins).where(_sign_ins.c.token == _hidden(token)).values(seen=self._clock()))
        return Person(row.name, Role(row.role))

    def sign_out(self, token: str) -> None:
        """End the sign-in of `token`."""
        with self._engine.begin() as connection:
            connection.execute(delete(_sign_ins).where(_sign_ins.c.token == _hidden(token)))

    def change_password(self, token: str, old: str, new: str, address: str) -> None:
        """Give the person signed in with `token` another password, and sign them out elsewhere. Raises AccountError."""
        person = self.person(token)
        if person is None:
            raise AccountError("You have been signed out; sign in again.")
        self.sign_out(self.sign_in(person.id, old, address))
        self.set_password(person.id, new, keep=token)

    # -- parts -------------------------------------------------------------------

    def _count(self, name: str, address: str) -> None:
        """Count an attempt before its password is looked at, so that many at once get no more tries. Raises AccountError in a pause."""
        now = self._clock()
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(_bad).where(_bad.c.last < now - _FORGOTTEN))
                rows = connection.execute(select(_bad).where(or_(_bad.c.name == name, _bad.c.address == address)).with_for_update()).all()
                both = [row for row in rows if (row.name, row.address) == (name, address)]
                limits = (
                    (both, _EACH),
                    ([r for r in rows if r.address == address], _ADDRESS),
                    ([r for r in rows if r.name == name], _NAMED),
                )
                if any(self._shut(tried, limit) for tried, limit in limits):
                    raise AccountError(
                        "There were too many attempts to sign in; wait an hour, or ask an administrator to unlock your account."
                    )
                change = update(_bad).where(_bad.c.name == name, _bad.c.address == address) if both else insert(_bad)
                values = {"tries": both[0].tries + 1} if both else {"name": name, "address": address, "tries": 1}
                connection.execute(change.values(**values, last=now))
        except IntegrityError as error:
            raise AccountError("Two attempts to sign in came at once; try again.") from error

    def _shut(self, tried: Sequence[Any], limit: int) -> bool:
        """Whether a pause is on: a minute after the last attempt that `limit` allows, twice as long after each one more."""
        over: int = sum(row.tries for row in tried) - limit
        if over < 0:
            return False
        last: float = max(row.last for row in tried)
        return self._clock() < last + min(_PAUSE * 2.0 ** min(over, 10), _LONGEST_PAUSE)

    def _right(self, name: str, password: str) -> bool:
        """Whether the account has this password. As slow where there is no such account, which is then not to be told from one."""
        with self._engine.connect() as connection:
            hashed = connection.execute(select(_accounts.c.password).where(_accounts.c.name == name)).scalar()
        with _AT_ONCE:
            try:
                self._hasher.verify(hashed or self._nobody, password[:LONGEST_PASSWORD])
                return hashed is not None
            except (VerificationError, InvalidHashError):
                return False

    def _hashed(self, name: str, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccountError(f"A password has at least {SHORTEST_PASSWORD} characters: three random words do well; choose a longer one.")
        if len(set(password)) < 5 or name in password.lower():
            raise AccountError("That password is easy to guess; choose one that does not repeat itself or hold the name.")
        with _AT_ONCE:
            return self._hasher.hash(password)

    def _live(self) -> ColumnElement[bool]:
        now = self._clock()
        return and_(_sign_ins.c.seen > now - IDLE, _sign_ins.c.began > now - LONGEST)


_NONE = "There is no account {name}; `python app.py account list` lists them."


def _plain(name: str) -> str:
    return name.strip().lower()


def _hidden(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
