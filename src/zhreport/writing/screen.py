"""Tables for people, on the screen or as a text file."""

import io
from collections.abc import Mapping
from functools import partial
from typing import IO, TYPE_CHECKING, Final

from zhreport.report import Report
from zhreport.writing.output import Writer

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["TableWriter"]

#: What the table to read holds: one row for each of these.
_RECORDS: Final = ("claims", "campaigns")

_SHORT: Final = {
    "eq": "",
    "approx": "约",
    "gt": ">",
    "ge": "≥",
    "lt": "<",
    "le": "≤",
    "range": "",
}


class TableWriter(Writer):
    """Tables for people: for each report its claims, and its campaigns with the number of mentions."""

    def __init__(self, stream: IO[bytes] | None, records: str | None = None) -> None:
        from rich.console import Console  # noqa: PLC0415 - slow to load, and few runs show tables

        # text of a report is no markup: neither [red] nor :warning:
        self._console = (
            Console(markup=False, emoji=False)
            if stream is None
            else Console(markup=False, emoji=False, file=io.StringIO(), width=160)
        )
        self._stream = stream
        self.render = partial(_shown, (records,) if records else _RECORDS)

    def put(self, rendered: "list[str | Table]") -> None:
        """Print what is shown of a report."""
        for item in rendered:
            self._console.print(item)
        if self._stream is not None and isinstance(self._console.file, io.StringIO):
            self._stream.write(self._console.file.getvalue().encode("utf-8", "replace"))
            self._console.file = io.StringIO()

    def close(self) -> None:
        """Nothing is left."""


def _shown(which: tuple[str, ...], report: Report, _: Mapping[str, str]) -> "list[str | Table]":
    """The claims and campaigns of a report under its name."""
    year = report.document.year
    title = f"{_plain(report.document.name)} · year {year.value or 'unknown'} ({year.origin})"
    shown: list[str | Table] = []
    for records in which:
        if not getattr(report, records):
            shown.append(f"{title}: no {'numeric ' if records == 'claims' else ''}{records} found")
        elif records == "claims":
            shown.append(_claims_table(report, title))
        else:
            shown.append(_campaigns_table(report, f"{title} · campaigns"))
    return shown


def _table(title: str) -> "Table":
    from rich.table import Table  # noqa: PLC0415 - as above

    return Table(title=title, title_justify="left", pad_edge=False)


def _claims_table(report: Report, title: str) -> "Table":
    table = _table(title)
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


def _campaigns_table(report: Report, title: str) -> "Table":
    table = _table(title)
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
