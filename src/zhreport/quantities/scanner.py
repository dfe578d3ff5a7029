"""The scanner: one pass over folded text for quantities and dates."""

import re
from decimal import Context, Decimal, Inexact
from string import ascii_letters
from typing import Final

from zhreport.quantities.amounts import RANGE_SIGN, Amounts
from zhreport.quantities.found import DateMention, Quantity, Scan
from zhreport.quantities.units import Units
from zhreport.words.compiling import compiled
from zhreport.words.lexicon import Lexicon, package_entries, package_template
from zhreport.words.numerals import adjacent_digits, parse_numeral

__all__ = ["Scanner"]

_PIECE: Final = 10_000  # characters that are counted together: what is found takes more memory than the text
LONGEST: Final = 16  # characters of a numeral that needs no closer look
_RUN, _PART, _PAUSED, _RANGE, _RANGE_OF_PARTS, _LATIN_WORD, _ONE_GOES_ON = (
    compiled(package_template(f"numbers.{name}"))
    for name in ("run", "part", "paused", "range", "range_of_parts", "latin_word", "one_goes_on")
)
_SPELLED, _AFTER_ONE, _MORE, _SCALES, _ORDINALS = (
    frozenset(package_template(f"numbers.{name}"))
    for name in ("spelled", "after_one", "more", "goes_on_behind", "ordinals")
)
_MAY_END_ALONE: Final = package_template("numbers.may_end_alone")
# behind a Latin word only an amount of these is no code: GDP1862.4亿元, CPI2.1%
_SAID_OF_LATIN: Final = frozenset(("money", "percent", "permille", "percentage_point"))
_COUNTED: Final = frozenset(("count", "times", "person", "household"))
_PARTS_OF: Final = package_entries("parts_of")
_LETTERS: Final = frozenset(ascii_letters)
_BLOCKING: Final = frozenset(".0123456789")
_COLONS: Final = frozenset("：:")
_RANKED_OUT_OF: Final = "强"


