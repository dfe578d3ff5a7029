"""Try one rule on a text: `run`, `headed`, `why`, `why_not`… in the docstrings of the rules."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from zhreport import Analyzer, default_lexicon
from zhreport.audit import Finding, Place, audit
from zhreport.campaigns import CampaignExtractor
from zhreport.claims import ClaimExtractor
from zhreport.claims.kinds import Verdict, decide
from zhreport.claims.sites import Site
from zhreport.claims.stocks import place_of
from zhreport.document import make_document
from zhreport.panel import document_of
from zhreport.rules import applies
from zhreport.territory import Clause, Named, clauses
from zhreport.timeframe import Scope, find_year, timing_of
from zhreport.timeframe.headings import Heading
from zhreport.words.tokens import JiebaTokenizer

__all__ = ["extractor", "found", "headed", "run", "weighed", "whose", "why", "why_not"]


@cache
def extractor() -> ClaimExtractor:
    lexicon = default_lexicon()
    return ClaimExtractor(lexicon, JiebaTokenizer(lexicon.tokenizer_words()))


def run(rule: Callable[[Any], Any], text: str, year: int | None = 2024) -> list[Any]:
    """What a rule says of every site of a text; sites of which it says nothing are left out."""
    found = []
    for site in extractor().sites(make_document(text, year=year)):
        looked_at = _looked_at(rule, site)
        if not applies(rule, **_features(looked_at)):
            continue
        verdict = rule(looked_at)
        if isinstance(verdict, Verdict):
            found.append((verdict.kind, verdict.direction, verdict.indicator, verdict.action))
        elif verdict is not None:
            found.append(verdict)
    return found


def sources_of(text: str, year: int | None = 2024) -> list[str]:
    """What gave the indicators and verbs of the claims of a text."""
    claims = extractor().claims(make_document(text, year=year))
    return [name for claim in claims for name in (claim.indicator_rule, claim.action_rule)]


def _features(of: Any) -> dict[str, object]:
    """What rules may say of the sites, or places in time, that they are asked of."""
    if not isinstance(of, Site):
        return {"is_base": of.is_base, "in_streak": of.streak > 0, "kind": of.kind}
    left = (of.head or of).left
    return {
        "dimension": of.dimension,
        "form": of.quantity.form,
        "in_row": of.run[1] > 1,
        "from_base": left.from_base,
        "counts_noun": bool(of.right.noun),
        "verb": bool(left.verb),
        "head": bool(left.head),
    }


def _looked_at(rule: Callable[..., Any], site: Site) -> Any:
    """What a rule looks at: a site, or its place in time once its status is known."""
    if not rule.__module__.startswith("zhreport.timeframe"):
        return site
    decide(site)
    place = place_of(site)
    timing_of(place)
    return place


def headed(rule: Callable[[Heading], Scope | None], text: str) -> list[tuple[str, int | None, int | None]]:
    """What a rule says of a heading of a government report of 2024: mode, first and last year."""
    year = find_year("政府工作报告", "", year=2024)
    before = Scope(mode="", first=None, last=None, why="")
    scope = rule(Heading(text, before, year))
    return [] if scope is None else [(scope.mode, scope.first, scope.last)]


def whose(
    rule: Callable[[Clause], Named | None], text: str, title: str = "政府工作报告"
) -> list[tuple[str, str]]:
    """The clauses of which a rule decides whose their figures are, and whose, in a report of 云岭市."""
    document = make_document(f"2024年云岭市{title}\n{text}", year=2024)
    found = []
    for clause, name, _ in clauses(document, extractor().claims(document)):
        if name == rule.__name__ and clause.figures:
            found.append((clause.text[clause.start : clause.end], clause.holder.text))
    return found


def why(text: str) -> list[str]:
    """The rules that rejected quantities of a text, in order."""
    decisions = extractor().decisions(make_document(text, year=2024))
    return [decision.rejected_by for decision in decisions if decision.rejected_by]


@cache
def campaign_extractor() -> CampaignExtractor:
    lexicon = default_lexicon()
    return CampaignExtractor(lexicon, JiebaTokenizer(lexicon.tokenizer_words()))


def why_not(text: str) -> list[str]:
    """The rules that rejected possible campaigns of a text, in order."""
    document = make_document(text, year=2024)
    decisions = campaign_extractor().decisions(document, extractor().scan(document), document.timeframe)
    return [decision.rejected_by for decision in decisions if decision.rejected_by]


@cache
def analyzer() -> Analyzer:
    return Analyzer(themes=False)


def found(check: Callable[[Any], Any], *texts: str | tuple[str, str]) -> list[str]:
    """What a check finds in reports of 云岭市, of 2024 and the years that follow: the arithmetic.

    Of texts with the name of a place all are of the last year.
    """
    last, reports = 2025, []
    for number, text in enumerate(texts, start=1):
        place, said = text if isinstance(text, tuple) else ("云岭市", text)
        year = last if isinstance(text, tuple) else last - len(texts) + number
        report = analyzer().analyze(said, year=year, name=f"{place}{year}")
        level = "province" if place.endswith("省") else "prefecture"
        reports.append(document_of(report, region=place, level=level))
    return [finding.arithmetic for finding in audit(reports) if finding.check == check.__name__]


def weighed(
    decides: Callable[[Finding], str | None],
    *,
    rules: tuple[str, ...] = (),
    joins: bool = False,
    **numbers: str,
) -> list[str]:
    """What a rule says of how sure a finding is with these numbers, from figures read by these rules."""
    places = [
        Place(file="", doc="甲", report_year=None, indicator_rule=one, crosses_join=joins)
        for one in rules or ("own_noun",)
    ]
    given = {name: Decimal(number) for name, number in numbers.items()}
    stated, expected = given.get("stated"), given.get("expected")
    finding = Finding(
        check="two_values",
        outcome="differs",
        region="",
        region_code="",
        level="",
        year=None,
        indicator="",
        arithmetic="",
        stated=stated,
        expected=expected,
        difference=None if stated is None or expected is None else stated - expected,
        tolerance=given.get("tolerance"),
        unit="",
        places=tuple(places),
    )
    verdict = decides(finding)
    return [] if verdict is None else [verdict]
