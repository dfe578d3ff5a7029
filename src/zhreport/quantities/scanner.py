"""The scanner: one pass over folded text for quantities and dates."""

from decimal import Decimal
from typing import Final

import regex

from zhreport.lexicon import Lexicon, Unit
from zhreport.numerals import adjacent_digits, parse_numeral
from zhreport.quantities.grammar import (
    AFTER_NUMBER,
    AFTER_ONE,
    FINANCIAL,
    MORE,
    PART,
    PATTERN,
    PER,
    RANGE,
    RANGE_PARTS,
    RANGE_SIGN,
    RUN,
    SCALE_OR_FUZZ,
    SECOND_PART,
    SPELLED,
    UNIT_FUZZ,
    VARIANT,
)
from zhreport.quantities.records import DateMention, Quantity, Scan
from zhreport.quantities.relations import Relations

__all__ = ["Scanner"]

LONGEST: Final = 16  # characters of a numeral that needs no closer look
_FALSE_SCALE: Final = frozenset("十百千万亿")
_SIGNED: Final = frozenset(("percent", "percentage_point"))
# no hyphen of a code or of a range: 增长-3.8%, but not A-3, 6%-8% and 6%左右-8%
_MINUS: Final = regex.compile(r"(?<=[^A-Za-z0-9%右上下内外多余-]-)|(?<=\A-)")


