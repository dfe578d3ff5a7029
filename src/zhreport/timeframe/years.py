"""The kind of a document, its own year, and the years that it reviews and plans."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import regex

from zhreport.errors import UsageError
from zhreport.metadata import Stated, by_meaning, find_date, find_genre, read_head
from zhreport.reading.columns import stated_year
from zhreport.timeframe.time_words import class_pattern, members, time_pattern
from zhreport.words.folding import fold
from zhreport.words.numerals import parse_numeral

__all__ = ["KINDS_OF_DOCUMENT", "Year", "check_genre", "check_year", "find_year", "years_in"]

#: What a document is, as far as it matters for time.
KINDS_OF_DOCUMENT: Final = ("government", "plan", "summary", "overview", "bulletin", "press", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The years of a report and where they were found.

    Attributes:
        value: its own year: when it was delivered, published or dated, four digits; None if nothing says it.
        origin: of `value`: `argument`, `metadata`, `text`, `file name` or `unknown`.
        reviewed: the year that its account is about: the year before for a government work report or a
            budget, the year of the title for a bulletin or a summary, its own year for a press text.
        planned: the year that its tasks and targets are about.
        speaks: the year that 今年 means in it.
        kind: `government`, `plan`, `summary`, `overview` (a 综述 of no year in particular), `bulletin`,
            `press` or `other`.
        kind_origin: `argument`, `table`, `text`, `file`, `file name` or `unknown`.
        why: the words that decided which year is reviewed; "" if the kind alone did.
        conflict: what the caller says and the title contradicts, in one line; else "".
    """

    value: int | None
    origin: str
    reviewed: int | None
    planned: int | None = None
    speaks: int | None = None
    kind: str = "other"
    kind_origin: str = "unknown"
    why: str = ""
    conflict: str = ""

    @property
    def two_parts(self) -> bool:
        """Does a document of its kind review the year before its own and plan its own?"""
        return self.kind in ("government", "plan")


@dataclass(frozen=True, slots=True)
class _Title:
    """The years that a title names: the last reviewed, the last planned, and the words that said so."""

    reviewed: int | None = None
    planned: int | None = None
    own: int | None = None
    half: bool = False
    words: str = ""


_HEAD: Final = 1500
_LINES: Final = 25
_LONGEST: Final = 60  # of a line that may be part of a title
_TITLE_YEAR: Final = time_pattern("time.title_year")
_YEAR: Final = time_pattern("time.year")
_DATE_LINE: Final = time_pattern("time.date_line")
_DIGITS: Final = regex.compile(r"(?<![0-9])(?:19[4-9]|20[0-9])[0-9](?![0-9])")
_OPENING: Final = 300
_RUN_IN: Final = 120  # characters that a title with its text behind it stands in
_LATE: Final = 11  # a report delivered from this month on reviews the year that ends
_NUMBERED: Final = time_pattern("time.numbered")
_NEXT_SENTENCE: Final = "。！，；："


def years_in(text: str) -> list[int]:
    """The years named in a folded text; a bare number is none, only with 年 or at the head of a span.

    >>> years_in("2023年和二〇二四年"), years_in("共1984户"), years_in("2019—2022年")
    ([2023, 2024], [], [2019, 2022])
    """
    return [int(parse_numeral(match["y"])) for match in _YEAR.finditer(text)]


def check_year(year: int | None) -> int | None:
    """A year given by a caller.

    Raises:
        UsageError: it does not lie between 1900 and 2100.
    """
    if year is not None and not 1900 <= year <= 2100:
        raise UsageError(f"year {year} is not between 1900 and 2100")
    return year


def check_genre(genre: str) -> str:
    """The kind of a document of a genre given by a caller, "" for none.

    Raises:
        UsageError: it is neither a kind nor a genre that tells the kind.

    >>> check_genre("政府工作报告"), check_genre("Press")
    ('government', 'press')
    """
    kind = _kind_of(genre)
    if genre and not kind:
        known = [word for name in KINDS_OF_DOCUMENT for word in sorted(members().get(f"kind.{name}", ()))]
        raise UsageError(f"unknown genre {genre!r}: use {', '.join([*KINDS_OF_DOCUMENT, *known])}")
    return kind


