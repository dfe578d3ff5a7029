"""Bounds: how much of a file is read before it is refused, so that a small file costs no gigabytes."""

from collections import Counter
from dataclasses import dataclass, fields
from typing import Final

from zhreport.errors import InputError, UsageError

__all__ = ["USUAL", "Bounds", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may have at most; reports stay far below each of these.

    Attributes:
        bytes: of the file, or of a line of JSON Lines.
        unpacked: bytes that the streams of a PDF, or the members of an OFD, Word or Excel file, unpack to.
        characters: of its text; in a table of each row.
        lines: of the same that are not empty.
        figures: quantities and dates of the same, each of which takes as long as some twenty characters.
        page_characters: of a page of a PDF or OFD file.
        pages: of a PDF or OFD file.
        elements: of a web page, a Word or an OFD file: tags of their markup.
        attributes: of a tag of a web page.
        columns: cells of a row of a table on a web page.
        memory: bytes that a PDF may take while it is read, beside those of the program (on Linux).
        seconds: of processor time that a PDF may take for every 10 MB begun.

    Raises:
        UsageError: a limit below 1.
    """

    bytes: int = 64 * 2**20
    unpacked: int = 200_000_000
    characters: int = 2_000_000
    lines: int = 100_000
    figures: int = 60_000
    page_characters: int = 200_000
    pages: int = 5_000
    elements: int = 1_000_000
    attributes: int = 5_000
    columns: int = 5_000
    memory: int = 600_000_000
    seconds: int = 10

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise UsageError(f"limit {field.name}={getattr(self, field.name)}: give 1 or more")

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """What can be limited."""
        return tuple(field.name for field in fields(cls))


USUAL: Final = Limits()
#: What is counted, where its name does not say it.
_SAID: Final = {
    "figures": "quantities and dates",
    "memory": "bytes of memory",
    "seconds": "seconds of processor time for every 10 MB",
}


class Bounds:
    """What was read of a file so far, against its limits.

    Args:
        name: what errors call the file.
        limits: of it.
    """

    def __init__(self, name: str, limits: Limits = USUAL) -> None:
        self.name = name
        self.limits = limits
        self._used: Counter[str] = Counter()

    def spend(self, what: str, amount: int) -> None:
        """Count so many more.

        Raises:
            InputError: with them it is more than the limit.
        """
        self._used[what] += amount
        self.check(what, self._used[what])

    def check(self, what: str, amount: int) -> None:
        """Compare an amount with a limit by itself.

        Raises:
            InputError: it is more.
        """
        if amount > getattr(self.limits, what):
            raise self.excess(what)

    def excess(self, what: str) -> InputError:
        """The error that it is more than the limit."""
        said = _SAID.get(what, what.replace("_", " "))
        return InputError(
            f"{self.name}: not read, more than {getattr(self.limits, what):,} {said}; split it, or, where it "
            f"can be trusted, allow more (--limit {what}=N, Limits({what}=N))"
        )
