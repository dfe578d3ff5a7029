"""Where a name begins: the words to the left of its head, read once for verbs, adverbs and numbers."""

from typing import Final, NamedTuple

from zhreport.campaigns.surface import CLOSE, Surface

__all__ = ["DEEDS", "TOGETHER", "Beginning", "beginning", "begins_plainly", "trim"]

_NUMBER_SIGNS: Final = frozenset("第首0123456789一二两三四五六七八九十")
_NUMBER: Final = (
    "(?:第 ?[一二三四五六七八九十百0-9]{1,4} ?{edition.ordinals}|第[一二三四五六七八九十0-9]{1,3}轮(?!土地)"
    "|[0-9]{1,4}余?多?{edition.counts}|[一二三四五六七八九十两]{1,3}{edition.han_counts}"
    "|[0-9]{1,2}[.．]|首届|(?:(?:19|20)[0-9]{2}[-—])?(?:19|20)[0-9]{2}年?度?(?!行动))"
)
#: Read from the end: what a deed is done to, or by.
DEEDS: Final = "{parts.matters}"
#: It joins two names, or two parts of one.
TOGETHER: Final = "暨"
# who holds an effort, and its number: 云岭镇2023年全民健身日系列活动, 云岭省第五届国家网络安全宣传周
_OWN: Final = (
    "(?!第)[\u4e00-\u9fff]{1,12}?(?:{places.kinds}(?:19|20)[0-9]{2}年度?"
    "|第[一二三四五六七八九十百0-9]{1,4}届(?={titles.levels}))"
)
_OWN_SIZE: Final = 22  # characters
_AGENT: Final = 4  # words: no authority has more


class Beginning(NamedTuple):
    """Where a name begins and what stands before it.

    Attributes:
        segment: where its segment begins; `sign` stands before it; `clause`: where its clause begins.
        edge: the word before the name, "" at the beginning of the segment; `edge_start` its place.
        start: where the name begins; `words` are its words up to the place that was asked about.
        verb: the governing verb and its place.
    """

    segment: int
    sign: str
    clause: int
    edge: str
    edge_start: int
    start: int
    words: list[str]
    verb: tuple[str, int]


def beginning(
    surface: Surface, end: int, kind: str, *, complete: bool = False, bare: bool = False
) -> Beginning:
    """Where a name begins of which the end, or the head, stands at a place.

    Args:
        surface: the text.
        end: the place.
        kind: of the name: an action is not called after who acts, an activity keeps the place.
        complete: its head is a name without any other word.
        bare: it is all of its segment.
    """
    v = surface.v
    segment, sign = surface.segment(end)
    words = surface.words(segment, end)
    index, start = (0, segment) if bare else _name_edge(surface, words, segment, end, complete=complete)
    edge = words[index - 1] if index else ""
    edge_start = start - len(edge)
    verb = (edge, edge_start) if edge in v.making else ("", -1)
    if index and not verb[0] and edge not in v.joins:
        verb = _governing(surface, words, index, segment)
    if kind == "action":
        index, start = _behind_agent(surface, words, index, start)
    kept, start = trim(surface, words[index:], start, kind, firm=v.is_firm(edge) or edge in v.governing)
    return Beginning(segment, sign, surface.listing_start(segment, sign), edge, edge_start, start, kept, verb)


def _name_edge(surface: Surface, words: list[str], start: int, at: int, *, complete: bool) -> tuple[int, int]:
    """The number of words before a name that ends at a place, and where it begins."""
    v, index = surface.v, len(words)
    while index:
        word = words[index - 1]
        if v.may_end(word) and _ends(surface, words, index - 1, (start, at - len(word)), complete=complete):
            break
        index -= 1
        at -= len(word)
    return index, at


