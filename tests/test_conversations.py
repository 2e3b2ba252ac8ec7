import pytest

from assistant.conversations import MOST, Conversations
from assistant.database import service_engine
from assistant.types import Answer, Status


def said(text: str) -> Answer:
    return Answer(text, text, Status.NOT_IN_LIBRARY, "No.")


@pytest.fixture
def now():
    return [1_800_000_000.0]


@pytest.fixture
def kept(tmp_path, now):
    return Conversations(service_engine(tmp_path), 30, lambda: now[0])


def test_an_answer_comes_back_as_it_was(kept, assistant):
    answer = assistant.ask("What did inspectors find about supervision in Sandwell?")
    assert answer.citations and answer.passages
    kept.add("amina", answer)
    assert kept.of("amina") == [answer]


def test_each_has_their_own_and_forgets_it_alone(kept):
    kept.add("amina", said("one"))
    kept.add("ben", said("two"))
    kept.add("amina", said("three"))
    assert [a.question for a in kept.of("amina")] == ["one", "three"]
    kept.drop_last("amina")
    assert [a.question for a in kept.of("amina")] == ["one"]
    kept.forget("amina")
    assert (kept.of("amina"), [a.question for a in kept.of("ben")]) == ([], ["two"])


def test_the_oldest_go_and_all_go_after_their_time(kept, now):
    for n in range(MOST + 3):
        kept.add("amina", said(str(n)))
    assert [a.question for a in kept.of("amina")] == [str(n) for n in range(3, MOST + 3)]
    now[0] += 31 * 24 * 60 * 60
    assert kept.of("amina") == []


def test_another_process_finds_it(kept, tmp_path, now):
    kept.add("amina", said("one"))
    assert Conversations(service_engine(tmp_path), 30, lambda: now[0]).of("amina") == kept.of("amina")