class Scanner:
    """Finds quantities and dates in folded text; holds only its unit table.

    Args:
        lexicon: where the units come from.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        by_first: dict[str, list[Unit]] = {}
        for unit in sorted(lexicon.units.values(), key=lambda u: -len(u.surface)):
            by_first.setdefault(unit.surface[0], []).append(unit)
        self._units = by_first
        self._single = {u.surface: [u] for u in lexicon.units.values() if len(u.surface) == 1}
        self._pairs = frozenset(u.surface[:2] for u in lexicon.units.values() if len(u.surface) > 1)
        self._surfaces = frozenset(lexicon.units)
        self._in_word = lexicon.in_word
        self._relations = Relations(lexicon)

    def _unit_at(self, text: str, at: int) -> tuple[Unit, int] | None:
        """The longest unit that begins at a place, and where it ends."""
        first = text[at : at + 1]
        longer = text[at : at + 2] in self._pairs
        for unit in self._units.get(first, ()) if longer else self._single.get(first, ()):
            surface = unit.surface
            if not text.startswith(surface, at):
                continue
            end = at + len(surface)
            following = text[end : end + 1]
            if following and following in self._in_word.get(surface, ""):
                return None
            if (
                surface[-1].isascii()
                and surface[-1].isalpha()
                and following.isascii()
                and following.isalpha()
            ):
                continue
            return unit, end
        return None

    def _related(
        self, text: str, start: int, end: int, dimension: str, form: str, *, fuzzy: bool
    ) -> tuple[str, int, int, str]:
        """Relation, outer start, outer end and note; most cores have no relation word beside them."""
        relations = self._relations
        following = text[end : end + 1]
        if (
            following in relations.after_first
            or following == " "
            or text[start - 1 : start] in relations.before_last
        ):
            return relations.read(text, start, end, dimension, form, fuzzy=fuzzy)
        return "gt" if fuzzy else "eq", start, end, ""

    def scan(self, text: str) -> Scan:
        """Scan width-folded text once.

        Args:
            text: the output of `fold`.

        Returns:
            Quantities and dates with offsets into `text`, in its order, not overlapping.

        >>> from zhreport.lexicon import default_lexicon
        >>> found = Scanner(default_lexicon()).scan("2023年产值超过3000亿元，增长5%左右")
        >>> [(q.value, q.unit, q.relation) for q in found.quantities]
        [(Decimal('300000000000'), '元', 'gt'), (Decimal('5'), '%', 'approx')]
        >>> [d.year for d in found.dates]
        [2023]
        """
        quantities: list[Quantity] = []
        dates: list[DateMention] = []
        at = 0
        first = self._units
        for run in RUN.finditer(text):
            start, end = run.span()
            if start < at:
                continue
            before = text[start - 1] if start else ""
            ordinal = before in {"第", "前"}
            after = text[end : end + 1]
            if ordinal:
                plain = False
            elif text[start] > "9":
                if end - start == 1 and text[start] == "一" and after not in AFTER_ONE:
                    continue
                known = after in first
                if (
                    not known
                    and after not in SPELLED
                    and after not in RANGE_SIGN
                    and not (text[end - 1] in "万亿" and _people(text, end, run.group()))
                ):
                    continue
                plain = known and after not in SPELLED and end - start <= LONGEST and not before.isdecimal()
            else:
                plain = after not in MORE and end - start <= LONGEST
                if (
                    plain
                    and before
                    and (before in ".0123456789:：" or (before.isascii() and before.isalpha()))
                ):
                    continue
            if plain:  # nine in ten need no more of the grammar than this
                found = self._plain(text, start, end, run.group())
                at = end
                if found is not None:
                    quantities.append(found)
                    at = max(at, found.end)
                continue
            match = PATTERN.match(text, start - ordinal) or (PATTERN.match(text, start) if ordinal else None)
            if match is None:
                continue
            at = match.end()
            if match["y"] is not None or match["m3"] is not None:
                dates.append(_date(match))
                continue
            if match["parts"] is not None:
                quantities.extend(_parts(match))
                continue
            found = self._quantity(text, match)
            if found is not None:
                quantities.append(found)
                at = max(at, found.end)
        return Scan(quantities=tuple(quantities), dates=tuple(dates))

    def _quantity(self, text: str, match: "regex.Match[str]") -> Quantity | None:
        start = match.start()
        if match["num"] is not None:
            return self._plain(text, start, match.end(), match["num"])
        if match["frac"] is not None:
            return self._fraction(text, match)
        if match["slash"] is not None:
            return self._slash(text, match)
        number = match["ordn"] or match["frontn"]
        try:
            value = parse_numeral(number)
        except ValueError:
            return None
        end = match.end()
        unit = self._unit_at(text, end)
        name, dimension = "", "rank"
        if unit is not None and unit[0].surface in ("位", "名"):
            name, end = unit[0].surface, unit[1]
        elif unit is not None or match["frontn"] is not None:
            if unit is None:  # 居全国前三
                if text[end : end + 1].strip("，。；、（）！\n"):
                    return None
            else:
                name, end, dimension = unit[0].surface, unit[1], unit[0].dimension
        return Quantity(
            start=start,
            end=end,
            outer_start=start,
            outer_end=end,
            value=value,
            low=None,
            high=None,
            unit=name,
            dimension=dimension,
            relation="le" if match["frontn"] else "eq",
            form="front" if match["frontn"] else "ordinal",
        )

    def _slash(self, text: str, match: "regex.Match[str]") -> Quantity | None:
        """`1/3`: a proper fraction; other numbers with a slash are codes or dates."""
        top, bottom = Decimal(match["over"]), Decimal(match["under"])
        if top >= bottom:
            return None
        relation, outer_start, outer_end, note = self._related(
            text, match.start(), match.end(), "fraction", "fraction", fuzzy=False
        )
        return Quantity(
            start=match.start(),
            end=match.end(),
            outer_start=outer_start,
            outer_end=outer_end,
            value=(top / bottom).quantize(Decimal("0.000001")),
            low=None,
            high=None,
            unit="",
            dimension="fraction",
            relation=relation,
            form="fraction",
            note=note,
        )

    def _fraction(self, text: str, match: "regex.Match[str]") -> Quantity | None:
        parts = {"百": "%", "千": "‰", "万": "‱"}
        try:
            top = parse_numeral(match["numer"])
            if match["den"] in parts:
                value, unit, dimension = top, parts[match["den"]], "percent"
            else:
                value = (top / parse_numeral(match["den"])).quantize(Decimal("0.000001"))
                unit, dimension = "", "fraction"
        except (ValueError, ArithmeticError):
            return None
        end = match.end()
        low = high = None
        if unit and (again := RANGE_PARTS.match(text, end) or RANGE.match(text, end)):
            try:
                low, high, end = value, parse_numeral(again["num"]), again.end()
            except ValueError:
                low = high = None
        fuzzy = bool(unit) and text[end : end + 1] in ("多", "几")
        end += fuzzy
        relation, outer_start, outer_end, note = self._related(
            text, match.start(), end, dimension, "fraction" if not unit else "han", fuzzy=fuzzy
        )
        return Quantity(
            start=match.start(),
            end=end,
            outer_start=outer_start,
            outer_end=outer_end,
            value=value if low is None else None,
            low=low,
            high=high,
            unit=unit,
            dimension=dimension,
            relation=relation if low is None else "range",
            form="fraction" if not unit else "han",
            note=note,
        )

    def _plain(self, text: str, start: int, end: int, numeral: str) -> Quantity | None:
        arabic = numeral[0] <= "9"
        if len(numeral) == 1 and numeral in FINANCIAL:  # 陆家嘴
            return None
        scale, fuzzy, stop = "", False, end
        if text[end : end + 1] in SCALE_OR_FUZZ:
            after = AFTER_NUMBER.match(text, end)
            assert after is not None  # it matches the empty string
            fuzzy = bool(after["f1"] or (arabic and after["f2"]))
            if arabic or fuzzy:  # 三百多万
                scale = after["scale"]
            if scale or after["f1"]:
                stop = after.end("scale")
            if scale and after["f2"]:
                fuzzy, stop = True, after.end("f2")
                scale += after["s2"] or ""  # 4万多亿元
        more = Decimal(0)
        if (
            scale in ("万", "亿")
            and text[stop : stop + 1].isdecimal()
            and (part := SECOND_PART.match(text, stop))
        ):
            myriad = bool(part["w"] or part["w2"])
            if myriad == (scale == "亿"):
                more = parse_numeral(part["n"] + (part["s"] or "") + ("万" if myriad else ""))
                fuzzy, stop = bool(part["f"]), part.end()
        # 万千瓦 is the scale 万 and the unit 千瓦, 百米 likewise
        if (
            stop > start + 1
            and text[stop - 1] in "千百"
            and (arabic or text[stop - 2] in "十百万亿")
            and (begun := self._unit_at(text, stop - 1))
            and begun[1] > stop
        ):
            stop -= 1
            if scale:
                scale = scale[:-1]
            else:
                numeral = numeral[:-1]
        bare_end = stop
        unit = self._unit_at(text, stop) or (
            self._unit_at(text, stop + 1) if text[stop : stop + 1] == " " and arabic else None
        )
        if unit is None and fuzzy and not scale and text[end] in "来几":
            fuzzy, bare_end = False, end
        low = high = None
        try:
            if arabic and not scale and "," not in numeral and " " not in numeral:
                value = Decimal(numeral)
            else:
                value = parse_numeral(numeral.replace(" ", "") + scale) + more
            if not arabic and (pair := adjacent_digits(numeral)):
                low, high = (n * (parse_numeral(scale) if scale else 1) for n in pair)
        except (ValueError, ArithmeticError):
            return None
        first_stop = unit[1] if unit else bare_end
        span = RANGE.match(text, first_stop) if text[first_stop : first_stop + 1] in RANGE_SIGN else None
        if span is not None and (span["num"][0].isascii() == arabic) and not _from(text, start):
            ended = self._range(text, span, value, bool(scale), unit)
            if ended is not None:
                low, high, unit, first_stop, fuzzy = ended
        if unit is None and not arabic:
            if not (scale or fuzzy) or low is not None:
                if not _people(text, first_stop, numeral):
                    return None
            elif not fuzzy:
                return None
        form = "arabic" if arabic else "han"
        if not arabic and not any(c not in _FALSE_SCALE for c in numeral) and numeral[0] != "十":
            form = "scale"
        stop = first_stop
        name = dimension = ""
        if unit is not None:
            name, dimension = unit[0].surface, unit[0].dimension
            following = text[stop : stop + 1]
            if following == "（" and (variant := VARIANT.match(text, stop)) and variant[1] in self._surfaces:
                name, stop = name + variant.group(), variant.end()  # 套（间）
            elif following == "/":
                if per := PER.match(text, stop):
                    name, stop, dimension = name + per.group(), per.end(), "rate"
            elif following in ("多", "余") and dimension != "count" and UNIT_FUZZ.match(text, stop):
                fuzzy, stop = True, stop + 1
        if name == "成":
            name, value = "%", value * 10
            low, high = (n * 10 if n is not None else None for n in (low, high))
        signed = (
            text[start - 1 : start] == "-"
            and dimension in _SIGNED
            and low is None
            and _MINUS.match(text, start) is not None
        )
        if signed:
            value = -value
        relation, outer_start, outer_end, note = self._related(
            text, start - signed, stop, dimension, form, fuzzy=fuzzy
        )
        return Quantity(
            start=start,
            end=stop,
            outer_start=outer_start,
            outer_end=outer_end,
            value=value if low is None else None,
            low=low,
            high=high,
            unit=name,
            dimension=dimension,
            relation=relation if low is None else "range",
            form=form,
            note=note,
            scale=parse_numeral(scale) if scale else Decimal(1),
        )

    def _range(
        self,
        text: str,
        span: "regex.Match[str]",
        value: Decimal,
        scaled: bool,
        unit: tuple[Unit, int] | None,
    ) -> tuple[Decimal, Decimal, tuple[Unit, int] | None, int, bool] | None:
        after = AFTER_NUMBER.match(text, span.end())
        assert after is not None
        arabic = span["num"][0].isascii()
        scale = after["scale"] if arabic else ""
        stop = after.end("scale") if scale else span.end()
        second = self._unit_at(text, stop)
        if unit is not None and (second is None or second[0].surface != unit[0].surface):
            return None
        try:
            high = parse_numeral(span["num"] + scale)
            shared = parse_numeral(scale) if scale and not scaled and unit is None else Decimal(1)
        except ValueError:
            return None
        low = value * shared
        if low >= high:
            return None
        return low, high, second, second[1] if second else stop, False


_PEOPLE: Final = frozenset(
    "人民 中国 农民 人口 同胞 城市 城镇 农村 贫困 职工 劳动 青壮 居民 群众 学生 儿童 农户 军队 干部".split()
)


def _from(text: str, start: int) -> bool:
    """Does 由 or 从 stand before the number, so that 到 joins two amounts and not a range?"""
    return text[max(0, start - 1) : start] in ("由", "从")


def _people(text: str, at: int, numeral: str) -> bool:
    """A Han number of people without a measure word: 十四亿中国人民."""
    return (
        numeral[-1] in "万亿"
        and any(c not in _FALSE_SCALE for c in numeral)
        and (text[at : at + 2] in _PEOPLE or (numeral[-1] == "亿" and text[at : at + 1] in "，。；、以"))
    )


def _date(match: "regex.Match[str]") -> DateMention:
    def number(name: str) -> int | None:
        text = match[name]
        return int(parse_numeral(text.replace(" ", ""))) if text else None

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


def _parts(match: "regex.Match[str]") -> tuple[Quantity, ...]:
    """`12:43.5:44.5`: the parts of a whole, each a quantity of its own."""
    return tuple(
        Quantity(
            start=part.start() + match.start(),
            end=part.end() + match.start(),
            outer_start=part.start() + match.start(),
            outer_end=part.end() + match.start(),
            value=parse_numeral(part.group()),
            low=None,
            high=None,
            unit="",
            dimension="",
            relation="eq",
            form="parts",
        )
        for part in PART.finditer(match.group())
    )
