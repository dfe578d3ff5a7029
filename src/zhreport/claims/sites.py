"""Sites: each quantity of a sentence with what stands around it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from zhreport.claims.not_claims import pledge_of
from zhreport.clause import DATE_SIGN, MAY_BE_DEEDS, ClauseReader, Left, Right
from zhreport.frozen import open_twin
from zhreport.quantities import DateMention, Quantity
from zhreport.timeframe import Surroundings
from zhreport.words.compiling import Pattern, compiled
from zhreport.words.lexicon import Lexicon, package_template

__all__ = ["Said", "Sentence", "Site", "build_sites"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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


@dataclass(slots=True)
class Said:
    """What is decided of a site, which later sites carry on from; filled in by `decide`.

    Attributes:
        kind, action: of its claim.
        noun: the indicator.
        owner: the noun that a bare attribute after it belongs to.
        after_noun, own_noun: the nouns behind and before the figure, once they were asked for.
        found, governed: its indicator and its verb, each with the source that gave it, likewise.
    """

    kind: str = ""
    action: str = ""
    noun: str = ""
    owner: str = ""
    after_noun: str | None = None
    own_noun: str | None = None
    found: tuple[str, str] | None = None
    governed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Site:
    """One quantity and its surroundings in the sentence, known when it is made.

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
        before: the separator before the left segment, "" for a quantity.
        previous: the site before it in the sentence.
        sentence: what it shares with the other sites.
        cuts, index: the cuts of the sentence and its number among them.
        head: the first site of its run, None for that one itself: `site.head or site`.
        said: what is decided of it.
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
    previous: "Site | None"
    sentence: Sentence
    cuts: "Cuts"
    index: int
    head: "Site | None"
    said: Said

    @property
    def fallback(self) -> str:
        """A segment without a quantity right before, for a site without a noun of its own."""
        return self.cuts.last_words(self.index - 1)

    @property
    def fallback_list(self) -> tuple[str, ...]:
        """That segment with the members of the list that it ends: `数量、收入，分别达到…`."""
        return self.cuts.list_before(self.index - 1)

    @property
    def clauses_behind(self) -> tuple[str, ...]:
        """The clause behind the comma after the figure, with its lists and up to its first 、."""
        return self.cuts.clauses_behind(self.index)

    @property
    def topic(self) -> str:
        """The first segment of the sentence, "" if a quantity begins it."""
        return "" if self.cuts.is_quantity(0) else self.cuts.segment(0).strip()

    def verb_behind_list(self) -> str:
        """The verb behind the last of figures that follow each other with their nouns: 40个村200户受益."""
        return self.cuts.verb_behind_list(self.index, self.right)

    def counts(self) -> bool:
        """Does it count things, people, households or times?"""
        return self.dimension in _COUNTING

    def among(self, text: str, name: str) -> bool:
        """Is a text one of the words of a set?"""
        return text in self.sentence.lexicon.sets[name]

    def ends(self, text: str, name: str) -> bool:
        """Does a text end with one of the words of a set?"""
        return text.endswith(self.sentence.lexicon.listed(name))

    def pattern(self, template: str) -> Pattern:
        """A pattern in which `{name}` stands for the words of a set."""
        return self.sentence.lexicon.patterns[template]


if TYPE_CHECKING:
    _Open = Site
else:
    _Open = open_twin(Site)


_SEPARATOR: Final = compiled(package_template("claims.separator"))
_COUNTING: Final = frozenset(("count", "person", "household", "times"))
_COUNTED: Final = frozenset(("count", "person", "household"))
_RELATIONS: Final = ("approx", "gt", "ge", "lt", "le")
_NAMED: Final = compiled(package_template("claims.named"))
_BRACKET: Final = compiled(package_template("claims.bracket"))
_HOPED: Final = "力争"  # what 争 says of the second goal in 保8争9
_ONWARD: Final = compiled(package_template("claims.onward"))
_Cut = tuple[int, int, Quantity | None]
_LONGEST_LIST: Final = 48  # characters
_MOST_MEMBERS: Final = 8  # of a list before a comma
_LONGEST_RUN: Final = 24  # members of one list; bounds the work on hostile text
_TRAILING_JOIN: Final = compiled(package_template("claims.trailing_join"))
_REST: Final = compiled(package_template("claims.rest_of_date"))
_begins, _place = attrgetter("start"), itemgetter(0, 1)