class Scanner:
    """Finds quantities and dates in folded text; holds only its unit table.

    Args:
        lexicon: where the units come from.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._units = Units(lexicon)
        self._amounts = Amounts(lexicon, self._units)
        self._pattern, self._ranks = lexicon.patterns["numbers.grammar"], lexicon.sets["rank.units"]

    def scan(self, text: str) -> Scan:
        """Scan width-folded text once.

        Args:
            text: the output of `fold`.

        Returns:
            Quantities and dates with offsets into `text`, in its order, not overlapping.

        >>> from zhreport.words.lexicon import default_lexicon
        >>> found = Scanner(default_lexicon()).scan("2023年产值超过3000亿元，增长5%左右")
        >>> [(q.value, q.unit, q.relation) for q in found.quantities]
        [(Decimal('300000000000'), '元', 'gt'), (Decimal('5'), '%', 'approx')]
        >>> [d.year for d in found.dates]
        [2023]
        """
        quantities: list[Quantity] = []
        dates: list[DateMention] = []
        read = self._amounts.read
        at = floor = 0  # where the last numeral and the last quantity end
        for run in _RUN.finditer(text):
            start, end = run.span()
            if start < at:
                continue
            before = text[start - 1 : start]
            plain = (self._figure_at if text[start] <= "9" else self._han_at)(text, start, end, before)
            if plain is None:
                continue
            if plain:  # nine in ten need no more of the grammar than this
                if start == at and before in _SCALES:
                    at = end
                    continue
                found, at = read(text, start, end, run.group(), floor)
            else:
                match = self._grammar_at(text, start, before)
                if match is None:
                    continue
                if match["y"] is not None or match["m3"] is not None:
                    dates.append(_date(match))
                    at = match.end()
                    continue
                if match["parts"] is not None:
                    quantities.extend(_parts(match))
                    at = floor = match.end()
                    continue
                found, at = self._quantity(text, match, at, floor)
            if found is not None and (before not in _LETTERS or _said_of_latin(text, start, found)):
                quantities.append(found)
                floor = found.end
        return Scan(quantities=tuple(quantities), dates=tuple(dates))

    def count(self, text: str, most: int) -> int:
        """About how many quantities and dates a folded text has; more than `most` are not counted on.

        >>> from zhreport.words.lexicon import default_lexicon
        >>> scanner = Scanner(default_lexicon())
        >>> scanner.count("2023年产值超过3000亿元，增长5%左右", most=10)
        3
        """
        found = 0
        for start in range(0, len(text), _PIECE):
            scan = self.scan(text[start : start + _PIECE])
            found += len(scan.quantities) + len(scan.dates)
            if found > most:
                break
        return found

    def _figure_at(self, text: str, start: int, end: int, before: str) -> bool | None:
        """Do Arabic digits need the grammar (False), or not (True)? None if they count nothing."""
        if before in _ORDINALS or text[end : end + 1] in _MORE or end - start > LONGEST:
            return False
        if (
            before in _BLOCKING
            or (before in _COLONS and text[start - 2 : start - 1].isdecimal())
            or (before in _LETTERS and _in_code(text, start))
        ):
            return None
        return True

    def _han_at(self, text: str, start: int, end: int, before: str) -> bool | None:
        """The same of a run of Han numerals."""
        if before in _ORDINALS:
            return False
        after = text[end : end + 1]
        known = after in self._units.first
        if end - start == 1 and text[start] == "一" and self._is_article(text, end, after):
            return None
        if not known and after not in _SPELLED and after not in RANGE_SIGN:
            if after == "、" and _PAUSED.match(text, end):
                return False
            if not (text[end - 1] in _MAY_END_ALONE and self._ends_alone(text, start, end)):
                return None
        return known and after not in _SPELLED and end - start <= LONGEST and not before.isdecimal()

    def _is_article(self, text: str, end: int, after: str) -> bool:
        """Is a single 一 an article (一个), and no number (一年半, 一元二角)?"""
        return after not in _AFTER_ONE and not (after in self._units.first and _ONE_GOES_ON.match(text, end))

    def _ends_alone(self, text: str, start: int, end: int) -> bool:
        """Is it a numeral of people (十四亿人民), or does its last character begin the unit (三百两)?"""
        if text[end - 1] in "万亿":
            return self._amounts.counts_people(text, end, text[start:end])
        return end - start > 1 and self._units.at(text, end - 1) is not None

    def _grammar_at(self, text: str, start: int, before: str) -> "re.Match[str] | None":
        """What the grammar reads of a run of digits, with the 第 or 前 before it if it can."""
        if before in _ORDINALS and (match := self._pattern.match(text, start - 1)):
            return match
        return self._pattern.match(text, start)

    def _quantity(
        self, text: str, match: "re.Match[str]", at: int, floor: int
    ) -> tuple[Quantity | None, int]:
        """The quantity that the grammar found, and where the numeral ends; the last one ended at `at`."""
        start, end = match.span()
        if match["num"] is not None:
            before = text[start - 1 : start]
            if before in _LETTERS and text[start] <= "9" and _in_code(text, start):
                return None, at
            if start == at and before in _SCALES:
                return None, end
            found, at = self._amounts.read(text, start, end, match["num"], floor)
            if match["gapped"] and found and found.scale == 1 and found.dimension in _COUNTED:
                return None, start + 1  # 共38. 15个县: what is counted has no decimals
            return found, at
        if match["frac"] is not None:
            found = self._fraction(text, match)
        elif match["slash"] is not None:
            found = self._slash(text, match)
        elif match["ratio"] is not None:
            value = _divided(Decimal(match["this"]), Decimal(match["that"]))
            found = None if value is None else _made(start, end, value, form="ratio")
        else:
            found = self._ordinal(text, match)
        return found, max(end, found.end) if found is not None else end

    def _ordinal(self, text: str, match: "re.Match[str]") -> Quantity | None:
        """`第3位`, `第一`, `前三名`, `前50的`."""
        front = match["frontn"] is not None
        try:
            value = parse_numeral(match["ordn"] or match["frontn"])
        except ValueError:
            return None
        end = match.end()
        unit = self._units.at(text, end)
        name, dimension = "", "rank"
        if unit is not None and unit[0].surface in self._ranks:
            name, end = unit[0].surface, unit[1]
        elif unit is not None:
            name, end, dimension = unit[0].surface, unit[1], unit[0].dimension
        elif front and text[end : end + 1] == _RANKED_OUT_OF:  # 前10强
            name, end = _RANKED_OUT_OF, end + 1
        elif front and text[end : end + 1].strip("，。；、（）！\n的"):
            return None
        start = match.start()
        last = 2 * text.startswith("倒数", max(0, start - 2), start)  # 倒数第三
        return _made(
            start,
            end,
            value,
            unit=name,
            dimension=dimension,
            form="front" if front else "ordinal",
            related=("le" if front else "eq", start - last, end, ""),
        )

    def _slash(self, text: str, match: "re.Match[str]") -> Quantity | None:
        """`1/3`: a proper fraction; other numbers with a slash are codes or dates."""
        top, bottom = Decimal(match["over"]), Decimal(match["under"])
        if top >= bottom:
            return None
        start, end = match.span()
        related = self._amounts.related(text, start, end, "fraction", "fraction", fuzzy=False)
        value = _divided(top, bottom)
        return _made(start, end, value, dimension="fraction", form="fraction", related=related)

    def _fraction(self, text: str, match: "re.Match[str]") -> Quantity | None:
        """`三分之一`, `百分之三点五`, `百分之七八十`, `百分之四至百分之五`."""
        start, end = match.span()
        numeral, unit = match["numer"].replace("、", ""), _PARTS_OF.get(match["den"], "")
        low = high = None
        pair = adjacent_digits(numeral) if unit else None
        try:
            top = pair[0] if pair else parse_numeral(numeral)
            value = top if unit else _divided(top, parse_numeral(match["den"]))
        except ValueError:
            return None
        if pair:
            low, high = pair
        elif unit and (ended := self._fraction_range(text, end, top)):
            (high, end), low = ended, top
        fuzzy = bool(unit) and low is None and text[end : end + 1] in ("多", "几")
        end += fuzzy
        form, dimension = ("han", "percent") if unit else ("fraction", "fraction")
        sign = int(text[start - 1 : start] == "负")
        if sign and value is not None:
            value = -value
        related = self._amounts.related(text, start - sign, end, dimension, form, fuzzy=fuzzy)
        return _made(
            start,
            end,
            value if low is None else None,
            ends=(low, high),
            unit=unit,
            dimension=dimension,
            form=form,
            related=related,
        )

    def _fraction_range(self, text: str, at: int, low: Decimal) -> tuple[Decimal, int] | None:
        """The upper end of a range of percentages and its place; not 百分之六到七千亿元."""
        again = _RANGE_OF_PARTS.match(text, at)
        if again is None:
            again = _RANGE.match(text, at)
            if again is None or text[again.end() : again.end() + 1] in _SCALES:
                return None
            if self._units.at(text, again.end()) is not None:
                return None
        try:
            high = parse_numeral(again["num"])
        except ValueError:
            return None
        return (high, again.end()) if low < high else None


def _made(
    start: int,
    end: int,
    value: Decimal | None,
    *,
    form: str,
    ends: tuple[Decimal | None, Decimal | None] = (None, None),
    unit: str = "",
    dimension: str = "",
    related: tuple[str, int, int, str] | None = None,
) -> Quantity:
    """A quantity other than a plain amount."""
    relation, outer_start, outer_end, note = related or ("eq", start, end, "")
    low, high = ends
    return Quantity(
        start=start,
        end=end,
        outer_start=outer_start,
        outer_end=outer_end,
        value=value,
        low=low,
        high=high,
        unit=unit,
        dimension=dimension,
        relation=relation if low is None else "range",
        form=form,
        note=note,
    )


def _divided(top: Decimal, bottom: Decimal) -> Decimal | None:
    """A quotient, exact where it ends, else to six digits; None by zero."""
    if not bottom:
        return None
    try:
        return Context(prec=28, traps=[Inexact]).divide(top, bottom)
    except Inexact:
        return Context(prec=6).divide(top, bottom)


def _in_code(text: str, start: int) -> bool:
    """Do the letters before a figure make a code of it, being no word: 5G2, A3?"""
    return _LATIN_WORD.search(text, max(0, start - 9), start) is None


def _said_of_latin(text: str, start: int, found: Quantity) -> bool:
    """Is it an amount of what a Latin word names (GDP1862.4亿元), and no code (PM10, T3)?"""
    if text[start] > "9":
        return True
    return (
        found.form == "arabic" and bool(found.unit) and (found.scale > 1 or found.dimension in _SAID_OF_LATIN)
    )


_ZEROS: Final = {ord(" "): None}  # the spaces of old scans
_HAN_ZEROS: Final = {**_ZEROS, **dict.fromkeys(map(ord, "0○OoОо"), "〇")}  # typed in a year: 二0二三


def _date(match: "re.Match[str]") -> DateMention:
    def number(name: str) -> int | None:
        text = match[name]
        if not text:
            return None
        return int(parse_numeral(text.translate(_ZEROS if text[0] <= "9" else _HAN_ZEROS)))

    year, last = number("y"), number("y2")
    if year is not None and year < 100:
        year += 1900
    if last is not None and last < 100 and year is not None:
        last += year // 100 * 100
    return DateMention(
        start=match.start(),
        end=match.end(),
        year=year,
        last_year=last,
        month=number("m") or number("m3"),
        last_month=number("m2") or number("m4"),
    )


def _parts(match: "re.Match[str]") -> tuple[Quantity, ...]:
    """`12:43.5:44.5`: the parts of a whole, each a quantity of its own."""
    return tuple(
        _made(part.start(), part.end(), parse_numeral(part.group()), form="parts")
        for part in _PART.finditer(match.string, match.start(), match.end())
    )
