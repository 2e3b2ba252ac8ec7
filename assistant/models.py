"""The chat model: the one module that knows langchain-openai, init_chat_model and language models in transformers.

One setting names it (CHAT_MODEL). It is given messages and gives text; it has no tools, and nothing it says is trusted.
"""

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langsmith import tracing_context
from pydantic import PrivateAttr

from assistant.errors import ChatError, ModelError
from assistant.settings import Settings

MOST_TOKENS = 300
"""Asked of a model that can be asked; a reply is cut where enough has been read in any case."""
CONNECT_SECONDS = 3.0
_BEAT = 0.2
_IN_PROCESS = ("gguf", "folder")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LOCAL_BY_DEFAULT = frozenset({"ollama"})


@dataclass(frozen=True)
class Chat:
    """A chat model under the name it is configured by, where it runs, and whether what it is sent leaves this machine."""

    name: str
    model: BaseChatModel
    place: str = "in this process"
    hosted: bool = False
    seconds: float = 30.0
    """The most a question may take with it, everything included."""

    def stream(self, messages: Sequence[BaseMessage], until: float) -> Iterator[str]:
        """The reply in pieces as they come, and "" about five times a second while none does, so that a caller can stop.

        Raises ChatError, with the reason in a few words, where the reply breaks off, cannot be read, or is not over by
        `until` (as time.monotonic()). The model is read on a thread of its own: a server that hangs holds nobody up.
        """
        pieces: queue.SimpleQueue[AIMessageChunk | AIMessage | Exception | None] = queue.SimpleQueue()
        over = threading.Event()

        def read() -> None:
            try:
                with tracing_context(enabled=False):
                    for chunk in self.model.stream(list(messages)):
                        if over.is_set():
                            return
                        pieces.put(chunk)
                pieces.put(None)
            except Exception as error:
                pieces.put(error)

        threading.Thread(target=read, name="chat model", daemon=True).start()
        finished = not _says_when_finished(self.model)
        try:
            while (left := until - time.monotonic()) > 0:
                try:
                    piece = pieces.get(timeout=min(left, _BEAT))
                except queue.Empty:
                    yield ""
                    continue
                if isinstance(piece, Exception):
                    raise ChatError(_reason(piece)) from piece
                if piece is None:
                    if not finished:
                        raise ChatError("broke off")
                    return
                finished = finished or bool(piece.response_metadata.get("finish_reason"))
                yield str(piece.text)
            raise ChatError("did not finish in time")
        finally:
            over.set()


@dataclass(frozen=True)
class Health:
    """Whether a model answers, in words, and how fast: seconds to its first text and to its end, characters a second."""

    reachable: bool
    said: str
    first: float = 0.0
    total: float = 0.0
    speed: float = 0.0


def chat_model(settings: Settings) -> Chat | None:
    """The chat model that the settings name, or None where they name none. Nothing is loaded or sent yet.

    Raises ModelError where the name cannot be understood, a package or file is missing, or the model would send questions
    to another machine and CHAT_MODEL_HOSTED does not allow that.
    """
    if not settings.chat_model:
        return None
    provider, _, name = settings.chat_model.partition(":")
    if not name:
        raise ModelError(f"CHAT_MODEL={settings.chat_model} is not understood; write provider:name, such as openai:qwen2.5 or gguf:FILE.")
    if provider in _IN_PROCESS:
        path = Path(name).expanduser()
        if not (path.is_file() if provider == "gguf" else path.is_dir()):
            raise ModelError(f"There is no model at {name}; correct CHAT_MODEL.")
        shown = f"{provider}:{path.name}"
        return Chat(shown, LocalChat(path=str(path)), seconds=settings.answer_seconds)
    url = settings.chat_model_url
    host = urlsplit(url).hostname or ""
    local = host in _LOOPBACK if url else provider in _LOCAL_BY_DEFAULT
    if not local and not settings.chat_model_hosted:
        raise ModelError(
            f"{settings.chat_model} runs on another machine ({host or provider}), which would be sent questions and passages; "
            "set CHAT_MODEL_HOSTED=1 to allow that."
        )
    place = "on this machine" if local else f"at {host or provider}"
    return Chat(settings.chat_model, _served(provider, name, settings), place, not local, settings.answer_seconds)