def find_year(
    text: str,
    name: str,
    *,
    year: int | None = None,
    metadata: int | None = None,
    genre: str = "",
    reviewed: int | None = None,
    table: Mapping[str, str] = MappingProxyType({}),
    file_title: str = "",
    folded: str | None = None,
) -> Year:
    r"""The kind and the years of a document.

    Its own year is the argument, else that of the metadata, else that of the text, else that of the file
    name. Which year is reviewed and which is planned is said by the title, whatever the metadata say; where
    the title is silent, by the kind of the document.

    Args:
        text: the document.
        name: the file name without its ending.
        year: its own year, before every other source.
        metadata: its year in a metadata table.
        genre: its genre (`政府工作报告`, `新闻`) or kind, before every other source.
        reviewed: the year under review, before every other source.
        table: its row of a metadata table, for title, genre and date.
        file_title: the title as the file's own properties say it.
        folded: the folded text, if it is at hand.

    Raises:
        UsageError: a year out of range or an unknown genre.

    >>> y = find_year("2024年平安县政府工作报告\n各位代表：", "a")
    >>> y.value, y.reviewed, y.planned, y.kind
    (2024, 2023, 2024, 'government')
    >>> y = find_year("平安县2023年国民经济和社会发展统计公报", "a", metadata=2024)
    >>> y.value, y.reviewed, y.kind
    (2024, 2023, 'bulletin')
    >>> find_year("平安县民政局\n2023年上半年工作总结", "a").planned
    2023
    """
    folded = fold(text) if folded is None else folded
    stated = by_meaning(table)
    head = read_head(text)
    if not head.title and (run_in := _run_in_title(folded[:_RUN_IN])):
        head = replace(head, title=run_in)
    genres = [find_genre(head, name, row, file_title) for row in ([stated, {}] if stated else [{}])]
    kind, kind_origin = _kind(folded, genre, genres)
    lines = [line.strip() for line in folded[:_HEAD].split("\n")]
    title = _title([fold(stated.get("title", "")), *_title_lines(head.lines, head.title), fold(file_title)])
    date = _DATE_LINE.search("\n".join(lines))
    dated = find_date(stated.get("date", ""))
    value, origin = _first_known(
        (check_year(year), "argument"),
        (check_year(metadata or (int(dated[:4]) if dated else None)), "metadata"),
        (_own(title, kind), "text"),
        (int(parse_numeral(date["y"])) if date else None, "text"),
    )
    headed = _headed(folded, value)
    if value is None:
        value, origin = _first_known((headed or _announced(folded), "text"), (_in_name(name), "file name"))
    found_year = Year(value=value, origin=origin, reviewed=None, kind=kind, kind_origin=kind_origin)
    if headed and not title.words and kind in ("government", "other"):
        title = _Title(reviewed=headed - 1, planned=headed, own=headed, words=f"{headed - 1}…{headed}")
    if reviewed is None:
        reviewed = stated_year(stated.get("reviewed", ""))
    return _framed(found_year, title, check_year(reviewed), date)


def _in_name(name: str) -> int | None:
    """The first year in a file name."""
    named = _DIGITS.search(name)
    return int(named.group()) if named else None


def _first_known(*sources: tuple[int | None, str]) -> tuple[int | None, str]:
    """The first year that is known, with its origin."""
    return next(((year, origin) for year, origin in sources if year is not None), (None, "unknown"))


def _kind(folded: str, genre: str, genres: Sequence[Stated]) -> tuple[str, str]:
    """The kind of a document and where it was found: the first of the genres that is known."""
    if kind := check_genre(genre):
        return kind, "argument"
    for found in genres:  # the column of a table may hold anything
        if kind := _kind_of(found.value):
            return kind, found.origin
    opening = folded[:_OPENING].lstrip()
    if any(word in opening for word in members()["kind.assembly"]):
        return "government", "text"
    if any(word in opening for word in members()["kind.press_opens"]):
        return "press", "text"
    return "other", "unknown"


def _kind_of(genre: str) -> str:
    said = genre.strip().lower()
    if said in KINDS_OF_DOCUMENT:
        return said
    return next((kind for kind in KINDS_OF_DOCUMENT if said in members().get(f"kind.{kind}", ())), "")


def _run_in_title(opening: str) -> str:
    """The title at the beginning of a text that goes on behind it without a break, "" if there is none.

    >>> _run_in_title("云岭市2023年国民经济和社会发展统计公报云岭市统计局2024年3月一、综合全年")
    '云岭市2023年国民经济和社会发展统计公报'
    """
    line = _FIRST_CLAUSE.match(opening)
    if line is None or any(word in opening for word in members()["kind.press_opens"]):
        return ""
    title = ""
    for match in _TITLE_END.finditer(line.group()):
        longer = line.group()[: match.end()]
        if title and not _GOES_ON.match(longer, len(title)):
            break
        if find_genre(replace(read_head(""), title=longer), "", {}).value and years_in(longer):
            title = longer
    return title


_FIRST_CLAUSE: Final = regex.compile(r"\s*[^，。；：！？\n]+")
_TITLE_END: Final = time_pattern("time.title_end")
_GOES_ON: Final = time_pattern("time.goes_on")


def _title_lines(lines: Sequence[str], title: str) -> list[str]:
    """Lines of the head that may be a title, one and two at a time, after the title that its form tells."""
    short = [
        line
        for line in lines[:_LINES]
        if 0 < len(line) <= _LONGEST and line[-1] not in _NEXT_SENTENCE and not _NUMBERED.match(line)
    ]
    pairs = [a + b for a, b in pairwise(short) if len(a + b) <= _LONGEST]
    # a title may be followed by its text without a break; one with two years says more than one with one
    return [title, *short, *pairs]


