"""The end of a program by a signal: what is half done is undone, what was started is ended, at once.

The command line asks for it with `take_signals`, a worker process with `follow_parent`; in programs of
others nothing here does anything, and what is half done is undone where an exception passes.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from shutil import rmtree
from types import FrameType
from typing import Final, NoReturn

__all__ = [
    "at_stop",
    "follow_parent",
    "later",
    "not_at_stop",
    "passing",
    "stop",
    "take_signals",
    "temporary",
    "undone",
]

#: What ends a run; SIGHUP is not everywhere.
SIGNALS: Final = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)
#: Seconds that worker processes have to end what they started.
_GRACE: Final = 3.0
#: Seconds that the main thread of a worker has to see a signal; it may be in the middle of foreign code.
_NOTICE: Final = 1.0
_LOOK: Final = 1.0  # seconds between two looks for the parent


class _State:
    """Of this process: whether its signals are ours, what to undo or take away, and a signal that waits."""

    def __init__(self) -> None:
        self.taken = False
        self.process = 0  # whose signals they are: a fork has the handlers before anything of it has run
        self.undo: dict[Callable[[], object], None] = {}
        self.temporary: dict[Path, None] = {}
        self.left: tuple[Path, ...] = ()
        self.depth = 0
        self.waiting: int | None = None

    def forget(self) -> None:
        """In a new process: what is half done is its parent's."""
        self.undo.clear()
        self.temporary.clear()
        self.depth, self.waiting = 0, None


_state = _State()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_state.forget)


def take_signals() -> None:
    """End this program at once by SIGINT, SIGTERM and SIGHUP, with 128 and the number as its status.

    One that the caller has told the program to ignore (`nohup`) stays ignored.
    """
    _state.taken, _state.process = True, os.getpid()
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _on_signal)


def follow_parent(left: Iterable[Path] = ()) -> None:
    """In a worker process: end with the parent, however that ends, and leave SIGINT to it.

    Args:
        left: what the parent had `passing` when it started this process; taken away should the parent be
            killed, and so not do it itself.
    """
    from multiprocessing import parent_process  # noqa: PLC0415 - slow to load; a worker has it

    parent = parent_process()
    assert parent is not None
    take_signals()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    args = (parent.sentinel, os.getppid(), tuple(left))
    threading.Thread(target=_follow, args=args, daemon=True).start()


def _follow(sentinel: int, parent: int, left: Iterable[Path]) -> None:
    from multiprocessing.connection import wait  # noqa: PLC0415

    # a worker that was started later holds the pipe of this one open too: look at the parent itself as well
    while not wait([sentinel], _LOOK) and os.getppid() == parent:
        pass
    _state.left = tuple(left)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_NOTICE)
    stop(128 + signal.SIGTERM)


def _on_signal(number: int, _frame: FrameType | None) -> None:
    if os.getpid() != _state.process:
        os._exit(128 + number)  # what is half done, and the workers, are the parent's
    if _state.depth:
        _state.waiting = number
    else:
        stop(128 + number)


def stop(status: int) -> NoReturn:
    """End the process at once: its worker processes first, then undo what is half done, the last first."""
    for number in SIGNALS:
        with suppress(ValueError):  # not the main thread: one that the main thread got is as good
            signal.signal(number, signal.SIG_IGN)
    loaded = sys.modules.get("multiprocessing")  # else there are none
    workers = loaded.active_children() if loaded else []
    for worker in workers:
        worker.terminate()
    end = time.monotonic() + _GRACE
    for worker in workers:
        worker.join(max(0.0, end - time.monotonic()))
        if worker.is_alive():
            worker.kill()
            worker.join()
    for undo in reversed(tuple(_state.undo)):
        with suppress(Exception):  # the others are undone all the same
            undo()
    for path in _state.left:
        _remove(path)
    os._exit(status)


def at_stop(undo: Callable[[], object]) -> None:
    """Call `undo` should a signal end the program; nothing where signals are not ours."""
    if _state.taken:
        _state.undo[undo] = None


def not_at_stop(undo: Callable[[], object]) -> None:
    """Take back `at_stop`."""
    _state.undo.pop(undo, None)


@contextmanager
def undone(undo: Callable[[], object]) -> Iterator[None]:
    """Call `undo` at the end of a block, also where an exception or a signal ends it.

    So what the block is to make has no moment without somebody who takes it away: name it, enter the block,
    make it. `undo` must bear that there is nothing to undo yet.
    """
    at_stop(undo)
    try:
        yield
    finally:
        undo()
        not_at_stop(undo)


@contextmanager
def temporary(path: Path) -> Iterator[None]:
    """A file or folder that is not there any more after the block, as `undone`.

    Worker processes that are started in the block take it away where this process is killed.
    """
    with undone(partial(_remove, path)):
        _state.temporary[path] = None
        try:
            yield
        finally:
            _state.temporary.pop(path, None)


def passing() -> tuple[Path, ...]:
    """What is `temporary` now, for processes that are started now."""
    return tuple(_state.temporary)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


@contextmanager
def later() -> Iterator[None]:
    """A short block that a signal does not interrupt: it ends the program after the block."""
    _state.depth += 1
    try:
        yield
    finally:
        _state.depth -= 1
        if not _state.depth and _state.waiting is not None:
            stop(128 + _state.waiting)


def broken_pipe() -> None:
    """Nobody reads the output any more: a program of ours ends without a word, as by SIGPIPE."""
    if _state.taken:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        stop(128 + 13)
