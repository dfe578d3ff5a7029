"""Paragraphs: a text cut into lines, with their headings and sections, and into sentences."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import regex

from zhreport.words.compiling import Pattern
from zhreport.words.lexicon import package_entries, package_pattern, package_template

__all__ = ["Paragraph", "closed", "cut_paragraphs", "is_furniture", "sentences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph: a line of the text without the white space around it.

    Attributes:
        index: its number in the document, from 0.
        start, end: half-open code points of the text as read.
        heading: the level of a heading line (1 the highest), 0 for running text and for what a page puts
            around a text (see `is_furniture`).
        section: the headings above it, the outermost first, without white space inside their words.
    """

    index: int
    start: int
    end: int
    heading: int
    section: tuple[str, ...]


_SENTENCE: Final = regex.compile(r"[^。！？\n]++(?:[。！？]++[”’」』）]?)?|[。！？]++")
_LINE: Final = regex.compile(r"[^\r\n\x0b\x0c\u2028\u2029]++")
_SPACE: Final = " \t\u3000\u00a0\u2002\u2003\u200b\u200d\ufeff"
_NUMBERED: Final = tuple(
    regex.compile(package_template(f"reading.{name}"))
    for name in ("first_number", "second_number", "third_number")
)
_LONGEST_HEADING: Final = 60
_LONGEST_PLAIN: Final = 36
_END: Final = frozenset("。；！？，、,;!?…")


_LONGEST_FURNITURE: Final = 100
_INSIDE: Final = regex.compile(rf"(?<=[\p{{Han}}、）])[{_SPACE}]++(?=\p{{Han}})")


@cache
def _furniture() -> Pattern:
    looks = (package_template(f"furniture.{name}") for name in package_entries("furniture"))
    return package_pattern("furniture.toml", "|".join(looks))


def is_furniture(line: str) -> bool:
    """Is a line, folded, a date, a byline, a counter… of the page around a text, or signs without a word?

    >>> [is_furniture(line) for line in ("日期：2024-01-05 来源：云岭日报", "记者 王安", "浏览 120")]
    [True, True, True]
    >>> [is_furniture(line) for line in ("记者节活动", "时间紧，任务重", "2024年工作要点")]
    [False, False, False]
    """
    if not any(map(str.isalpha, line)):
        return True
    return len(line) <= _LONGEST_FURNITURE and _furniture().fullmatch(line) is not None


def closed(heading: str) -> str:
    """A heading without the white space that pages put between its characters.

    >>> closed("二、农 业"), closed("一、2023 年工作")
    ('二、农业', '一、2023 年工作')
    """
    return _INSIDE.sub("", heading)


def _heading(line: str) -> int:
    """The level of a heading, 0 if the folded line is running text."""
    if len(line) > _LONGEST_HEADING or line[-1] in _END:
        return 0
    for level, pattern in enumerate(_NUMBERED, start=1):
        if pattern.match(line):
            return 0 if "。" in line else level
    if line.startswith("——"):
        return 4 if len(line) <= _LONGEST_PLAIN else 0
    if len(line) <= _LONGEST_PLAIN and "。" not in line:
        return 1 if package_pattern("paragraphs.toml", "{headings.parts}").search(line) else 4
    return 0


def _run_in(line: str) -> tuple[int, str]:
    """Level and text of a heading that opens a paragraph (`（一）加快发展。…`)."""
    for level, pattern in enumerate(_NUMBERED, start=1):
        if pattern.match(line):
            head, dot, _ = line.partition("。")
            return (level, head) if dot and len(head) <= _LONGEST_HEADING else (0, "")
    return 0, ""


def cut_paragraphs(text: str, folded: str) -> tuple[Paragraph, ...]:
    """Cut a text into paragraphs and give each its section."""
    stack: dict[int, str] = {}
    found: list[Paragraph] = []
    for line in _LINE.finditer(folded):
        raw = line.group()
        body = raw.strip(_SPACE)
        if not body:
            continue
        start = line.start() + len(raw) - len(raw.lstrip(_SPACE))
        level = 0 if is_furniture(body) else _heading(closed(body))
        above = tuple(stack[k] for k in sorted(stack) if not level or k < level)
        if level:
            stack = {k: v for k, v in stack.items() if k < level}
            stack[level] = closed(text[start : start + len(body)])
        else:
            run_level, head = _run_in(body)
            if run_level:
                stack = {k: v for k, v in stack.items() if k < run_level}
                stack[run_level] = closed(text[start : start + len(head)])
                above = tuple(stack[k] for k in sorted(stack))
        found.append(
            Paragraph(index=len(found), start=start, end=start + len(body), heading=level, section=above)
        )
    return tuple(found)


def sentences(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of each sentence between two places; closing quotation marks belong to it."""
    return [m.span() for m in _SENTENCE.finditer(folded, start, end)]
