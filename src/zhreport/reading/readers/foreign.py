"""Libraries that others wrote: what they raise inside on a damaged file is an error of that file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from zhreport.errors import InputError, ZhreportError

__all__ = ["foreign", "stated"]


@contextmanager
def foreign(what: str, remedy: str, *, told: bool = False) -> Iterator[None]:
    """Around calls of a library on the bytes of a file, and around nothing else.

    No list of exceptions is complete: libraries let through whatever damage makes them stumble over.

    Args:
        what: names the file and what is wrong with it.
        remedy: what to do about it.
        told: give what the library says too.

    Raises:
        InputError: with this message, for every other exception than this library's own and a lack of memory.
    """
    try:
        yield
    except (ZhreportError, MemoryError):
        raise
    except Exception as error:
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{what}{f' ({said})' if told else ''}; {remedy}") from error


def stated(read: Callable[[], str | None]) -> str:
    """A property of a file (title, author, date), "" where it is missing or broken.

    The text is read all the same.
    """
    try:
        return (read() or "").strip()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - see `foreign`
        return ""