def build_sites(sentence: Sentence, quantities: list[Quantity]) -> list[Site]:
    """The sites of a sentence: cuts, then segments and their readings, then runs, then sites.

    Args:
        sentence: the sentence.
        quantities: those of the sentence that are claims, in order.
    """
    cuts = Cuts(sentence, quantities)
    read: list[_Reading] = []
    for index, (_, _, quantity) in enumerate(cuts.places):
        if quantity is not None:
            read.append(_reading(cuts, index, quantity, read[-1] if read else None))
            cuts.rights[index] = read[-1].right
    figures: list[_Figure] = []
    for members in _runs(read):
        figures += _figures(cuts, members)
    _share_percent(read, figures, sentence)
    sites: list[Site] = []
    for at, (reading, figure) in enumerate(zip(read, figures, strict=True)):
        right = reading.right
        if at + 1 < len(read):
            right = _with_head(reading, figure, read[at + 1], figures[at + 1])
        sites.append(_site(cuts, reading, right, figure, sites))
    return sites


class Cuts:
    """Where a sentence is cut: at its quantities, at separators and at brackets that hold a quantity.

    Attributes:
        sentence: the sentence.
        places: start, end and quantity (None of a separator) of each, in order.
        rights: number of a quantity's cut → the reading behind it, once it was read.
    """

    def __init__(self, sentence: Sentence, quantities: list[Quantity]) -> None:
        self.sentence = sentence
        self._segments: dict[int, str] = {}
        self.rights: dict[int, Right] = {}
        folded, start, end = sentence.folded, sentence.start, sentence.end
        self.places: list[_Cut] = [(q.outer_start, q.outer_end, q) for q in quantities]
        guarded = [cut[:2] for cut in self.places]
        starts = [q.start for q in quantities]
        for name in _NAMED.finditer(folded, start, end):  # in a quoted name or title nothing separates
            if bisect_left(starts, name.start()) == bisect_left(starts, name.end()):
                guarded.append(name.span())
        for bracket in _BRACKET.finditer(folded, start, end):
            inside = bisect_right(starts, bracket.start())
            if inside < len(starts) and starts[inside] < bracket.end():
                self.places.append((bracket.start(), bracket.start() + 1, None))
                self.places.append((bracket.end() - 1, bracket.end(), None))
            else:
                guarded.append(bracket.span())
        guarded.sort()
        self._separate(guarded)
        self.places.sort(key=_place)

    def _separate(self, guarded: list[tuple[int, int]]) -> None:
        """Cut at the separators outside guarded spans, which are in order."""
        at, last = 0, len(guarded)
        for match in _SEPARATOR.finditer(self.sentence.folded, self.sentence.start, self.sentence.end):
            place, end = match.span()
            while at < last and guarded[at][1] <= place:
                at += 1
            if (
                at == last
                or place < guarded[at][0]
                or not any(a <= place < b for a, b in guarded[at : at + 3])
            ):
                self.places.append((place, end, None))

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
        if not 0 <= index < len(self.places):
            return ""
        start, end, quantity = self.places[index]
        return self.sentence.folded[start:end] if quantity is None else ""

    def is_comma(self, index: int) -> bool:
        """Does a cut begin with 、?"""
        return self.places[index][2] is None and self.sentence.folded[self.places[index][0]] == "、"

    def segment(self, index: int) -> str:
        """The segment before a cut, with one sign for each date."""
        found = self._segments.get(index)
        if found is None:
            start = self.begin(index)
            found = self.sentence.folded[start : self.places[index][0]]
            if found and self.sentence.dates:
                found = _undated(found, start, self.sentence.dates)
            self._segments[index] = found
        return found

    def last_words(self, at: int) -> str:
        """The last segment with words that ends at a separator, before the next quantity."""
        while at >= 0 and not self.is_quantity(at) and not self.is_quantity(at - 1):
            if segment := self.segment(at).strip():
                return segment
            at -= 1
        return ""

    def clauses_behind(self, at: int) -> tuple[str, ...]:
        """The clause behind the comma after a quantity, with its lists and up to its first 、.

        Without those that have a figure of their own.
        """
        if self.sign(at + 1) != "，":
            return ()
        start = self.places[at + 1][1]
        last = len(self.places)
        ends = range(at + 2, min(at + 2 + _MOST_MEMBERS, last + 1))
        whole = next((end for end in ends if end == last or not self.is_comma(end)), at + 2)
        found = [end for end in (whole, at + 2) if not self.is_quantity(end)]
        return tuple(self.sentence.folded[start : self.end(end - 1)].strip() for end in found)

    def list_before(self, at: int) -> tuple[str, ...]:
        """The members of a list that ends at a comma."""
        items: list[str] = []
        while at >= 0 and not self.is_quantity(at) and len(items) < _MOST_MEMBERS:
            if items and not self.is_comma(at):
                break
            item = self.segment(at).strip()
            if not item or self.is_quantity(at - 1):
                break
            items.insert(0, item)
            at -= 1
        return tuple(items)

    def list_until(self, at: int) -> tuple[str, ...]:
        """The members of a list, each with its 、 behind it, as far as they go back."""
        found: list[str] = []
        while at >= 0 and self.is_comma(at):
            item = self.segment(at).strip()
            if not item or self.is_quantity(at - 1):
                break
            found.insert(0, item)
            at -= 1
        return tuple(found)

    def verb_behind_list(self, index: int, right: Right) -> str:
        """The verb behind the last figure of a list, of which each member is a figure with its noun.

        Args:
            index: of the first figure.
            right: what stands behind it.
        """
        for _ in range(_MOST_MEMBERS):
            if right.verb or not (right.noun and right.open):
                return right.verb
            index += 1
            if (
                self.sign(index) == "、"
                and self.is_quantity(index + 1)
                and not self.segment(index + 1).strip()
            ):
                index += 1
            if not self.is_quantity(index):
                return ""
            right = self.rights[index]
        return ""


