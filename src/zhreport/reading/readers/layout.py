"""The lines of a page in reading order, from its characters and their places.

Characters are put together to pieces of lines without wide gaps. Where pieces stand beside each other over
several lines, well filled and with one empty strip between them, they are columns and are read one after
the other, what goes across them first or last; anywhere else pieces side by side are one line (the cells of
a table row, the parts of a header).
"""

import unicodedata
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from zhreport.reading.readers.raised import raised

__all__ = ["Block", "Glyph", "Line", "is_wide", "page_blocks", "page_texts"]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character on a page; y grows downwards, the unit is the page's own.

    Attributes:
        text: the character.
        start, end: from left to right, with the free space that belongs to it (its advance).
        y: of the baseline.
        size: of the font: the width of a Chinese character.
    """

    text: str
    start: float
    end: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a piece of one.

    Attributes:
        glyphs: from left to right.
        start, end: of the seen signs.
        y: of the baseline.
        size: of the font.
    """

    glyphs: tuple[Glyph, ...]
    start: float
    end: float
    y: float
    size: float

    @property
    def text(self) -> str:
        """Its characters, with spaces where there are gaps; the even gaps of a justified line are none."""
        pairs = [
            (before, after, (after.start - before.end) / self.size)
            for before, after in pairwise(self.glyphs)
            if not before.text.isspace() and not after.text.isspace()
        ]
        usual = median(gap for _, _, gap in pairs) if pairs else 0.0
        usual = usual if 0 < usual <= _PIECES and len(pairs) >= _EVEN else 0.0
        spaces: dict[int, str] = {}
        for before, after, gap in pairs:
            if gap - usual > _CELLS:
                spaces[id(after)] = "  "
            elif gap - usual > (_WORDS if before.text.isascii() and after.text.isascii() else _APART):
                spaces[id(after)] = " "
        text = ""
        for high, group in groupby(self.glyphs, self._is_high):
            piece = "".join(spaces.get(id(glyph), "") + glyph.text for glyph in group)
            text += raised(piece, text) if high else piece
        return text.strip()

    def _is_high(self, glyph: Glyph) -> bool:
        """Is a character smaller than the line and set above it, as a mark of a note or the 2 of m²?"""
        return glyph.size < _SMALLER * self.size and self.y - glyph.y > _HIGHER * self.size


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under each other, with the place of their column.

    Attributes:
        lines: from top to bottom.
        column: its number and the number of columns side by side, (0, 1) for one across the page.
    """

    lines: tuple[Line, ...]
    column: tuple[int, ...]


# gaps in font sizes
_WORDS: Final = 0.18  # between Latin words: a space has 0.25
_APART: Final = 0.7  # between Chinese characters; a justified line has gaps of up to a third
_EVEN: Final = 4  # so many gaps at least tell what a line's usual gap is
_CELLS: Final = 2.0  # between the cells of a table
_PIECES: Final = 1.2  # between columns
_SAME_LINE: Final = 0.5  # between baselines: figures set high or low stay in their line
_SMALLER: Final = 0.85  # times the size of its line is what a raised character has at most
_HIGHER: Final = 0.2  # above the baseline
_TWICE: Final = 0.15  # between places of a sign that is drawn twice to look bold


def _line(glyphs: Iterable[Glyph]) -> Line:
    ordered = sorted(glyphs, key=lambda g: g.start)
    kept: list[Glyph] = []
    for glyph in ordered:
        near = _TWICE * glyph.size
        twice = (
            kept
            and glyph.start - kept[-1].start < near
            and any(
                old.text == glyph.text and glyph.start - old.start < near and abs(old.y - glyph.y) < near
                for old in kept[-3:]
            )
        )
        if not twice:
            kept.append(glyph)
    seen = [g for g in kept if not g.text.isspace()] or kept
    return Line(
        tuple(kept),
        seen[0].start,
        max(g.end for g in seen),
        median(g.y for g in seen),
        median(g.size for g in seen),
    )


def _runs(glyphs: Sequence[Glyph]) -> list[Line]:
    """Characters that follow each other in the file and on the page."""
    runs: list[Line] = []
    current: list[Glyph] = []
    for glyph in glyphs:
        if current:
            last = current[-1]
            size = max(last.size, glyph.size)
            level = abs(glyph.y - current[0].y) < _SAME_LINE * size
            if not (level and -0.5 * size < glyph.start - last.end < _PIECES * size):
                runs.append(_line(current))
                current = []
        current.append(glyph)
    if current:
        runs.append(_line(current))
    return [run for run in runs if not run.glyphs[0].text.isspace() or run.text]


def _rows(pieces: Iterable[Line]) -> list[list[Line]]:
    """Pieces that stand on one baseline, from top to bottom; the widest ones say where that is."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda p: (p.start - p.end, p.y, p.start)):
        at = bisect(rows, piece.y, key=lambda row: row[0].y)
        near = min(rows[max(at - 1, 0) : at + 1], key=lambda row: abs(row[0].y - piece.y), default=None)
        if near and abs(near[0].y - piece.y) < _SAME_LINE * max(near[0].size, piece.size):
            near.append(piece)
        else:
            rows.insert(at, [piece])
    return rows


