"""What speaks for a break at the borders of a paragraph, and for two borders that belong together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import regex

from zhreport.reading.repair.counts import (
    BORDER,
    ORDER,
    Counts,
    encode,
    import_numpy,
    log_probabilities,
    spans,
)
from zhreport.reading.repair.dictionary import word_across
from zhreport.reading.repair.seams import Seams
from zhreport.reading.repair.topics import Topics
from zhreport.words.folding import fold
from zhreport.words.numerals import TENS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "HEAD_FEATURES",
    "PAIR_FEATURES",
    "SENTENCE",
    "STOPS",
    "TAIL_FEATURES",
    "Lines",
    "ends_like_running_text",
]

#: After one of these nothing breaks off.
STOPS: Final = "。！？"
_MARKS: Final = "\n。，；、"  # the end of a paragraph, and what may follow where nothing breaks off
_CLOSERS: Final = "”’』」）》】〕]"
_PAIRS: Final = ("“”", "‘’", "（）", "《》", "【】", "「」")
_AROUND: Final = ORDER - 1  # characters beside a border that are looked at
_PARAGRAPH: Final = 200  # characters on each side that are compared in topic
SENTENCE: Final = 100
_CLAUSE: Final = 40
_PIECE: Final = 500  # characters on each side that tell the place in the report

TAIL_FEATURES: Final = (
    "comma", "semicolon", "closer", "han", "digit", "ends_like", "punctuation_like", "length", "short",
    "sentence_before", "comma_inside", "sentence", "open", "numbered",
)  # fmt: skip
HEAD_FEATURES: Final = (
    "sign", "han", "digit", "opener", "starts_like", "starts_like_sentence", "starts_like_clause", "length",
    "short", "stop_inside", "numbered", "dash", "closes", "ends_in_stop",
)  # fmt: skip
PAIR_FEATURES: Final = (
    "fits", "fits_here", "first_fits", "likely", "first_likely", "seen", "seen_here", "seen_2", "seen_3",
    "seen_4", "topic_paragraph", "topic_sentence", "topic_clause", "words", "place", "bracket",
    "bracket_open", "bracket_closed", "numbers_go_on", "numbers_clash", "short_tail", "short_head",
    "short_both", "tail", "head", "word_across", "goes_on", "seam",
)  # fmt: skip

_SHORT: Final = 36  # characters of a heading or a fragment
_FRAGMENT: Final = 6
_NEAR: Final = 3
_OWN: Final = 3.0  # weight of the counts of the text itself

_NUMERALS: Final = {c: i for i, c in enumerate(TENS, start=1)}
_NUMBER: Final = regex.compile(
    rf"(?<=^|\n)(?:(?P<part>[{TENS}]{{1,3}})、|（(?P<section>[{TENS}]{{1,3}})）"
    rf"|(?P<item>[0-9]{{1,2}})(?:、|\.(?![0-9])))|(?P<is>[{TENS}]{{1,2}})是|第(?P<nth>[{TENS}]{{1,2}})[,，、]"
)
_NUMBERED: Final = regex.compile(
    rf"[{TENS}]{{1,3}}、|（[{TENS}0-9]{{1,3}}）|[0-9]{{1,2}}(?:、|\.(?![0-9]))|第[{TENS}]{{1,3}}[章部、，,]"
    rf"|[{TENS}]{{1,2}}是"
)


def _number(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (10 * _NUMERALS.get(tens, 1) if ten else 0) + _NUMERALS.get(ones, 0)


class Lines:
    """The paragraphs of a text, made ready to be looked at.

    Args:
        text: the text as read.
        paragraphs: half-open code points of each.
        folded: the folded text, if it is at hand.
    """

    def __init__(self, text: str, paragraphs: Sequence[tuple[int, int]], folded: str | None = None) -> None:
        np = import_numpy()
        folded = fold(text) if folded is None else folded
        self.lines = [folded[start:end] for start, end in paragraphs]
        self.body = "\n" + "\n".join(self.lines) + "\n"
        self.codes = encode(self.body)
        lengths = np.fromiter(map(len, self.lines), np.int64, len(self.lines))
        self.ends = np.cumsum(lengths + 1)  # place of the border behind
        self.starts = self.ends - lengths

    def _windows(self, at: "NDArray[Any]", before: int, after: int) -> "NDArray[Any]":
        """Codes around places in the body, of the shape (places, before + after); borders beyond its ends."""
        np = import_numpy()
        places = at[:, None] + np.arange(-before, after)
        found: NDArray[Any] = self.codes[np.clip(places, 0, len(self.codes) - 1)]
        found[(places < 0) | (places >= len(self.codes))] = BORDER
        return found

    @staticmethod
    def _led(chars: str, heads: "NDArray[Any]", counts: Counts) -> "NDArray[Any]":
        """The log probability of the first characters of paragraphs after each of some characters."""
        np = import_numpy()
        leads = np.array([ord(c) for c in chars], dtype=np.uint64)[:, None]
        found = counts.get_all([leads, *heads.T])
        led: NDArray[Any] = np.add.reduce(log_probabilities(found, counts.total, 1, _AROUND + 1))
        return led

    def tails(self, counts: Counts) -> "tuple[NDArray[Any], NDArray[Any]]":
        """The paragraphs that do not end in a full stop, and what their ends are like.

        Returns:
            Their indices, and `TAIL_FEATURES` of the shape (indices, features).
        """
        np = import_numpy()
        stops = self._marked(STOPS)
        last = self.codes[self.ends - 1]
        ended = stops[self.ends - 1] | (self._marked(_CLOSERS)[self.ends - 1] & stops[self.ends - 2])
        index = np.flatnonzero(~ended & (self.ends > self.starts))
        if not len(index):
            return index, np.zeros((0, len(TAIL_FEATURES)))
        starts, ends, last = self.starts[index], self.ends[index], last[index]
        windows = self._windows(ends, _AROUND, 0)
        marks = np.array([ord(c) for c in _MARKS], dtype=np.uint64)[:, None]
        found = counts.get_all([*windows.T, marks], _AROUND)
        (following,) = log_probabilities(found, counts.total, _AROUND, _AROUND + 1)
        places = np.arange(len(self.codes))
        last_stop = np.maximum.accumulate(np.where(stops, places, -1))[ends - 1]
        last_comma = np.maximum.accumulate(np.where(self._marked("，；"), places, -1))[ends - 1]
        length = ends - starts
        columns = [
            np.isin(last, [ord(c) for c in "，、"]),
            np.isin(last, [ord(c) for c in "；："]),
            np.isin(last, [ord(c) for c in _CLOSERS]),
            (last >= 0x4E00) & (last < 0xA000),
            last == ord("0"),
            following[0],
            np.log(np.exp(following[1:]).sum(axis=0)),
            np.log(length),
            length < _SHORT,
            last_stop >= starts,
            last_comma >= starts,
            np.log(ends - np.maximum(last_stop, starts)),
            [bool(_opened(self.lines[i])) for i in index.tolist()],
            [_NUMBERED.match(self.lines[i]) is not None for i in index.tolist()],
        ]
        return index, np.column_stack(columns).astype(np.float64)

    def _marked(self, chars: str) -> "NDArray[Any]":
        found: NDArray[Any] = import_numpy().logical_or.reduce([self.codes == ord(c) for c in chars])
        return found

    def heads(self, counts: Counts) -> "NDArray[Any]":
        """What the beginnings are like: `HEAD_FEATURES` of the shape (paragraphs, features)."""
        np = import_numpy()
        windows = self._windows(self.starts, 0, _AROUND)
        first = windows[:, 0]
        free = np.add.reduce(log_probabilities(counts.get_all([*windows.T]), counts.total, 0, _AROUND))
        length = self.ends - self.starts
        stops = np.concatenate([[0], np.cumsum(self._marked(STOPS))])
        columns = [
            np.isin(first, [ord(c) for c in "，。；、：！？%.~" + _CLOSERS]),
            (first >= 0x4E00) & (first < 0xA000),
            first == ord("0"),
            np.isin(first, [ord(c) for c in "“《（"]),
            *(self._led("\n。，", windows, counts) - free),
            np.log(np.maximum(length, 1)),
            length < _SHORT,
            stops[self.ends] > stops[self.starts],
            [_NUMBERED.match(line) is not None for line in self.lines],
            np.isin(first, [ord(c) for c in "—-·*"]),
            [bool(_closed(line)) for line in self.lines],
            stops[self.ends] > stops[np.maximum(self.ends - 1, 0)],
        ]
        found: NDArray[Any] = np.column_stack(columns).astype(np.float64)
        return found

    def pairs(
        self,
        tails: "NDArray[Any]",
        heads: "NDArray[Any]",
        tail_scores: "NDArray[Any]",
        head_scores: "NDArray[Any]",
        counts: Counts,
        topics: Topics,
        seams: Seams,
    ) -> "NDArray[Any]":
        """How well each head goes on where each tail breaks off.

        Args:
            tails: indices of paragraphs.
            heads: the same.
            tail_scores: the log odds that each paragraph breaks off at its end.
            head_scores: the log odds that each paragraph begins in the middle.
            counts: n-grams of reports.
            topics: what pieces of reports speak of.
            seams: networks that read both sides of a seam.

        Returns:
            `PAIR_FEATURES` of the shape (tails, heads, features).
        """
        np = import_numpy()
        shape = (len(tails), len(heads))
        borders, piece_of = self._pieces(tail_scores, head_scores)
        short = np.array(
            [len(line) < _SHORT and not set(line) & set(STOPS) for line in self.lines], dtype=float
        )
        *junctions, across = self._junctions(tails, heads, counts)
        *topical, goes_on = self._topics(tails, heads, topics, borders, piece_of)
        columns = [
            *junctions,
            *topical,
            *self._brackets(tails, heads),
            *self._numbers(tails, heads, borders, piece_of),
            np.broadcast_to(short[tails][:, None], shape),
            np.broadcast_to(short[heads][None], shape),
            short[tails][:, None] * short[heads][None],
            np.broadcast_to(tail_scores[tails][:, None], shape),
            np.broadcast_to(head_scores[heads][None], shape),
            across,
            goes_on,
            seams.scores(self.codes, self.ends[tails], self.starts[heads]),
        ]
        found: NDArray[Any] = np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=2)
        return found

    def impossible(self, tails: "NDArray[Any]", heads: "NDArray[Any]") -> "NDArray[Any]":
        """Pairs of a paragraph with itself, and pairs that leave out what stands between them.

        Where a link, an index or a number stands on a line of its own, the text before and behind it often
        looks as if it belonged together.
        """
        np = import_numpy()
        gap = heads[None] - tails[:, None]
        length = self.ends - self.starts
        short = np.concatenate([[0], np.cumsum((length < _SHORT) & ~self._marked(STOPS)[self.ends - 1])])
        between = short[heads][None] - short[np.minimum(tails + 1, len(length))][:, None]
        fragment = np.concatenate([length < _FRAGMENT, [False]])  # so that -1 is none
        opens = np.isin(self.codes[self.ends[tails] - 1], [ord(c) for c in "《“（"])
        closes = np.isin(self.codes[self.starts[heads]], [ord(c) for c in "》”）"])
        found: NDArray[Any] = (
            (gap == 0)
            | ((gap > 1) & (gap <= _NEAR) & (between == gap - 1))
            | ((gap != 1) & fragment[tails + 1][:, None] & fragment[heads - 1][None])
            | ((gap != 1) & fragment[tails][:, None] & fragment[heads][None])
            | (opens[:, None] & closes[None])
        )
        return found

    def like_headings(self, tails: "NDArray[Any]") -> "NDArray[Any]":
        """Tails that may well be numbered headings or items of a list, without a full stop in them."""
        found: NDArray[Any] = import_numpy().array(
            [
                _NUMBERED.match(self.lines[i]) is not None
                and not set(self.lines[i]) & set(STOPS)
                and self.lines[i][-1] not in "，、；（《“"
                for i in tails.tolist()
            ],
            dtype=bool,
        )
        return found

    def _junctions(
        self, tails: "NDArray[Any]", heads: "NDArray[Any]", counts: Counts
    ) -> "list[NDArray[Any]]":
        """Do the last characters of the tail and the first of the head go together, in reports and here?"""
        np = import_numpy()
        here = Counts.of([self.body])
        left = self._windows(self.ends[tails], _AROUND, 0)
        right = self._windows(self.starts[heads], 0, _AROUND)
        shape = (len(tails), len(heads))
        keys = spans([*left.T[:, :, None], *right.T[:, None]])
        reports = {place: counts.get(found) for place, found in keys.items()}
        text = {place: here.get(found) for place, found in keys.items()}
        both = {place: reports[place] + _OWN * text[place] for place in keys}
        total = counts.total + _OWN * here.total
        fits = sum(log_probabilities(reports, counts.total, _AROUND, 2 * _AROUND))
        likely = log_probabilities(both, total, _AROUND, 2 * _AROUND)
        behind = spans([*right.T])
        alone = {place: counts.get(found) for place, found in behind.items()}
        free = sum(log_probabilities(alone, counts.total, 0, _AROUND))
        alone = {place: found + _OWN * here.get(behind[place]) for place, found in alone.items()}
        free_here = log_probabilities(alone, total, 0, _AROUND)
        longest, longest_here = np.zeros(shape), np.zeros(shape)
        often = {order: np.zeros(shape) for order in range(2, ORDER + 1)}
        for (last, order), found in reports.items():
            if last - order < _AROUND - 1 and last >= _AROUND:
                often[order] = np.maximum(often[order], np.log1p(found))
                longest = np.maximum(longest, np.where(found > 0, order, 0))
                longest_here = np.maximum(longest_here, np.where(text[last, order] > 0, order, 0))
        return [
            fits - free,
            sum(likely) - sum(free_here),
            likely[0] - free_here[0],
            sum(likely),
            likely[0],
            longest,
            longest_here,
            often[2],
            often[3],
            often[4],
            word_across(keys, _AROUND, 2 * _AROUND),
        ]

    def _brackets(self, tails: "NDArray[Any]", heads: "NDArray[Any]") -> "list[NDArray[Any]]":
        """Kinds of brackets that the tail leaves open and the head closes, and that only one of them does."""
        np = import_numpy()
        opened = np.array([[kind in _opened(self.lines[i]) for kind in _PAIRS] for i in tails], dtype=float)
        closed = np.array([[kind in _closed(self.lines[i]) for kind in _PAIRS] for i in heads], dtype=float)
        match = opened @ closed.T
        return [match, opened.sum(axis=1)[:, None] - match, closed.sum(axis=1) - match]

    def _topics(
        self,
        tails: "NDArray[Any]",
        heads: "NDArray[Any]",
        topics: Topics,
        borders: "NDArray[Any]",
        piece_of: "NDArray[Any]",
    ) -> "list[NDArray[Any]]":
        """Do both sides speak of the same, and would they stand at the same place of a report?"""
        np = import_numpy()
        columns = []
        for width in (_PARAGRAPH, SENTENCE, _CLAUSE):
            before = topics.of(
                [self.codes[max(self.starts[i], self.ends[i] - width) : self.ends[i]] for i in tails]
            )
            behind = topics.of(
                [self.codes[self.starts[i] : min(self.ends[i], self.starts[i] + width)] for i in heads]
            )
            columns.append(before.vectors @ behind.vectors.T)
            if width == SENTENCE:
                words = before.shared(behind)
                goes_on = topics.goes_on(before, behind)
        piece_start = self.starts[borders[piece_of]]
        piece_end = self.ends[borders[piece_of + 1] - 1]
        before = topics.of(
            [self.codes[max(piece_start[i], self.ends[i] - _PIECE) : self.ends[i]] for i in tails]
        )
        behind = topics.of(
            [self.codes[self.starts[i] : min(piece_end[i], self.starts[i] + _PIECE)] for i in heads]
        )
        return [*columns, words, -np.abs(before.places[:, None] - behind.places), goes_on]

    @staticmethod
    def _pieces(
        tail_scores: "NDArray[Any]", head_scores: "NDArray[Any]"
    ) -> "tuple[NDArray[Any], NDArray[Any]]":
        """The first paragraph of each piece, from one break to the next, and each paragraph's piece."""
        np = import_numpy()
        cut = np.zeros(len(tail_scores) + 1, dtype=bool)
        cut[:-1] |= head_scores > 0
        cut[1:] |= tail_scores > 0
        cut[0] = cut[-1] = True
        return np.flatnonzero(cut), np.cumsum(cut)[:-1] - 1

    def _numbers(
        self, tails: "NDArray[Any]", heads: "NDArray[Any]", borders: "NDArray[Any]", piece_of: "NDArray[Any]"
    ) -> "list[NDArray[Any]]":
        """How many numberings go on from the piece of a tail to that of a head, and how many do not."""
        np = import_numpy()
        numbers: dict[int, list[tuple[str, int]]] = {}

        def of(piece: int) -> list[tuple[str, int]]:
            if piece not in numbers:
                start, end = borders[piece], borders[piece + 1]
                part = self.body[self.starts[start] - 1 : self.ends[end - 1]]
                numbers[piece] = [
                    (m.lastgroup or "", _number(m[m.lastgroup or 0])) for m in _NUMBER.finditer(part)
                ]
            return numbers[piece]

        go_on, clash = np.zeros((len(tails), len(heads))), np.zeros((len(tails), len(heads)))
        lasts = [dict(of(int(piece_of[t]))) for t in tails]
        firsts = [dict(reversed(of(int(piece_of[h])))) for h in heads]
        for i, a in enumerate(lasts):
            for j, b in enumerate(firsts):
                for kind, value in b.items():
                    if kind in a and a[kind] + 1 == value:
                        go_on[i, j] += 1
                    elif value > 1 or kind == "part":
                        clash[i, j] += 1 if kind in a else 0.5
        return [go_on, clash]


def ends_like_running_text(line: str) -> bool:
    """Whether a paragraph without a full stop is no heading but breaks off, or seems to."""
    return (
        line[-1:] not in STOPS
        and line[-2:-1] not in STOPS
        and (len(line) > _SHORT or "。" in line or line[-1] in "《，、“（")
        and not _NUMBERED.match(line)
    )


def _opened(line: str) -> frozenset[str]:
    """The kinds of brackets that a paragraph leaves open."""
    return frozenset(pair for pair in _PAIRS if line.rfind(pair[0]) > line.rfind(pair[1]))


def _closed(line: str) -> frozenset[str]:
    """The kinds of brackets that a paragraph closes without having opened them."""
    found = []
    for pair in _PAIRS:
        at = line.find(pair[1])
        if at >= 0 and not 0 <= line.find(pair[0]) < at:
            found.append(pair)
    return frozenset(found)