def _undated(segment: str, start: int, dates: list[DateMention]) -> str:
    """A segment with one sign in place of each calendar expression."""
    end = start + len(segment)
    # a sentence may have many segments and many dates: only those of this one are looked at
    mine = dates[bisect_left(dates, start, key=_begins) : bisect_left(dates, end, key=_begins)]
    pieces: list[str] = []
    at = 0
    for date in mine:
        if date.end <= end:
            pieces += segment[at : date.start - start], DATE_SIGN
            rest = _REST.match(segment, date.end - start)
            at = rest.end() if rest else date.end - start
    return "".join((*pieces, segment[at:])) if pieces else segment


class _Reading(NamedTuple):
    """A quantity with the readings of the segments on both sides, and its place in a row of quantities."""

    cut: int
    quantity: Quantity
    left_text: str
    left: Left
    right_text: str
    right: Right
    position: int
    governed: bool
    announced: bool


class _Figure(NamedTuple):
    """A figure with what stands only at the beginning or the end of its run, and its place in it."""

    value: Decimal | None
    unit: str
    dimension: str
    relation: str
    run: tuple[int, int] = (0, 1)


def _reading(cuts: Cuts, index: int, quantity: Quantity, previous: _Reading | None) -> _Reading:
    """The readings of the segments around a quantity."""
    left_text = _left_text(cuts, index, quantity)
    words = left_text.strip()
    position = 0 if previous is None else _position(cuts, index, words, previous, quantity)
    left = cuts.sentence.reader.left(words)
    right_text, right = _right(cuts, index)
    if left.from_base and right_text.strip() and not _ONWARD.search(right_text):
        left = left._replace(from_base=False)  # 由26个国家组成
    if previous is not None and cuts.is_quantity(index - 1):
        left = _behind_agent(cuts, words, left, previous.right)
    announced = _is_announced(cuts, index, words, previous)
    governed = not announced and _is_governed(cuts, index, left, previous)
    if right.noun and quantity.dimension in _COUNTED and (announced or not (right.verb or governed)):
        right = cuts.sentence.reader.right(right_text.strip(), "pivot" if announced else "no_verb")
    if right.noun:
        right = _fitting(cuts, right, quantity.unit)
    return _Reading(index, quantity, left_text, left, right_text, right, position, governed, announced)


