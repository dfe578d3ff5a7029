"""Where a name begins: the words to the left of its head, read once for verbs, adverbs and numbers."""

import re
from typing import Final

from zhreport.campaigns.surface import CLOSE, Surface

__all__ = ["DEEDS", "begins_plainly", "governing", "name_edge", "trim"]

_NUMBER_SIGNS: Final = frozenset("第首0123456789一二两三四五六七八九十")
_NUMBER: Final = (
    "(?:第[一二三四五六七八九十百0-9]{1,4}{edition.ordinals}|第[一二三四五六七八九十0-9]{1,3}轮(?!土地)"
    "|[0-9]{1,4}余?多?{edition.counts}|[一二三四五六七八九十两]{1,3}{edition.han_counts}"
    "|[0-9]{1,2}[.．]|首届|(?:19|20)[0-9]{2}年?度?(?!行动))"
)
#: Read from the end: what a deed is done to, or by.
DEEDS: Final = "{parts.matters}"
_TOGETHER: Final = "暨"
_MIDDLE: Final = 16  # characters in which an edition in the middle of a name stands
_MIDDLE_EDITION: Final = re.compile(r"[\u4e00-\u9fff]{2,6}第[一二三四五六七八九十百0-9]{1,4}届")


def name_edge(
    surface: Surface, words: list[str], start: int, at: int, *, complete: bool = False
) -> tuple[int, int]:
    """Where a name begins that ends at a place: the number of words before it, and its place.

    The last word is taken into the name even if it is a verb (`消费促进行动`), unless the head is
    complete without it.
    """
    v = surface.v
    index = last = len(words)
    while index:
        word = words[index - 1]
        if word not in v.stops and (len(word) < 3 or word[-2:] not in v.firm):
            index -= 1
            at -= len(word)
            continue
        if word in v.joins:
            if _splits(surface, words, index - 1, start, at - len(word)):
                break
        elif v.is_firm(word) or word in v.always:
            if word != _TOGETHER or v.all_heads.longest(surface.text, start, at - len(word)):
                break  # 暨 joins two names, or two parts of one
        elif not complete and word not in v.never and _firm_before(surface, words, index - 1, last):
            pass  # 开展提升服务质量行动: all that 开展 governs
        elif word in v.soft:
            # 国企改革深化提升行动: behind another verb and a noun it is a part of the name
            noun = any(w not in v.edges and w not in v.leading and len(w) > 1 for w in words[: index - 1])
            own = index == last and not complete and word not in v.never and (word in v.nominal or noun)
            if not own and not _within(surface, words, index - 1):
                break
        elif word in v.hard and (index < last or word != "组织" or complete):
            break
        index -= 1
        at -= len(word)
    return index, at


def _firm_before(surface: Surface, words: list[str], index: int, last: int) -> bool:
    """Does a verb such as 开展 stand further to the left (the last word of all does not count)?"""
    return any(surface.v.is_firm(word) for word in words[: min(index, last - 1)])


def _within(surface: Surface, words: list[str], index: int) -> bool:
    """Is a soft verb a part of the name, because another verb governs it or a noun stands before it?"""
    v = surface.v
    if words[index] in v.never or (
        index and words[index] not in v.nominal and words[index - 1][-1] in v.sets["places.kinds"]
    ):
        return False
    if words[index] in v.opening:
        before = index
        while before and words[before - 1] in v.opening:
            before -= 1
        if before and words[before - 1] in v.governing:
            return True  # 推进 | 学习贯彻…主题教育, 深化 | 服务民营企业专项行动
    between = False
    for word in reversed(words[:index]):
        if word in v.governing and (between or word in v.firm):
            return True
        if word in v.hard:
            return False
        if word not in v.soft:
            between = True
            if words[index] in v.nominal and word not in v.leading and len(word) > 1:
                return True
    return False


def _splits(surface: Surface, words: list[str], index: int, start: int, at: int) -> bool:
    """Does 和 before a name join two names (or deeds), and not two parts of one name?"""
    v = surface.v
    if index + 1 < len(words) and words[index + 1] in v.sets["parts.deverbal"]:
        return False  # 保护和修复
    if (
        index == 0
        or v.all_heads.longest(surface.text, start, at)
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


def governing(surface: Surface, words: list[str], index: int, start: int) -> tuple[str, int]:
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


def begins_plainly(surface: Surface, at: int) -> bool:
    """Is there certainly nothing to drop from the front of a name that begins at a place?"""
    text, sign = surface.text, surface.text[at]
    return (
        sign not in _NUMBER_SIGNS
        and sign not in surface.v.droppable
        and text[at : at + 2] not in surface.v.droppable_beginnings
        and not sign.isspace()
        and text.find("届", at, at + _MIDDLE) < 0
    )


def trim(
    surface: Surface, words: list[str], at: int, kind: str, *, firm: bool = False
) -> tuple[list[str], int]:
    """Drop editions, numbers, adverbs and the speaker's own place from the front of a name.

    Right behind a verb such as 开展 an adverb is a part of the name (`整体提升教育水平行动`).
    """
    v = surface.v
    leading = v.sets["edges.leading_behind_firm"] if firm else v.leading
    text = surface.text
    if words and begins_plainly(surface, at):
        return words, at
    kept = list(words)
    own_place = kind in ("action", "project")
    if kind in ("activity", "contest") and (middle := _MIDDLE_EDITION.match(text, at, at + _MIDDLE)):
        size = middle.end() - at  # 陕西省第五届国家网络安全宣传周
        while kept and size >= len(kept[0]):
            size -= len(kept[0])
            at += len(kept.pop(0))
    while kept:
        number = v.forwards[_NUMBER].match(text, at, at + 12) if text[at] in _NUMBER_SIGNS else None
        if number is not None and number.end() - at < sum(map(len, kept)):
            size = number.end() - at
            while kept and size >= len(kept[0]):
                size -= len(kept[0])
                at += len(kept.pop(0))
            if size:
                at += size
                kept[0] = kept[0][size:]
            continue
        manner = kept[0].startswith("高") and len(kept) > 1 and kept[1] in v.sets["edges.behind_high"]
        own = own_place and kept[0] in v.places and len(kept) > 1 and kept[1][0] != "域"
        if (
            (kept[0] in leading and not manner and not (len(kept) > 1 and kept[1].startswith("土地")))
            or own
            or kept[0] in v.pronouns
            or kept[0].isspace()
        ):
            at += len(kept.pop(0))
            continue
        break
    return kept, at