def _pieces(row: Sequence[Line]) -> list[Line]:
    """A row cut at its wide gaps."""
    line = _joined(row)
    pieces: list[Line] = []
    current: list[Glyph] = []
    end = line.start
    for glyph in line.glyphs:
        if glyph.text.isspace():
            current.append(glyph)
            continue
        if glyph.start - end > _PIECES * line.size and any(not g.text.isspace() for g in current):
            pieces.append(_line(current))
            current = []
        current.append(glyph)
        end = max(end, glyph.end)
    return [*pieces, _line(current)] if current else pieces


def _joined(row: Iterable[Line]) -> Line:
    return _line(g for piece in row for g in piece.glyphs)


# --- columns

_FEWEST: Final = 3  # lines of a column
_FILLED: Final = 0.7  # of the width of a column: what the usual line of running text takes at least
_SHORTEST: Final = 8  # characters of the usual line of a column; cells of tables are shorter


def _is_column(pieces: Sequence[Line]) -> bool:
    """Whether these pieces look like running text."""
    if len({round(p.y / p.size) for p in pieces}) < _FEWEST:
        return False
    width = max(p.end for p in pieces) - min(p.start for p in pieces)
    usual = median(p.end - p.start for p in pieces)
    return usual >= _FILLED * width and median(len(p.glyphs) for p in pieces) >= _SHORTEST


_MOST: Final = 5  # columns side by side
_TRIED: Final = 20  # places where a column may begin

Band = tuple[list[Line], list[Line]]


def _bands(pieces: Sequence[Line], strip: float) -> list[Band]:
    """What is left and right of a place, between the pieces that go across it, which are bands themselves."""
    bands: list[Band] = []
    left: list[Line] = []
    right: list[Line] = []
    for piece in pieces:
        if piece.end <= strip:
            left.append(piece)
        elif piece.start >= strip:
            right.append(piece)
        else:
            bands += [(left, right), ([piece], [])]
            left, right = [], []
    return [*bands, (left, right)]


def _are_columns(band: Band, known: Sequence[float], more: int = _MOST - 2) -> bool:
    """Whether both sides are running text, or the right one begins where columns of this file do.

    The right side may be columns again, `more` cuts of it.
    """
    left, right = band
    if not left or not right:
        return False
    size = median(p.size for p in (*left, *right))
    end, start = max(p.end for p in left), min(p.start for p in right)
    if start - end <= size:
        return False
    if any(end + 0.5 * size < place < start + 0.5 * size < place + 3 * size for place in known):
        return True
    return _is_column(left) and (_is_column(right) or (more > 0 and bool(_cut(right, known, more - 1))))


def _cut(pieces: Sequence[Line], known: Sequence[float], more: int = _MOST - 2) -> list[Band]:
    """The bands of the best strip between columns, empty if there are no columns."""
    best: tuple[int, list[Band]] = (0, [])
    for strip in _strips(pieces, known):
        bands = _bands(pieces, strip)
        count = sum(
            len(left) + len(right) for left, right in bands if _are_columns((left, right), known, more)
        )
        if count > best[0]:
            best = (count, bands)
    return best[1]


def _strips(pieces: Sequence[Line], known: Sequence[float]) -> list[float]:
    """Places short of those where several pieces begin."""
    starts = sorted(piece.start for piece in pieces)
    size = median(piece.size for piece in pieces)
    groups: list[list[float]] = []
    for start in starts:
        if groups and start - groups[-1][0] < 0.5 * size:
            groups[-1].append(start)
        else:
            groups.append([start])
    shared = sorted((g for g in groups if len(g) > 1), key=lambda g: (-len(g), g[0]))[:_TRIED]
    return [place - 0.25 * size for place in (*(g[0] for g in shared), *known)]


