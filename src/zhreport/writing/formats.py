"""The formats of files by name and ending, and a writer for each."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from zhreport.batch.closing import log
from zhreport.errors import UsageError
from zhreport.report import Report
from zhreport.tables import KINDS
from zhreport.writing.jsonl import JsonlWriter
from zhreport.writing.output import Writer, replacing
from zhreport.writing.parquet import ArrowWriter
from zhreport.writing.screen import TableWriter
from zhreport.writing.shape import Shape
from zhreport.writing.spreadsheets import CsvWriter, XlsxWriter
from zhreport.writing.stata import DtaWriter

__all__ = ["ENDINGS", "FORMATS", "make_writer", "write"]

#: Ending of a file → its format.
ENDINGS: Final = {
    ".txt": "table",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".feather": "feather",
    ".arrow": "feather",
    ".xlsx": "xlsx",
    ".dta": "dta",
}
FORMATS: Final = tuple(dict.fromkeys(ENDINGS.values()))


def make_writer(
    form: str,
    stream: IO[bytes] | None,
    names: Sequence[str] = (),
    kind: str | None = None,
    provenance: Mapping[str, str] | None = None,
) -> Writer:
    """A writer by the name of its format; only `table` may have no stream (it goes to the terminal).

    Args:
        form: one of `FORMATS`.
        stream: where to write; of `dta` one that can be rewound.
        names: columns of the metadata table.
        kind: of the records. If not given, JSONL and Excel hold all, the table to read claims and campaigns,
            and the others claims.
        provenance: what made the records, see `zhreport.tables.provenance`.

    Raises:
        UsageError: an unknown format, or one that has no table of this kind.
        MissingExtraError: a library that the format needs is not installed.
    """
    made_by = provenance or {}
    if form == "table" or stream is None:
        if kind not in (None, "claims", "campaigns"):
            raise UsageError(f"the table to read has claims and campaigns, not {kind}")
        return TableWriter(stream, kind)
    if form == "jsonl":
        if kind is not None:
            raise UsageError("JSONL holds all records")
        return JsonlWriter(stream)
    if form == "xlsx":
        return XlsxWriter(
            stream, [Shape(one, names) for one in ((kind,) if kind else KINDS)], provenance=made_by
        )
    shape = Shape(kind or "claims", names)
    if form == "csv":
        return CsvWriter(stream, shape)
    if form == "dta":
        return DtaWriter(stream, shape, provenance=made_by)
    if form in ("parquet", "feather"):
        return ArrowWriter(stream, shape, provenance=made_by, form=form)
    raise UsageError(f"unknown format {form!r}: use one of {', '.join(FORMATS)}")


def write(
    reports: Iterable[Report],
    path: str | Path,
    kind: str | None = None,
    *,
    extra: Iterable[Mapping[str, str]] | None = None,
    provenance: Mapping[str, str] | None = None,
) -> None:
    """Write reports to a file in the format of its ending; the file takes its place when it is complete.

    What a format cannot hold whole (a text longer than a cell of Excel) the logger `zhreport` tells.

    Args:
        reports: one after the other.
        path: its ending is one of `ENDINGS`.
        kind: of the records, see `make_writer`.
        extra: for each report its row of a metadata table.
        provenance: what made the records.

    Raises:
        UsageError: another ending, or not as many rows of metadata as reports.
        InputError: the file cannot be written or cannot hold the records.
        MissingExtraError: a library that the format needs is not installed.
    """
    path = Path(path)
    form = ENDINGS.get(path.suffix.lower())
    if form is None:
        raise UsageError(f"{path} ends in none of {', '.join(ENDINGS)}")
    rows = None if extra is None else list(extra)
    with replacing(path) as stream:
        names = tuple(dict.fromkeys(name for row in rows or () for name in row))
        with make_writer(form, stream, names, kind, provenance) as writer:
            count = 0
            for count, report in enumerate(reports, start=1):
                if rows is not None and count > len(rows):
                    break
                for remark in writer.write(report, rows[count - 1] if rows is not None else {}) or ():
                    log(logging.WARNING, f"{report.document.file or report.document.name}: {remark}")
            if rows is not None and count != len(rows):
                raise UsageError(f"{len(rows)} rows of metadata, but another number of reports")