def _ends(surface: Surface, words: list[str], index: int, span: tuple[int, int], *, complete: bool) -> bool:
    """Does a name end at a word (to the left), the words before which stand at `span`?

    The last word is taken into the name even if it is a verb (`消费促进行动`), unless the head is
    complete without it.
    """
    v, word = surface.v, words[index]
    own = index == len(words) - 1 and not complete
    if word in v.joins:
        return _splits(surface, words, index, *span)
    if word == TOGETHER:
        return any(ends.longest(surface.text, *span) for ends in (v.all_heads, v.event_ends))
    if v.is_firm(word) or word in v.always or v.behind_adverb(word):
        return True
    if not complete and word not in v.never and any(map(v.is_firm, words[: min(index, len(words) - 1)])):
        return False  # 开展提升服务质量行动: all that 开展 governs
    if word in v.soft:
        return not (own and _nominal(surface, words, index)) and not _within(surface, words, index)
    return word in v.hard and not (own and word == "组织")


def _nominal(surface: Surface, words: list[str], index: int) -> bool:
    """Is a verb a noun as well, or made one by a noun before it: 国企改革深化 | 提升行动?"""
    v = surface.v
    nouns = (w for w in words[:index] if w not in v.edges and w not in v.leading and len(w) > 1)
    return words[index] not in v.never and ((index > 0 and words[index] in v.nominal) or any(nouns))


def _within(surface: Surface, words: list[str], index: int) -> bool:
    """Is a soft verb a part of the name, because another verb governs it or a noun stands before it?"""
    v = surface.v
    place = index > 0 and words[index - 1][-1] in v.sets["places.kinds"]
    if words[index] in v.never or (place and words[index] not in v.nominal):
        return False
    if _opens(surface, words, index):
        return True
    return not _governs_anew(surface, words, index) and _governed(surface, words, index)


def _governs_anew(surface: Surface, words: list[str], index: int) -> bool:
    """Does a verb govern the name with its like before it: 统筹资金保障 | 更新行动, 维护和巩固 | 攻坚战?"""
    v = surface.v
    if index and words[index - 1] in v.sets["edges.means"]:
        return True
    joined = index > 1 and words[index - 1] in v.joins and words[index - 2] in v.governing
    return joined and not _within(surface, words, index - 2)


def _governed(surface: Surface, words: list[str], index: int) -> bool:
    """Does a verb before a soft one govern it, with a noun between or as a firm one always does?"""
    v, nominal, between = surface.v, words[index] in surface.v.nominal, False
    for other in reversed(words[:index]):
        if other in v.governing and (between or other in v.firm):
            return True
        if other in v.hard:
            return False
        if other not in v.soft and other not in v.joins:
            between = True
            if nominal and other not in v.leading and len(other) > 1:
                return True
    return False


def _opens(surface: Surface, words: list[str], index: int) -> bool:
    """Does a verb open a name that another one governs: 推进 | 学习贯彻…主题教育?"""
    v, before = surface.v, index + 1
    while before and words[before - 1] in v.opening:
        before -= 1
    opener = words[before - 1] if 0 < before <= index else ""
    return opener in v.making or opener in v.sets["launch.strong"]


def _splits(surface: Surface, words: list[str], index: int, start: int, at: int) -> bool:
    """Does 和 before a name join two names (or deeds), and not two parts of one name?"""
    v = surface.v
    if index + 1 < len(words) and words[index + 1] in v.sets["parts.deverbal"]:
        return False  # 保护和修复
    if (
        not index
        or v.free_heads.longest(surface.text, start, at)
        or surface.text.endswith(tuple(CLOSE), 0, at)
    ):
        return True
    k = index - 1
    while k >= 0 and words[k] not in v.hard and (words[k] not in v.soft or _within(surface, words, k)):
        k -= 1
    if k == index - 1:
        return True
    deed = v.backwards[DEEDS].match(surface.text, start, at) is not None
    return deed and (k < 0 or words[k] not in v.sets["launch.whole"])


