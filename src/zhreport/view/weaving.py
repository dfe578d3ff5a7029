"""Text as HTML: escaped, with elements around spans that may lie in each other or cross."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from html import escape
from typing import Final

import regex

from zhreport.document import Document

__all__ = ["VISIBLE", "Span", "breaks", "joints", "line", "safe", "woven"]

#: Characters that HTML drops or forbids, and lone surrogates, which UTF-8 cannot encode.
_UNSHOWN: Final = regex.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def _sign(match: "regex.Match[str]") -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def safe(text: str) -> str:
    """Text as HTML, inside an element or a quoted attribute."""
    return escape(_UNSHOWN.sub(_sign, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An element around a part of the text; `once` are attributes of its first piece only."""

    start: int
    end: int
    tag: str
    attributes: str
    once: str = ""


def woven(text: str, start: int, end: int, spans: Iterable[Span]) -> str:
    """A part of a text with elements around spans that may lie in each other or cross.

    Of two that cross, the one that begins later is cut in two where the other ends. Of two of the same
    extent, the earlier in `spans` is outside.

    >>> bold, mark = (Span(start=s, end=e, tag=t, attributes="") for t, s, e in (("b", 0, 2), ("i", 1, 3)))
    >>> woven("abcd", 0, 4, [bold, mark])
    '<b>a<i>b</i></b><i>c</i>d'
    """
    waiting = [
        (max(s.start, start), -min(s.end, end), number, s)
        for number, s in enumerate(spans)
        if max(s.start, start) < min(s.end, end)
    ]
    heapify(waiting)
    out: list[str] = []
    still_open: list[tuple[int, str]] = []
    at = start
    while waiting or still_open:
        if still_open and (not waiting or waiting[0][0] >= still_open[-1][0]):
            stop, tag = still_open.pop()
            out += (safe(text[at:stop]), f"</{tag}>")
            at = stop
            continue
        begin, negative, number, span = heappop(waiting)
        stop = -negative
        if still_open and stop > still_open[-1][0]:
            cut = still_open[-1][0]
            heappush(waiting, (cut, negative, number, replace(span, once="")))
            stop = cut
        out += (safe(text[at:begin]), f"<{span.tag}{span.once}{span.attributes}>")
        at = begin
        still_open.append((stop, span.tag))
    out.append(safe(text[at:end]))
    return "".join(out)


#: A line break inside a paragraph, with the blanks around it; between Chinese characters it is no space.
_BREAK: Final = regex.compile(
    r"(?<![ \t\u3000])(?:(?<![\x21-\x7e])|(?!\s*+[\x21-\x7e]))[ \t\u3000]*+[\r\n]\s*+"
)
VISIBLE: Final = regex.compile(r"[^\s\p{Cf}]")


def joints(document: Document, start: int, end: int, title: str) -> Iterator[Span]:
    """The first character behind each place where repair put pieces together."""
    for joint in document.joints:
        if start < joint < end:
            attributes = f' class="joint" title="{safe(title)}"'
            yield Span(start=joint, end=joint + 1, tag="span", attributes=attributes)


def breaks(text: str, start: int, end: int) -> Iterator[Span]:
    """The line breaks inside of a paragraph that are no spaces."""
    for match in _BREAK.finditer(text, start, end):
        yield Span(start=match.start(), end=match.end(), tag="span", attributes=' class="br"')


def line(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())