def _title(candidates: list[str]) -> _Title:
    """The first candidate that names a year and what it is for."""
    best = _Title()
    for line in candidates:
        found = _read_title("".join(line.split()))
        if found.reviewed and found.planned:
            return found
        if best.words == "" and found.words:
            best = found
    return best


def _read_title(title: str) -> _Title:
    """What the years of a title are for: each by the words behind it, up to the next."""
    years = list(_TITLE_YEAR.finditer(title))
    found = _Title()
    for number, match in enumerate(years):
        year = int(parse_numeral(match["y"]))
        behind = title[match.end() : years[number + 1].start() if number + 1 < len(years) else len(title)]
        review, plan = (
            class_pattern("title.review").search(behind),
            class_pattern("title.plan").search(behind),
        )
        half = class_pattern("title.half").search(behind)
        if review or half and class_pattern("title.report").search(behind):
            found = replace(found, reviewed=year, half=bool(half), words=title)
            if plan and review and plan.start() > review.end():
                found = replace(found, planned=year if half else year + 1)
        elif plan:
            found = replace(found, planned=year, words=title)
        elif behind.endswith(tuple(members()["title.report"])) and "年度" not in match.group():
            found = replace(found, own=year, words=title)
        elif behind.endswith(tuple(members()["title.report"])):
            found = replace(found, reviewed=year, words=title)
    return found


def _own(title: _Title, kind: str) -> int | None:
    """The own year of a document that only its title tells."""
    if kind in ("government", "plan") and title.planned is None and title.own is None and title.reviewed:
        return title.reviewed + 1
    return title.own or title.planned or title.reviewed


def _headed(folded: str, value: int | None) -> int | None:
    """The year that a chapter plans, if another reviews the year before it or it is the own year."""
    plans = {int(parse_numeral(match["y"])) for match in _PLAN_HEADING.finditer(folded)}
    reviews = {int(parse_numeral(match["y"])) for match in _REVIEW_HEADING.finditer(folded)}
    both = max((year for year in plans if year - 1 in reviews), default=None)
    return both or (value if value is not None and (value in plans or value - 1 in reviews) else None)


# begins with a single sign, which is searched for ten times as fast as a choice of numbers
_PLAN_HEADING: Final = time_pattern("time.plan_heading")
_REVIEW_HEADING: Final = time_pattern("time.review_heading")


def _announced(folded: str) -> int | None:
    """The year of the first announcement of plans (`2024年工作安排`), else the one after a look back."""
    if match := _PLAN_YEAR.search(folded):
        return int(parse_numeral(match["y"]))
    if match := _PAST_YEAR.search(folded):
        return int(parse_numeral(match["y"])) + 1
    return None


_PLAN_YEAR: Final = time_pattern("time.plan_year")
_PAST_YEAR: Final = time_pattern("time.past_year")


def _delivered_late(date: "re.Match[str] | None", planned: int) -> bool:
    """Was it delivered at the end of the year before the one that it plans?"""
    if date is None or int(parse_numeral(date["y"])) != planned - 1:
        return False
    return int(parse_numeral(date["m"])) >= _LATE


def _framed(year: Year, title: _Title, reviewed: int | None, date: "re.Match[str] | None") -> Year:
    """The year with what is reviewed, what is planned, and what 今年 means."""
    own = year.value
    looked, planned = (reviewed, None) if reviewed is not None else _looked(year, title)
    if looked is None:
        return replace(year, planned=own, speaks=own)
    if planned is None:
        planned = looked + ((title.reviewed or year.two_parts or looked != own) and not title.half)
    speaks: int | None
    if year.two_parts:
        speaks = looked if _delivered_late(date, planned) else planned
    elif title.reviewed and title.own is None:
        speaks = looked  # 今年 in a summary of a year
    else:
        speaks = title.own or title.planned or own
    return replace(
        year,
        reviewed=looked,
        planned=planned,
        speaks=speaks,
        why=title.words,
        conflict=_conflict(own, year.origin, looked, planned, title),
    )


def _looked(year: Year, title: _Title) -> tuple[int | None, int | None]:
    """The year under review and the one planned, as the title says them, else the kind of the document."""
    own, ahead = year.value, year.two_parts
    planned, looked = title.planned or (title.own if ahead else None), title.reviewed
    if ahead and year.origin == "argument" and own not in (looked, planned):
        planned = looked = None  # the caller knows when it was delivered
    if ahead and looked and not planned:
        planned = looked + 1
    if looked is not None:
        return looked, planned
    if planned and (title.planned or ahead):
        return planned - 1, planned
    if own is None or year.kind == "overview":
        return None, planned
    return own - (ahead or title.own == own), planned


def _conflict(own: int | None, origin: str, reviewed: int, planned: int, title: _Title) -> str:
    """What a caller's year says that the title contradicts."""
    if origin not in ("metadata", "argument") or own is None or not title.words:
        return ""
    said = title.reviewed or title.planned or title.own
    if own in (reviewed, planned, reviewed + 1) or said is None:
        return ""
    return f"the {origin} says {own}, the title {title.words!r} says {said}"
