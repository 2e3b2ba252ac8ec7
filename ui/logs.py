"""What the app writes of itself to stderr, a line each: JSON for a collector, text for a terminal.

Never a question, a file's content or an error's own message, which can hold either: of an error, its kind and where it arose.
"""

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType

_FRAMES = 8
"""Places named of an error, the nearest to it last."""
NAME = "assistant.service"


class Text(logging.Formatter):
    """A line a person reads."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{key}={value}" for key, value in _fields(record).items())
        return f"{record.levelname.lower()}: {record.getMessage()} {fields}".rstrip()


class Json(logging.Formatter):
    """A JSON object: `at` (ISO, UTC), `level`, `message`, and what else is known."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage(), **_fields(record)}
        return json.dumps(line, ensure_ascii=False)


def set_up(form: str) -> None:
    """Log in this form ("json" or "text"; "" is text on a terminal, else JSON), errors that nobody caught too."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if form == "json" or (not form and not sys.stderr.isatty()) else Text())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(NAME).setLevel(logging.INFO)
    sys.excepthook = _uncaught
    threading.excepthook = lambda found: _uncaught(found.exc_type, found.exc_value, found.exc_traceback)
    # Gradio prints what goes wrong in an event by this, message and all.
    traceback.print_exc = lambda *_, **__: logging.getLogger(NAME).exception("An event of the page failed")


def tell(message: str, **fields: object) -> None:
    """Log something that happened, with what is known of it: never what a person typed."""
    logging.getLogger(NAME).info(message, extra={"fields": fields})


def where(error: BaseException) -> str:
    """An error's kind and where it arose, with those it comes of; not its message."""
    said, at = [], [error]
    while at:
        found = at.pop()
        frames = traceback.extract_tb(found.__traceback__)[-_FRAMES:]
        said.append(f"{type(found).__name__} at " + " > ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in frames))
        at += [cause] if (cause := found.__cause__ or found.__context__) and len(said) < _FRAMES else []
    return "; of ".join(said)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    error = record.exc_info[1] if record.exc_info else None
    return {**getattr(record, "fields", {}), **({"error": where(error)} if error else {})}


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt) and error is not None:
        logging.getLogger(NAME).error("An error that nobody caught", exc_info=(kind, error, trace))