def _blocks(pieces: Sequence[Line], column: tuple[int, ...], known: list[float]) -> list[Block]:
    """Blocks in reading order; `pieces` from top to bottom."""
    bands = _cut(pieces, known)
    for left, right in bands:
        start = min((p.start for p in right), default=0.0)
        if _are_columns((left, right), known) and all(abs(start - place) > right[0].size for place in known):
            known.append(start)
    blocks: list[Block] = []
    plain: list[Line] = []
    for left, right in bands or [([*pieces], [])]:
        if not _are_columns((left, right), known):
            plain += [*left, *right]
            continue
        if plain:
            blocks.append(_block(plain, column))
            plain = []
        blocks += _blocks(left, (*column, 0), known)
        blocks += _blocks(right, (*column, 1), known)
    if plain:
        blocks.append(_block(plain, column))
    return blocks


def _block(pieces: Iterable[Line], column: tuple[int, ...]) -> Block:
    return Block(tuple(_joined(row) for row in _rows(pieces)), column)


_APART_ROWS: Final = 1.6  # times the usual distance of lines: what stands off by more at an edge is no column
_EDGE_ROWS: Final = 2


def _edge(rows: Sequence[list[Line]], distance: float) -> int:
    """How many rows at the beginning stand off from the rest: headers, footers, a title."""
    count = 0
    for index in range(min(_EDGE_ROWS, len(rows) - 1)):
        if abs(rows[index + 1][0].y - rows[index][0].y) > _APART_ROWS * distance:
            count = index + 1
    return count


def page_blocks(glyphs: Sequence[Glyph], known: list[float]) -> list[Block]:
    """The blocks of a page in reading order.

    Args:
        glyphs: the characters of the page in the order of the file, upright ones only.
        known: where columns began on earlier pages of the file, for pages with few lines in a column; those
            of this page are added.

    Returns:
        Columns and what is between them, with whole lines.
    """
    rows = _rows(_runs(glyphs))
    if not rows:
        return []
    distances = [after[0].y - row[0].y for row, after in pairwise(rows)]
    distance = median(distances) if distances else 0.0
    first = _edge(rows, distance)
    last = len(rows) - _edge(rows[first:][::-1], distance)
    pieces = [p for row in rows[first:last] for p in _pieces(row)]
    pieces.sort(key=lambda p: (p.y, p.start))
    blocks = _blocks(pieces, (), known)
    head = [Block(tuple(_joined(row) for row in rows[:first]), ())] if first else []
    foot = [Block(tuple(_joined(row) for row in rows[last:]), ())] if last < len(rows) else []
    return [*head, *blocks, *foot]


# --- indents

_INDENT: Final = "\u3000\u3000"
_LEAST_INDENT: Final = 1.2  # font sizes
_SHARED: Final = 0.1  # of the lines of a block: what begins at its margin at least


def _margin(lines: Sequence[Line], share: float) -> float | None:
    """The leftmost place where several lines begin."""
    starts = sorted(line.start for line in lines)
    size = median(line.size for line in lines)
    needed = max(2, share * len(lines))
    for index, start in enumerate(starts):
        if bisect(starts, start + 0.5 * size) - index >= needed:
            return start
    return None


def page_texts(pages: Sequence[Sequence[Block]]) -> list[str]:
    """The texts of pages, with two ideographic spaces before the lines that begin right of the margin.

    The margin of a block is where its leftmost lines begin. A block whose lines all begin at the same place
    may be all paragraphs of one line; it takes the margin of the same columns on the other pages.

    Args:
        pages: for each page, its blocks in reading order.

    Returns:
        The text of each page, its lines separated by line feeds.
    """
    by_column: dict[tuple[int, ...], list[Line]] = {}
    for page in pages:
        for block in page:
            by_column.setdefault(block.column, []).extend(block.lines)
    usual = {column: _margin(lines, 0.05) for column, lines in by_column.items()}
    texts: list[str] = []
    for page in pages:
        lines: list[str] = []
        for block in page:
            margin = _margin(block.lines, _SHARED)
            size = median(line.size for line in block.lines)
            shared = usual[block.column]
            even = margin is None or all(abs(line.start - margin) < size for line in block.lines)
            if even and shared is not None and (margin is None or 1.2 < (margin - shared) / size < 2.8):
                margin = shared
            for line in block.lines:
                indented = margin is not None and line.start - margin > _LEAST_INDENT * size
                lines.append((_INDENT if indented else "") + line.text)
        texts.append("\n".join(lines))
    return texts


def is_wide(sign: str) -> bool:
    """Whether a sign takes the place of a Chinese character."""
    return unicodedata.east_asian_width(sign) in "WF"
