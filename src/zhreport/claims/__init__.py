"""Claims: from the quantities of a document to records of what is measured, how and when."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from zhreport.claims.action import ACTIONS
from zhreport.claims.indicator import SOURCES
from zhreport.claims.kinds import KINDS, decide
from zhreport.claims.not_claims import REJECTIONS, rejected_by
from zhreport.claims.sites import Sentence, Site, build_sites
from zhreport.claims.stocks import place_of
from zhreport.clause import ClauseReader, Grammar, default_grammar
from zhreport.document import Document, Paragraph
from zhreport.frozen import open_twin
from zhreport.quantities import DateMention, Quantity, Scan, Scanner
from zhreport.timeframe import Surroundings, Timeframe, Timing, timing_of
from zhreport.words.compiling import compiled
from zhreport.words.lexicon import Lexicon, package_template
from zhreport.words.tokens import Tokenizer

__all__ = ["ACTIONS", "KINDS", "REJECTIONS", "SOURCES", "Claim", "ClaimExtractor", "Decision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One numeric claim; the fields follow the annotation guidelines.

    Attributes:
        start, end: half-open code points of the text as read; `text` stands there.
        text: the core of the quantity as written.
        value: the exact value, the scale multiplied out; None for a range.
        low, high: the ends of a range, else None.
        unit: the measure word without scale; "" if there is none.
        dimension: what the unit measures (`money`, `percent`, `count`…).
        relation: `eq`, `approx`, `gt`, `ge`, `lt`, `le` or `range`.
        kind: `level`, `change`, `share`, `rank` or `ratio`.
        direction: `up` or `down` for a change, else "".
        indicator: what is measured or counted.
        action: the governing verb as written, "" if there is none.
        status: `actual` or `target`.
        tone: of a target: `hard`, `soft` or "".
        period: ISO style (`2023`, `2023-06`, `2019/2023`), "" if unknown.
        paragraph: index of its paragraph.
        rule: the rule that decided the kind.
        indicator_rule, action_rule: which source gave indicator and action: one of `SOURCES` or `ACTIONS`, or
            the rule of the kind; "" where there is none.
        status_rule, period_rule: what decided status and period.
        theme: the main theme of its paragraph, "" if there is none or no theme model was used.
        place: whose figure it is, as written, where that is not the report's own place (`全国`, `浦东新区`).
        place_code: six digits of that place (GB/T 2260), "" if there is none.
        place_rule: what decided that, see `zhreport.territory`; "" where no place is named.
        crosses_join: its sentence was put together from two places by `repair="join"`.
    """

    start: int
    end: int
    text: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    dimension: str
    relation: str
    kind: str
    direction: str
    indicator: str
    action: str
    status: str
    tone: str
    period: str
    paragraph: int
    rule: str
    indicator_rule: str
    action_rule: str
    status_rule: str
    period_rule: str
    theme: str = ""
    place: str = ""
    place_code: str = ""
    place_rule: str = ""
    crosses_join: bool = False


if TYPE_CHECKING:
    _Open = Claim