def _served(provider: str, name: str, settings: Settings) -> BaseChatModel:
    key = settings.chat_model_key
    if provider == "openai":
        import httpx
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        return ChatOpenAI(
            model=name,
            base_url=settings.chat_model_url or None,
            api_key=key or (SecretStr("none") if settings.chat_model_url else None),
            timeout=httpx.Timeout(settings.answer_seconds, connect=CONNECT_SECONDS),
            max_retries=0,
            temperature=0,
            max_completion_tokens=MOST_TOKENS,
            stream_usage=False,
            use_responses_api=False,
        )
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0}
    options |= {"base_url": settings.chat_model_url} if settings.chat_model_url else {}
    options |= {"api_key": key.get_secret_value()} if key else {}
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        raise ModelError(f"CHAT_MODEL={provider}:{name} needs a package that is not installed: {error}") from error
    except ValueError as error:
        raise ModelError(f"CHAT_MODEL={provider}:{name} is not understood; write provider:name, such as openai:qwen2.5.") from error
    return model


def health(chat: Chat) -> Health:
    """Ask `chat` for one word, and say whether it answered and how fast."""
    start = time.monotonic()
    first = 0.0
    text = ""
    try:
        for piece in chat.stream([HumanMessage("Count from one to ten in words.")], start + chat.seconds):
            first = first or (time.monotonic() - start if piece else 0.0)
            text += piece
    except ChatError as error:
        return Health(False, str(error))
    total = time.monotonic() - start
    if not text.strip():
        return Health(False, "answered with nothing")
    return Health(True, "answers", first, total, len(text) / (total or 1.0))


def _says_when_finished(model: BaseChatModel) -> bool:
    """Whether a whole reply ends with its finish_reason, as OpenAI-compatible servers say it: without, it was cut."""
    return model._llm_type == "openai-chat"


def _reason(error: Exception) -> str:
    """What went wrong with a model, in a few words; nothing of what a server wrote is repeated."""
    if isinstance(error, ModelError):
        return str(error).rstrip(".")
    kinds = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(error, "status_code", None)
    if status == 429:
        return "is too busy"
    if status in (401, 403):
        return "refused the key"
    if status == 404:
        return "is not known to its server"
    if isinstance(status, int):
        return "failed"
    if kinds & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return "did not answer in time"
    if kinds & {"APIConnectionError", "ConnectError", "ConnectionError"}:
        return "cannot be reached"
    return "broke off or sent what cannot be read"


class LocalChat(BaseChatModel):
    """A language model in this process, through transformers: a GGUF file, or a folder of weights. Loaded once, at first use.

    One reply is made at a time, greedily, so the same question gets the same reply.
    """

    path: str
    most_tokens: int = MOST_TOKENS
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "transformers"

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        import os

        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        path = Path(self.path)
        where: dict[str, Any] = {"pretrained_model_name_or_path": str(path), "trust_remote_code": False, "local_files_only": True}
        if path.is_file():
            where |= {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
        try:
            tokenizer = AutoTokenizer.from_pretrained(**where)
            if path.is_file():
                from transformers import GgufConfig

                where["quantization_config"] = GgufConfig(dequantize=True)
            model = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.bfloat16).eval()
        except (OSError, ValueError, ImportError) as error:
            raise ModelError(
                f"The model {path.name} cannot be loaded; check that the file is whole and of a kind transformers knows."
            ) from error
        return tokenizer, model

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        with self._lock:
            tokenizer, model = self._loaded
            over = threading.Event()
            streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
            asked = [{"role": _ROLES.get(m.type, "user"), "content": str(m.text)} for m in messages]
            inputs = tokenizer.apply_chat_template(asked, add_generation_prompt=True, return_tensors="pt", return_dict=True)
            failed: list[Exception] = []

            def generate() -> None:
                try:
                    model.generate(
                        **inputs,
                        max_new_tokens=self.most_tokens,
                        do_sample=False,
                        temperature=None,
                        top_p=None,
                        top_k=None,
                        streamer=streamer,
                        stopping_criteria=StoppingCriteriaList([lambda ids, scores, **_: _all(ids, over.is_set())]),
                    )
                except Exception as error:
                    failed.append(error)
                    streamer.end()

            worker = threading.Thread(target=generate, name="generate", daemon=True)
            worker.start()
            try:
                for text in streamer:
                    yield ChatGenerationChunk(message=AIMessageChunk(content=text))
            finally:
                over.set()
                worker.join()
            if failed:
                raise failed[0]

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.message.text) for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])


_ROLES = {"system": "system", "ai": "assistant"}


def _all(ids: Any, value: bool) -> Any:
    import torch

    return torch.full((ids.shape[0],), value, dtype=torch.bool, device=ids.device)
