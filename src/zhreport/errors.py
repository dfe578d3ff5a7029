"""The errors this library raises on purpose; everything else is a bug."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = [
    "DataFileError",
    "FaultError",
    "InputError",
    "MissingExtraError",
    "UsageError",
    "ZhreportError",
    "at_document",
    "one_line",
]

#: Control characters and line breaks of every kind, as they are written in Python.
_CONTROLS: Final = {code: ascii(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}


def one_line(text: str) -> str:
    r"""A text that stays on its line of a terminal or a log, whatever the name of a file in it has.

    >>> one_line("a\nb\x1b[31m.txt: an empty file")
    'a\\nb\\x1b[31m.txt: an empty file'
    """
    return text.translate(_CONTROLS)


class ZhreportError(Exception):
    """The base of every error raised on purpose; its message is one line."""

    def __str__(self) -> str:
        """One line."""
        return one_line(super().__str__())


class InputError(ZhreportError):
    """A file or text cannot be read; the message names it and the remedy."""


class DataFileError(ZhreportError):
    """A vocabulary file has a bad entry; the message names the file and the entry."""


class UsageError(ZhreportError, ValueError):
    """An argument is out of range, or options contradict each other."""


class MissingExtraError(ZhreportError, ImportError):
    """An optional dependency is not installed; the message names the install command."""


class FaultError(ZhreportError):
    """A fault of this library at one of many documents, which must not end the work on the others.

    Attributes:
        file: the document, or "" if none is to blame.
        kind: the type of what was raised, and its message on one line.
        trace: the traceback as text.
    """

    def __init__(self, file: str, kind: str, trace: str) -> None:
        super().__init__(file, kind, trace)  # all of it, so that it can be pickled
        self.file, self.kind, self.trace = file, kind, trace

    def __str__(self) -> str:
        """One line."""
        whose = f"{self.file}: {self.kind}: a fault of zhreport itself, not of the file"
        if not self.file:
            whose = f"{self.kind}: a fault of zhreport itself"
        return one_line(f"{whose}; please report it with the traceback that --debug prints")


@contextmanager
def at_document(file: str, *passing: type[Exception]) -> Iterator[None]:
    """Around the work on one document of many: what is raised there is an error of that document.

    Args:
        file: what the message calls the document; "" where the work is on all of them.
        passing: exceptions that are none of the document's, such as those of the disk written to.

    Raises:
        FaultError: for every other exception than this library's own and a lack of memory.
    """
    try:
        yield
    except (ZhreportError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, passing):
            raise
        said = " ".join(str(error).split())[:200].encode("utf-8", "replace").decode()
        kind = f"{type(error).__name__} ({said})" if said else type(error).__name__
        trace = "".join(traceback.format_exception(error)).encode("utf-8", "replace").decode()
        raise FaultError(file, kind, trace) from error
