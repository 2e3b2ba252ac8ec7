"""Accounts: what may be a name and a password, roles, the pause after bad passwords, and when a sign-in ends."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from assistant.accounts import IDLE, LONGEST, Accounts
from assistant.database import service_engine
from assistant.errors import AccountError
from assistant.people import Person, Role

RIGHT = "marmalade-otter-lantern"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def accounts(tmp_path, clock):
    made = Accounts(service_engine(tmp_path), clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made.add("Amina.Khan", Role.EDITOR, RIGHT)
    made.add("ben", Role.READER, RIGHT)
    return made


def refused(accounts, name, password=RIGHT, address="10.0.0.1") -> str:
    with pytest.raises(AccountError) as told:
        accounts.sign_in(name, password, address)
    return str(told.value)


def test_a_person_signs_in_by_name_in_any_case_and_out(accounts):
    token = accounts.sign_in(" AMINA.khan ", RIGHT, "10.0.0.1")
    assert accounts.person(token) == Person("amina.khan", Role.EDITOR)
    accounts.sign_out(token)
    assert accounts.person(token) is None


def test_nothing_kept_signs_anyone_in(accounts, tmp_path):
    token = accounts.sign_in("ben", RIGHT, "10.0.0.1")
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"argon2id" in kept and token.encode() not in kept and RIGHT.encode() not in kept


@pytest.mark.parametrize("name", ["", "a b", "-x", "x" * 65, "a\nb", "../x"])
def test_what_cannot_be_a_name_is_refused(accounts, name):
    with pytest.raises(AccountError, match="choose another"):
        accounts.add(name, Role.READER, RIGHT)


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaaaaaa", "carol-carol-2026"])
def test_a_password_that_will_not_do_is_refused(accounts, password):
    with pytest.raises(AccountError, match="choose"):
        accounts.add("carol", Role.READER, password)


def test_a_name_is_taken_once(accounts):
    with pytest.raises(AccountError, match="already"):
        accounts.add("BEN", Role.ADMIN, RIGHT)


def test_a_wrong_password_and_no_account_are_told_alike(accounts):
    assert refused(accounts, "ben", "wrong-horse-battery") == refused(accounts, "nobody")


def test_a_hundred_bad_passwords_are_locked_out_and_nobody_else_is(accounts, clock):
    said = [refused(accounts, "ben", f"wrong-horse-{n}") for n in range(100)]
    assert sum("do not go together" in s for s in said) == 5
    assert "wait" in refused(accounts, "ben")  # the right one too
    assert accounts.sign_in("ben", RIGHT, "10.0.0.2") and accounts.sign_in("amina.khan", RIGHT, "10.0.0.1")
    assert [a.paused for a in accounts.all()] == [False, True]
    clock.now += 61
    assert "do not go together" in refused(accounts, "ben", "wrong-horse-again")
    clock.now += 61
    assert "wait" in refused(accounts, "ben")  # each pause is twice the last
    clock.now += 60
    assert accounts.sign_in("ben", RIGHT, "10.0.0.1")


def test_many_at_once_get_no_more_tries(accounts):
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda n: refused(accounts, "ben", f"wrong-horse-{n}"), range(24)))
    assert sum("do not go together" in s for s in said) == 5


def test_one_address_tries_many_names_and_many_addresses_one_name(accounts):
    for n in range(50):
        refused(accounts, f"name{n}", address="10.0.0.9")
    assert "wait" in refused(accounts, "amina.khan", address="10.0.0.9")
    for n in range(50):
        refused(accounts, "ben", "wrong-horse-battery", f"10.1.0.{n}")
    assert "wait" in refused(accounts, "ben", address="10.0.0.3")
    accounts.unlock("ben")
    assert accounts.sign_in("ben", RIGHT, "10.0.0.3")


def test_a_sign_in_ends_unused_and_ends_at_last(accounts, clock):
    idle, used = (accounts.sign_in("ben", RIGHT, "10.0.0.1") for _ in range(2))
    began = clock.now
    while clock.now < began + LONGEST - IDLE:
        clock.now += IDLE / 2
        assert accounts.person(used)
    assert accounts.person(idle) is None
    clock.now = began + LONGEST
    assert accounts.person(used) is None


def test_a_new_password_signs_the_others_out(accounts):
    here, there = (accounts.sign_in("ben", RIGHT, "10.0.0.1") for _ in range(2))
    with pytest.raises(AccountError, match="do not go together"):
        accounts.change_password(here, "not-the-old-one", "velvet-harbour-tractor", "10.0.0.1")
    accounts.change_password(here, RIGHT, "velvet-harbour-tractor", "10.0.0.1")
    assert accounts.person(here) and accounts.person(there) is None
    assert "do not go together" in refused(accounts, "ben")
    accounts.set_password("ben", RIGHT)
    assert accounts.person(here) is None


def test_an_account_that_is_removed_is_signed_out(accounts):
    token = accounts.sign_in("ben", RIGHT, "10.0.0.1")
    accounts.remove("ben")
    assert accounts.person(token) is None and [a.name for a in accounts.all()] == ["amina.khan"]
    for change in (accounts.remove, accounts.unlock, lambda name: accounts.set_password(name, RIGHT)):
        with pytest.raises(AccountError, match="no account ben"):
            change("ben")


def test_a_role_reaches_to_those_before_it(accounts):
    token = accounts.sign_in("amina.khan", RIGHT, "10.0.0.1")
    with accounts._engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET role = 'reader' WHERE name = 'amina.khan'"))
    assert accounts.person(token) == Person("amina.khan", Role.READER)  # read at every request, not at signing in
    assert [[Person("", a).may(b) for b in Role] for a in Role] == [[True, False, False], [True, True, False], [True, True, True]]
