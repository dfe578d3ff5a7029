"""What a campaign is linked to: edition, count, organizer, period and paragraph."""

import re
from bisect import bisect_left, bisect_right
from typing import Final

import regex

from zhreport.campaigns.surface import CLOSE, OPEN, Candidate
from zhreport.campaigns.vocabulary import Vocabulary
from zhreport.document import Document
from zhreport.quantities import Quantity, Scan
from zhreport.timeframe import Timeframe

__all__ = ["Links", "campaign_key"]

_EDITION_BEFORE: Final = regex.compile(
    r"(?r)(第[一二三四五六七八九十百0-9]{1,4}[届次批轮期]|首届|首批|(?:19|20)[0-9]{2}(?=年?度?))年?度?[“‘「『\"]?"
)
_EDITION_IN: Final = re.compile(
    # the look-back stands behind the year: every branch begins with a sign that a search can look for
    r"第[一二三四五六七八九十百0-9]{1,4}[届次批轮期]|首届|(?:19|20)[0-9]{2}(?<![0-9]{5})(?![0-9])"
)
# the rest of a list of names that a head with a count closes: `、“乙”等活动`
_LIST_END: Final = re.compile(
    r"[”’」』]?[、和与及“‘「『][^，。；]{1,60}?等[\u4e00-\u9fff]{0,8}?(?=[0-9一二三四五六七八九十两])"
)
_SIGNS: Final = regex.compile(r"[^\p{L}\p{N}+×]")
_MANNER: Final = "{organisers.manner}+"
_NAME: Final = regex.compile(r"(?r)[\u4e00-\u9fff、（）]{2,20}")


def campaign_key(name: str, edition: str) -> str:
    """What two mentions of one campaign have in common: letters and figures of the name without its edition.

    >>> campaign_key("第五届云岭·阅读节", "第五届") == campaign_key("云岭阅读节", "")
    True
    """
    name = name.removeprefix(edition).removesuffix(edition)
    return name if name.isalnum() else _SIGNS.sub("", name)


