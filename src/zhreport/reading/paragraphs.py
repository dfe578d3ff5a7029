"""Paragraphs: a text cut into lines, with their headings and sections, and into sentences."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import regex

from zhreport.words.compiling import Pattern
from zhreport.words.lexicon import package_pattern
from zhreport.words.numerals import TENS, YEAR

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
_NUMBERED: Final = (
    regex.compile(rf"(?:第[{TENS}]{{1,3}}(?:部分|章|编)|[{TENS}]{{1,3}}、)"),
    regex.compile(rf"（[{TENS}]{{1,3}}）|第[{TENS}]{{1,3}}[,，、]"),
    regex.compile(r"[0-9]{1,2}(?:[、]|\.(?![0-9]))|（[0-9]{1,2}）"),
)
_LONGEST_HEADING: Final = 60
_LONGEST_PLAIN: Final = 36
_END: Final = frozenset("。；！？，、,;!?…")


_LONGEST_FURNITURE: Final = 100
_INSIDE: Final = regex.compile(rf"(?<=[\p{{Han}}、）])[{_SPACE}]++(?=\p{{Han}})")
_YEAR: Final = YEAR
_NUMBER: Final = f"[0-9{TENS}]{{1,3}}"
_HOUR: Final = "(?:[ T]*(?:[上下]午 ?)?[0-9]{1,2}[:：时][0-9]{1,2}(?:[:：分][0-9]{0,2}秒?)?)"
_NAMES: Final = r"\p{Han}{1,4}(?:[ 、,，]{1,2}\p{Han}{1,4}){0,5}"
_FURNITURE: Final = (
    # dates: （2024年1月20日）, 2024-01-20 10:30
    rf"[（【]?{_YEAR}[年./\-]{_NUMBER}[月./\-]{_NUMBER}[日号]?{_HOUR}?(?: *星期[{TENS}日])?[）】]?",
    # particulars: 发布时间：2024-01-05 来源：云岭日报
    r"[【（\[《]?{lines.labels}[】）\]]? ?[:：/][^。；？]{0,60}",
    # bylines: 本报记者 王安 通讯员 李宁
    rf"(?:\p{{Han}}{{0,8}}{{lines.writers}}[ :：/|]{{1,3}}{_NAMES}[ ,，]{{0,2}}){{1,4}}{{lines.reports}}?",
    # captions: 图为施工现场。（王安 摄）
    r"{lines.captions}[^。]{0,60}。?(?:[（(][^（）。]{0,20}[）)])?",
    r"[（(]?[^，。；]{0,20}[ /]摄[）)]?",
    r".{0,20}{lines.captcha}.{0,20}",
    # counters of visits
    r"(?:{lines.counting}|, )*[ :：]*[0-9]+ ?{lines.readers}",
    r"{lines.counting}?{lines.readers}[ :：]{0,3}[0-9]+ ?[人次]{0,2}",
    # the path to a page: 首页 > 政务公开 > 工作报告
    r"{furniture.opening}[: ]?[^。]{0,60}[>»][^。]*+",
)


@cache
def _furniture() -> Pattern:
    return package_pattern("furniture.toml", "|".join(_FURNITURE))


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
