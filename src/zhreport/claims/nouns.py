"""Nouns of a site: its own, the one behind its figure, its member of a list, and what was said before."""

import re
from collections.abc import Iterator
from typing import Final

from zhreport.claims.sites import Site, counted_with
from zhreport.clause import DEEDS, MAY_BE_DEEDS
from zhreport.words.compiling import Pattern, compiled

__all__ = [
    "base_noun",
    "carried",
    "deed_in_step",
    "distributed",
    "earlier",
    "following_noun",
    "measured",
    "owned",
    "resolved",
    "restored",
]

_CAPACITY: Final = frozenset(("mass", "power", "energy", "volume", "area", "length"))
_LOOK_BACK: Final = 40  # claims: no noun is carried further; bounds the work on hostile text
_REFERS_BACK: Final = 300  # characters
_FEW: Final = 3  # members: a longer list is seldom one head with many modifiers
_AMOUNTS: Final = frozenset(("money", "person", "household", "mass", "area", "length", "energy", "power"))


def following_noun(site: Site) -> str:
    """What `_following_noun` finds, once for a site."""
    if site.said.after_noun is None:
        site.said.after_noun = _following_noun(site)
    return site.said.after_noun


def _following_noun(site: Site) -> str:
    """The noun right after the quantity where it is what is counted, else "".

    `50位专家`, `28个示范村`, `80公里地下管网`; not `24个，资金…`.
    """
    noun, left = site.right.noun, site.left
    if not noun or left.from_base or site.quantity.form in _UNCOUNTED or site.ends(noun, "noun.steps"):
        return ""  # from_base: 粮站由36座合并为20座
    if _is_dated(site):
        return ""
    if site.right.linked:
        return noun if _is_linked(site, noun) else ""
    if site.counts():
        return _countable(site, noun)
    if site.dimension == "percent":
        return "" if left.noun or left.verb else noun
    return noun if not site.unit or _is_amount_of(site, noun) else ""


_UNCOUNTED: Final = ("ordinal", "front", "parts")


def _is_dated(site: Site) -> bool:
    """Does a time stand right behind the figure? It begins another clause, whose sign was left out."""
    end = site.quantity.outer_end
    return site.pattern("claims.times").match(site.right_text) is not None or any(
        date.start == end for date in site.sentence.dates
    )


def _is_linked(site: Site, noun: str) -> bool:
    """Is the noun after 的 what the figure is of: 35%的村庄, 完成140亿元的投资?"""
    if site.ends(noun, "noun.no_part"):
        return False
    if site.dimension in ("percent", "fraction"):
        return True
    measured = (site.left.noun and not _behind_verb(site)) or site.sentence.reader.attribute(noun)
    return not measured and site.dimension in _AMOUNTS


def _behind_verb(site: Site) -> bool:
    """Does the figure stand right behind a verb or 的, and so is of what follows: 种植80亩的苦瓜?"""
    reader = site.sentence.reader
    words = [word for word in reader.words(site.left_text) if not reader.has(word, "every")]
    last = words[-1] if words else ""
    return not reader.attribute(last) and reader.has_any(last, _ANNOUNCE)


_ANNOUNCE: Final = MAY_BE_DEEDS | {"aspect", "of"}


def _is_amount_of(site: Site, noun: str) -> bool:
    """Is an amount that of the noun behind it: 南山县27万千瓦风电项目?"""
    left = site.left
    if site.dimension == "time":
        return False
    if left.listed or not left.noun or (left.verb and left.verb_class == "act"):
        return not site.ends(noun, "noun.no_part")
    reader = site.sentence.reader
    first = reader.words(noun)[0]
    if _behind_verb(site) and not (reader.class_of(first) or reader.has(first, "verbal")):
        return not site.ends(noun, "noun.no_part")
    if left.verb or reader.attribute(left.noun):
        return False
    if site.dimension in _CAPACITY:
        return len(noun) > 2 and not left.head
    return site.dimension == "money" and len(left.noun) <= 2


def _countable(site: Site, noun: str) -> str:
    """A noun without what is said of it: 9座水闸完好率达…, 4个货场建设."""
    reader = site.sentence.reader
    words = reader.words(noun)
    attributes = site.sentence.lexicon.sets["attributes"]
    standard = "标准"  # 5项团体标准 are counted
    while len(words) > 1 and (
        site.among(words[-1], "noun.said_of") or (words[-1] in attributes and words[-1] != standard)
    ):
        words = words[:-1]
    return "".join(words)


