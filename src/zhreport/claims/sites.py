"""Sites: each quantity of a sentence with what stands around it."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import Final

import regex

from zhreport.claims.not_claims import pledge_of
from zhreport.clause import DATE_SIGN, ClauseReader, Left, Right
from zhreport.quantities import DateMention, Quantity
from zhreport.timeframe import Surroundings
from zhreport.words.lexicon import Lexicon

__all__ = ["Sentence", "Site", "build_sites"]


@dataclass(slots=True, kw_only=True)
class Sentence:
    """What the sites of a sentence share.

    Attributes:
        folded: the document's folded text.
        start, end: of the sentence in it.
        paragraph: index of its paragraph.
        dates: the calendar expressions in the sentence.
        time: what the timeframe says of it.
        reader: reads phrases.
        lexicon: word classes.
        before: the last site of the sentence before it in the paragraph.
    """

    folded: str
    start: int
    end: int
    paragraph: int
    dates: list[DateMention]
    time: Surroundings
    reader: ClauseReader
    lexicon: Lexicon
    before: "Site | None" = None


@dataclass(slots=True, kw_only=True)
class Site:
    """One quantity and its surroundings in the sentence.

    Attributes:
        quantity: the quantity.
        value: its value, with the scale at the end of its list where it has none of its own.
        unit: its unit, taken from the end of its list where it has none of its own.
        dimension: of that unit.
        relation: its relation, taken from the end of its list (`94%、98%以上`).
        left, right: the readings of the segments on both sides.
        left_text, right_text: those segments.
        left_start: where the left segment begins in the document.
        listed: earlier members of the list that ends in the left segment (`城镇、` before `农村居民收入`).
        run: position in a run of bare quantities under one verb, and the length of the run.
        before, after: the separators outside the two segments, "" for a quantity.
        previous: the site before it in the sentence.
        sentence: what it shares with the other sites.
        fallback: a segment without a quantity right before, for a site without a noun of its own.
        noun: the indicator, filled when it is known; carried over from here by later sites.
        owner: the noun that a bare attribute after it belongs to.
        fallback_list: that segment with the members of the list that it ends.
        head: the first site of its run.
        topic: the first segment of the sentence, "" if a quantity begins it.
        kind, action: as decided.
        after_noun, own_noun: the nouns behind and before the figure, once they were asked for.
        found, governed: its indicator and its verb, each with the source that gave it, likewise.
    """

    quantity: Quantity
    value: Decimal | None
    unit: str
    dimension: str
    relation: str
    left: Left
    right: Right
    left_text: str
    left_start: int
    right_text: str
    listed: tuple[str, ...]
    run: tuple[int, int]
    before: str
    after: str
    previous: "Site | None"
    sentence: Sentence
    fallback: str = ""
    fallback_list: tuple[str, ...] = ()
    topic: str = ""
    noun: str = ""
    owner: str = ""
    head: "Site | None" = None
    kind: str = ""
    action: str = ""
    after_noun: str | None = None
    own_noun: str | None = None
    found: tuple[str, str] | None = None
    governed: tuple[str, str] | None = None

    def head_of_run(self) -> "Site":
        """The first site of the run that this one stands in."""
        return self.head or self

    def among(self, text: str, name: str) -> bool:
        """Is a text one of the words of a set?"""
        return text in self.sentence.lexicon.sets[name]

    def ends(self, text: str, name: str) -> bool:
        """Does a text end with one of the words of a set?"""
        return text.endswith(self.sentence.lexicon.listed(name))

    def pattern(self, template: str) -> "regex.Pattern[str]":
        """A pattern in which `{name}` stands for the words of a set."""
        return self.sentence.lexicon.patterns[template]


_SEPARATOR: Final = regex.compile(r"[，、；：。！？]|——|[ ]{2,}")
# 约占全市的五分之一: the relation stands before the whole
_FAR: Final = (
    "(?P<far>{far.of_a_whole})(?:占?(?:{far.wholes}|[0-9]{4}年)[^，。；、约近超]{1,12}的?)$"
    r"|(?P<far>{far.of_a_noun})[\u4e00-\u9fff]{1,3}$"
)
_RELATIONS: Final = ("approx", "gt", "ge", "lt", "le")
_NAMED: Final = regex.compile(r"“[^“”]{1,60}”|《[^《》]{1,80}》|‘[^‘’]{1,40}’|「[^「」]{1,40}」")
_BRACKET: Final = regex.compile(r"（[^（）]{0,80}）")
_HOPED: Final = "力争"  # what 争 says of the second goal in 保8争9
_ONWARD: Final = regex.compile(r"[到至为成升降转达]")
_Cut = tuple[int, int, Quantity | None]
_LONGEST_LIST: Final = 48  # characters
_MOST_MEMBERS: Final = 8  # of a list before a comma
_LONGEST_RUN: Final = 24  # members of one list; bounds the work on hostile text
# 电价每千瓦时下降5分: the unit of the price, no part of what is priced
_PRICED_BY: Final = regex.compile(r"(?<=.)每(?:千瓦时|度|立方米|吨|公斤|千克|市?斤|升)(?![产\p{Han}]*量)")
_TRAILING_JOIN: Final = regex.compile(r"[和与及、]$")


def _protected(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of quoted names and titles, in which nothing separates."""
    return [match.span() for match in _NAMED.finditer(folded, start, end)]