else:
    _Open = open_twin(Claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of one quantity: a claim, or the rule that rejected it.

    Attributes:
        quantity: as the scanner found it.
        text: as written.
        claim: None if it was rejected.
        rejected_by: the rule, "" for a claim.
        timing: which rules and words decided status, period and tone of the claim.
        reading: the rules of the clause grammar that decided how the words before and after it were read.
    """

    quantity: Quantity
    text: str
    claim: Claim | None
    rejected_by: str
    timing: Timing | None = None
    reading: tuple[str, ...] = ()


_ENCLOSED: Final = compiled(package_template("claims.enclosed"))


def _inside(spans: list[tuple[int, int]], place: int) -> bool:
    """Does a place stand in one of some spans, which are in order and do not overlap?"""
    at = bisect_left(spans, (place + 1,)) - 1
    return at >= 0 and place < spans[at][1]


def _between(dates: list[DateMention], start: int, end: int) -> list[DateMention]:
    """The calendar expressions, which are in order, that begin between two places."""
    return dates[bisect_left(dates, start, key=_begins) : bisect_left(dates, end, key=_begins)]


_begins: Final = attrgetter("start")


def _as_written(unit: str, core: str) -> str:
    """The unit with the brackets of the text; only width is folded in a unit."""
    if "（" in unit and "(" in core:
        return unit.replace("（", "(").replace("）", ")")
    return unit


class ClaimExtractor:
    """Turns documents into claims.

    Args:
        lexicon: units and words.
        tokenizer: cuts phrases into words; asked only for the words around quantities.
        grammar: how clauses are read; the package's own by default.

    Raises:
        UsageError: a rule of the grammar is not fit to be one.
    """

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer, grammar: Grammar | None = None) -> None:
        self._lexicon = lexicon
        self._scanner = Scanner(lexicon)
        grammar = grammar or default_grammar()
        self._reader = ClauseReader(lexicon, tokenizer, grammar)
        ours = frozenset(rule.name for rule in default_grammar().rules)
        self._reader.check([rule for rule in grammar.rules if rule.name not in ours])

    def scan(self, document: Document) -> Scan:
        """The quantities and dates of a document."""
        return self._scanner.scan(document.folded)

    def claims(
        self,
        document: Document,
        scan: Scan | None = None,
        time: Timeframe | None = None,
        themes: Sequence[str] | None = None,
    ) -> tuple[Claim, ...]:
        """The claims of a document, in its order.

        Args:
            document: the report.
            scan: its quantities and dates; found if not given.
            time: its timeframe; found if not given.
            themes: the main theme of each paragraph, for the records.
        """
        themes = themes or [""] * len(document.paragraphs)
        read = self._read(document, scan, time)
        return tuple(self._claim(site, document, themes)[0] for _, sites in read for site in sites)

    def sites(self, document: Document) -> Iterator[Site]:
        """The sites of a document; each knows the nouns of those before it when it is yielded."""
        for _, found in self._read(document):
            for site in found:
                yield site
                decide(site)

    def decisions(
        self,
        document: Document,
        scan: Scan | None = None,
        time: Timeframe | None = None,
        themes: Sequence[str] | None = None,
    ) -> Iterator[Decision]:
        """What became of every quantity, in the order of the text; arguments as for `claims`."""
        text, themes = document.text, themes or [""] * len(document.paragraphs)
        for mentions, sites in self._read(document, scan, time):
            accepted = {site.quantity.start: site for site in sites}
            for q, why in mentions:
                decision = Decision(quantity=q, text=text[q.start : q.end], claim=None, rejected_by=why)
                if (site := accepted.get(q.start)) is not None:
                    claim, timing = self._claim(site, document, themes)
                    reading = (*site.left.rules, *site.right.rules)
                    decision = replace(decision, claim=claim, timing=timing, reading=reading)
                yield decision

    def _read(
        self, document: Document, scan: Scan | None = None, time: Timeframe | None = None
    ) -> Iterator[tuple[list[tuple[Quantity, str]], list[Site]]]:
        """Paragraph by paragraph: its quantities with the rules that reject them, and its sites."""
        scan, time = scan or self.scan(document), time or document.timeframe
        enclosed = [found.span() for found in _ENCLOSED.finditer(document.folded)]
        # no dates that are part of a quoted name or title (`《规划（2021—2025年）》`)
        dates = [date for date in scan.dates if not _inside(enclosed, date.start)]
        starts = [q.start for q in scan.quantities]
        for paragraph in document.paragraphs:
            first, last = bisect_left(starts, paragraph.start), bisect_left(starts, paragraph.end)
            if first == last:
                continue
            mentions = [
                (q, rejected_by(document.folded, q, self._lexicon, enclosed=_inside(enclosed, q.start)))
                for q in scan.quantities[first:last]
            ]
            accepted = [q for q, why in mentions if not why]
            yield mentions, self._sites(document, paragraph, accepted, dates, time) if accepted else []

    def _sites(
        self,
        document: Document,
        paragraph: Paragraph,
        quantities: list[Quantity],
        dates: list[DateMention],
        time: Timeframe,
    ) -> list[Site]:
        """The sites of a paragraph; each sentence knows the last one of the sentence before it."""
        sites: list[Site] = []
        at = 0
        for start, end in document.sentences(paragraph):
            first = at
            while at < len(quantities) and quantities[at].start < end:
                at += 1
            if at == first:
                continue
            own = _between(dates, start, end)
            surroundings = Surroundings(
                folded=document.folded,
                start=start,
                end=end,
                dates=own,
                scope=time.scope_at(quantities[first].start),
                year=document.year,
                classes=self._lexicon.words,
                before=_between(dates, paragraph.start, start),
                paragraph_start=paragraph.start,
            )
            sentence = Sentence(
                folded=document.folded,
                start=start,
                end=end,
                paragraph=paragraph.index,
                dates=own,
                time=surroundings,
                reader=self._reader,
                lexicon=self._lexicon,
                before=sites[-1] if sites else None,
            )
            sites += build_sites(sentence, quantities[first:at])
        return sites

    def _claim(self, site: Site, document: Document, themes: Sequence[str]) -> tuple[Claim, Timing]:
        verdict, rule, indicator_rule, action_rule = decide(site)
        timing = timing_of(place_of(site))
        q, value, direction = site.quantity, site.value, verdict.direction
        if value is not None and value < 0 and verdict.kind == "change":
            value, direction = -value, "down"  # 增长-3.8%
        core = document.text[q.start : q.end]
        claim = _Open(
            start=q.start,
            end=q.end,
            text=core,
            value=value,
            low=q.low,
            high=q.high,
            unit=_as_written(site.unit, core),
            dimension=site.dimension,
            relation=site.relation,
            kind=verdict.kind,
            direction=direction,
            indicator=verdict.indicator,
            action=verdict.action,
            status=timing.status,
            tone=timing.tone,
            period=timing.period,
            paragraph=site.sentence.paragraph,
            rule=rule,
            indicator_rule=indicator_rule,
            action_rule=action_rule,
            status_rule=timing.status_rule,
            period_rule=timing.period_rule,
            theme=themes[site.sentence.paragraph],
        )
        claim.__class__ = Claim
        return claim, timing
