"""Files are read in a child process with limits, so that no file can take the run down with it, or all of the machine.

`python -m ingest.child SECONDS` is that process: one path a line comes in, what `ingest.readers.read_source` gives goes out. It loads
the readers and nothing else, so it starts in a moment. The limits are the processor's time, the clock's (for a reader
that waits for another program) and the memory; Windows has none of them, macOS not the last.
"""

import contextlib
import io
import json
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import ReadError
from ingest.blocks import Source
from ingest.readers import read_source

PROCESSOR_SECONDS, CLOCK_SECONDS = 30, 300
MEMORY = 900_000_000
"""Bytes of address space: what the child holds at most, itself included."""
REPLY = 30_000_000
"""Bytes of what a file reads as; the longest Act takes two million."""

_ROOT = Path(__file__).resolve().parent.parent
_AHEAD = 16
"""Files: about as many as are read while the vectors of those before them are made."""
_LENGTH = 8
_NO_MEMORY = 3
_PLAIN = frozenset(("ingest.blocks", "assistant.errors", "assistant.types"))

Reading = Source


def read_ahead(files: Iterable[Path]) -> Generator[Reading | ReadError, None, None]:
    """What each file reads as, in order: read in a child process, a few files ahead of the one asked for.

    Close it where not all of it is wanted. A ReadError names the file and says what to do, as `read`'s own does.
    """
    waiting: deque[Future[Reading | ReadError]] = deque()
    with ThreadPoolExecutor(1) as pool, contextlib.closing(_Child()) as child:
        try:
            for file in files:
                waiting.append(pool.submit(child.read, file))
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Child:
    """The child process, started when the first file comes and again after a file has ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, file: Path) -> Reading | ReadError:
        """What `file` reads as, or why it cannot be read."""
        process = self._process = self._process or _start()
        try:
            return _ask(process, file)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.close()
            return ReadError(_why(file, process.returncode))

    def close(self) -> None:
        """End the process; a file that it is reading is not read."""
        process, self._process = self._process, None
        if process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
            process.kill()
            process.wait()


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ingest.child", str(PROCESSOR_SECONDS)]
    return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _ask(process: subprocess.Popen[bytes], file: Path) -> Reading | ReadError:
    """One question and its answer. Raises OSError, EOFError or UnpicklingError where the child ended or talks nonsense."""
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps(str(file.resolve())).encode() + b"\n")
    process.stdin.flush()
    length = int.from_bytes(_exactly(process.stdout, _LENGTH))
    if length > REPLY:
        raise EOFError
    reading: Reading | ReadError = _Plain(io.BytesIO(_exactly(process.stdout, length))).load()
    return reading


def _exactly(pipe: Any, length: int) -> bytes:
    data = bytes(pipe.read(length))
    if len(data) < length:
        raise EOFError
    return data


class _Plain(pickle.Unpickler):
    """Makes the project's own plain types and nothing else: a child that a file has taken over cannot make its parent run code."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module in _PLAIN and "." not in name else None
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is not plain data")
        return found


def _why(file: Path, code: int) -> str:
    """Why the child ended on `file`, and what to do."""
    if code in (-getattr(signal, "SIGPROF", 0), -getattr(signal, "SIGALRM", 0)):
        return f"{file.name} takes longer than {PROCESSOR_SECONDS} seconds to read; split it, or give its text alone as a .txt file."
    if code == _NO_MEMORY:
        return f"{file.name} takes more memory than one file may have; split it, or give its text alone as a .txt file."
    return f"{file.name} is damaged or far too large, and reading it broke off; save it again, or give its text alone as a .txt file."


# -- in the child ------------------------------------------------------------------


def main(seconds: int) -> None:
    """Read each file whose path comes in, until no more come; none may take more of the processor's time."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _limit_memory()
    for line in sys.stdin.buffer:
        try:
            with _time_limit(seconds):
                answer = _answer(Path(json.loads(line)))
        except MemoryError:
            os._exit(_NO_MEMORY)
        _send(answers, answer)


def _answer(file: Path) -> bytes:
    reading: Reading | ReadError
    try:
        reading = read_source(file)
    except ReadError as error:
        reading = ReadError(str(error))
    except MemoryError:
        raise
    except Exception as error:  # Whatever a reader trips over in a damaged file, the run goes on.
        reading = ReadError(f"{file.name} is damaged and cannot be read ({type(error).__name__}); save it again and give the new file.")
    answer = pickle.dumps(reading)
    if len(answer) > REPLY:
        answer = pickle.dumps(ReadError(f"{file.name} holds more text than can be taken in at once; split it into smaller files."))
    return answer


def _send(answers: BinaryIO, answer: bytes) -> None:
    answers.write(len(answer).to_bytes(_LENGTH) + answer)
    answers.flush()


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@contextlib.contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """The system ends the process where what is done takes too long, even inside a library that does not listen."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.alarm(CLOCK_SECONDS)
    yield
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