def build_sites(sentence: Sentence, quantities: list[Quantity]) -> list[Site]:
    """The sites of a sentence, from its accepted quantities.

    Args:
        sentence: the sentence.
        quantities: those of the sentence that are claims, in order.
    """
    cuts = _Cuts(sentence, quantities)
    sites: list[Site] = []
    for index, (_, _, quantity) in enumerate(cuts.places):
        if quantity is not None:
            sites.append(_site(cuts, index, quantity, sites[-1] if sites else None))
    _close_runs(sites)
    _share_percent(sites)
    _share_heads(sites)
    _fallbacks(sites, cuts)
    return sites


class _Cuts:
    """Where a sentence is cut: at its quantities, at separators and at brackets that hold a quantity.

    Attributes:
        sentence: the sentence.
        places: start, end and quantity (None of a separator) of each, in order.
    """

    def __init__(self, sentence: Sentence, quantities: list[Quantity]) -> None:
        self.sentence = sentence
        folded, start, end = sentence.folded, sentence.start, sentence.end
        self.places: list[_Cut] = [(q.outer_start, q.outer_end, q) for q in quantities]
        starts = [q.start for q in quantities]
        guarded = [
            (a, b)
            for a, b in _protected(folded, start, end)
            if bisect_left(starts, a) == bisect_left(starts, b)
        ]
        for bracket in _BRACKET.finditer(folded, start, end):
            inside = bisect_right(starts, bracket.start())
            if inside < len(starts) and starts[inside] < bracket.end():
                self.places.append((bracket.start(), bracket.start() + 1, None))
                self.places.append((bracket.end() - 1, bracket.end(), None))
            else:
                guarded.append(bracket.span())
        guarded.extend((q.outer_start, q.outer_end) for q in quantities)
        self._separate(sorted(guarded))
        self.places.sort(key=lambda cut: cut[:2])

    def _separate(self, guarded: list[tuple[int, int]]) -> None:
        """Cut at the separators outside guarded spans, which are in order."""
        at = 0
        for match in _SEPARATOR.finditer(self.sentence.folded, self.sentence.start, self.sentence.end):
            place = match.start()
            while at < len(guarded) and guarded[at][1] <= place:
                at += 1
            if not any(a <= place < b for a, b in guarded[at : at + 3]):
                self.places.append((match.start(), match.end(), None))

    def begin(self, index: int) -> int:
        """Where the segment before a cut begins."""
        return self.places[index - 1][1] if index else self.sentence.start

    def end(self, index: int) -> int:
        """Where the segment behind a cut ends."""
        return self.places[index + 1][0] if index + 1 < len(self.places) else self.sentence.end

    def is_quantity(self, index: int) -> bool:
        """Is there a cut of this number, and is it a quantity?"""
        return 0 <= index < len(self.places) and self.places[index][2] is not None

    def sign(self, index: int) -> str:
        """The separator of a cut; "" for a quantity, and where there is no such cut."""
        if not 0 <= index < len(self.places) or self.places[index][2] is not None:
            return ""
        return self.sentence.folded[self.places[index][0] : self.places[index][1]]

    def is_comma(self, index: int) -> bool:
        """Does a cut begin with 、?"""
        return self.places[index][2] is None and self.sentence.folded[self.places[index][0]] == "、"

    def segment(self, index: int) -> str:
        """The segment before a cut, with one sign for each date."""
        start = self.begin(index)
        return _undated(self.sentence.folded[start : self.places[index][0]], start, self.sentence.dates)


def _site(cuts: _Cuts, index: int, quantity: Quantity, previous: Site | None) -> Site:
    """The site of a quantity."""
    sentence, before = cuts.sentence, cuts.sign(index - 1)
    left_text = _left_text(cuts, index, quantity)
    run = _run(cuts, index, left_text.strip(), previous) if previous is not None else 0
    left = sentence.reader.left(left_text.strip())
    right_text, right = _right(cuts, index)
    if left.from_base and right_text.strip() and not _ONWARD.search(right_text):
        left = left._replace(from_base=False)  # 由26个国家组成
    return Site(
        quantity=quantity,
        value=quantity.value,
        unit=quantity.unit,
        dimension=quantity.dimension,
        relation=_relation(cuts, index, quantity),
        left=left,
        right=right,
        left_text=left_text,
        left_start=cuts.begin(index),
        right_text=right_text,
        listed=() if run or before != "、" else _listed(cuts, index),
        run=(run, 1),
        before=before,
        after=cuts.sign(index + 1),
        previous=previous,
        sentence=sentence,
    )