def _is_announced(cuts: Cuts, index: int, words: str, previous: _Reading | None) -> bool:
    """Does a preposition announce a verb behind a quantity, or behind the list that it goes on?"""
    if previous is not None and not words and cuts.sign(index - 1) == "、":
        return previous.announced  # 向8个街道、12个社区 | 授牌
    return cuts.sentence.reader.has(_last_word(cuts.sentence.reader, words), "opens_verb")  # 向全市 | 8个街道


def _fitting(cuts: Cuts, right: Right, unit: str) -> Right:
    """A reading whose noun ends with what the measure word counts: 5家企业 | 逐一上门."""
    endings, reader = counted_with(cuts.sentence.lexicon, unit), cuts.sentence.reader
    words = reader.words(right.noun)
    if not endings or _is_counted(reader, words[-1], endings):
        return right
    last = 0
    for i, word in enumerate(words):
        if _is_counted(reader, word, endings) and not reader.has_any(word, _NO_HEADS):
            last = i + 1
        elif last and reader.has_any(word, MAY_BE_DEEDS):
            break
    if not last:
        return right
    right = right._replace(noun="".join(words[:last]), open=False)
    at = next((i for i in range(last, len(words)) if reader.has_any(words[i], MAY_BE_DEEDS)), -1)
    if right.verb or at < 0:
        return right
    verb = words[at]
    return right._replace(verb=verb, verb_class=reader.class_of(verb), object="".join(words[at + 1 :]))


def _is_counted(reader: ClauseReader, word: str, endings: tuple[str, ...]) -> bool:
    """Does a word end like what is counted, and is no deed that ends so: 参会, where 协会 are counted?"""
    return word.endswith(endings) and (word in endings or not reader.has(word, "deed"))


def counted_with(lexicon: Lexicon, unit: str) -> tuple[str, ...]:
    """The endings of the nouns that a measure word counts, where it counts one kind of things alone."""
    kind = next((kind for kind in _KINDS if unit in lexicon.sets[f"counted.{kind}_by"]), "")
    return (*lexicon.listed(f"counted.{kind}"), *"”）") if kind else ()


_NO_HEADS: Final = frozenset(("filler", "quoted", "note"))
_KINDS: Final = ("people", "bodies", "households", "schools", "beds")


def _last_word(reader: ClauseReader, text: str) -> str:
    """The last word that names no place, "" if there is none."""
    for word in reversed(reader.words(text)):
        if not reader.has(word, "place"):
            return word
    return ""


def _behind_agent(cuts: Cuts, words: str, left: Left, agent: Right) -> Left:
    """The reading behind what was counted and the verb said of it: 8家公司支付费用 | 9万元."""
    if not agent.noun or not agent.verb or agent.verb in (left.head, left.verb):
        return left
    _, found, rest = words.removeprefix("的").removeprefix(agent.noun).partition(agent.verb)
    if not found or not words.removeprefix("的").startswith(agent.noun):
        return left
    read = cuts.sentence.reader.left(rest.removeprefix("了"))
    if read.head or read.verb:
        return left
    return read._replace(
        head=agent.verb, verb_class=agent.verb_class or "act", subject=agent.noun, bound=False
    )


_NO_DEEDS: Final = frozenset(("exists", "pivot"))


def _is_governed(cuts: Cuts, index: int, left: Left, previous: _Reading | None) -> bool:
    """Does a verb stand before a quantity, in its own clause or in that of the list which it goes on?"""
    reader = cuts.sentence.reader
    if left.verb or left.head:
        return not reader.has_any(left.verb or left.head, _NO_DEEDS)
    words = reader.words(cuts.segment(index).strip())
    if words and reader.has_any(words[-1], MAY_BE_DEEDS):
        return not reader.has(words[-1], "pivot")  # 揭晓 | 12个项目
    if cuts.sign(index - 1) == "、":
        if previous is not None and previous.cut >= index - 2:
            return previous.governed
        listed = cuts.list_until(index - 1)
        return bool(listed) and bool(reader.left(listed[0]).head)
    return previous is not None and previous.cut == index - 1 and not left.content and previous.governed