def _split_items(site: Site, wanted: int) -> list[str]:
    """The members of the list before a run of quantities, at most `wanted` and in order."""
    head = site.left.noun
    items = [_strip(site, item) for item in site.listed]
    if items and not any(items) and site.left.head:  # 新签约、新开工、新竣工项目
        verbs = [*site.listed, site.left.head]
        return [verb + head if len(verb) == 3 and verb[0] == "新" else head for verb in verbs]
    last, others, _ = site.left_text.partition("等")
    if others and len(items) + 1 == wanted and _is_measure(site, head):  # 服装类、日用品类等商品零售额
        return [item + site.sentence.reader.words(head)[-1] for item in (*items, _strip(site, last))]
    items = list(filter(None, (*items, head)))
    if len(items) < wanted:
        return [part for item in items for part in _conjuncts(site, item)]
    return items


def _is_measure(site: Site, noun: str) -> bool:
    """Does a noun say what is measured, and not of what?"""
    return site.sentence.reader.attribute(noun) or site.ends(noun, "noun.measures")


def _conjuncts(site: Site, item: str) -> list[str]:
    parts, current = [], ""
    for word in site.sentence.reader.words(item):
        if site.among(word, "noun.joins"):
            if current:
                parts.append(current)
            current = ""
        else:
            current += word
    if current:
        parts.append(current)
    return parts


def _strip(site: Site, item: str) -> str:
    """A list member without its fillers and governing verb; a verb behind its noun is a noun there too."""
    reading = site.sentence.reader.left(item)
    return item[reading.noun_start :] if reading.noun and reading.verb else reading.noun


def restored(site: Site, items: list[str]) -> list[str]:
    """Give short members the head of the last one: 城镇、农村居民收入 → 城镇居民收入."""
    reader, last = site.sentence.reader, items[-1]
    numbers = [site.pattern("claims.sector").match(item) for item in items]
    if numbers[-1] and numbers[-1]["kind"] and all(numbers):  # 一、二、三产增加值; 第一、第三产业投资
        return [f"第{number[1]}产业{last[numbers[-1].end() :]}" for number in numbers if number]
    words, few = _with_negation(reader.words(last)), len(items) <= _FEW
    if len(words) == 1:  # a dictionary word such as 出口总额 still has a head
        attributes = site.sentence.lexicon.sets["attributes"]
        head = next((last[i:] for i in range(2, len(last) - 1) if last[i:] in attributes), "")
        words = (last.removesuffix(head), head) if head else words
    members = [_with_head(site, item, words, few=few) for item in items[:-1]]
    first = reader.words(items[0])
    if len(first) > 1 and reader.attribute(last) and not reader.attribute(items[0]):
        last = "".join(first[:-1]) + last  # 生产事故起数、死亡人数
    return [*members, last]