def _left_text(cuts: _Cuts, index: int, quantity: Quantity) -> str:
    """The segment before a quantity, as far as it speaks of it."""
    text = cuts.segment(index)
    if pledge := pledge_of(cuts.sentence.folded, quantity):
        return _HOPED if pledge == "争" else text.removesuffix(pledge)
    if "“" in text and "”" not in text:
        text = text.rpartition("“")[2] or text  # 提出“优良率达到85%…”: a quoted sentence
    if "每" in text and (quantity.dimension == "money" or quantity.unit == "分"):
        text = _PRICED_BY.sub("", text)
    if cuts.is_quantity(index - 1) and len(text) > 2 and _TRAILING_JOIN.search(text):
        return text[-1:]  # 93%的村庄和 | 96%的农户: the words belong to what stands before
    return text


def _run(cuts: _Cuts, index: int, gap: str, previous: Site) -> int:
    """The position in a run under one verb: nothing but 、 or 和 since the last quantity."""
    quantity = cuts.places[index][2]
    if quantity is None or (gap and gap not in cuts.sentence.lexicon.sets["runs.joins"]):
        return 0
    if previous.right.noun or _unlike(previous, quantity):
        return 0  # 增长5%、约4亿元
    following = previous.run[0] + 1
    if cuts.is_quantity(index - 1):
        return following if gap else 0
    before = cuts.sign(index - 1)
    if before not in ("、", "，") or not cuts.is_quantity(index - 2) or cuts.segment(index - 1).strip():
        return 0
    behind = cuts.sentence.folded[quantity.outer_end : quantity.outer_end + 1]
    alone = previous.left.distributed and not behind.strip("，。；、！ ")
    return following if before == "、" or gap or alone else 0


def _unlike(previous: Site, quantity: Quantity) -> bool:
    """Are two figures a percentage and something else, each with its unit, and not distributed by 分别?"""
    if not (previous.quantity.unit and quantity.unit) or previous.left.distributed:
        return False
    return (previous.dimension == "percent") != (quantity.dimension == "percent")


def _listed(cuts: _Cuts, index: int) -> tuple[str, ...]:
    """The members of a list before the segment of a quantity."""
    found: list[str] = []
    since = index - 1
    while since >= 0 and cuts.is_comma(since):
        item = cuts.segment(since).strip()
        if not item or cuts.is_quantity(since - 1):
            break
        found.insert(0, item)
        since -= 1
    return tuple(found)


def _right(cuts: _Cuts, index: int) -> tuple[str, Right]:
    """The segment behind a quantity and its reading; a list goes on while its members hold no quantity."""
    folded, reader, start = cuts.sentence.folded, cuts.sentence.reader, cuts.places[index][1]
    text = folded[start : cuts.end(index)]
    quantity = cuts.places[index][2]
    if text.startswith("”") or (quantity is not None and pledge_of(folded, quantity) == "保"):
        text = ""
    right = reader.right(text.strip())
    tail = index + 1
    if cuts.sign(tail) == "、" and right.open and right.noun:
        while tail + 1 < len(cuts.places) and _goes_on(cuts, tail):
            tail += 1
        longer = folded[start : cuts.places[tail][0]]
        if tail > index + 1 and len(longer) <= _LONGEST_LIST:  # 5个商圈、街区建设
            return longer, reader.right(longer.strip())
    return text, right


def _goes_on(cuts: _Cuts, tail: int) -> bool:
    """Does a list go on behind a 、 without a quantity?"""
    behind = cuts.sentence.folded[cuts.places[tail][1] : cuts.places[tail][1] + 1]
    return cuts.is_comma(tail) and not cuts.is_quantity(tail + 1) and not behind.isdecimal()


def _relation(cuts: _Cuts, index: int, quantity: Quantity) -> str:
    """The relation of a quantity, also where its word stands before a whole: 约占全市的五分之一."""
    if quantity.relation != "eq":
        return quantity.relation
    lexicon = cuts.sentence.lexicon
    far = lexicon.patterns[_FAR].search(cuts.sentence.folded, cuts.begin(index), quantity.outer_start)
    if far is None:
        return "eq"
    return next((name for name in _RELATIONS if far["far"] in lexicon.sets[f"before.{name}"]), "eq")


