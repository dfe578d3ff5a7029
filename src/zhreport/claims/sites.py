"""Sites: each quantity of a sentence with what stands around it."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import Final

import regex

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
        after_noun: the noun behind the figure, once it was asked for.
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
_ONWARD: Final = regex.compile(r"[到至为成升降转达]")
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
    folded, reader, dates = sentence.folded, sentence.reader, sentence.dates
    start, end = sentence.start, sentence.end
    cuts: list[tuple[int, int, Quantity | None]] = [(q.outer_start, q.outer_end, q) for q in quantities]
    places = [q.start for q in quantities]
    guarded = [
        (a, b) for a, b in _protected(folded, start, end) if bisect_left(places, a) == bisect_left(places, b)
    ]
    for bracket in _BRACKET.finditer(folded, start, end):
        inside = bisect_right(places, bracket.start())
        if inside < len(places) and places[inside] < bracket.end():
            cuts.append((bracket.start(), bracket.start() + 1, None))
            cuts.append((bracket.end() - 1, bracket.end(), None))
        else:
            guarded.append(bracket.span())
    guarded.extend((q.outer_start, q.outer_end) for q in quantities)
    guarded.sort()
    at = 0
    for match in _SEPARATOR.finditer(folded, start, end):
        place = match.start()
        while at < len(guarded) and guarded[at][1] <= place:
            at += 1
        if any(a <= place < b for a, b in guarded[at : at + 3]):
            continue
        cuts.append((match.start(), match.end(), None))
    cuts.sort(key=lambda cut: cut[:2])
    sites: list[Site] = []
    previous: Site | None = None
    for index, (q_start, q_end, quantity) in enumerate(cuts):
        if quantity is None:
            continue
        left_start = cuts[index - 1][1] if index else start
        before_cut = cuts[index - 1] if index else None
        right_end = cuts[index + 1][0] if index + 1 < len(cuts) else end
        after_cut = cuts[index + 1] if index + 1 < len(cuts) else None
        left_text = _undated(folded[left_start:q_start], left_start, dates)
        if "“" in left_text and "”" not in left_text:
            left_text = left_text.rpartition("“")[2] or left_text  # 提出“优良率达到85%…”: a quoted sentence
        if "每" in left_text and (quantity.dimension == "money" or quantity.unit == "分"):
            left_text = _PRICED_BY.sub("", left_text)
        if (
            before_cut is not None
            and before_cut[2] is not None
            and len(left_text) > 2
            and _TRAILING_JOIN.search(left_text)
        ):
            left_text = left_text[-1:]  # 93%的村庄和 | 96%的农户: the words belong to what stands before
        before = (
            "" if before_cut is None or before_cut[2] is not None else folded[before_cut[0] : before_cut[1]]
        )
        after = "" if after_cut is None or after_cut[2] is not None else folded[after_cut[0] : after_cut[1]]
        # Nothing but 、 or 和 since the last quantity: a run under one verb.
        run = 0
        since = index - 1
        gap = left_text.strip()
        if previous is not None and (not gap or gap in sentence.lexicon.sets["runs.joins"]):
            unlike = (
                previous.quantity.unit
                and not previous.left.distributed
                and (previous.dimension == "percent") != (quantity.dimension == "percent")
                and quantity.unit
            )
            if unlike or previous.right.noun:
                pass  # 增长5%、约4亿元
            elif before_cut is not None and before_cut[2] is not None and gap:
                run = previous.run[0] + 1
            elif before in ("、", "，") and index >= 2 and cuts[index - 2][2] is not None:
                if not folded[cuts[index - 2][1] : cuts[index - 1][0]].strip() and (
                    before == "、"
                    or gap
                    or (previous.left.distributed and not folded[q_end : q_end + 1].strip("，。；、！ "))
                ):
                    run = previous.run[0] + 1
        listed: list[str] = []
        if not run and before == "、":
            while since >= 0 and cuts[since][2] is None and folded[cuts[since][0]] == "、":
                item_start = cuts[since - 1][1] if since else start
                item = _undated(folded[item_start : cuts[since][0]], item_start, dates).strip()
                if since and cuts[since - 1][2] is not None:
                    item = item.removeprefix("和")
                    break
                if not item:
                    break
                listed.insert(0, item)
                since -= 1
        right_text = folded[q_end:right_end]
        if right_text.startswith("”"):
            right_text = ""
        left, right = reader.left(left_text.strip()), reader.right(right_text.strip())
        if left.from_base and right_text.strip() and not _ONWARD.search(right_text):
            left = left._replace(from_base=False)  # 由26个国家组成
        # A list after the quantity goes on while its members hold no quantity: 5个商圈、街区建设
        tail = index + 1
        if after == "、" and right.open and right.noun and tail + 1 < len(cuts):
            while (
                tail + 1 < len(cuts)
                and cuts[tail][2] is None
                and folded[cuts[tail][0]] == "、"
                and cuts[tail + 1][2] is None
                and not folded[cuts[tail][1] : cuts[tail][1] + 1].isdecimal()
            ):
                tail += 1
            if tail > index + 1:
                longer = folded[q_end : cuts[tail][0]]
                if len(longer) <= 48:
                    right_text, right = longer, reader.right(longer.strip())
        relation = quantity.relation
        if relation == "eq" and (far := sentence.lexicon.patterns[_FAR].search(folded, left_start, q_start)):
            sets = sentence.lexicon.sets
            relation = next((name for name in _RELATIONS if far["far"] in sets[f"before.{name}"]), relation)
        site = Site(
            quantity=quantity,
            value=quantity.value,
            unit=quantity.unit,
            dimension=quantity.dimension,
            relation=relation,
            left=left,
            right=right,
            left_text=left_text,
            left_start=left_start,
            right_text=right_text,
            listed=tuple(listed),
            run=(run, 1),
            before=before,
            after=after,
            previous=previous,
            sentence=sentence,
        )
        sites.append(site)
        previous = site
    _close_runs(sites)
    _share_heads(sites)
    _fallbacks(sites, folded, cuts, start, dates)
    return sites


def _close_runs(sites: list[Site]) -> None:
    """Give every run its length, and its members the unit and bound of its end."""
    i = 0
    while i < len(sites):
        j = i + 1
        while j < len(sites) and sites[j].run[0] > 0 and j - i < _LONGEST_RUN:
            j += 1
        members = sites[i:j]
        last = members[-1]
        for position, site in enumerate(members):
            site.run = (position, len(members))
            site.head = members[0] if position else None  # its own would be a cycle, left to the collector
            if site is last:
                continue
            if not site.unit and site.quantity.form in ("arabic", "han"):
                site.unit, site.dimension = last.unit, last.dimension
                if site.value is not None and site.quantity.scale == 1 < last.quantity.scale:
                    site.value *= last.quantity.scale  # 9.8、246万吨
            elif site.unit == "个" and last.unit == "个百分点":
                site.unit, site.dimension = last.unit, last.dimension
            if (
                last.quantity.note
                and site.quantity.relation == "eq"
                and last.relation in ("ge", "le", "approx")
            ):
                site.relation = last.relation
        first = members[0]
        passed = first.sentence.folded[first.quantity.outer_start : first.quantity.start]
        if (
            (first.left.distributed or passed == "突破")
            and first.relation in ("gt", "ge", "approx")
            and first.quantity.outer_start < first.quantity.start
        ):
            for site in members[1:]:  # 分别突破3亿元、7亿元
                if site.relation == "eq":
                    site.relation = first.relation
        i = j


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


def _fallbacks(
    sites: list[Site],
    folded: str,
    cuts: list[tuple[int, int, Quantity | None]],
    start: int,
    dates: list[DateMention],
) -> None:
    """Segments without a quantity right before a site that has no noun of its own."""
    ends = {cut[0]: i for i, cut in enumerate(cuts)}
    for site in sites:
        i = ends[site.quantity.outer_start]
        parts: list[str] = []
        back = i - 1
        while back >= 1 and cuts[back][2] is None and len(parts) < 2:
            if cuts[back - 1][2] is not None:
                break
            at = cuts[back - 1][1]
            segment = _undated(folded[at : cuts[back][0]], at, dates).strip()
            if segment:
                parts.append(segment)
            back -= 1
        if back == 0 and cuts and cuts[0][2] is None and len(parts) < 2:
            segment = _undated(folded[start : cuts[0][0]], start, dates).strip()
            if segment:
                parts.append(segment)
        site.fallback = parts[0] if parts else ""
        site.fallback_list = _list_before(i - 1, folded, cuts, start, dates)
        site.topic = _undated(folded[start : cuts[0][0]], start, dates).strip() if cuts[0][2] is None else ""


def _list_before(
    at: int, folded: str, cuts: list[tuple[int, int, Quantity | None]], start: int, dates: list[DateMention]
) -> tuple[str, ...]:
    """The members of a list that ends at a comma: `数量、收入，分别达到…`."""
    items: list[str] = []
    while at >= 0 and cuts[at][2] is None and len(items) < 8:
        if items and folded[cuts[at][0]] != "、":
            break
        begin = cuts[at - 1][1] if at else start
        item = _undated(folded[begin : cuts[at][0]], begin, dates).strip()
        if not item or (at and cuts[at - 1][2] is not None):
            break
        items.insert(0, item)
        at -= 1
    return tuple(items)