def _with_negation(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words, a negation in one piece with what it denies: 不 | 合格率."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "不":
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


def _with_head(site: Site, item: str, words: tuple[str, ...], *, few: bool) -> str:
    """A member of a list with what it shares with the last one, whose words are given."""
    modifiers = site.sentence.lexicon.sets["modifiers"]
    if item in modifiers and words[0] not in modifiers and words[0][: len(item)] in modifiers:
        return item + words[0][len(item) :] + "".join(words[1:])  # 城镇、农村居民收入, where 农村居民 is one
    own = site.sentence.reader.words(item)
    if own and own[-1] in modifiers:
        first = next((i for i, word in enumerate(words) if word in modifiers), 0)
        return item + "".join(words[first + 1 :])
    return item + (_shared_head(site, item, words, few=few) if len(words) > 1 else "")


def _shared_head(site: Site, item: str, words: tuple[str, ...], *, few: bool) -> str:
    """The head that a member without one shares with the last member, "" if it has its own."""
    head = words[-1]
    if not site.ends(item, "noun.complete"):
        if few and (head in site.sentence.lexicon.sets["attributes"] or site.ends(head, "noun.measures")):
            return _head(site, words)
        if len(words) == 2 and len(item) <= 3:
            return head  # 刑事、治安案件
    return head if site.among(head, "noun.rates") else ""


def _head(site: Site, words: tuple[str, ...]) -> str:
    """The head that members of a list share: 油料播种面积 → 播种面积, 养老金人均标准 → 人均标准."""
    last = len(words) - 1
    deed = next((i for i in range(1, last) if site.sentence.reader.class_of(words[i]) in DEEDS), last)
    at = next((i for i in range(1, last) if site.among(words[i], "noun.begins_head")), deed)
    return "".join(words[at:])


def base_noun(site: Site) -> str:
    """What `_base_noun` finds, once for a site."""
    if site.said.own_noun is None:
        site.said.own_noun = _base_noun(site)
    return site.said.own_noun


def _base_noun(site: Site) -> str:
    """The noun of the site's own segment, with the members of its list."""
    left = site.left
    position, length = site.run
    if position:
        return ""
    noun = left.noun.removeprefix(deed_in_step(site))
    if length == 1 and noun and left.bound:
        members: list[str] = []
        for i, item in enumerate(site.listed):
            reading = site.sentence.reader.left(item)
            if reading.verb_class in ("up", "down", "level", "rank") and reading.verb:
                members = []
                continue
            stripped = _strip(site, item) if i == 0 or reading.head else item
            if not stripped:
                members = []
                continue
            members.append(stripped)
        if members and len("、".join(members)) <= _LONGEST_LIST:
            return "、".join([*members, noun])
    return noun


def deed_in_step(site: Site) -> str:
    """The first word of a clause that may be a verb, where the clause before begins with one: 检查人员5人."""
    before, left, reader = site.previous, site.left, site.sentence.reader
    if before is None or before.left.verb_class not in DEEDS or before.said.action != before.left.head:
        return ""
    plain = left.bound and site.counts() and not (left.head or left.verb or site.right.noun)
    words = reader.words(left.noun) if plain and site.before in _IN_STEP else ()
    return words[0] if len(words) > 1 and _may_begin(site, words) else ""


def _may_begin(site: Site, words: tuple[str, ...]) -> bool:
    """May the first of some words be a verb with the others as its object?"""
    first, second, reader = words[0], words[1], site.sentence.reader
    if reader.attribute(first) or not reader.has_any(first, _MAY_BEGIN):
        return False  # not 执法船艇
    if reader.has(words[-1], "amount_or_rate") or reader.has_any(second, _NAMED):
        return False
    return len(words) > 2 or not reader.has(second, "verbal")  # not 应急响应


_NAMED: Final = frozenset(("joins", "suffix", "verb"))
_MAY_BEGIN: Final = frozenset(("deed", "deverbal"))
_IN_STEP: Final = ("，", "；")


def distributed(site: Site) -> str:
    """The member of the list that belongs to this position of the run, "" if they do not pair."""
    first = site.head or site
    position, length = site.run
    if length < 2:
        return ""
    if not (first.left.noun or first.listed):
        return _said_before(first, length, position)
    items = _split_items(first, length)
    if len(items) == length:
        member = restored(first, items)[position]
        return owned(first, member) if all(map(site.sentence.reader.attribute, items)) else member
    if len(items) == 1 and first.sentence.reader.attribute(items[0]):
        nouns = earlier(first, length)
        return nouns[position] + items[0] if all(nouns) else ""
    return _dual(first, items[0], length, position) if len(items) == 1 else ""


def _said_before(first: Site, length: int, position: int) -> str:
    """The member of a list in the clause before, else of the claims before: 粮食产量和棉花产量，分别达到…."""
    named = list(first.fallback_list)
    if len(named) == 1 and first.left.distributed:
        named = _conjuncts(first, named[0])
    if len(named) == length:
        return restored(first, [_strip(first, item) or item for item in named])[position]
    return _dual(first, carried(first)[0], length, position) or earlier(first, length)[position]


def _dual(site: Site, noun: str, length: int, position: int) -> str:
    """The member at a position of a run after a word for several: 城乡居民收入 → 农村居民收入."""
    q = site.quantity
    if site.among(site.sentence.folded[q.outer_start : q.start], "over.verbs") and not site.left.distributed:
        return ""  # 快递业务量先后突破3亿件、4亿件: one after the other
    for surface, members in site.sentence.lexicon.duals.items():
        if surface in noun and len(members) == length:
            return noun.replace(surface, members[position], 1)
    return ""


def earlier(site: Site, wanted: int) -> list[str]:
    """The nouns of the claims before, for `A12亿元，B3亿元，分别增长5%、6%`; empty strings if too few."""
    nouns: list[str] = []
    for at in _said(site):
        if len(nouns) == wanted:
            break
        if at.said.noun not in nouns:
            nouns.insert(0, at.said.noun)
    return nouns if len(nouns) == wanted else [""] * wanted


def carried(site: Site) -> tuple[str, str]:
    """Noun and owner said last before this site in the sentence.

    After a share or a ratio a change is that of the part, not of the share: 占三成，增长5%.
    """
    before = next(_said(site), None)
    if before is None:
        return "", ""
    said = before.said
    moved = site.left.verb_class in ("up", "down") or site.dimension != before.dimension
    of_a_part = said.kind in ("share", "ratio") and site.dimension != "percentage_point"
    if of_a_part and said.owner and moved and not site.left.from_base:
        return said.owner, said.owner
    return said.noun, said.owner


def _said(site: Site) -> Iterator[Site]:
    """The sites with a noun before one in its sentence, the nearest first."""
    at = site.previous
    for _ in range(_LOOK_BACK):
        if at is None:
            return
        if at.said.noun and at.right_text.strip() != "的":  # 为预算6亿元的 | 98%: of what was said before
            yield at
        at = at.previous


def owned(site: Site, noun: str) -> str:
    """A bare attribute with the owner that was named before it."""
    sets = site.sentence.lexicon.sets
    rank = noun.endswith("星级") or (noun.endswith("级") and noun in sets["modifiers"])
    if rank or site.among(noun, "noun.sides"):
        named = carried(site)[0]
        return noun if named.endswith("级") else noun + _bare_head(site, named)  # 市本级49亿元，区级11亿元
    if not (site.sentence.reader.attribute(noun) or any(site.among(noun, name) for name in _OWNED)):
        return noun
    if site.left.head and not site.among(site.left.head, "noun.done"):
        return noun
    owner = _owner(site, noun)
    return _joined(site, owner, noun) if owner and len(owner) <= _LONGEST_OWNER else noun


_OWNED: Final = ("noun.sides_of_budget", "noun.of_a_school")
_LONGEST_OWNER: Final = 30
_LONGEST_LIST: Final = 40


def _joined(site: Site, owner: str, noun: str) -> str:
    """Owner and attribute; a sibling takes the place of the attribute before: 企业营业收入…，利润总额…."""
    sets = site.sentence.lexicon.sets
    if owner.endswith(noun):
        return owner
    if noun in sets["growth_heads"]:
        return (owner.removesuffix("总量") or owner) + noun
    if noun in sets["share_heads"]:
        return owner + noun
    words = site.sentence.reader.words(owner)
    alike = "noun.pupils" if site.among(noun, "noun.of_a_school") else "noun.siblings"
    sibling = words[-1] in sets["attributes"] or site.ends(words[-1], alike)
    return _merged("".join(words[:-1]) if sibling else owner, noun)


def _merged(owner: str, noun: str) -> str:
    """Owner and noun, a word of both once: 工业用电 and 用电量, 污水治理 and 治理率."""
    said = len(noun) > 2 and owner.endswith(noun[:-1]) and not owner.endswith(f"不{noun[:-1]}")
    return owner + (noun[-1] if said else noun)  # but not 不合格 and 合格率


def _owner(site: Site, noun: str) -> str:
    """Who or what an attribute may belong to: what was said last, the topic, the clause before.

    A side of a budget is that of the fund which was named last in the paragraph.
    """
    if site.among(noun, "noun.sides_of_budget"):
        fund = _named_before(site, site.pattern("claims.fund"), site.left_start)
        if fund or not site.left.head:
            return fund
    _, owner = carried(site)
    before, left = site.sentence.before, site.sentence.reader.left
    if not owner and before is not None and noun in site.sentence.lexicon.sets["growth_heads"]:
        owner = before.said.owner or before.said.noun
    if not owner and site.topic:  # 食品产业，…，力争产值突破20亿元
        topic = left(site.topic)
        owner = topic.noun if not (topic.head or topic.verb) else ""
    return owner or (left(site.fallback).noun if site.fallback else "")


def measured(site: Site, noun: str) -> str:
    """A class or a part with what was measured or counted of all: 床位90张，其中医院80张."""
    endings = counted_with(site.sentence.lexicon, site.unit)
    if tail := _of_the_whole(site, noun, endings):
        return _merged(noun, tail)
    return noun if site.counts() or not site.ends(noun, "noun.classes") else noun + _of_a_class(site, noun)


def _of_a_class(site: Site, noun: str) -> str:
    """What is measured of a class, said in the paragraph of another one or of all of them before."""
    at = site.previous or site.sentence.before
    for _ in range(_LOOK_BACK):
        if at is None:
            return ""
        whole = at.said.noun
        passed = site.ends(whole, "noun.classes") or site.ends(whole, "kinds.rates")
        if whole and at.said.kind not in _OF_A_PART and not passed:
            _, of_a_class, tail = whole.rpartition(noun[-1])
            if of_a_class and _is_said(site, tail):
                return tail
            alike = site.dimension in _MEASURED and (at.unit == site.unit or at.dimension in _MEASURED)
            return _head(site, site.sentence.reader.words(whole)) if alike and _is_said(site, whole) else ""
        at = at.previous or at.sentence.before
    return ""


_MEASURED: Final = ("money", "percent")
_OF_A_PART: Final = ("share", "ratio", "rank")


def _is_said(site: Site, whole: str) -> bool:
    """Does a noun say what is measured?"""
    return _is_measure(site, whole) or site.ends(whole, "noun.complete")


def _of_the_whole(site: Site, noun: str, endings: tuple[str, ...]) -> str:
    """What a part shares with the whole, where it has nothing itself that is measured or counted so."""
    before = _whole_before(site)
    if before is None or site.left.head or site.left.verb:
        return ""
    whole = before.said.noun
    if _is_whole(site, noun, endings) or _is_deed(site, noun) or not _says(site, whole, endings):
        return ""
    if site.left_text.lstrip().startswith(site.sentence.lexicon.listed("noun.parts")):
        return _shared(site, whole, endings)
    own = base_noun(before)
    tail = whole.removeprefix(own) if own and site.previous and whole.startswith(own) else ""
    return site.sentence.reader.words(whole)[-1] if len(tail) == 1 else tail  # 工业用电 | 量: 用电量


def _whole_before(site: Site) -> Site | None:
    """The last figure before one that is no change, if it has the same unit: 收入8亿元，增长5%；支出7亿元."""
    at = site.previous or site.sentence.before
    for _ in range(_LOOK_BACK):
        if at is None or at.said.kind != "change":
            break
        at = at.previous
    return at if at is not None and at.unit == site.unit else None


def _shared(site: Site, whole: str, endings: tuple[str, ...]) -> str:
    """The end of a whole that its parts share: what is measured, or what is counted without whose it is."""
    words = site.sentence.reader.words(whole.rpartition("的")[2])
    if not endings:
        return _head(site, words)
    owners = (*site.sentence.lexicon.listed("counted.bodies"), "级")
    last = max((i for i, word in enumerate(words[:-1]) if word.endswith(owners)), default=-1)
    return "".join(words[last + 1 :])


def _is_whole(site: Site, noun: str, endings: tuple[str, ...]) -> bool:
    """Does a noun need nothing of the whole to say what is counted or measured?"""
    if not endings and (site.counts() or site.ends(noun, "noun.complete")):
        return True
    return site.sentence.reader.attribute(noun) or _says(site, noun, endings)


def _says(site: Site, noun: str, endings: tuple[str, ...]) -> bool:
    """Does a noun say what is counted, where its endings are given, or what is measured?"""
    return noun.endswith(endings) if endings else _is_measure(site, noun)


def _is_deed(site: Site, noun: str) -> bool:
    """Does a noun end with a verb?"""
    return site.sentence.reader.has_any(site.sentence.reader.words(noun)[-1], _MAY_BEGIN)


def resolved(site: Site, noun: str) -> str:
    """What 这个比重 or 此项支出 refers to: the last phrase before the sentence with the same head."""
    match = site.pattern("claims.anaphor").fullmatch(noun)
    if match is None:
        return noun
    return _named_before(site, compiled(re.escape(match[1])), site.sentence.start) or noun


def _named_before(site: Site, wanted: Pattern, end: int) -> str:
    """The noun that ends with what a pattern finds last in the paragraph before a place."""
    before = site.sentence.folded[max(0, end - _REFERS_BACK) : end].rpartition("\n")[2]
    ends = [found.end() for found in wanted.finditer(before)]
    if not ends:
        return ""
    clause = site.pattern("claims.clause_end").split(before[: ends[-1]])[-1]
    return site.sentence.reader.left(clause).noun


def _bare_head(site: Site, noun: str) -> str:
    """A noun without its leading modifiers of rank or region: 国家级绿色矿山 → 绿色矿山."""
    modifiers = site.sentence.lexicon.sets["modifiers"]
    words = site.sentence.reader.words(noun)
    start = 0
    while start < len(words) - 1 and (words[start] in modifiers or site.among(words[start], "noun.ranks")):
        start += 1
    return "".join(words[start:])