def _left_text(cuts: Cuts, index: int, quantity: Quantity) -> str:
    """The segment before a quantity, as far as it speaks of it."""
    text = cuts.segment(index)
    if pledge := pledge_of(cuts.sentence.folded, quantity):
        return _HOPED if pledge == "争" else text.removesuffix(pledge)
    if "“" in text and "”" not in text:
        text = text.rpartition("“")[2] or text  # 提出“优良率达到85%…”: a quoted sentence
    if "每" in text and (quantity.dimension == "money" or quantity.unit == "分"):
        text = cuts.sentence.lexicon.patterns["claims.priced_by"].sub("", text)
    if len(text) > 2 and cuts.is_quantity(index - 1) and _TRAILING_JOIN.search(text):
        return text[-1:]  # 93%的村庄和 | 96%的农户: the words belong to what stands before
    return text


def _position(cuts: Cuts, index: int, gap: str, previous: _Reading, quantity: Quantity) -> int:
    """The position in a run under one verb: nothing but 、 or 和 since the last quantity."""
    if gap and gap not in cuts.sentence.lexicon.sets["runs.joins"]:
        return 0
    if previous.right.noun or _unlike(previous, quantity):
        return 0  # 增长5%、约4亿元
    following = previous.position + 1
    if cuts.is_quantity(index - 1):
        return following if gap else 0
    before = cuts.sign(index - 1)
    if before not in ("、", "，") or not cuts.is_quantity(index - 2) or cuts.segment(index - 1).strip():
        return 0
    behind = cuts.sentence.folded[quantity.outer_end : quantity.outer_end + 1]
    alone = previous.left.distributed and not behind.strip("，。；、！ ")
    return following if before == "、" or gap or alone else 0


def _unlike(previous: _Reading, quantity: Quantity) -> bool:
    """Are two figures a percentage and something else, each with its unit, and not distributed by 分别?"""
    first = previous.quantity
    if not (first.unit and quantity.unit) or previous.left.distributed:
        return False
    return (first.dimension == "percent") != (quantity.dimension == "percent")


def _right(cuts: Cuts, index: int) -> tuple[str, Right]:
    """The segment behind a quantity and its reading; a list goes on while its members hold no quantity."""
    folded, reader, start = cuts.sentence.folded, cuts.sentence.reader, cuts.places[index][1]
    text = folded[start : cuts.end(index)]
    quantity = cuts.places[index][2]
    ended = quantity and (pledge_of(folded, quantity) == "保" or _ends_headline(folded, quantity))
    if ended or text.startswith("”"):
        text = ""
    counts = quantity is not None and quantity.dimension in _COUNTED
    right = reader.right(text.strip(), "verb" if counts else "amount")
    tail = index + 1
    if right.noun and right.open and cuts.sign(tail) == "、":
        while tail + 1 < len(cuts.places) and _goes_on(cuts, tail):
            tail += 1
        longer = folded[start : cuts.places[tail][0]]
        if tail > index + 1 and len(longer) <= _LONGEST_LIST:  # 5个商圈、街区建设
            return longer, reader.right(longer.strip())
    return text, right


def _ends_headline(folded: str, quantity: Quantity) -> bool:
    """Does a blank stand behind a figure alone, and so in place of a sign: 查处案件35件 涉案金额…?"""
    end = quantity.outer_end
    return folded[end : end + 1] == " " and " " not in folded[quantity.outer_start - 1 : end]


def _goes_on(cuts: Cuts, tail: int) -> bool:
    """Does a list go on behind a 、 without a quantity?"""
    behind = cuts.sentence.folded[cuts.places[tail][1] : cuts.places[tail][1] + 1]
    return cuts.is_comma(tail) and not cuts.is_quantity(tail + 1) and not behind.isdecimal()


def _runs(read: list[_Reading]) -> Iterator[list[_Reading]]:
    """Quantities in a row under one verb, each row of bounded length; most stand alone."""
    start = 0
    for at in range(1, len(read) + 1):
        if at == len(read) or not read[at].position or at - start == _LONGEST_RUN:
            yield read[start:at]
            start = at


