"""Cleaning that can be undone: what the page added to a report is taken out, and every step keeps its map.

Each step looks at lines and says what to take out; nothing is ever put in but a space between two words
of Latin letters. A report without such traces comes out as it went in.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Final

import regex

from zhreport.reading.mapping import Edit, MappedText
from zhreport.words.folding import fold
from zhreport.words.lexicon import default_lexicon, package_template

__all__ = ["STEPS", "clean"]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank.

    Attributes:
        start, end: with the white space around it, without the line break.
        body: without the white space around it.
        page: the number of its page, 0 where there are none.
        blank: blank lines stand before it.
        marked: what stands before it may be the end of a page: a form feed, a line of unseen signs.
    """

    start: int
    end: int
    body: str
    page: int
    blank: bool
    marked: bool


_LINE: Final = regex.compile(r"[^\r\n\x0b\x0c\u2028\u2029]*+")
_WHITE: Final = " \t\u3000\u00a0\u2002\u2003"
_UNSEEN_SIGNS: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPACE: Final = _WHITE + _UNSEEN_SIGNS


@dataclass(frozen=True)
class _Text:
    """A text between two steps, and where its pages begin; it is cut into lines once for several of them."""

    text: str
    pages: Sequence[int]

    @cached_property
    def lines(self) -> "list[_Line]":
        """Those that are not blank."""
        return _lines(self.text, self.pages)


def _lines(text: str, pages: Sequence[int]) -> list[_Line]:
    """The lines that are not blank; `pages` are the places where pages begin."""
    found: list[_Line] = []
    page, blank, before = 0, False, 0
    for match in _LINE.finditer(text):
        raw = match.group()
        if not raw:
            continue
        start, end = match.span()
        body = raw.strip(_SPACE)
        if not body:
            continue
        while page < len(pages) and start >= pages[page]:
            page += 1
        between = text[before:start]
        blank = between.count("\n") > 1
        marked = blank and any(sign in between for sign in _PAGE_MARKS)
        found.append(_Line(start, end, body, page, blank, marked))
        before = end
    return found


_PAGE_MARKS: Final = ("\x0c", *_UNSEEN_SIGNS)

# --- signs that are not seen

_UNSEEN: Final = regex.compile(
    rf"(?<=[^\s{_UNSEEN_SIGNS}])[{_UNSEEN_SIGNS}]++"
    rf"|(?<![{_UNSEEN_SIGNS}])[{_UNSEEN_SIGNS}]++(?=[^\s{_UNSEEN_SIGNS}])"
)


def _unseen(whole: _Text) -> list[Edit]:
    """Soft hyphens and signs without width; not those of a line of its own, which marks the end of a page."""
    text = whole.text
    if not any(sign in text for sign in _UNSEEN_SIGNS):
        return []
    return [(*match.span(), "") for match in _UNSEEN.finditer(text)]


# --- page numbers, running headers and footers

_PAGE_NUMBER: Final = regex.compile(package_template("reading.page_number"))
_BARE_NUMBER: Final = regex.compile(r"[0-9]{1,4}|(?i:x{0,3}(?:ix|iv|v?i{1,3}|v)|x{1,3})")
_MAY_END_NUMBER: Final = frozenset(package_template("reading.may_end_number"))
_DIGITS: Final = regex.compile(r"[0-9]+")
_EDGE: Final = 2  # lines at the top and at the bottom of a page that may be its furniture
_LONGEST_HEADER: Final = 60
_FEWEST: Final = 3  # times that a line stands at the edges of many pages before it is a header
_SHORTEST_PAGE: Final = 100  # characters: numbers that stand closer on average are those of a table


