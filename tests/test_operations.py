"""The app as a process: its health and figures, and how it stops. And feedback given in a real page."""

import asyncio
import json
import shutil
import signal
import time
from http.client import HTTPConnection

import httpx
import pytest

from eval.page_client import app, ask, buttons

QUESTION = "how is the brindle lodge staffed"


@pytest.fixture(scope="module")
def running(tmp_path_factory, assistant):
    """The app over a copy of the library that the tests share."""
    folder = tmp_path_factory.mktemp("operations") / "library"
    shutil.copytree(assistant.library.folder, folder)
    with app(folder) as running:
        yield running


async def asked(url: str, number: int, *questions: str):
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        return await asyncio.gather(*(ask(client, number, question) for question in questions))


def test_a_connection_is_still_there_when_a_page_asks_again_after_a_while(running):
    connection = HTTPConnection(running.url.removeprefix("http://"))
    for pause in (6, 0):  # the server's own habit is to close one after five seconds
        connection.request("GET", "/health")
        assert connection.getresponse().read() and connection.sock
        time.sleep(pause)


def test_the_app_tells_its_health_and_figures_and_stops_without_losing_a_question(running):
    health = httpx.get(f"{running.url}/health")
    assert (health.status_code, health.json()["status"]) == (200, "ok") and health.json()["documents"] == 53

    send = buttons(running).send
    assert [one.what for one in asyncio.run(asked(running.url, send, QUESTION))] == ["answered"]
    figures = httpx.get(f"{running.url}/metrics").text
    assert "assistant_answer_seconds_count 1.0" in figures and "assistant_documents 53.0" in figures

    async def stopped_meanwhile():
        going = asyncio.create_task(asked(running.url, send, *[QUESTION] * 8))
        await asyncio.sleep(0.2)
        running.process.send_signal(signal.SIGTERM)
        return await going

    assert {one.what for one in asyncio.run(stopped_meanwhile())} <= {"answered", "refused"}
    assert running.process.wait(60) == 0

    lines = [json.loads(line) for line in running.said().splitlines()]
    assert lines[0]["message"] == "answered" and lines[-1]["message"] == "stopped"
    assert "brindle" not in running.said() and "Traceback" not in running.said()