def _figures(cuts: Cuts, members: list[_Reading]) -> list[_Figure]:
    """What the figures of a run say."""
    length = len(members)
    own = [
        _Figure(q.value, q.unit, q.dimension, _relation(cuts, index, q), (position, length))
        for position, (index, q, *_) in enumerate(members)
    ]
    if length == 1:
        return own
    last, end = own[-1], members[-1].quantity
    found = [_ended(figure, m.quantity, last, end) for figure, m in zip(own[:-1], members, strict=False)]
    found.append(last)
    first, begins = found[0], members[0].quantity
    passed = cuts.sentence.folded[begins.outer_start : begins.start]
    shared = passed and (members[0].left.distributed or passed == "突破")
    if shared and first.relation in ("gt", "ge", "approx"):  # 分别突破3亿元、7亿元
        return [f._replace(relation=first.relation) if f.relation == "eq" else f for f in found]
    return found


def _ended(figure: _Figure, quantity: Quantity, last: _Figure, end: Quantity) -> _Figure:
    """A figure with the unit, the scale and the bound that stand at the end of its run only."""
    if not figure.unit and quantity.form in ("arabic", "han"):
        scaled = figure.value is not None and quantity.scale == 1 < end.scale  # 9.8、246万吨
        value = figure.value * end.scale if scaled and figure.value is not None else figure.value
        figure = figure._replace(value=value, unit=last.unit, dimension=last.dimension)
    elif figure.unit == "个" and last.unit == "个百分点":
        figure = figure._replace(unit=last.unit, dimension=last.dimension)
    if end.note and quantity.relation == "eq" and last.relation in ("ge", "le", "approx"):
        figure = figure._replace(relation=last.relation)
    return figure


def _relation(cuts: Cuts, index: int, quantity: Quantity) -> str:
    """The relation of a quantity, also where its word stands before a whole: 约占全市的五分之一."""
    if quantity.relation != "eq":
        return quantity.relation
    lexicon = cuts.sentence.lexicon
    far = lexicon.patterns["claims.far"].search(cuts.sentence.folded, cuts.begin(index), quantity.outer_start)
    if far is None:
        return "eq"
    said = far[far.lastindex or 0]
    return next((name for name in _RELATIONS if said in lexicon.sets[f"before.{name}"]), "eq")


def _share_percent(read: list[_Reading], figures: list[_Figure], sentence: Sentence) -> None:
    """Goals of a growth are percentages, though no unit is written: 增速保8争9."""
    for at, (reading, figure) in enumerate(zip(read, figures, strict=True)):
        if figure.unit or not pledge_of(sentence.folded, reading.quantity):
            continue
        heads = sentence.lexicon.listed("growth_heads")
        grows = reading.left.verb_class in ("up", "down") or reading.left.noun.endswith(heads)
        if grows or (at and reading.left_text == _HOPED and figures[at - 1].unit == "%"):
            figures[at] = figure._replace(unit="%", dimension="percent")


def _with_head(reading: _Reading, figure: _Figure, following: _Reading, next_figure: _Figure) -> Right:
    """What follows a bare rank or count, with the head of the next one: 3个国家级和7个省级园区."""
    right, other = reading.right, following.right.noun
    noun = right.noun
    if not noun and other and reading.quantity.outer_end == following.quantity.outer_start:
        return right._replace(noun=other)  # 3批52项 | 清单
    if noun.endswith("级") and "级" in other[1:-1] and figure.unit == next_figure.unit:
        return right._replace(noun=noun + other[other.index("级") + 1 :])
    return right


def _site(cuts: Cuts, reading: _Reading, right: Right, figure: _Figure, before: list[Site]) -> Site:
    """The site of a quantity, behind those before it."""
    value, unit, dimension, relation, run = figure
    index, sign = reading.cut, cuts.sign(reading.cut - 1)
    site = _Open(
        quantity=reading.quantity,
        value=value,
        unit=unit,
        dimension=dimension,
        relation=relation,
        left=reading.left,
        right=right,
        left_text=reading.left_text,
        left_start=cuts.begin(index),
        right_text=reading.right_text,
        listed=cuts.list_until(index - 1) if sign == "、" and not reading.position else (),
        run=run,
        before=sign,
        previous=before[-1] if before else None,
        sentence=cuts.sentence,
        cuts=cuts,
        index=index,
        head=before[-run[0]] if run[0] else None,
        said=Said(),
    )
    site.__class__ = Site
    return site
