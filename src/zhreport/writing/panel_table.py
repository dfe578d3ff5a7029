"""A panel as CSV or JSONL."""

import csv
import io
from collections.abc import Iterable
from typing import IO

from zhreport.panel import PANEL_FIELDS, PanelRow
from zhreport.writing.jsonl import encode
from zhreport.writing.spreadsheets import csv_cell

__all__ = ["write_panel"]


def write_panel(rows: Iterable[PanelRow], stream: IO[bytes], form: str) -> None:
    """Write a panel: `csv` as the other tables, or `jsonl`, one row an object."""
    if form == "jsonl":
        stream.write(b"".join(encode({n: getattr(row, n) for n in PANEL_FIELDS}) + b"\n" for row in rows))
        return
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    table = csv.writer(text)
    table.writerow(PANEL_FIELDS)
    table.writerows([csv_cell(getattr(row, name)) for name in PANEL_FIELDS] for row in rows)
    text.flush()
    text.detach()