def _close_runs(sites: list[Site]) -> None:
    """Give every run its length, and its members the unit and bound of its end."""
    i = 0
    while i < len(sites):
        j = i + 1
        while j < len(sites) and sites[j].run[0] > 0 and j - i < _LONGEST_RUN:
            j += 1
        members = sites[i:j]
        for position, site in enumerate(members):
            site.run = (position, len(members))
            site.head = members[0] if position else None  # its own would be a cycle, left to the collector
            if site is not members[-1]:
                _share_end(site, members[-1])
        _share_beginning(members)
        i = j


def _share_end(site: Site, last: Site) -> None:
    """Give a member of a run the unit and the bound that stand at its end only."""
    if not site.unit and site.quantity.form in ("arabic", "han"):
        site.unit, site.dimension = last.unit, last.dimension
        if site.value is not None and site.quantity.scale == 1 < last.quantity.scale:
            site.value *= last.quantity.scale  # 9.8、246万吨
    elif site.unit == "个" and last.unit == "个百分点":
        site.unit, site.dimension = last.unit, last.dimension
    if last.quantity.note and site.quantity.relation == "eq" and last.relation in ("ge", "le", "approx"):
        site.relation = last.relation


def _share_beginning(members: list[Site]) -> None:
    """Give the members of a run the bound that stands at its beginning: 分别突破3亿元、7亿元."""
    first = members[0]
    passed = first.sentence.folded[first.quantity.outer_start : first.quantity.start]
    if not passed or not (first.left.distributed or passed == "突破"):
        return
    if first.relation in ("gt", "ge", "approx"):
        for site in members[1:]:
            if site.relation == "eq":
                site.relation = first.relation


def _share_percent(sites: list[Site]) -> None:
    """Goals of a growth are percentages, though no unit is written: 增速保8争9."""
    for site in sites:
        if site.unit or not pledge_of(site.sentence.folded, site.quantity):
            continue
        heads = site.sentence.lexicon.listed("growth_heads")
        grows = site.left.verb_class in ("up", "down") or site.left.noun.endswith(heads)
        if grows or (site.previous is not None and site.left_text == _HOPED and site.previous.unit == "%"):
            site.unit, site.dimension = "%", "percent"


def _share_heads(sites: list[Site]) -> None:
    """Give a bare rank after a quantity the head of the next one: 3个国家级和7个省级园区."""
    for site, following in pairwise(sites):
        noun, other = site.right.noun, following.right.noun
        if not noun and other and site.quantity.outer_end == following.quantity.outer_start:
            site.right = site.right._replace(noun=other)  # 3批52项 | 清单
        if noun.endswith("级") and "级" in other[1:-1] and site.unit == following.unit:
            head = other[other.index("级") + 1 :]
            site.right = site.right._replace(noun=noun + head)


# 2000年底, 2000年初, but not 2000年初中毕业生
_REST: Final = regex.compile(r"(?:[底末]|初(?![中步级期]))")
_begins = attrgetter("start")


def _undated(segment: str, start: int, dates: list[DateMention]) -> str:
    """A segment with one sign in place of each calendar expression."""
    end = start + len(segment)
    pieces: list[str] = []
    at = 0
    # a sentence may have many segments and many dates: only those of this one are looked at
    for index in range(bisect_left(dates, start, key=_begins), bisect_left(dates, end, key=_begins)):
        date = dates[index]
        if date.end <= end:
            pieces += segment[at : date.start - start], DATE_SIGN
            rest = _REST.match(segment, date.end - start)
            at = rest.end() if rest else date.end - start
    return "".join((*pieces, segment[at:]))


def _fallbacks(sites: list[Site], cuts: _Cuts) -> None:
    """Segments without a quantity right before a site that has no noun of its own."""
    ends = {cut[0]: i for i, cut in enumerate(cuts.places)}
    topic = "" if cuts.is_quantity(0) else cuts.segment(0).strip()
    for site in sites:
        i = ends[site.quantity.outer_start]
        site.fallback = _before(i - 1, cuts)
        site.fallback_list = _list_before(i - 1, cuts)
        site.topic = topic


def _before(at: int, cuts: _Cuts) -> str:
    """The last segment with words that ends at a separator, before the next quantity."""
    while at >= 0 and not cuts.is_quantity(at) and not cuts.is_quantity(at - 1):
        if segment := cuts.segment(at).strip():
            return segment
        at -= 1
    return ""


def _list_before(at: int, cuts: _Cuts) -> tuple[str, ...]:
    """The members of a list that ends at a comma: `数量、收入，分别达到…`."""
    items: list[str] = []
    while at >= 0 and not cuts.is_quantity(at) and len(items) < _MOST_MEMBERS:
        if items and not cuts.is_comma(at):
            break
        item = cuts.segment(at).strip()
        if not item or cuts.is_quantity(at - 1):
            break
        items.insert(0, item)
        at -= 1
    return tuple(items)
