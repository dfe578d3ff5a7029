"""Campaigns: named, organised efforts and honours, with their place in the text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from zhreport.campaigns.candidates import Candidate, find_candidates, quoted_again
from zhreport.campaigns.links import Links, campaign_key
from zhreport.campaigns.reject import NOT_CAMPAIGNS, not_a_campaign
from zhreport.campaigns.surface import Surface
from zhreport.campaigns.vocabulary import KINDS, Vocabulary
from zhreport.document import Document
from zhreport.frozen import open_twin
from zhreport.quantities import Scan
from zhreport.timeframe import Timeframe
from zhreport.words.lexicon import Lexicon
from zhreport.words.tokens import Tokenizer

__all__ = ["KINDS", "NOT_CAMPAIGNS", "Campaign", "CampaignDecision", "CampaignExtractor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One mention of a campaign; the fields follow the annotation guidelines.

    Attributes:
        start, end: half-open code points of the text as read; `name` stands there.
        name: the shortest distinguishing name as written.
        kind: `action`, `activity`, `project`, `contest`, `forum` or `honour`.
        campaign_id: the same for all mentions of one campaign in the document; counts from 1 in the
            order of the first mentions.
        head: the head noun as written (`专项整治行动`), "" if there is none.
        quoted: the name stands in quotation marks.
        edition: its ordinal or year as written (`第五届`, `2023`), "" if none is given.
        count: the quantity that it governs as written (`90多次`, `3届`), "" if there is none.
        count_start, count_end: its place, the same as that of the numeric claim; None if there is none.
        action: the governing verb as written (`开展`, `荣获`), "" if there is none.
        organizer: who does it or won it, where the clause names it, else "".
        period: ISO style (`2023`, `2023-06`, `2019/2023`), "" if unknown.
        paragraph: index of its paragraph.
        rule: how the name was found.
        theme: the main theme of its paragraph, "" if there is none or no theme model was used.
        crosses_join: its sentence was put together from two places by `repair="join"`.
    """

    start: int
    end: int
    name: str
    kind: str
    campaign_id: int
    head: str
    quoted: bool
    edition: str
    count: str
    count_start: int | None
    count_end: int | None
    action: str
    organizer: str
    period: str
    paragraph: int
    rule: str
    theme: str = ""
    crosses_join: bool = False


if TYPE_CHECKING:
    _Open = Campaign
else:
    _Open = open_twin(Campaign)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDecision:
    """What became of a possible name: a campaign, or the rule that rejected it."""

    start: int
    end: int
    text: str
    campaign: Campaign | None
    rejected_by: str


