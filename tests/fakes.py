"""Models for tests: a chat model with a queue of answers, a local HTTP server that answers as a bad one does, and an embedder that
counts."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from assistant.embedding import Embedder, Vectors
from eval.hostile_model import _PASSAGE

Reply = str | Exception | Callable[[list[tuple[str, str]]], str]


class QueuedChat(BaseChatModel):
    """Gives the answers it was made with, in order: a text, an error, or what a function makes of the (label, passage) pairs it
    is shown. Keeps what it was asked."""

    _replies: list[Reply] = PrivateAttr()
    _asked: list[str] = PrivateAttr(default_factory=list)

    def __init__(self, *replies: Reply) -> None:
        super().__init__()
        self._replies = list(replies)

    @property
    def asked(self) -> list[str]:
        return self._asked

    @property
    def _llm_type(self) -> str:
        return "queued"

    def _text(self, messages) -> str:
        self._asked.append("\n".join(str(m.text) for m in messages))
        reply = self._replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, str) else reply(_PASSAGE.findall(self._asked[-1]))

    def _stream(self, messages, stop=None, run_manager=None, **kwargs) -> Iterator[ChatGenerationChunk]:
        text = self._text(messages)
        for start in range(0, len(text), 7):
            yield ChatGenerationChunk(message=AIMessageChunk(content=text[start : start + 7]))

    def _generate(self, messages, stop=None, run_manager=None, **kwargs) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=self._text(messages)))])


def event(text: str, end: str | None = None) -> bytes:
    """One chunk of an OpenAI-compatible stream."""
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": end}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


@contextmanager
def server(behaviour: str, reply: Callable[[str], str] = lambda prompt: "") -> Iterator[tuple[str, list[str]]]:
    """The address of an OpenAI-compatible server on this machine that behaves as named, and the prompts it was sent."""
    prompts: list[str] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompts.append(body["messages"][-1]["content"])
            if behaviour == "hangs":
                over.wait(20)
                return
            if behaviour.isdigit():
                self.send_response(int(behaviour))
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"error": {"message": "secret of the server"}}')
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            with suppress(OSError):
                self._send(reply(prompts[-1]))

        def _send(self, text: str) -> None:
            write = self.wfile.write
            match behaviour:
                case "good":
                    for at in range(0, len(text), 20):
                        write(event(text[at : at + 20]))
                    write(event("", "stop") + b"data: [DONE]\n\n")
                case "cut":
                    write(event(text[: len(text) // 2]))
                case "slow":
                    for word in text.split(" "):
                        if over.is_set():
                            return
                        write(event(f"{word} "))
                        self.wfile.flush()
                        time.sleep(1)
                case "wrong schema":
                    write(b'data: {"answer": "yes"}\n\ndata: [DONE]\n\n')
                case "broken JSON":
                    write(b'data: {"choices": [{"delta": {"content": "Half\n\n')
                case "empty":
                    write(event("", "stop") + b"data: [DONE]\n\n")
                case "endless":
                    for _ in range(20_000):
                        write(event("token "))

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/v1", prompts
    finally:
        over.set()
        listening.shutdown()
        listening.server_close()


class Counting(Embedder):
    """Embeds a text as its length and 1, and counts how many it was given."""

    def __init__(self) -> None:
        super().__init__("counting")
        self.texts = 0

    def embed(self, texts: list[str]) -> Vectors:
        self.texts += len(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)
