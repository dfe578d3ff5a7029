"""Try one rule on a text: `run`, `headed`, `why` and `why_not` in the docstrings of the rules."""

from collections.abc import Callable
from functools import cache
from typing import Any

from zhreport import default_lexicon
from zhreport.campaigns import CampaignExtractor
from zhreport.claims import ClaimExtractor
from zhreport.claims.kinds import Verdict, decide
from zhreport.claims.sites import Site
from zhreport.claims.stocks import place_of
from zhreport.document import make_document
from zhreport.rules import applies
from zhreport.timeframe import Scope, find_year, timing_of
from zhreport.timeframe.headings import Heading
from zhreport.words.tokens import JiebaTokenizer

__all__ = ["extractor", "headed", "run", "why", "why_not"]


@cache
def extractor() -> ClaimExtractor:
    lexicon = default_lexicon()
    return ClaimExtractor(lexicon, JiebaTokenizer(lexicon.tokenizer_words()))


def run(rule: Callable[[Any], Any], text: str, year: int | None = 2024) -> list[Any]:
    """What a rule says of every site of a text; sites of which it says nothing are left out."""
    found = []
    for site in extractor().sites(make_document(text, year=year)):
        if not applies(rule, dimension=site.dimension, form=site.quantity.form):
            continue
        verdict = rule(_looked_at(rule, site))
        if isinstance(verdict, Verdict):
            found.append((verdict.kind, verdict.direction, verdict.indicator, verdict.action))
        elif verdict is not None:
            found.append(verdict)
    return found


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
