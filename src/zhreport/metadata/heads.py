"""The head of a report: what stands before it begins, and what its first sentences say of it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import regex

from zhreport.metadata.regions import unit
from zhreport.metadata.wording import find_place, pattern, words
from zhreport.words.folding import fold
from zhreport.words.numerals import parse_numeral

__all__ = ["Head", "find_date", "find_year", "read_head"]

_HEAD: Final = 2000  # characters; a web page puts much before a report
_LINES: Final = 40
_TAIL: Final = 300
_OPENING: Final = 300
_LONGEST: Final = 60  # of a title or any line of a head
_EDGE: Final = " \u3000\u200b\u200d\ufeff"
_INNER: Final = regex.compile(r"(?<=\p{Han})\s+(?=\p{Han})")

_DAY: Final = (
    r"(?P<y>(?:19|20)[0-9]{2}|[一二][〇零一二三四五六七八九]{3})\s*年\s*"
    r"(?P<m>[0-9]{1,2}|元|[一二三四五六七八九十]{1,2})\s*月"
    r"(?:\s*(?P<d>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*日)?"
)
_DATE: Final = regex.compile(
    rf"{_DAY}|(?<![0-9])(?P<y>(?:19|20)[0-9]{{2}})"
    r"(?:(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})|(?P<m>[0-9]{2})(?P<d>[0-9]{2}))(?![0-9])"
)
_YEAR: Final = regex.compile(r"(?<![0-9])(?:19[4-9]|20[0-9])[0-9](?![0-9])")
# ——2024年1月9日在云岭市第五届人民代表大会…; the line may be broken before 会议上
_DELIVERY: Final = regex.compile(rf"[—（\s]*{_DAY}\s*[，、在于]?(?=.*[第会上])")
# a title and the line of the delivery on one line
_JOINED: Final = regex.compile(rf"(?<=[^\s—（])(?=[—（]+\s*{_DAY}\s*在)")
_AT: Final = regex.compile(r"会议?上）?")
_LABEL: Final = r"(?:.*{heads.dated}|来源：.{0,20})?[：—（\s]*"
_REPORTER: Final = r"{heads.reporters}[：\s]*(?P<name>\p{Han}[\p{Han}\s·]{1,12})$"
_NAME: Final = regex.compile(r"\p{Han}{2,4}|\p{Han}{1,8}·\p{Han}{1,8}")
_BEHALF: Final = (
    r"(?:代表|受)(?P<government>[^\P{Han}向作就对务]{0,20}?"
    "(?P<unit>{places.kinds_spoken})?(?P<office>{heads.governments}))"
)
_COUNCIL: Final = "{heads.speaks_for}.{0,12}国务院|国务院决定"
_GIVES: Final = r"报告[^。，]{0,12}工作|作\p{Han}{0,6}报告"
_BEGINS: Final = "{heads.line_ends}$|^关于"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head of a report says; empty strings where it says nothing.

    Attributes:
        lines: folded and stripped, before the address to the assembly.
        tail: the last lines of the report, folded and stripped.
        title: as one line.
        date: ISO.
        speaker: a name.
        post: of the speaker, as written (`云岭市市长`).
        government: that the opening speaks for, as written (`市人民政府`), or `国务院`.
        unit: its kind of place (`市`).
        office: what stands after the place (`人民政府`).
        gives: whether the opening says that a report on a government's work is given.
    """

    lines: tuple[str, ...]
    tail: tuple[str, ...]
    title: str
    date: str
    speaker: str
    post: str
    government: str
    unit: str
    office: str
    gives: bool

    def deliveries(self) -> list[str]:
        """The lines that tell where the report was given."""
        return [line for line in self.lines if _DELIVERY.match(line) or "人民代表大会" in line]

    def signatures(self) -> list[str]:
        """The lines that are names of bodies."""
        return [line for line in (*self.lines, *self.tail) if words().bodies.fullmatch(line)]


@lru_cache(maxsize=2)  # the years and the metadata of a document ask one after the other
def read_head(text: str) -> Head:
    """Read the head of a report."""
    lines = _stripped(_JOINED.sub("\n", fold(text[:_HEAD])))[:_LINES]
    address = next((i for i, line in enumerate(lines) if words().salutation.match(line)), None)
    # without an address, the lines up to the first that is running text
    running = (i for i, line in enumerate(lines) if len(line) > _LONGEST or line[-1] in "。；")
    count = address if address is not None else next(running, len(lines))
    head, opening = lines[:count], "\n".join(lines[count:])[:_OPENING]
    tail = _stripped(fold(text[-_TAIL:]))[1:]
    title, after = _title(head)
    speaker, post = _speaker(head, after)
    behalf = pattern(_BEHALF).search(opening)
    council = pattern(_COUNCIL).search(opening) if behalf is None else None
    return Head(
        lines=tuple(head),
        tail=tuple(tail),
        title=title,
        date=_date(head, tail),
        speaker=speaker,
        post=post,
        government=behalf["government"] if behalf else "国务院" if council else "",
        unit=behalf["unit"] or "" if behalf else "",
        office=behalf["office"] if behalf else "",
        gives=bool((behalf or council) and pattern(_GIVES).search(opening)),
    )


