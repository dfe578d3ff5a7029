"""Writing records: JSONL and a table to read, each to a temporary name that is then renamed."""

import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol

import msgspec
from rich.console import Console
from rich.table import Table

from zhreport.errors import InputError, UsageError
from zhreport.report import Report
from zhreport.tables.kinds import valid

__all__ = ["RECORDS", "JsonlWriter", "TableWriter", "Writer", "check_apart", "encode", "replacing"]

#: What the table to read holds: one row for each of these.
RECORDS: Final = ("claims", "campaigns")

#: A record as a JSON line without its line break; numbers exact.
encode = msgspec.json.Encoder(decimal_format="number").encode


class Writer(Protocol):
    """Writes reports one after the other to a binary stream."""

    def write(self, report: Report, extra: dict[str, str]) -> None:
        """Write one report; `extra` are its columns of the metadata table."""

    def close(self) -> None:
        """Write what is left."""


class JsonlWriter:
    """One JSON object a line: document, paragraphs, claims and campaigns; numbers exact.

    Half surrogates, which UTF-8 cannot hold, become `?`.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, report: Report, extra: dict[str, str]) -> None:
        """Write the records of a report."""
        self._stream.write(b"".join(map(_json_line, report.records(extra))))

    def close(self) -> None:
        """Nothing is left."""


def _json_line(record: Mapping[str, Any]) -> bytes:
    try:
        return encode(record) + b"\n"
    except UnicodeEncodeError:
        return encode(valid(record)) + b"\n"


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
    """Tables for people: for each report its claims, and its campaigns with the number of mentions."""

    def __init__(self, stream: IO[bytes] | None, records: str | None = None) -> None:
        # text of a report is no markup: neither [red] nor :warning:
        self._console = (
            Console(markup=False, emoji=False)
            if stream is None
            else Console(markup=False, emoji=False, file=io.StringIO(), width=160)
        )
        self._stream = stream
        self._records = (records,) if records else RECORDS

    def write(self, report: Report, extra: dict[str, str]) -> None:  # noqa: ARG002
        """Print the claims and campaigns of a report under its name."""
        year = report.document.year
        title = f"{_plain(report.document.name)} · year {year.value or 'unknown'} ({year.origin})"
        shown: list[str | Table] = []  # all of it is made before any is printed
        for records in self._records:
            if not getattr(report, records):
                shown.append(f"{title}: no {'numeric ' if records == 'claims' else ''}{records} found")
            elif records == "claims":
                shown.append(_claims_table(report, title))
            else:
                shown.append(_campaigns_table(report, f"{title} · campaigns"))
        for item in shown:
            self._console.print(item)
        if self._stream is not None and isinstance(self._console.file, io.StringIO):
            self._stream.write(self._console.file.getvalue().encode("utf-8", "replace"))
            self._console.file = io.StringIO()

    def close(self) -> None:
        """Nothing is left."""


def _claims_table(report: Report, title: str) -> Table:
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
            str(report.document.place_as_read(claim.start, claim.end)[0]),
        )
    return table


def _campaigns_table(report: Report, title: str) -> Table:
    table = Table(title=title, title_justify="left", pad_edge=False)
    table.add_column("campaign", overflow="fold", min_width=16, ratio=3)
    table.add_column("kind", no_wrap=True)
    table.add_column("mentions", justify="right", no_wrap=True)
    table.add_column("first place", no_wrap=True)
    for row in report.campaign_counts():
        table.add_row(_plain(row["name"]), row["kind"], str(row["mentions"]), str(row["start"]))
    return table


def _plain(text: str) -> str:
    """Text that a terminal does not read as a command."""
    return "".join(c if c.isprintable() else " " for c in text)


def check_apart(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Before any work: no output takes the place of something that is read.

    Links are followed, and two names of one file are that file. Pipes and devices lose nothing.

    Raises:
        UsageError: an output is an input; the message names both.
    """
    there = {}
    for path in outputs:
        with suppress(OSError, ValueError):
            if path.is_file() or path.is_dir():
                found = path.stat()
                there[found.st_dev, found.st_ino] = path
    for source in inputs if there else ():
        try:
            found = source.stat()
        except (OSError, ValueError):  # an error of its own when it is read
            continue
        if (output := there.get((found.st_dev, found.st_ino))) is not None:
            raise UsageError(
                f"{output} would overwrite {source}, which is read; name another output, "
                "or leave the file out of the inputs"
            )


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A stream to a temporary file beside `path` that takes its place on success only.

    A link stays a link, to the new file; a pipe or a device (`/dev/stdout`) is written to as it is.

    Raises:
        InputError: the folder does not exist, or it or the file cannot be written.
    """
    if path.exists() and not path.is_file():
        try:
            with path.open("wb") as stream:
                yield stream
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror})") from error
        return
    place = path.resolve()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name[:40]}.", suffix=".part", dir=place.parent)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); check the folder") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        part.replace(place)
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(f"{path}: cannot be written ({error.strerror})") from error
        raise