class Links:
    """Looks around candidates of one document."""

    def __init__(self, document: Document, scan: Scan, time: Timeframe, vocabulary: Vocabulary) -> None:
        self._document = document
        self._folded = document.folded
        self._v = vocabulary
        self._starts = [p.start for p in document.paragraphs]
        self._quantities = scan.quantities
        self._quantity_starts = [q.start for q in scan.quantities]
        self._dates = scan.dates
        self._date_starts = [d.start for d in scan.dates]
        self._time = time
        self._spans: dict[int, str] = {}

    def paragraph(self, c: Candidate) -> int:
        """The index of the paragraph."""
        return bisect_right(self._starts, c.start) - 1

    def edition(self, c: Candidate) -> str:
        """Ordinal or year right before the name or in it."""
        inside = _EDITION_IN.search(c.name)
        if inside is not None:
            return inside.group()
        sign = c.start - 1
        if self._folded[sign : c.start] in _QUOTES:
            sign -= 1
        if sign < 0 or self._folded[sign] not in _EDITION_SIGNS:
            return ""
        before = _EDITION_BEFORE.match(self._folded, c.clause_start, c.start)
        return before.group(1) if before else ""

    def count(self, c: Candidate) -> tuple[int, int] | None:
        """The quantity before the name (`3届`) or behind its head (`90多次`)."""
        at = c.start - (self._folded[c.start - 1 : c.start] in _QUOTES)
        index = bisect_left(self._quantity_starts, at)
        if index and (q := self._quantities[index - 1]).end == at and q.unit and q.form != "ordinal":
            return q.start, q.end
        return self._count_behind(max(c.end, c.head_end)) or self._times(c)

    def _count_behind(self, end: int) -> tuple[int, int] | None:
        """The quantity behind a head, or behind the list that it stands in."""
        q = self._quantity(end)
        units = self._v.sets["counts.units"]
        if q and q.start - end < _NEARBY and _NEAR.fullmatch(self._folded, end, q.start):
            near = q.start == end and q.dimension not in ("money", "percent")
            return (q.start, q.end) if near or q.unit in units else None
        if self._folded[end : end + 1] in _GOES_ON and (
            listed := _LIST_END.match(self._folded, end, end + 80)
        ):
            q = self._quantity(listed.end())
            return (q.start, q.end) if q and q.start == listed.end() and q.unit in units else None
        return None

    def _quantity(self, at: int) -> Quantity | None:
        """The first quantity that does not begin before a place."""
        index = bisect_left(self._quantity_starts, at)
        return self._quantities[index] if index < len(self._quantities) else None

    def _times(self, c: Candidate) -> tuple[int, int] | None:
        """How often, before the verb: `先后2次被评为`."""
        if c.verb_start < 1 or self._folded.find("次", max(0, c.verb_start - 4), c.verb_start) < 0:
            return None
        index = bisect_left(self._quantity_starts, c.verb_start - 6)
        for q in self._quantities[index : index + 2]:
            if q.unit == "次" and c.clause_start <= q.start and q.end <= c.verb_start:
                return q.start, q.end
        return None

    def organizer(self, c: Candidate) -> str:
        """The organisation before the verb of the clause, or after 由."""
        if c.verb_start < 0:
            return ""
        start, at = c.clause_start, c.verb_start
        if at - start < _SHORTEST:
            return ""
        if not self._v.organiser_signs(self._folded, start, at):
            return ""
        manner = self._v.backwards[_MANNER].match(self._folded, start, at)
        end = manner.start() if manner else at
        name = _NAME.match(self._folded, start, end)
        if name is None:
            return ""
        if self._folded[name.start() - 1 : name.start()] in _COUNTING:
            return ""  # 5家企业
        words = name.group().removeprefix("由")
        helps = self._v.sets["organisers.helps"]
        for sign in ("的", "，"):
            words = words.rpartition(sign)[2]
        if "（" not in words:
            words = words.rpartition("）")[2]
        while len(words) > _TWO_WORDS and (words[:2] in helps or words[:2] in self._v.leading):
            words = words[2:]  # 支持甲县创建…: it is the county that does so
        if "在" in words or words in helps:
            return ""  # 首届大会在我市举办
        if 2 <= len(words) <= 16 and self._v.organiser.match(words):
            return words
        return ""

    def period(self, c: Candidate, paragraph: int) -> str:
        """The last date before it in the sentence, else the years of the part of the report."""
        high = bisect_right(self._date_starts, c.start)
        low = high
        if high and self._dates[high - 1].end > c.start - _SENTENCE:
            stop = _STOP.search(self._folded, max(0, c.start - _SENTENCE), c.start)
            low = bisect_left(self._date_starts, stop.end() if stop else max(0, c.start - _SENTENCE))
        scope = self._time.scope_at(c.start)
        for date in reversed(self._dates[low:high]):
            year = date.year or (scope.last if scope.first == scope.last else None)
            if year is None:
                continue
            if date.last_year is not None:
                return f"{year}/{date.last_year}"
            if date.month is None:
                return str(year)
            first = f"{year}-{date.month:02d}"
            return f"{first}/{year}-{date.last_month:02d}" if date.last_month is not None else first
        if paragraph not in self._spans:
            known = scope.first is not None and scope.last is not None
            span = str(scope.last) if scope.first == scope.last else f"{scope.first}/{scope.last}"
            self._spans[paragraph] = span if known else ""
        return self._spans[paragraph]


# what may stand right before a name behind its edition
_EDITION_SIGNS: Final = frozenset("届批次轮期年度0123456789")
_SHORTEST: Final = 2  # characters of an organisation
_QUOTES: Final = frozenset(OPEN)
_COUNTING: Final = frozenset("0123456789多余几")
_TWO_WORDS: Final = 3  # characters: what is left is a name of two at least
_NEAR: Final = re.compile(r"[^，。；：！？、\n（“]*")
_NEARBY: Final = 7  # characters between a head and its count
_SENTENCE: Final = 120  # characters: further back a date does not speak of a name
_STOP: Final = regex.compile(r"(?r)[。；！？\n]")
_GOES_ON: Final = frozenset("、和与及“‘「『" + CLOSE)