def _page_furniture(whole: _Text) -> list[Edit]:
    """Page numbers, and lines that stand at the top or bottom of page after page."""
    text, pages = whole.text, whole.pages
    lines = [line for line in whole.lines if pages or len(line.body) <= _LONGEST_HEADER]
    if not pages and not any(line.body[-1] in _MAY_END_NUMBER for line in lines):
        return []
    numbers = {i for i, line in enumerate(lines) if _PAGE_NUMBER.fullmatch(fold(line.body))}
    bare = [i for i, line in enumerate(lines) if _BARE_NUMBER.fullmatch(line.body)]
    steps = [_number(lines[b].body) - _number(lines[a].body) for a, b in pairwise(bare)]
    long = bool(bare) and lines[bare[-1]].start - lines[bare[0]].start >= len(steps) * _SHORTEST_PAGE
    if len(numbers) < 2 and not pages:
        numbers = set()  # one line like this may be anything
    if len(bare) >= _FEWEST and (pages or long) and sum(step == 1 for step in steps) >= 0.7 * len(steps):
        numbers.update(bare)  # 1 … 2 … 3, each on a line of its own
    if len(pages) > 1:
        edges = _edges(lines)
    else:  # pages end where their numbers stand
        ends = (-1, len(lines), *numbers) if numbers else ()
        edges = {j for i in ends for j in range(i - _EDGE, i + _EDGE + 1) if 0 <= j < len(lines)}
    edges -= numbers
    same: dict[str, list[int]] = {}
    for i in edges:
        if len(lines[i].body) <= _LONGEST_HEADER:
            same.setdefault(_DIGITS.sub("0", lines[i].body), []).append(i)
    fewest = max(2, min(_FEWEST, (len(pages) or len(numbers)) // 2))
    gone = set(numbers)
    for found in same.values():
        # one number may differ, that of the page; where more do, these are rows of a table
        figures = zip(*(_DIGITS.findall(lines[i].body) for i in found), strict=True)
        if len(found) >= fewest and sum(len(set(column)) > 1 for column in figures) <= 1:
            gone.update(found)
    return [_without(text, lines[i]) for i in sorted(gone)]


_ROMAN: Final = {"x": 10, "v": 5, "i": 1}


def _number(body: str) -> int:
    """The number of a page, in Arabic or in Roman figures."""
    if body.isdecimal():
        return int(body)
    values = [_ROMAN[sign] for sign in body.casefold()]
    return sum(-v if v < after else v for v, after in pairwise([*values, 0]))


def _edges(lines: Sequence[_Line]) -> set[int]:
    """The first and the last lines of every page."""
    by_page: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        by_page.setdefault(line.page, []).append(index)
    return {i for found in by_page.values() for i in (*found[:_EDGE], *found[-_EDGE:])}


def _without(text: str, line: _Line) -> Edit:
    """A line and its line break; the break before it if there is none behind it."""
    end = line.end
    while end < len(text) and text[end] in "\r\n" and end - line.end < 2:
        end += 1
    start = line.start
    if end == line.end and start and text[start - 1] == "\n":
        start -= 1
    return start, end, ""


# --- what web pages put around a text


@cache
def _furniture() -> regex.Pattern[str]:
    sets = default_lexicon().sets
    words = "|".join(regex.escape(w) for w in sorted(sets["furniture.words"], key=lambda w: (-len(w), w)))
    opening = "|".join(regex.escape(w) for w in sorted(sets["furniture.opening"], key=lambda w: (-len(w), w)))
    between = r"[ |>»《·/\\\[\]【】（）：，、:;_+×\-—]"
    return regex.compile(
        rf"[|>»【】×]++|{between}*+(?:(?:{words})[0-9]{{0,9}}{between}*+)++"
        rf"|(?:{opening})[：: ]?[^。]{{0,60}}[>»][^。]*+"
    )


def _web_furniture(whole: _Text) -> list[Edit]:
    """Lines that are made of the words of buttons and menus, and the path to a page."""
    short = (line for line in whole.lines if len(line.body) <= _LONGEST_HEADER)
    return [_without(whole.text, line) for line in short if _furniture().fullmatch(fold(line.body))]


# --- marks of Markdown

_MARKUP: Final = regex.compile(
    r"(?m)^[ ]{0,3}#{1,6}[ \t]++|^[ ]{0,3}>[ ]?|^[ ]{0,3}[*+\-][ ]++(?=[\u4e00-\u9fff“（0-9*_])"
    r"|\*\*|__(?=\S)|(?<=\S)__"
    r"|^[ ]{0,3}(?:[*_\-][ ]?){3,}$"
)
_LINK: Final = regex.compile(r"(!?\[)([^\[\]\n]*+)(\]\([^()\s]*+\))")


def _markup(whole: _Text) -> list[Edit]:
    """Signs of headings, lists, emphasis, rules and links."""
    links: list[Edit] = []
    for match in _LINK.finditer(whole.text):
        links += [(*match.span(1), ""), (*match.span(3), "")]
    starts = [start for start, _, _ in links]
    marks: list[Edit] = []
    for match in _MARKUP.finditer(whole.text):
        before = bisect_right(starts, match.start()) - 1
        if before < 0 or links[before][1] <= match.start():
            marks.append((*match.span(), ""))
    return sorted([*links, *marks])


# --- hard line breaks

_NARROWEST, _WIDEST = 24, 120  # columns of a printed line; a Chinese character takes two
# Columns that a full line may be short of: an indent that is gone, signs that may not begin a line.
_TOLERANCE: Final = 8
_OWN_LINE: Final = regex.compile(package_template("reading.own_line"))
_ENDS: Final = frozenset("。！？…")
_CLOSING: Final = "”’」』）"
_CELLS: Final = regex.compile(r"\t|[|｜│┃]")
_GAP: Final = regex.compile(
    r"[ \u3000\u00a0]{2}|[0-9０-９%％] -?[0-9０-９]|[^ ] -?[0-9０-９][0-9０-９.．,，]*[%％‰]?$"
)
_RUNNING: Final = regex.compile(r"[，。；]")
_LATIN: Final = regex.compile(r"[A-Za-z,.;]")


def _width(body: str) -> int:
    return 2 * len(body) - len(body.encode("latin-1", "ignore"))


def _hard_breaks(whole: _Text) -> list[Edit]:
    """Line breaks that come from the page and stand inside paragraphs.

    A text is hard-wrapped if most of its lines are about as long as its longest usual line and most of these
    do not end as sentences do. In such a text a full line goes on in the next one, unless that one is
    indented or opens like a heading. In other texts only the end of a page may break a paragraph. Rows of a
    table stay lines.
    """
    text, lines = whole.text, whole.lines
    full = _full_lines(lines, text)
    indents = [_indent(text, line) for line in lines]
    indented = sum(indent >= 2 for indent in indents) >= max(1, 0.05 * len(lines))
    # in some files a blank line stands behind every line
    blanks_count = sum(line.blank for line in lines) < 0.5 * len(lines)
    is_row = cache(lambda index: _is_row(lines[index]))  # few lines are asked
    torn = _torn(lines, indents, shortest=_LINK_LENGTH if full else 0)
    edits: list[Edit] = []
    for index in range(len(lines) - 1):
        line, after = lines[index], lines[index + 1]
        page_ends = line.page != after.page or after.marked
        if page_ends and not full:
            goes_on = len(line.body) >= _RUNNING_LENGTH
        else:
            goes_on = bool(full) and full[index] and not (after.blank and blanks_count and not page_ends)
        if not (goes_on or index in torn) or is_row(index) or is_row(index + 1):
            continue
        ended = _ended(line)
        starts_anew = indents[index + 1] >= 2 if indented else ended
        if index in torn or not (
            starts_anew
            or (ended and not full)
            or ((ended or not _RUNNING.search(line.body)) and _OWN_LINE.match(fold(after.body)))
        ):
            edits.append(_joint(text, line, after))
    return edits


_NEVER_FIRST: Final = frozenset("，、。；：！？）》”’」』】％%,;")
_NEVER_LAST: Final = frozenset("（《“‘「『【、")
_CUT_FIGURE, _CUT_OFF, _FIGURE_ENDS = (
    regex.compile(package_template(f"reading.{name}")) for name in ("cut_figure", "cut_off", "figure_ends")
)
_LINK_LENGTH: Final = 30  # characters of a linked title that was put on a line of its own


def _is_row(line: _Line) -> bool:
    """Is a line a row of a table?"""
    body = line.body
    return bool(_CELLS.search(body) or (_GAP.search(body) and not _RUNNING.search(body)))


def _torn(lines: Sequence[_Line], indents: Sequence[int], shortest: int) -> set[int]:
    """The lines behind which the break cannot be meant: a sign follows that begins no line, or ends none.

    So pages look whose links were put on lines of their own: the linked words belong to both neighbours.
    Neither a heading nor a line without a stop comes before linked words, nor, in a hard-wrapped text, one
    that is not longer than `shortest`.
    """
    torn: set[int] = set()
    for index in range(len(lines) - 1):
        line, after = lines[index], lines[index + 1]
        if _cuts_figure(line, after) or line.body[-1] in _NEVER_LAST or after.body[0] in _NEVER_FIRST:
            torn.add(index)
            linked = index and after.body[0] in _NEVER_FIRST and len(line.body) <= _LINK_LENGTH
            before = lines[index - 1]
            if linked and not line.blank and indents[index] < 2 and len(before.body) > shortest:
                torn |= {index - 1} if _breaks_off(before) else set()
    return torn


def _cuts_figure(line: _Line, after: _Line) -> bool:
    """Does the end of a line cut a figure, or a range of figures?"""
    if after.body[0].isdecimal():
        return _CUT_FIGURE.search(line.body) is not None
    return _FIGURE_ENDS.search(line.body) is not None and _CUT_OFF.match(after.body) is not None


def _breaks_off(line: _Line) -> bool:
    """Does running text stop where the line does, before linked words?"""
    return bool(_RUNNING.search(line.body)) and not _ended(line) and not _is_heading(line)


def _is_heading(line: _Line) -> bool:
    """Does a line look like the heading of a part, or like the beginning of one?"""
    return "。" not in line.body and _OWN_LINE.match(fold(line.body)) is not None


_RUNNING_LENGTH: Final = 30  # characters: a longer line without a stop is no heading


def _full_lines(lines: Sequence[_Line], text: str) -> list[bool]:
    """Which lines of a hard-wrapped text go to its right margin; empty for other texts."""
    middling = sum(_NARROWEST // 2 <= len(line.body) <= _WIDEST for line in lines)
    if middling < 4 or middling < 0.3 * len(lines):
        return []
    # lines are broken at a width on a page, and at a number of characters by some programs
    widths = [_width(line.body) + _indent(text, line) for line in lines]
    lengths = [2 * len(text[line.start : line.end].rstrip(_SPACE)) for line in lines]
    return max((_full(lines, measure) for measure in (widths, lengths)), key=sum)


def _full(lines: Sequence[_Line], widths: Sequence[int]) -> list[bool]:
    """Which lines are as wide as the text; empty if the lines do not end at one width."""
    usual = Counter(w for w in widths if _NARROWEST <= w <= _WIDEST)
    if sum(usual.values()) < 4:
        return []
    # the width of the page: the greatest one near which many lines end
    measure = max(usual, key=lambda w: (sum(usual[w - d] for d in range(_TOLERANCE + 1)), w))
    # in narrow text a heading is soon as long as a line less the tolerance
    heading = min(_TOLERANCE, max(3, (measure - _NARROWEST) // 2))
    short = [heading if _is_heading(line) else _TOLERANCE for line in lines]
    full = [measure - d <= w <= measure + 2 for w, d in zip(widths, short, strict=True)]
    open_ended = sum(f and not _ended(line) for f, line in zip(full, lines, strict=True))
    long_ones = sum(w >= measure - _TOLERANCE for w in widths)
    if sum(full) < 0.75 * long_ones or open_ended < max(3, 0.6 * sum(full)):
        return []
    return full


def _ended(line: _Line) -> bool:
    """Does a sentence end where the line ends?"""
    body = line.body.rstrip(_CLOSING)
    return bool(body) and body[-1] in _ENDS


def _indent(text: str, line: _Line) -> int:
    raw = text[line.start : line.end]
    return _width(raw[: len(raw) - len(raw.lstrip(_SPACE))])


def _joint(text: str, line: _Line, after: _Line) -> Edit:
    """What stands between the text of two lines; a space stays between two Latin words."""
    start = line.start + len(text[line.start : line.end].rstrip(_SPACE))
    end = after.end - len(text[after.start : after.end].lstrip(_SPACE))
    latin = _LATIN.match(text[start - 1]) and text[end : end + 1].isascii() and text[end : end + 1].isalpha()
    return start, end, " " if latin else ""


# --- spaces between Chinese characters

_HAN: Final = r"\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff"
_STOPS: Final = "，。；：、“”（）《》％%"
_INNER: Final = regex.compile(
    rf"(?<=[{_STOPS}])[ \u00a0\u2002]++(?=[{_HAN}0-9０-９“（《])"
    rf"|(?<=[{_HAN}0-9０-９])[ \u00a0\u2002]++(?=[{_STOPS}])"
    rf"|(?<=[{_HAN}])[ \u00a0\u2002](?=[0-9０-９])|(?<=[0-9０-９])[ \u00a0\u2002](?=[{_HAN}])"
)
_BETWEEN_HAN: Final = regex.compile(rf"(?<=[{_HAN}])[ \u00a0\u2002](?=[{_HAN}])")
_MANY: Final = 10
_OFTEN: Final = 200  # characters: such spaces at least once in so many are no separators
_SPREAD: Final = regex.compile(r"(?<=\S)[ \u00a0](?=\S)")
_ANY_HAN: Final = regex.compile(rf"[{_HAN}]")
_FIGURES: Final = regex.compile(r"[0-9０-９].[0-9０-９]")
_TOGETHER: Final = regex.compile(rf"[{_HAN}]{{2}}|[0-9０-９]{{2}}")


def _inner_spaces(whole: _Text) -> list[Edit]:
    """Spaces beside figures and punctuation in running text, and all of them where every sign has one.

    Spaces between Chinese characters are separators (`“甲乙 丙丁”`) unless the text is full of them.
    """
    text = whole.text
    if " " not in text and "\u00a0" not in text and "\u2002" not in text:
        return []
    between = len(_BETWEEN_HAN.findall(text))
    noise = between >= _MANY and between * _OFTEN > len(text)
    edits: list[Edit] = []
    for match in _LINE.finditer(text):
        line = match.group()
        if " " not in line and "\u00a0" not in line and "\u2002" not in line:
            continue
        spread = [*_SPREAD.finditer(text, *match.span())]
        many = len(spread) >= 6 and len(spread) >= 0.4 * (len(line) - len(spread))
        if many and _ANY_HAN.search(line):
            # where words or numbers are whole, two figures side by side are two numbers
            together = bool(_TOGETHER.search(line))
            edits += [
                (*m.span(), "") for m in spread if not (together and _FIGURES.match(text, m.start() - 1))
            ]
        elif _RUNNING.search(line):
            found = {m.span() for m in _INNER.finditer(text, *match.span())}
            if noise:
                found |= {m.span() for m in _BETWEEN_HAN.finditer(text, *match.span())}
            edits += [(*span, "") for span in sorted(found)]
    return edits


Step = Callable[[_Text], list[Edit]]
#: The steps in their order, each with the formats it is for (none: all).
STEPS: Final[tuple[tuple[str, Step, tuple[str, ...]], ...]] = (
    ("unseen", _unseen, ()),
    ("markup", _markup, ("markdown",)),
    ("page_furniture", _page_furniture, ()),
    ("web_furniture", _web_furniture, ()),
    ("hard_breaks", _hard_breaks, ()),
    ("inner_spaces", _inner_spaces, ()),
)


def clean(text: str, pages: Sequence[int] = (), form: str = "text") -> tuple[MappedText, tuple[str, ...]]:
    r"""Take out what pages and screens added to a report.

    Args:
        text: the text as read.
        pages: where its pages begin, if it has pages.
        form: its format; some steps are for one format only.

    Returns:
        The cleaned text with the way back to the text as read, and the names of the steps that changed it.

    >>> text, steps = clean("增长 8.5 %，\u200b达到 3 万吨。")
    >>> text.text, steps
    ('增长8.5%，达到3万吨。', ('unseen', 'inner_spaces'))
    """
    mapped = MappedText(text)
    whole = _Text(text, [mapped.place(page) for page in pages])
    done: list[str] = []
    for name, step, forms in STEPS:
        if forms and form not in forms:
            continue
        if edits := step(whole):
            mapped = mapped.edited(edits)
            whole = _Text(mapped.text, [mapped.place(page) for page in pages])
            done.append(name)
    return mapped, tuple(done)