def _governing(surface: Surface, words: list[str], index: int, start: int) -> tuple[str, int]:
    """The governing verb at the edge of a name, past adverbs."""
    at = start + sum(map(len, words[:index]))
    for word in reversed(words[max(0, index - 6) : index]):
        at -= len(word)
        if word in surface.v.making:
            return word, at
        if surface.v.is_firm(word):
            return word[-2:], at + len(word) - 2
        if word in surface.v.governing:
            further = surface.verb_before(start, at)
            return further if further[0] and at - further[1] < 6 else (word, at)
    return "", -1


def _behind_agent(surface: Surface, words: list[str], index: int, start: int) -> tuple[int, int]:
    """Where a name begins behind the authority that acts: `云岭市公安机关 | 夏季治安整治行动`."""
    agents, office = surface.v.listed("organisers.agents"), 0
    for number, word in enumerate(words[index : index + _AGENT], start=1):
        if word in surface.v.joins:
            break
        if word.endswith(agents) or (office and word == "机关"):
            office = number
    return index + office, start + sum(map(len, words[index : index + office]))


def begins_plainly(surface: Surface, at: int) -> bool:
    """Is there certainly nothing to drop from the front of a name that begins at a place?"""
    text, sign = surface.text, surface.text[at]
    return (
        sign not in _NUMBER_SIGNS
        and sign not in surface.v.droppable
        and text[at : at + 2] not in surface.v.droppable_beginnings
        and not sign.isspace()
        and text.find("届", at, at + _OWN_SIZE) < 0
    )


def trim(
    surface: Surface, words: list[str], at: int, kind: str, *, firm: bool = False
) -> tuple[list[str], int]:
    """Drop editions, numbers, adverbs and the speaker's own place from the front of a name.

    Right behind a verb such as 开展 an adverb is a part of the name (`整体提升教育水平行动`).
    """
    v, text = surface.v, surface.text
    kept = list(words)
    while kept and _is_first(surface, kept):
        at += len(kept.pop(0))
    if kind in ("action", "activity", "contest") and (
        own := v.forwards[_OWN].match(text, at, at + _OWN_SIZE)
    ):
        at += _drop(kept, own.end() - at, whole=True)
    if kept and begins_plainly(surface, at):
        return kept, at
    while kept:
        number = v.forwards[_NUMBER].match(text, at, at + 12) if text[at] in _NUMBER_SIGNS else None
        if number is not None and number.end() - at < sum(map(len, kept)):
            at += _drop(kept, number.end() - at)
        elif _leads(surface, kept, kind, firm=firm):
            at += len(kept.pop(0))
        else:
            break
    return kept, at


def _is_first(surface: Surface, words: list[str]) -> bool:
    """Is the first word of 全国首例 or 首批, which count a name and are no part of it?"""
    sets, second = surface.v.sets, words[1] if len(words) > 1 else ""
    firsts = sets["titles.firsts"]
    return words[0] in firsts or (second in firsts and words[0] in sets["titles.levels_before"])


def _drop(words: list[str], size: int, *, whole: bool = False) -> int:
    """Take so many characters from the front of words, or the words that are whole in them."""
    left = size
    while words and left >= len(words[0]):
        left -= len(words.pop(0))
    if left and words and not whole:
        words[0] = words[0][left:]
        left = 0
    return size - left


def _leads(surface: Surface, words: list[str], kind: str, *, firm: bool) -> bool:
    """Is the first word an adverb or the like, or the speaker's own place, and no part of the name?"""
    v, word, second = surface.v, words[0], words[1] if len(words) > 1 else ""
    if word.isspace() or word in v.pronouns:
        return True
    of_place = second[:1] not in ("", "域") and len(word + second) > 2  # 市管企业
    if kind in ("action", "project") and word in v.places and of_place:
        return True
    manner = word.startswith("高") and second in v.sets["edges.behind_high"]
    leading = v.sets["edges.leading_behind_firm"] if firm else v.leading
    return word in leading and not manner and not second.startswith("土地")
