"""Metadata of a report: title, date, speaker, issuing body, genre and region, each with its origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import regex

from zhreport.metadata.heads import Head, find_date, find_year, read_head
from zhreport.metadata.places import find_region, kinds_of
from zhreport.metadata.regions import Region, unit
from zhreport.metadata.wording import words
from zhreport.reading.columns import meaning
from zhreport.words.folding import fold

__all__ = [
    "Head",
    "Metadata",
    "Region",
    "Stated",
    "by_meaning",
    "find_date",
    "find_genre",
    "find_metadata",
    "read_head",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A piece of metadata and where it comes from.

    Attributes:
        value: empty if unknown.
        origin: `table` (the caller's metadata table), `text`, `file` (the file's own properties),
            `file name` or `unknown`.
    """

    value: str = ""
    origin: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a report is.

    Attributes:
        title: on one line, without the spaces inside it.
        date: of delivery, else of publication; ISO, as exact as stated (`2024-01-09`, `2024-01`).
        speaker: the name of the person who gives the report.
        body: the body that issues it (`云岭市人民政府`).
        genre: `政府工作报告`, `统计公报`, `计划报告`, `预算报告`, `工作总结`, `工作要点`, `综述` or
            `工作报告`.
        region: the place that it is of.
    """

    title: Stated
    date: Stated
    speaker: Stated
    body: Stated
    genre: Stated
    region: Region


_EMPTY: Final[Mapping[str, str]] = MappingProxyType({})
_HAN: Final = regex.compile(r"\p{Han}{4}")


def find_metadata(
    text: str, name: str, *, table: Mapping[str, str] = _EMPTY, file: Mapping[str, str] = _EMPTY
) -> Metadata:
    r"""Read what a report says of itself.

    Every value comes from the first of these that has it: the table, the text, the file's own
    properties, the file name. The text comes before the file name because files get wrong names more
    often than reports get wrong heads. A place that may be several (`朝阳区`) is decided by the kind of
    place that the report speaks for (`我代表市人民政府`), by the year, and by the province and city that
    it names most; where nothing decides, its code stays empty. A text that names no place in its head is
    of the one that it names most, if it names it clearly more often than any other, else, as news are, of
    the one whose public body its opening names or with which most of its pieces begin.

    Args:
        text: the report.
        name: the file name without its ending.
        table: a row of the caller's metadata table; columns such as `title`, `date`, `speaker`, `body`,
            `year`, `region`, `code`, `level`, in English or Chinese; others are passed over.
        file: what the file's own properties say: `title`, `date`, `author`.

    Raises:
        DataFileError: the installed tables of regions have another form than expected.

    >>> text = "政府工作报告\n——2024年1月9日在云岭市第五届人民代表大会上\n市长 李某某\n各位代表："
    >>> m = find_metadata(text, "a")
    >>> m.title.value, m.date.value, m.speaker.value, m.body.value, m.region.name
    ('政府工作报告', '2024-01-09', '李某某', '云岭市人民政府', '云岭市')
    """
    row = by_meaning(table)
    head = read_head(text)
    folded_name = fold(name)
    file_title = _file_title(file.get("title", ""))
    year = next(
        (y for s in (row.get("year", ""), row.get("date", ""), head.date) if (y := find_year(s))), None
    )
    near = year or next((y for s in (head.title, *head.lines, name) if (y := find_year(s))), None)
    file_date = find_date(file.get("date", ""))
    if near and file_date and abs(int(file_date[:4]) - near) > 1:
        file_date = ""  # of a copy that was made later
    region = find_region(text, head, name=name, file_title=file_title, row=row, year=near)
    named = name.replace("_", " ").strip() if words().titled(folded_name) and _HAN.search(name) else ""
    kind = find_genre(head, name, row, file_title)
    return Metadata(
        title=_first(
            (row.get("title", ""), "table"), (head.title, "text"), (file_title, "file"), (named, "file name")
        ),
        date=_first(
            (find_date(row.get("date", "")) or row.get("date", ""), "table"),
            (head.date, "text"),
            (file_date, "file"),
            (find_date(name), "file name"),
        ),
        speaker=_first((row.get("speaker", ""), "table"), (head.speaker, "text")),
        body=_body(row, head, region, kind.value, file.get("author", "").strip()),
        genre=kind,
        region=region,
    )


def find_genre(head: Head, name: str, row: Mapping[str, str], file_title: str = "") -> Stated:
    """The genre of a report.

    Args:
        head: what its first lines say.
        name: the file name without its ending.
        row: cells of a metadata table by what they hold, as `by_meaning` gives them.
        file_title: the title as the file's own properties say it.
    """
    genre = words().genre
    return _first(
        (row.get("genre", ""), "table"),
        (genre(fold(row.get("title", ""))), "table"),
        (genre(head.title), "text"),
        ("政府工作报告" if head.gives else "", "text"),
        (genre(fold(file_title)), "file"),
        (genre(fold(name)), "file name"),
    )


def by_meaning(table: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row by what their columns hold; the first that says something."""
    found: dict[str, str] = {}
    for column, value in table.items():
        key = meaning(column)
        if key and value.strip():
            found.setdefault(key, value.strip())
    return found


def _first(*found: tuple[str, str]) -> Stated:
    """The first value that is not empty, with its origin."""
    return next((Stated(value=value, origin=origin) for value, origin in found if value), Stated())


def _file_title(title: str) -> str:
    """A file's title property without the name of the program or of the site; empty if it names no report."""
    title = regex.split(r"[_|]| - ", title.removeprefix("Microsoft Word - "))[0].strip()
    return title if _HAN.search(title) and words().titled(fold(title)) else ""


def _body(row: Mapping[str, str], head: Head, region: Region, genre: str, author: str) -> Stated:
    """The issuing body; that of a 政府工作报告 without any is the government of its region."""
    government = head.government
    if head.office and region.name and (not head.unit or unit(region.name) in kinds_of(head.unit)):
        government = region.name + head.office
    office = "国务院" if region.level == "central" else region.name + "人民政府"
    if unit(region.name) in {"盟", "地区"}:
        office = region.name + "行政公署"
    titled = words().titled_body.match(head.title)
    return _first(
        (row.get("body", ""), "table"),
        (government, "text"),
        (" ".join(next(iter(head.signatures()), "").split()), "text"),
        (titled["body"] if titled else "", "text"),
        (author if words().bodies.fullmatch(author) else "", "file"),
        (office if genre == "政府工作报告" and region.name else "", region.origin),
    )
