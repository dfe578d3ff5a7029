"""What a reader gives: the parts of a file with their texts."""

from dataclasses import dataclass

__all__ = ["Extracted", "Part"]


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
