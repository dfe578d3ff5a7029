"""The figures of a report by their indicators, and what the words around them say."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from zhreport.audit.figures import Figure, Sheet
from zhreport.audit.knowledge import Knowledge, knowledge

__all__ = ["Lookup"]

#: How many paragraphs figures may be apart that are parts of one whole.
_NEAR: Final = 2
_TRIED: Final = 3  # figures on either side
_FROM_TO: Final = ("start_value", "end_of_change", "carried_over")


class Lookup:
    """The figures of a report, found by indicator.

    Attributes:
        sheet: the figures.
        known: what figures belong together.
    """

    def __init__(self, sheet: Sheet, known: Knowledge | None = None) -> None:
        self.sheet, self.known = sheet, known or knowledge()
        self._named: dict[tuple[str, str], list[Figure]] = {}
        self._about: dict[tuple[str, ...], list[Figure]] = {}
        for figure in sheet.figures:
            kind = figure.claim["kind"]
            if figure.number is None or figure.total or kind not in ("level", "share"):
                continue
            for name in {figure.key, figure.wording}:
                self._named.setdefault((kind, name), []).append(figure)
                if kind == "level":
                    for unit in {figure.about[3], ""}:
                        self._about.setdefault((name, *figure.about[:3], unit), []).append(figure)

    def levels(self, name: str) -> Sequence[Figure]:
        """The levels of an indicator, in the order of the text, by its id or as the audit's data call it."""
        return self._named.get(("level", self.sheet.name(name)), ())

    def shares(self, name: str) -> Sequence[Figure]:
        """The shares of an indicator, likewise."""
        return self._named.get(("share", self.sheet.name(name)), ())

    def near(self, name: str, to: Figure, *, unit: str) -> list[Figure]:
        """The levels of an indicator near a figure, of the same period, status and scope, the nearest first.

        Args:
            name: the indicator, by its id or as the audit's data call it.
            to: the figure.
            unit: the unit that they must have; "" for any.
        """
        start = to.claim["clean_start"]
        found = self._about.get((self.sheet.name(name), *to.about[:3], unit), ())
        at = bisect_left(found, start, key=lambda one: one.claim["clean_start"])
        return sorted(
            (
                one
                for one in found[max(0, at - _TRIED) : at + _TRIED]
                if one.place != to.place and abs(one.claim["paragraph"] - to.claim["paragraph"]) <= _NEAR
            ),
            key=lambda one: abs(one.claim["clean_start"] - start),
        )

    def nearest(self, name: str, to: Figure, *, unit: str) -> Figure | None:
        """The first of these; arguments as for `near`."""
        return next(iter(self.near(name, to, unit=unit)), None)

    def says(self, what: str, text: str) -> bool:
        """Does a text have a word of `knowledge().words`?"""
        return any(word in text for word in self.known.words[what])

    def of_years(self, figure: Figure) -> bool:
        """May a level or share be that of several years, since its paragraph or sentence speaks of these?

        Where a figure goes from one year to another, it says itself of which years it is.
        """
        if figure.claim["rule"] in _FROM_TO or figure.claim["indicator_rule"] in _FROM_TO:
            return False
        if figure.claim["kind"] not in ("level", "share"):
            return False
        years = self.says("years", self.sheet.paragraph_before(figure))
        return years or self.says("summed", self.sheet.opening(figure))

    def real(self, growth: Figure) -> bool:
        """Is a growth one without the change of prices, or a mean over years?

        What says so stands between the last level before it and the figure, or in brackets behind it.
        """
        said = self.sheet.since_level(growth)
        return self.says("real", said) or self.says("yearly", said)
