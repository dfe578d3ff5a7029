"""Units in the text: the longest one at a place, and what may follow it."""

from decimal import Decimal
from typing import Final

from zhreport.words.lexicon import Lexicon, Unit

__all__ = ["Units"]

_HALVED: Final = frozenset(("time", "age", "mass", "multiple", "percent", "money"))


class Units:
    """The table of units, by their first characters.

    Args:
        lexicon: where the units come from.

    Attributes:
        first: the characters with which a unit begins.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        by_start: dict[str, list[Unit]] = {}
        for unit in sorted(lexicon.units.values(), key=lambda u: -len(u.surface)):
            by_start.setdefault(unit.surface[:2], []).append(unit)
        self.first = frozenset(start[0] for start in by_start)
        # 立方米 and 立方 stand under 立方, and so would a unit 立
        self._by_start = {
            start: [*units, *(by_start.get(start[0], ()) if len(start) > 1 else ())]
            for start, units in by_start.items()
        }
        self._surfaces = lexicon.units
        self._in_word = {surface: said.split() for surface, said in lexicon.in_word.items()}
        self._before_stop = lexicon.sets["before_stop.units"]
        patterns = lexicon.patterns
        self._stop, self._fuzz = patterns["units.stop"], patterns["units.fuzz"]
        self._per, self._price = patterns["units.per"], patterns["units.price"]
        self._bare_rate, self._variant = patterns["units.bare_rate"], patterns["units.variant"]
        self._half, self._half_measure = patterns["units.half"], patterns["units.half_measure"]

    def at(self, text: str, at: int) -> tuple[Unit, int] | None:
        """The longest unit that begins at a place, and where it ends."""
        by_start = self._by_start
        for unit in by_start.get(text[at : at + 2]) or by_start.get(text[at : at + 1]) or ():
            surface = unit.surface
            if not text.startswith(surface, at):
                continue
            end = at + len(surface)
            following = text[end : end + 1]
            if following and surface in self._in_word:
                begins, *but = self._in_word[surface]
                if following in begins and not text.startswith(tuple(but), end):
                    return None
            if (
                surface[-1].isascii()
                and surface[-1].isalpha()
                and following.isascii()
                and following.isalpha()
            ):
                continue
            if surface in self._before_stop and not self.ends_phrase(text, end):
                continue
            return unit, end
        return None

    def ends_phrase(self, text: str, at: int) -> bool:
        """Does a phrase end at a place, behind a unit that may be a part of a word?"""
        return self._stop.match(text, at) is not None

    def with_tail(self, text: str, unit: Unit, at: int) -> tuple[str, str, int, bool]:
        """A unit with what belongs to it: `套（间）`, `吨/年`, `千米每小时`, `公里多`.

        Args:
            text: folded.
            unit: the unit.
            at: where it ends.

        Returns:
            The unit as written, its dimension, where it ends, and whether 多 or 余 stands behind it.
        """
        name, dimension = unit.surface, unit.dimension
        following = text[at : at + 1]
        if following == "（":
            if (variant := self._variant.match(text, at)) and variant[1] in self._surfaces:
                return name + variant.group(), dimension, variant.end(), False
        elif following in ("/", "每"):
            if (per := self._per.match(text, at)) and (following == "/" or dimension != "money"):
                return name + per.group(), "rate", per.end(), False
        elif following in ("多", "余"):
            if name == "个" and (measure := self._split(text, at)) is not None:
                return measure.surface, measure.dimension, at + len(measure.surface), True
            if dimension != "count" and self._fuzz.match(text, at):
                return name, dimension, at + 1, True
        return name, dimension, at, False

    def bare_rate(self, text: str, at: int, *, priced: bool) -> tuple[Unit, int] | None:
        """The unit of a rate whose figure has none: `12.3/10万`, after a sign of money also `300/亩`."""
        found = self._bare_rate.match(text, at) or (self._price.match(text, at) if priced else None)
        if found is None:
            return None
        name = found.group()
        return Unit(surface=name, dimension="rate", canonical="", factor=Decimal(0)), found.end()

    def _split(self, text: str, at: int) -> Unit | None:
        """The unit of which 个 stands before a place and the rest behind its sign: 个多小时, 个半月."""
        for size in (3, 2, 1):
            measure = self._surfaces.get("个" + text[at + 1 : at + 1 + size])
            if measure is not None and len(measure.surface) == size + 1:
                return measure
        return None

    def half(self, text: str, unit: Unit, at: int) -> tuple[Unit, int] | None:
        """The unit and its end where 半 adds a half of one: `一年半`, `两个半月`, `一个半工作日`."""
        if unit.surface == "个" and self._half_measure.match(text, at):
            measure = self._split(text, at)
            return None if measure is None else (measure, at + len(measure.surface))
        if not self._half.match(text, at) or (
            unit.dimension not in _HALVED and not self._stop.match(text, at + 1)
        ):
            return None
        return unit, at + 1
