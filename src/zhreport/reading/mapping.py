"""Texts that know where each of their characters stands in the text as read.

Cleaning takes characters out, repair moves pieces; every step gives a new text whose map leads back to
the text as read, and from there to the page or element of the source.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

__all__ = ["Edit", "MappedText", "SourceSpan", "Sources"]

#: Start and end in the text, and what takes the place: nothing or one character.
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpan:
    """A place in the source.

    Attributes:
        part: the page, element or row (`page 3`, `paragraph 12`), "" for a text file as a whole.
        start, end: half-open code points of the text of that part as read.
    """

    part: str
    start: int
    end: int

    def __str__(self) -> str:
        """`page 3: 120-126`, or `120-126` where the source has no parts."""
        return f"{self.part}: {self.start}-{self.end}" if self.part else f"{self.start}-{self.end}"


class Sources:
    """The parts of a source, laid end to end with one line break between two of them.

    Args:
        parts: name and text of each part.
    """

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        self.names = [name for name, _ in parts]
        self.text = "\n".join(text for _, text in parts)
        self.starts = [0, *accumulate(len(text) + 1 for _, text in parts[:-1])]
        self._ends = [start + len(text) for start, (_, text) in zip(self.starts, parts, strict=True)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sources):
            return NotImplemented
        return (self.names, self.text, self.starts) == (other.names, other.text, other.starts)

    def __hash__(self) -> int:
        return hash((*self.names, self.text))

    def places(self, start: int, end: int) -> list[tuple[str, int, int]]:
        """The places of a stretch of the text: part, start and end in each part that it touches."""
        index = max(0, bisect_right(self.starts, start) - 1)
        base = self.starts[index]
        if base <= start < end <= self._ends[index]:  # nearly always
            return [(self.names[index], start - base, end - base)]
        found = []
        while index < len(self.starts) and (self.starts[index] < end or self.starts[index] == start):
            first, base = max(start, self.starts[index]), self.starts[index]
            last = min(end, self._ends[index])
            if first < last or start == end:
                found.append((self.names[index], first - base, last - base))
            index += 1
        return found


@dataclass(frozen=True, slots=True)
class MappedText:
    """A text made of pieces of another one.

    Attributes:
        text: the text.
        starts: where each piece begins in `text`.
        origins: where each piece begins in the text as read; -1 for a piece that was put in.
    """

    text: str
    starts: tuple[int, ...] = (0,)
    origins: tuple[int, ...] = (0,)

    @property
    def is_as_read(self) -> bool:
        """Is the text one piece that begins where the text as read begins?"""
        return self.origins == (0,)

    def edited(self, edits: Iterable[Edit]) -> "MappedText":
        r"""The text after replacements, in order and not overlapping; each by nothing or by one character.

        >>> MappedText("增长\n8%").edited([(2, 3, "")]).text
        '增长8%'
        """
        pieces: list[_Piece] = []
        at = 0
        for start, end, text in edits:
            pieces.append((at, start, None))
            if text:
                pieces.append((start, start + 1, text))
            at = end
        return self._taken([*pieces, (at, len(self.text), None)])

    def reordered(self, slices: Iterable[tuple[int, int] | str]) -> "MappedText":
        r"""The text as a sequence of its stretches and of strings that are put in.

        >>> MappedText("乙\n甲").reordered([(2, 3), "。", (0, 1)])
        MappedText(text='甲。乙', starts=(0, 1, 2), origins=(2, -1, 0))
        """
        return self._taken((0, 0, item) if isinstance(item, str) else (*item, None) for item in slices)

    def _taken(self, pieces: Iterable["_Piece"]) -> "MappedText":
        texts: list[str] = []
        starts: list[int] = []
        origins: list[int] = []
        at = 0
        for start, end, put in pieces:
            for first, last, origin in self._pieces(start, end) if start < end else ((0, 0, -1),):
                text = self.text[first:last] if put is None else put
                if not text:
                    continue
                goes_on = origins and origins[-1] >= 0 and origins[-1] + at - starts[-1] == origin
                if not goes_on:
                    starts.append(at)
                    origins.append(origin)
                texts.append(text)
                at += len(text)
        return MappedText("".join(texts), tuple(starts) or (0,), tuple(origins) or (0,))

    def place(self, origin: int) -> int:
        """Where a place of the text as read stands, or what follows it where it was taken out.

        Only for a text whose pieces are still in the order of the text as read.
        """
        index = bisect_right(self.origins, origin) - 1
        if index < 0:
            return 0
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return min(self.starts[index] + origin - self.origins[index], end)

    def _pieces(self, start: int, end: int) -> Iterable[tuple[int, int, int]]:
        """Start, end and origin of each piece of a stretch."""
        index = bisect_right(self.starts, start) - 1
        while index < len(self.starts) and self.starts[index] < end:
            first = max(start, self.starts[index])
            last = min(end, self.starts[index + 1] if index + 1 < len(self.starts) else end)
            origin = self.origins[index]
            yield first, last, origin + first - self.starts[index] if origin >= 0 else -1
            index += 1

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        r"""The places of a stretch in the text as read, in the order of the text.

        Pieces between which only characters were taken out are one span.

        >>> MappedText("增长\n8%，8户").edited([(2, 3, "")]).spans(1, 4)
        [(1, 5)]
        """
        index = bisect_right(self.starts, start) - 1
        if start < end and (index + 1 == len(self.starts) or end <= self.starts[index + 1]):  # nearly always
            shift = self.origins[index] - self.starts[index]
            return [(start + shift, end + shift)] if self.origins[index] >= 0 else []
        found: list[tuple[int, int]] = []
        for first, last, origin in self._pieces(start, end):
            if origin < 0:
                continue
            span = origin, origin + last - first
            if found and found[-1][1] <= span[0] and span[0] - found[-1][1] <= _GAP:
                found[-1] = found[-1][0], span[1]
            else:
                found.append(span)
        return found


# Start and end of a stretch, and what stands there instead (None: the stretch itself).
_Piece = tuple[int, int, str | None]
#: Characters taken out inside a span (a line break with its indent) that do not make two places of it.
_GAP = 3
