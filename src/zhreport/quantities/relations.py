"""Relation words: what 约, 超, 不低于, 以上 and 左右 make of a number."""

from typing import Final

from zhreport.words.lexicon import Lexicon

__all__ = ["Relations"]

_LONGEST: Final = (5, 4, 3, 2, 1)


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
        self._joined = lexicon.sets["relation.joined"]
        self._of_amounts = lexicon.sets["relation.of_amounts"]
        self._of_money = lexicon.sets["relation.of_money"]
        self._of_time = lexicon.sets["relation.of_time"]
        self._held = lexicon.sets["relation.held"]
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
                if word in self._after and (dimension == "time" or word not in self._of_time):
                    relation, outer_end, note = self._after[word], end + len(word), word
                    break
        if start and text[start - 1] in self.before_last:
            for length in _LONGEST:
                word = text[max(0, start - length) : start]
                if word not in self._before:
                    continue
                if self._applies(text, start, word, dimension, form, note):
                    if self._after.get(note) != "ge" or self._before[word] != "approx":
                        relation = self._before[word]
                    outer_start = start - len(word)
                break
        return relation, outer_start, outer_end, note

    def _applies(self, text: str, start: int, word: str, dimension: str, form: str, note: str) -> bool:
        """Is the word before a number really said of it?"""
        if word in self._of_amounts:
            return dimension != "count"
        if word in self._of_money and form != "scale" and dimension not in ("money", "percent"):
            return False
        if word in self._held:
            return self._after.get(note) == "le"
        return len(word) > 1 or text[start - 2 : start - 1] not in self._joined


def _words(lexicon: Lexicon, prefix: str) -> dict[str, str]:
    return {
        word: name.removeprefix(prefix)
        for name, words in lexicon.sets.items()
        if name.startswith(prefix)
        for word in words
    }
