"""PDF files in a process of their own, with limits on its memory and time: whatever PDFium does ends there.

One process reads many files. It ends with the program that started it, however that ends.
"""

import atexit
import math
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from zhreport.errors import InputError, MissingExtraError
from zhreport.reading.readers.bounds import USUAL, Bounds, Limits
from zhreport.reading.readers.extracted import Extracted
from zhreport.reading.readers.pdf import read_pdf
from zhreport.stopping import at_stop, later

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["read_confined", "serve"]

#: Bytes of a file for which it may take `Limits.seconds`, those begun too.
_SHARE: Final = 10 * 2**20
#: Seconds of the clock for each of processor time: the machine may have other work, a lot of it. Only where
#: nothing else limits the time they have to be few.
_PATIENCE: Final = 60 if resource is not None else 6
#: Bytes that the process may have taken at a file and still read the next.
_SLIM: Final = 128 * 2**20
_LOOK: Final = 0.5  # seconds between two looks for the parent
#: The program of the process; it finds modules where we do.
_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from zhreport.reading.readers.confined import serve; serve()"
)
#: What a process ends with that has used up its processor time; None where there is no such signal.
_OUT_OF_TIME: Final = -signal.SIGXCPU if hasattr(signal, "SIGXCPU") else None
_LENGTH: Final = 8  # bytes of the length before a message


class _Task(msgspec.Struct):
    """A file to read; its bytes follow."""

    name: str
    limits: Limits
    seconds: int


class _Answer(msgspec.Struct):
    """What was found, or why nothing was, and the bytes of memory that the process took at most."""

    found: Extracted | None = None
    error: str = ""
    missing: str = ""
    memory: int = 0


def read_confined(data: bytes, name: str, limits: Limits = USUAL) -> Extracted:
    """Read a PDF file as `read_pdf` does, in a process that takes no more memory and time than it may.

    In a program that was frozen into one file no such process can be started, and it is read in this one.
    Linux limits both, macOS the time, Windows only that by the clock.

    Args:
        data: the bytes.
        name: what errors call the file.
        limits: of it.

    Raises:
        InputError: as `read_pdf`, and where it takes more than `memory` or `seconds` or ends the process.
        MissingExtraError: pypdfium2 is not installed.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        return read_pdf(data, name, limits)
    return _reader.read(data, name, limits)


class _Reader:
    """The process that reads for this one, for several threads one after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, name: str, limits: Limits) -> Extracted:
        """See `read_confined`."""
        task = _Task(name, limits, limits.seconds * (1 + len(data) // _SHARE))
        with self._lock:
            process = self._started()
            late = threading.Event()
            timer = threading.Timer(_PATIENCE * task.seconds, _end_late, (process, late))
            timer.daemon = True
            timer.start()
            try:
                answer = _asked(process, task, data)
            except BaseException:  # the program is interrupted: the answer would be taken for the next file's
                self.end()
                raise
            finally:
                timer.cancel()
                timer.join()  # a fork beside a thread is a warning
            if answer is None or answer.memory > _SLIM:
                self.end()
        bounds = Bounds(name, limits)
        if answer is None and (late.is_set() or process.returncode == _OUT_OF_TIME):
            raise bounds.excess("seconds")
        if answer is None:
            raise InputError(
                f"{name}: not read, PDFium broke off at it (status {process.returncode}), as it does where a "
                f"file is damaged or takes more than {limits.memory:,} bytes of memory; print it to a PDF "
                "anew, or, where it can be trusted, allow more (--limit memory=N, Limits(memory=N))"
            )
        bounds.check("memory", answer.memory)
        if answer.missing:
            raise MissingExtraError(answer.missing)
        if answer.found is None:
            raise InputError(answer.error)
        return answer.found

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self.end()
            with later():
                self._process = subprocess.Popen(  # noqa: S603 - no shell, and nothing of the file
                    [sys.executable, "-P", "-c", _PROGRAM, *sys.path],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,  # a fork while a file is sent must not send a part of it again
                )
                at_stop(self._kill)
        assert self._process is not None
        return self._process

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._let_go(self._process)

    def forget(self) -> None:
        """In a fork: the process belongs to the one that was forked."""
        self._lock = threading.Lock()
        if self._process is not None:
            self._process.returncode = 0  # it is none to be waited for
            self._let_go(self._process)

    def _let_go(self, process: "subprocess.Popen[bytes]") -> None:
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()
        self._process = None


_reader = _Reader()
atexit.register(_reader.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reader.forget)


def _end_late(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _asked(process: "subprocess.Popen[bytes]", task: _Task, data: bytes) -> _Answer | None:
    """The answer of the process, None where it ended without one."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):
        _send(process.stdin, msgspec.json.encode(task))
        _send(process.stdin, data)
    said = _received(process.stdout)
    if said is None:
        process.wait()
        return None
    return msgspec.json.decode(said, type=_Answer)


# -- the other side


def serve() -> None:
    """Read what the program that started this process sends, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program's own; it ends this process
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no answer
    threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()
    if resource is not None:
        _limit(resource.RLIMIT_CORE, 0)
    with suppress(ImportError):
        import pypdfium2  # noqa: F401, PLC0415 - part of what the process takes before it reads
    before = _taken("VmSize")
    tasks = os.fdopen(0, "rb", buffering=0)
    while (said := _received(tasks)) is not None:
        data = _received(tasks)
        if data is None:
            return
        task = msgspec.json.decode(said, type=_Task)
        if resource is not None:
            _limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + task.seconds)
            # what is beyond the limit shows that it was passed: no single stream that is let through has more
            _limit(resource.RLIMIT_AS, before + task.limits.memory + task.limits.unpacked)
        answer = _read(task, data)
        del data
        answer.memory = max(answer.memory, _taken("VmPeak") - before)
        _send(answers, msgspec.json.encode(answer))


def _read(task: _Task, data: bytes) -> _Answer:
    try:
        return _Answer(found=read_pdf(data, task.name, task.limits))
    except MemoryError:
        return _Answer(memory=task.limits.memory + 1)
    except MissingExtraError as error:
        return _Answer(missing=str(error))
    except InputError as error:
        return _Answer(error=str(error))


def _follow(parent: int) -> None:
    """End with the parent: a fork of it may hold the pipe open, at whose end this process ends too."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def _limit(what: int, amount: int) -> None:
    assert resource is not None
    _, hard = resource.getrlimit(what)
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        resource.setrlimit(what, (amount if hard == resource.RLIM_INFINITY else min(amount, hard), hard))


def _taken(what: str) -> int:
    """Bytes of memory of this process as Linux tells them, 0 elsewhere."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name == what:
                return int(value.split()[0]) * 1024
    return 0


def _send(stream: IO[bytes], message: bytes) -> None:
    for piece in (len(message).to_bytes(_LENGTH, "big"), message):
        rest = memoryview(piece)
        while rest:
            rest = rest[stream.write(rest) :]


def _received(stream: IO[bytes]) -> bytes | None:
    """A message, None at the end."""
    head = _whole(stream, _LENGTH)
    return None if head is None else _whole(stream, int.from_bytes(head, "big"))


def _whole(stream: Any, size: int) -> bytes | None:  # noqa: ANN401 - a raw stream
    """So many bytes, None where the stream ends before."""
    found = bytearray(size)
    rest = memoryview(found)
    while rest:
        count = stream.readinto(rest)
        if not count:
            return None
        rest = rest[count:]
    return bytes(found)