class CampaignExtractor:
    """Finds the campaigns of documents.

    Args:
        lexicon: heads, verbs, formulations and stop words.
        tokenizer: cuts the words before a head.
    """

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer) -> None:
        self._vocabulary = Vocabulary(lexicon)
        self._tokenizer = tokenizer

    def campaigns(
        self, document: Document, scan: Scan, time: Timeframe, themes: Sequence[str] | None = None
    ) -> tuple[Campaign, ...]:
        """The campaigns of a document, in its order.

        Args:
            document: the report.
            scan: its quantities and dates, for counts and periods.
            time: the timeframe of the document, for periods.
            themes: the main theme of each paragraph, for the records.
        """
        kept, _, _ = self._judge(document)
        links = Links(document, scan, time, self._vocabulary)
        return tuple(self._campaigns(kept, document, links, themes))

    def decisions(self, document: Document, scan: Scan, time: Timeframe) -> tuple[CampaignDecision, ...]:
        """What became of every possible name, in the order of the text.

        A candidate that overlaps a better one is left out.
        """
        kept, refused, covered = self._judge(document)
        links = Links(document, scan, time, self._vocabulary)
        found = [
            CampaignDecision(start=c.start, end=c.end, text=c.name, campaign=c, rejected_by="")
            for c in self._campaigns(kept, document, links)
        ]
        for candidate, why in refused:
            start, end = candidate.start, candidate.end
            if covered.add(start, end):
                text = document.text[start:end]
                found.append(
                    CampaignDecision(start=start, end=end, text=text, campaign=None, rejected_by=why)
                )
        return tuple(sorted(found, key=lambda decision: decision.start))

    def _judge(self, document: Document) -> tuple[list[Candidate], list[tuple[Candidate, str]], "_Cover"]:
        """The accepted candidates in order, the others with what rejects them, and what is covered."""
        surface = Surface(document.folded, self._vocabulary, self._tokenizer)
        kept: list[Candidate] = []
        refused: list[tuple[Candidate, str]] = []
        covered = _Cover(len(document.folded))
        for candidate in find_candidates(surface):
            if covered.touches(candidate.start, candidate.end):
                continue  # a better one stands there
            why = not_a_campaign(candidate)
            if why:
                refused.append((candidate, why))
            else:
                covered.take(candidate.start, candidate.end)
                kept.append(candidate)
        kinds = {c.name: c.kind for c in kept if _names(c)}
        actions = {name[:_BEGINNING]: name for name, kind in reversed(kinds.items()) if kind == "action"}
        for candidate, why in refused:
            if why in _ONLY_WEAK and (again := _mentioned_again(candidate, kinds, actions)) is not None:
                if covered.add(again.start, again.end):
                    kept.append(again)
        for again in quoted_again(surface, kinds, covered.touches):
            covered.take(again.start, again.end)
            kept.append(again)
        return sorted(kept, key=attrgetter("start")), refused, covered

    def _campaigns(
        self, kept: list[Candidate], document: Document, links: Links, themes: Sequence[str] | None = None
    ) -> Iterator[Campaign]:
        ids: dict[str, int] = {}
        themes = themes or [""] * len(document.paragraphs)
        for candidate in kept:
            edition = links.edition(candidate)
            number = ids.setdefault(campaign_key(candidate.name, edition), len(ids) + 1)
            yield self._campaign(candidate, document.text, links, edition, number, themes)

    def _campaign(
        self, c: Candidate, text: str, links: Links, edition: str, number: int, themes: Sequence[str]
    ) -> Campaign:
        count, paragraph = links.count(c), links.paragraph(c)
        campaign = _Open(
            start=c.start,
            end=c.end,
            name=text[c.start : c.end],
            kind=c.kind,
            campaign_id=number,
            head=text[c.head_start : c.head_end],
            quoted=c.quoted,
            edition=edition,
            count=text[count[0] : count[1]] if count else "",
            count_start=count[0] if count else None,
            count_end=count[1] if count else None,
            action=c.verb,
            organizer=links.organizer(c),
            period=links.period(c, paragraph),
            paragraph=paragraph,
            rule=c.form,
            theme=themes[paragraph],
        )
        campaign.__class__ = Campaign
        return campaign


def _names(c: Candidate) -> bool:
    """Is a candidate a name as well where it is mentioned again without its verb or head?

    What stands in quotation marks is one if its head stands beside it.
    """
    if c.form not in _NAMING or c.end - c.start <= _SHORT:
        return False
    return c.form != "quoted_before_head" or c.head_start - c.end < _BESIDE


def _mentioned_again(c: Candidate, kinds: Mapping[str, str], actions: Mapping[str, str]) -> Candidate | None:
    """A name of which the text says elsewhere what it is; with the whole name: they are one campaign."""
    start, name = c.start, c.name
    while name not in kinds and c.end - start > _WHOLE:
        start += 1  # 提速扩面…计划: the name without a verb that nobody knows
        name = c.text[start : c.end]
    beginning = c.text[c.start : c.head_start]
    if name not in kinds and c.kind == "action":
        start, name = c.start, actions.get(beginning[:_BEGINNING], "")  # 夏季行动 for 夏季治安整治行动
        if not name.startswith(beginning) or not name.endswith(c.head):
            return None
    if name not in kinds:
        return None
    return replace(c, start=start, name=name, kind=kinds[name], form="mentioned_again")


_BEGINNING: Final = 2  # signs by which a short form tells its name
_BESIDE: Final = 4  # characters: a mark and 等, or a word
_NAMING: Final = ("quoted_before_head", "head_in_quotes", "phrase")
_ONLY_WEAK: Final = ("ungoverned", "nothing_alone", "quoted_works")
_SHORT: Final = 3
_WHOLE: Final = 6  # characters: the end of a name is seldom a name if it is shorter


class _Cover:
    """Spans of a text that do not overlap."""

    def __init__(self, size: int) -> None:
        self._taken = bytearray(size)

    def touches(self, start: int, end: int) -> bool:
        """Is a part of a span taken?"""
        return self._taken.find(1, start, end) >= 0

    def add(self, start: int, end: int) -> bool:
        """Take a span; False if a part of it is taken already."""
        if self.touches(start, end):
            return False
        self.take(start, end)
        return True

    def take(self, start: int, end: int) -> None:
        """Take a span of which no part is taken."""
        self._taken[start:end] = b"\1" * (end - start)
