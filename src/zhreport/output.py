"""Writing records: JSONL, CSV and a table to read, each to a temporary name that is then renamed."""

import csv
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

import msgspec
from rich.console import Console
from rich.table import Table

from zhreport.errors import InputError
from zhreport.report import CLAIM_FIELDS, Report

__all__ = ["FORMATS", "Writer", "make_writer", "replacing"]

FORMATS: Final = ("table", "jsonl", "csv")

_encode = msgspec.json.Encoder(decimal_format="number").encode
# A cell that a spreadsheet would take for a formula gets an apostrophe.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """Writes reports one after the other to a binary stream."""

    def write(self, report: Report, extra: dict[str, str]) -> None:
        """Write one report; `extra` are its columns of the metadata table."""

    def close(self) -> None:
        """Write what is left."""


class JsonlWriter:
    """One JSON object a line: document, paragraphs and claims; numbers exact."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, report: Report, extra: dict[str, str]) -> None:
        """Write the records of a report."""
        self._stream.write(b"".join(_encode(record) + b"\n" for record in report.records(extra)))

    def close(self) -> None:
        """Nothing is left."""


class CsvWriter:
    """One claim a row, UTF-8 with a byte order mark, so that spreadsheets read the Chinese."""

    def __init__(self, stream: IO[bytes], columns: Sequence[str]) -> None:
        self._extra = [c for c in columns if c not in ("file", "year")]
        self._text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
        self._rows = csv.writer(self._text)
        self._rows.writerow(["doc", "year", "year_origin", *CLAIM_FIELDS, *self._extra])

    def write(self, report: Report, extra: dict[str, str]) -> None:
        """Write the claims of a report."""
        for row in report.to_dicts():
            cells: list[object] = []
            for name in ("doc", "year", "year_origin", *CLAIM_FIELDS):
                cells.append(_cell(row[name]))
            self._rows.writerow([*cells, *(_cell(extra.get(name, "")) for name in self._extra)])

    def close(self) -> None:
        """Hand the last rows to the stream and let go of it."""
        self._text.flush()
        self._text.detach()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return format(value, "f") if not isinstance(value, str | int) else value


_SHORT: Final = {
    "eq": "",
    "approx": "约",
    "gt": ">",
    "ge": "≥",
    "lt": "<",
    "le": "≤",
    "range": "",
}


class TableWriter:
    """Tables for people, one a report, one claim a row."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._console = Console() if stream is None else Console(file=io.StringIO(), width=160)
        self._stream = stream

    def write(self, report: Report, extra: dict[str, str]) -> None:  # noqa: ARG002
        """Print the claims of a report under its name."""
        year = report.document.year
        title = f"{_plain(report.document.name)} · year {year.value or 'unknown'} ({year.origin})"
        if not report.claims:
            self._console.print(f"{title}: no numeric claims found")
            return
        table = Table(title=title, title_justify="left", pad_edge=False)
        table.add_column("indicator", overflow="fold", min_width=16, ratio=3)
        table.add_column("as written", overflow="fold", justify="right", ratio=1, min_width=10)
        for name in ("kind", "status", "period", "place"):
            table.add_column(name, no_wrap=True)
        for claim in report.claims:
            arrow = {"up": " ↑", "down": " ↓"}.get(claim.direction, "")
            table.add_row(
                _plain(claim.indicator),
                _SHORT[claim.relation] + _plain(claim.text),
                claim.kind + arrow,
                claim.status,
                claim.period,
                str(claim.start),
            )
        self._console.print(table)

    def close(self) -> None:
        """Hand the tables to the stream."""
        if self._stream is not None and isinstance(self._console.file, io.StringIO):
            self._stream.write(self._console.file.getvalue().encode("utf-8", "replace"))


def _plain(text: str) -> str:
    """Text that rich does not read as markup, and a terminal not as a command."""
    return "".join(c if c.isprintable() else " " for c in text).replace("[", r"\[")


def make_writer(name: str, stream: IO[bytes] | None, columns: Sequence[str]) -> Writer:
    """A writer by format name; only the table may have no stream (it goes to the terminal)."""
    if name == "table" or stream is None:
        return TableWriter(stream)
    return JsonlWriter(stream) if name == "jsonl" else CsvWriter(stream, columns)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A stream to a temporary file beside `path` that takes its place on success only.

    Raises:
        InputError: the folder does not exist or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); check the folder") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        part.replace(path)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(f"{path}: cannot be written ({error.strerror})") from error
        raise