def _stripped(text: str) -> list[str]:
    """The lines of a text that are not empty, without the white space around them."""
    return [line for raw in text.splitlines() if (line := raw.strip(_EDGE))]


def find_date(text: str) -> str:
    """The first date in a text, ISO; empty if there is none.

    >>> find_date("二〇二四年元月九日"), find_date("a-20240109"), find_date("2024年1月"), find_date("2024年")
    ('2024-01-09', '2024-01-09', '2024-01', '')
    """
    return next((iso for match in _DATE.finditer(fold(text)) if (iso := _iso(match))), "")


def find_year(text: str) -> int | None:
    """The first year in digits in a text.

    >>> find_year("２０２４年政府工作报告")
    2024
    """
    match = _YEAR.search(fold(text))
    return int(match.group()) if match else None


def _iso(match: "regex.Match[str]") -> str:
    """The date of a match, empty if the calendar has no such day."""
    said = (match[k] and match[k].replace("元", "1") for k in ("y", "m", "d"))
    year, month, day = (int(parse_numeral(number)) if number else 0 for number in said)
    try:
        iso = date(year, month, day or 1).isoformat()
    except ValueError:
        return ""
    return iso if day else iso[:7]


def _title(head: list[str]) -> tuple[str, int]:
    """The title among the lines of a head and the number of the line after it."""
    lines = [_INNER.sub("", line) for line in head]
    for named in (words().genre, words().titled):
        for first in range(len(lines)):
            for last in range(first, min(first + 3, len(lines))):
                title = "".join(lines[first : last + 1])
                if len(title) > _LONGEST or any(c in title for c in "。；！？：") or _DELIVERY.match(title):
                    break
                if not named(title):
                    continue
                if last > first and named(lines[last]) and not _begins(lines[last - 1]):
                    break  # the last line is a title by itself
                return title, last + 1
    return "", 0


def _begins(line: str) -> bool:
    """Whether a line that is no title begins one: 云岭市, or 云岭市2023年国民经济和社会发展."""
    place = find_place(line) if unit(line) else None
    return bool((place and line.endswith(place.region.name)) or pattern(_BEGINS).search(line))


def _name(text: str) -> str:
    """A person's name without the spaces in it, empty if it is none."""
    name = "".join(text.split())
    return name if _NAME.fullmatch(name) and not any(word in name for word in words().not_names) else ""


def _speaker(head: list[str], after: int) -> tuple[str, str]:
    """Name and post of the speaker; `after` is the number of the line after the title, 0 without one."""
    for i, line in enumerate(head):
        if _DELIVERY.match(line) and (at := _AT.search(line)):  # …会议上 市长 张某
            line = line[at.end() :]
        line = _DATE.sub("", line).strip("（） ")
        if (match := pattern(_REPORTER).search(line)) and (name := _name(match["name"])):
            return name, ""
        if i >= min(after, 1) and len(line) <= _LONGEST and not words().genre(line):
            if (match := words().named_post.match(line)) and (name := _name(match["name"])):
                return name, match["post"]
            following = head[i + 1] if i + 1 < len(head) else ""
            if (match := words().post.match(line)) and (name := _name(following)):
                return name, match["post"]
    for i, line in enumerate(head):  # the name alone, after the delivery
        if after and _DELIVERY.match(line):
            rest = (x for x in head[i + 1 :] if "：" not in x and not _DATE.search(x))
            return _name(next(rest, "")), ""
    return "", ""


def _date(head: list[str], tail: list[str]) -> str:
    """The date of delivery, else of publication, else the one at the end of the report."""
    for line in head:
        if (match := _DELIVERY.match(line)) and (iso := _iso(match)):
            return iso
    for line in head:
        match = _DATE.search(line)
        before = line[: match.start()] if match else ""
        if match and (pattern(_LABEL).fullmatch(before) or before.endswith("（")) and (iso := _iso(match)):
            return iso
    for line in reversed(tail):
        line = line.rstrip("） ")
        if len(line) <= _LONGEST and (match := _DATE.search(line)) and match.end() == len(line):
            return _iso(match)
    return ""
