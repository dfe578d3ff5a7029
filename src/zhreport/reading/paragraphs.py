"""Paragraphs: a text cut into lines, with their headings and sections, and into sentences."""

from dataclasses import dataclass
from typing import Final

import regex

from zhreport.words.lexicon import package_pattern

__all__ = ["Paragraph", "cut_paragraphs", "sentences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph: a line of the text without the white space around it.

    Attributes:
        index: its number in the document, from 0.
        start, end: half-open code points of the text as read.
        heading: the level of a heading line (1 the highest), 0 for running text.
        section: the headings above it, the outermost first.
    """

    index: int
    start: int
    end: int
    heading: int
    section: tuple[str, ...]


_SENTENCE: Final = regex.compile(r"[^。！？\n]++(?:[。！？]++[”’」』）]?)?|[。！？]++")
_LINE: Final = regex.compile(r"[^\r\n\x0b\x0c\u2028\u2029]++")
_SPACE: Final = " \t\u3000\u00a0\u2002\u2003\u200b\u200d\ufeff"
_HAN: Final = "一二三四五六七八九十"
_NUMBERED: Final = (
    regex.compile(rf"(?:第[{_HAN}]{{1,3}}(?:部分|章|编)|[{_HAN}]{{1,3}}、)"),
    regex.compile(rf"（[{_HAN}]{{1,3}}）|第[{_HAN}]{{1,3}}[,，、]"),
    regex.compile(r"[0-9]{1,2}(?:[、]|\.(?![0-9]))|（[0-9]{1,2}）"),
)
_LONGEST_HEADING: Final = 60
_LONGEST_PLAIN: Final = 36
_END: Final = frozenset("。；！？，、,;!?…")


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
        level = _heading(body)
        above = tuple(stack[k] for k in sorted(stack) if not level or k < level)
        if level:
            stack = {k: v for k, v in stack.items() if k < level}
            stack[level] = text[start : start + len(body)]
        else:
            run_level, head = _run_in(body)
            if run_level:
                stack = {k: v for k, v in stack.items() if k < run_level}
                stack[run_level] = text[start : start + len(head)]
                above = tuple(stack[k] for k in sorted(stack))
        found.append(
            Paragraph(index=len(found), start=start, end=start + len(body), heading=level, section=above)
        )
    return tuple(found)


def sentences(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of each sentence between two places; closing quotation marks belong to it."""
    return [m.span() for m in _SENTENCE.finditer(folded, start, end)]
