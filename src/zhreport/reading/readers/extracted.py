"""What a reader gives: the parts of a file with their texts."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import regex

__all__ = ["Extracted", "Part", "iso_date"]

_STAMP: Final = regex.compile(r"(?:D:)?([0-9]{4})(?:-?([0-9]{2})(?:-?([0-9]{2}))?+)?+(?![./年])")


def iso_date(stamp: str) -> str:
    """An ISO date for the stamp of a property (`D:YYYYMMDDHHmmSS` in PDF, else W3CDTF); "" for what is none.

    >>> iso_date("D:20240328100000+08'00'"), iso_date("2024-03-28T10:00:00Z"), iso_date("2024/3/28")
    ('2024-03-28', '2024-03-28', '')
    """
    match = _STAMP.match(stamp.strip())
    if not match:
        return ""
    year, month, day = match.groups()
    try:
        return date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A page, an element or a row of a file.

    Attributes:
        name: what a place in it is called by: `page 3`, `paragraph 12`, `table 1 row 2`; "" for a text file.
        text: its text as extracted.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The text of a file.

    Attributes:
        format: `text`, `markdown`, `html`, `docx`, `pdf` or `ofd`.
        parts: in reading order.
        encoding: of the bytes, "" for formats that say it themselves.
        paged: the parts are pages.
        title, date, author: what the file's own properties say; the date is ISO, "" if unknown.
    """

    format: str
    parts: tuple[Part, ...]
    encoding: str = ""
    paged: bool = False
    title: str = ""
    date: str = ""
    author: str = ""
