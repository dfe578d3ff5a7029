"""Relation words: what 约, 超, 不低于, 以上 and 左右 make of a number."""

from typing import Final

import regex

from zhreport.words.lexicon import Lexicon

__all__ = ["Relations"]

_LONGEST: Final = (5, 4, 3, 2, 1)
# 通过, 经过, 度过… end in a relation word that is none
_NOT_RELATION: Final = regex.compile(
    r"(?:通|经|透|难|不|超|跨|越|度|路|渡|来|去|翻|看|提|最|附|靠|邻|远|节|制|合|公|大|特|条|签|契|预|打|突|爆|攻|查|侦|识)$"
)
_CROSSED: Final = frozenset(("跨过", "跨越", "越过", "迈过", "跃过"))


class Relations:
    """Reads the words on both sides of a core.

    Args:
        lexicon: its `before.*` and `after.*` sets are the words.

    Attributes:
        before_last, after_first: the characters next to the core that a relation word can have.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._before = _words(lexicon, "before.")
        self._after = _words(lexicon, "after.")
        self.before_last = frozenset(word[-1] for word in self._before)
        self.after_first = frozenset(word[0] for word in self._after)

    def read(
        self, text: str, start: int, end: int, dimension: str, form: str, *, fuzzy: bool
    ) -> tuple[str, int, int, str]:
        """Relation, the ends of the core with its relation words, and the word after it.

        Args:
            text: folded.
            start: of the core.
            end: of the core.
            dimension: of the quantity.
            form: of its numeral.
            fuzzy: the core holds 多 or 余.
        """
        relation = "gt" if fuzzy else "eq"
        outer_start, outer_end, note = start, end, ""
        blank = text[end : end + 1] == " "
        if text[end + blank : end + blank + 1] in self.after_first:
            end += blank
            for length in _LONGEST:
                word = text[end : end + length]
                if word in self._after and not (word == "内" and dimension != "time"):
                    relation, outer_end, note = self._after[word], end + len(word), word
                    break
        if start and text[start - 1] in self.before_last:
            for length in _LONGEST:
                word = text[max(0, start - length) : start]
                if word not in self._before:
                    continue
                if _applies(text, start, word, dimension, form, note):
                    if note not in ("以上", "及以上") or self._before[word] != "approx":
                        relation = self._before[word]
                    outer_start = start - len(word)
                break
        return relation, outer_start, outer_end, note


def _words(lexicon: Lexicon, prefix: str) -> dict[str, str]:
    return {
        word: name.removeprefix(prefix)
        for name, words in lexicon.sets.items()
        if name.startswith(prefix)
        for word in words
    }


def _applies(text: str, start: int, word: str, dimension: str, form: str, note: str) -> bool:
    """Is the word before a number really said of it?"""
    if word in _CROSSED:
        return dimension != "count"
    if word == "过" and form != "scale" and dimension not in ("money", "percent"):
        return False
    if word == "控制在":
        return note in ("以内", "之内", "以下")
    return len(word) > 1 or not _NOT_RELATION.search(text, max(0, start - 2), start - 1)
