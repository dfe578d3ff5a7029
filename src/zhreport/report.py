"""Reports: a document with its records, and the analyzer that makes them."""

import json
import os
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cache, cached_property, lru_cache, partial
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast

from zhreport.campaigns import Campaign, CampaignDecision, CampaignExtractor
from zhreport.claims import Claim, ClaimExtractor, Decision
from zhreport.clause import Grammar, default_grammar
from zhreport.document import Document, Paragraph, make_document
from zhreport.errors import UsageError
from zhreport.tables import digits, frame, head, import_polars, provenance, table
from zhreport.territory import placed
from zhreport.themes import (
    TAXONOMIES,
    HasModel,
    Reason,
    Tagged,
    Theme,
    ThemedPassage,
    ThemeModel,
    crosswalk,
    default_model,
    map_theme,
    passages,
    tag,
)
from zhreport.words.lexicon import Lexicon, Unit, default_lexicon, read_words
from zhreport.words.tokens import Token, Tokenizer, atoms, make_tokenizer, tokenize

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from zhreport.view import Finding

__all__ = ["CAMPAIGN_FIELDS", "CLAIM_FIELDS", "Analyzer", "Report", "analyze", "explain"]

#: The fields of a claim record, in the order of every table.
CLAIM_FIELDS: Final = tuple(f.name for f in fields(Claim))
#: The fields of a campaign record, in the order of every table.
CAMPAIGN_FIELDS: Final = tuple(f.name for f in fields(Campaign))
#: The names of the fields of a record, and what gets all of their values at once.
_FIELDS: Final[dict[type, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]]] = {
    Claim: (CLAIM_FIELDS, attrgetter(*CLAIM_FIELDS)),
    Campaign: (CAMPAIGN_FIELDS, attrgetter(*CAMPAIGN_FIELDS)),
}


def _metadata_row(document: Document) -> dict[str, Any]:
    """Title, date, speaker, body, genre and region of a document, each with its origin."""
    row: dict[str, Any] = {}
    for name in ("title", "date", "speaker", "body", "genre"):
        stated = getattr(document.metadata, name)
        row[name], row[f"{name}_origin"] = stated.value, stated.origin
    return row | {"region_origin": document.metadata.region.origin}


def _number(value: Decimal | None) -> int | Decimal | None:
    """A number that prints without exponent or trailing zeros, in all its digits."""
    if value is None:
        return None
    whole = int(value)
    return whole if whole == value else Decimal(digits(value))


def _carried(extra: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a metadata table; one with the name of a field of the record gets `meta_` before it."""
    return {f"meta_{name}" if name in row else name: value for name, value in extra.items()}


def _row(record: Claim | Campaign, document: Document, whence: Mapping[str, Any]) -> dict[str, Any]:
    """A record as a dict: places are those in the text as read; numbers are `int` or exact `Decimal`.

    `whence` goes first.
    """
    names, values = _FIELDS[type(record)]
    row = dict(whence)
    row.update(zip(names, values(record), strict=True))
    start, end = record.start, record.end
    row["start"], row["end"] = document.place_as_read(start, end)
    if isinstance(record, Claim):
        row["value"], row["low"], row["high"] = (
            _number(record.value),
            _number(record.low),
            _number(record.high),
        )
    elif record.count_start is not None and record.count_end is not None:
        place = document.place_as_read(record.count_start, record.count_end)
        row["count_start"], row["count_end"] = place
    row["clean_start"], row["clean_end"] = start, end
    row["source_spans"] = [
        {"part": part, "start": first, "end": last}
        for part, first, last in document.source_places(start, end)
    ]
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedParagraph(Paragraph):
    """A paragraph with its themes.

    Attributes:
        themes: one to three, the main one first; empty where the model is not sure enough. Of a paragraph
            that is cut into passages, their main themes, what most of the text is about first.
        passages: a long paragraph is cut where its theme changes; empty for one that is not cut.
    """

    themes: tuple[Theme, ...] = ()
    passages: tuple[ThemedPassage, ...] = ()

    @property
    def mains(self) -> tuple[str, ...]:
        """The main theme, and others that have about as much weight or are main in a passage."""
        return tuple(theme.theme for theme in self.themes if theme.main)

    def theme_at(self, place: int) -> str:
        """The main theme of the text at a place, "" if there is none."""
        found = next((p.themes for p in self.passages if p.start <= place < p.end), self.themes)
        return found[0].theme if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A document and the records found in it.

    Attributes:
        document: the text, its paragraphs and its year.
        claims: the numeric claims in the order of the text.
        campaigns: the mentions of named efforts and honours in the order of the text.
        paragraphs: the paragraphs of the document with their themes.
        provenance: what made the records, see `zhreport.tables.provenance`; not part of equality.
    """

    document: Document
    claims: tuple[Claim, ...]
    campaigns: tuple[Campaign, ...]
    paragraphs: tuple[TaggedParagraph, ...]
    provenance: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def to_dicts(self, records: str = "claims") -> list[dict[str, Any]]:
        """One dict per claim, or per campaign; first where it is from, as in every table (`file`, `doc`…).

        Numbers are `int` where whole and `Decimal` otherwise: exact either way. `start` and `end` are places
        in the text as read (`document.as_read`), `clean_start` and `clean_end` in the cleaned text
        (`document.text`); the two are the same unless cleaning took something out. `source_spans` has the
        pieces of the place in the source: page or element, and code points in it.

        Args:
            records: `claims` or `campaigns`.

        Raises:
            UsageError: other records.
        """
        whence = head(self)
        if records == "claims":
            return [_row(claim, self.document, whence) for claim in self.claims]
        if records == "campaigns":
            return [_row(c, self.document, whence) for c in self.campaigns]
        raise UsageError(f"no records are called {records!r}: use claims or campaigns")

    def campaign_counts(self) -> list[dict[str, Any]]:
        """One dictionary for each campaign, however often it is mentioned, in the order of first mention.

        `campaign_id`, `name` and `kind` of the first mention, `mentions`, and the place of the first mention:
        `start` and `end` in the text as read, `clean_start` and `clean_end` in the cleaned text.

        >>> (counts,) = analyze("开展“清朗”行动。“清朗”专项行动成效明显。").campaign_counts()
        >>> counts["name"], counts["mentions"], counts["start"], counts["end"]
        ('清朗', 2, 3, 5)
        """
        counts: dict[int, dict[str, Any]] = {}
        for c in self.campaigns:
            first = {"campaign_id": c.campaign_id, "name": c.name, "kind": c.kind, "mentions": 0}
            if c.campaign_id not in counts:
                start, end = self.document.place_as_read(c.start, c.end)
                places = {"start": start, "end": end, "clean_start": c.start, "clean_end": c.end}
                counts[c.campaign_id] = {**first, **places}
            counts[c.campaign_id]["mentions"] += 1
        return list(counts.values())

    def to_arrow(self, records: str = "claims") -> "pa.Table":
        """The records of a kind as an Arrow table, see `zhreport.tables`.

        Args:
            records: `claims`, `campaigns`, `paragraphs` or `documents`.

        Raises:
            MissingExtraError: pyarrow is not installed.
            UsageError: other records.
        """
        return table([self], records, provenance=self.provenance)

    def to_pandas(self, records: str = "claims") -> "pd.DataFrame":
        """The records of a kind as a pandas data frame; numbers are floats, `value_exact` has all digits.

        Args:
            records: `claims`, `campaigns`, `paragraphs` or `documents`.

        Raises:
            MissingExtraError: pandas is not installed.
            UsageError: other records.
        """
        return frame(self, records)

    def to_polars(self, records: str = "claims") -> "pl.DataFrame":
        """The records of a kind as a polars data frame.

        Args:
            records: `claims`, `campaigns`, `paragraphs` or `documents`.

        Raises:
            MissingExtraError: polars or pyarrow is not installed.
            UsageError: other records.
        """
        return cast("pl.DataFrame", import_polars().from_arrow(self.to_arrow(records)))

    def to_html(self, *, language: str = "en", findings: "Sequence[Finding]" = ()) -> str:
        """One self-contained page: the text with its records marked beside a table of them.

        Args:
            language: of the labels, `zh` or `en`.
            findings: what is to be marked in the text too, such as the marks of an audit.

        Raises:
            UsageError: an unknown language.
        """
        from zhreport.view.page import page  # noqa: PLC0415 - few reports are drawn

        return page(self, language=language, findings=[findings])

    def _repr_html_(self) -> str:
        """The page in a frame for a notebook; of a long report its beginning."""
        from zhreport.view.page import fragment  # noqa: PLC0415 - see above

        return fragment(self)

    def records(self, extra: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """All records for a JSONL file: the document, then each paragraph with its claims and campaigns.

        Args:
            extra: columns of a metadata table, carried into the document, claim and campaign records.
        """
        document = self.document
        own, whence = extra or {}, head(self)
        described = {
            "record": "document",
            **whence,
            "year_reviewed": document.year.reviewed,
            "year_conflict": document.year.conflict,
            "region_conflict": document.region_conflict,
            "characters": len(document.text),
            "sha256": document.sha256,
            **_metadata_row(document),
            "encoding": document.encoding,
            "format": document.format,
            "cleaned": list(document.cleaned),
            "joints": list(document.joints),
            "joins": [
                {
                    "tail": document.place_as_read(0, document.paragraphs[join.tail].end)[1],
                    "head": document.place_as_read(document.paragraphs[join.head].start, len(document.text))[
                        0
                    ],
                    "score": join.score,
                    "certain": join.certain,
                }
                for join in document.joins
            ],
            "source": document.source,
        }
        yield {**described, **_carried(own, described)}
        claims, campaigns = deque(self.claims), deque(self.campaigns)
        of_claim, of_campaign = {"record": "claim", **whence}, {"record": "campaign", **whence}
        for paragraph in self.paragraphs:
            start, end = document.place_as_read(paragraph.start, paragraph.end)
            yield {
                "record": "paragraph",
                **whence,
                "start": start,
                "end": end,
                "clean_start": paragraph.start,
                "clean_end": paragraph.end,
                "index": paragraph.index,
                "heading": paragraph.heading,
                "section": list(paragraph.section),
                "themes": [{"theme": t.theme, "probability": t.probability} for t in paragraph.themes],
                "mains": list(paragraph.mains),
                "passages": list(map(partial(_passage_row, document), paragraph.passages)),
            }
            while claims and claims[0].paragraph == paragraph.index:
                row = _row(claims.popleft(), document, of_claim)
                yield {**row, **_carried(own, row)} if own else row
            while campaigns and campaigns[0].paragraph == paragraph.index:
                row = _row(campaigns.popleft(), document, of_campaign)
                yield {**row, **_carried(own, row)} if own else row


Record = TypeVar("Record", Claim, Campaign)


def _marked(records: tuple[Record, ...], document: Document) -> tuple[Record, ...]:
    """The records, marked where their sentences cross a joint."""
    if not document.joints:
        return records
    crossing = {
        place
        for paragraph in document.paragraphs
        if document.crosses_joint(paragraph.start, paragraph.end)
        for place in document.sentences(paragraph)
        if document.crosses_joint(*place)
    }
    return tuple(
        replace(r, crosses_join=True) if any(start <= r.start < end for start, end in crossing) else r
        for r in records
    )


def _passage_row(document: Document, passage: ThemedPassage) -> dict[str, Any]:
    start, end = document.place_as_read(passage.start, passage.end)
    return {
        "start": start,
        "end": end,
        "clean_start": passage.start,
        "clean_end": passage.end,
        "themes": [{"theme": t.theme, "probability": t.probability} for t in passage.themes],
    }


def _tagged(paragraph: Paragraph, found: Tagged) -> TaggedParagraph:
    own = {f.name: getattr(paragraph, f.name) for f in fields(Paragraph)}
    return TaggedParagraph(**own, themes=found.themes, passages=found.passages)


def _by_passage(records: Iterable[Record], paragraphs: Sequence[TaggedParagraph]) -> tuple[Record, ...]:
    """The records, those in a paragraph that is cut with the theme of their passage."""
    return tuple(
        replace(r, theme=paragraphs[r.paragraph].theme_at(r.start)) if paragraphs[r.paragraph].passages else r
        for r in records
    )


Named = TypeVar("Named", Theme, Reason)


def _mapped(themes: Iterable[Named], taxonomy: str) -> tuple[Named, ...]:
    """Themes, or reasons for them, in another taxonomy; of two that become one, the first."""
    found: dict[str, Named] = {}
    for theme in themes:
        name = map_theme(theme.theme, taxonomy)
        found.setdefault(name, replace(theme, theme=name))
    return tuple(found.values())


def _identity(model: ThemeModel) -> str:
    """What tells a model from others: the labels, settings and scores that its file names."""
    return sha256(json.dumps(model.meta, sort_keys=True).encode()).hexdigest()


# Held while an analyzer is made, for that imports libraries and reads data. A fork waits for it: the child
# has no thread that would go on, and locks that nobody gives back. Who makes an analyzer may fork, though.
_making = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_making.acquire, after_in_parent=_making.release, after_in_child=_making.release
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with _making:
        yield


class Analyzer:
    """Turns texts into reports, with its own vocabulary and tokenizer.

    An analyzer changes nothing outside itself and may be used from several threads. It can be pickled if its
    tokenizer can: what it was made of is sent (words and weights, not the names of their files), and the
    receiving process makes it again, once. A copy is the analyzer itself.

    Args:
        lexicon: the vocabulary; the package's own by default.
        units: units in addition to those of the lexicon.
        words: words and their classes (`{"揭榜": "act"}`), which replace those of the lexicon; a word has one
            class.
        tokens: words that the tokenizer does not cut.
        themes: how to tag paragraphs: with the package's model (True), with one made by `zhreport train` (a
            path or a `ThemeModel`) or fitted (a `ThemeClassifier`), or not at all (False).
        taxonomy: how to name the themes: `zhreport` (19 themes), `cap` or `gov`, see `crosswalk`.
        vocabulary: a TOML file of the form of `data/words.toml`, `claims.toml`, `not_claims.toml` or
            `campaigns.toml`, or its sets by name (`{"heads.action": ["百日会战"]}`); they add to those of the
            package. Classes and marks are named by their key alone (`{"act": ["揭榜"]}`).
        tokenizer: `auto`, `jieba`, `rjieba`, or an object with `name` and `words(text)`.
        grammar: how clauses are read: a TOML file of the form of `data/clause.toml`, whose rules and words
            add to the package's, or a `zhreport.clause.Grammar`.

    Raises:
        UsageError: an unknown tokenizer, word set or taxonomy, a word that is given two classes, an unfit
            rule of a grammar (the message names file and rule), or a classifier that has not been fitted.
        MissingExtraError: the tokenizer is not installed.
        DataFileError: a vocabulary file has a bad entry or gives a word two classes.
        InputError: a vocabulary file or a theme model cannot be read or is damaged.
    """

    @_one_at_a_time()
    def __init__(
        self,
        *,
        lexicon: Lexicon | None = None,
        units: Iterable[Unit] = (),
        words: Mapping[str, str] | None = None,
        tokens: Iterable[str] = (),
        vocabulary: str | Path | Mapping[str, Iterable[str]] | None = None,
        themes: bool | str | Path | ThemeModel | HasModel = True,
        taxonomy: str = "zhreport",
        tokenizer: str | Tokenizer = "auto",
        grammar: str | Path | Grammar | None = None,
    ) -> None:
        sets = read_words(Path(vocabulary)) if isinstance(vocabulary, str | Path) else vocabulary
        base = lexicon or default_lexicon()
        self.lexicon = base.extended(units=units, words=words, tokens=tokens, sets=sets)
        if isinstance(tokenizer, str):
            tokenizer = make_tokenizer(tokenizer, self.lexicon.tokenizer_words())
            self._asked: str | Tokenizer = tokenizer.name  # what is found here, wherever `auto` would lead
        else:
            self._asked = tokenizer
        self.tokenizer: Tokenizer = tokenizer
        if isinstance(grammar, str | Path):
            grammar = default_grammar().with_file(Path(grammar))
        self._grammar = grammar
        self._claims = ClaimExtractor(self.lexicon, tokenizer, grammar)
        self._campaigns = CampaignExtractor(self.lexicon, tokenizer)
        crosswalk(taxonomy)  # an unknown name is an error now, not at the first report
        self._taxonomy = taxonomy
        self._packaged = themes is True  # that of the package is read when it is needed
        self._own: ThemeModel | None = None
        if isinstance(themes, ThemeModel):
            self._own = themes
        elif isinstance(themes, str | Path):
            self._own = ThemeModel.load(Path(themes))
        elif not isinstance(themes, bool):
            self._own = _fitted(themes)

    @property
    def _themes(self) -> ThemeModel | None:
        return _packaged_model() if self._packaged else self._own

    @cached_property
    def provenance(self) -> Mapping[str, str]:
        """What makes the records: versions, tokenizer, theme model and taxonomy, see `zhreport.tables`."""
        return provenance(
            tokenizer=self.tokenizer.name,
            theme_model="" if self._themes is None else _identity(self._themes),
            taxonomy=self._taxonomy,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """What it was made of, as bytes: a process that gets the same again has the analyzer already."""
        options = {
            # the package's own are there too
            "lexicon": None if self.lexicon == default_lexicon() else self.lexicon,
            "themes": self._packaged or self._own or False,
            "taxonomy": self._taxonomy,
            "tokenizer": self._asked,
            "grammar": self._grammar,
        }
        return _unpickled, (type(self), pickle.dumps(options))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    def analyze(
        self,
        text: str | Document,
        *,
        year: int | None = None,
        name: str = "text",
        genre: str = "",
        reviewed: int | None = None,
    ) -> Report:
        """Analyze a text or a document.

        Args:
            text: the report, or what `read` returned (then the other arguments are not used).
            year: the report's year; found in the text if not given.
            name: what the records call the document.
            genre: what kind of text it is, as for `read`.
            reviewed: the year that it looks back on, as for `read`.

        Raises:
            UsageError: a year out of range or an unknown genre.
        """
        document = (
            text
            if isinstance(text, Document)
            else make_document(text, name=name, year=year, genre=genre, reviewed=reviewed)
        )
        scan, time = self._claims.scan(document), document.timeframe
        paragraphs = tuple(map(_tagged, document.paragraphs, self._tag(document)))
        main = [p.themes[0].theme if p.themes else "" for p in paragraphs]
        claims = placed(document, self._claims.claims(document, scan, time, main))
        campaigns = self._campaigns.campaigns(document, scan, time, main)
        return Report(
            document=document,
            claims=_marked(_by_passage(claims, paragraphs), document),
            campaigns=_marked(_by_passage(campaigns, paragraphs), document),
            paragraphs=paragraphs,
            provenance=self.provenance,
        )

    def _tag(self, document: Document) -> list[Tagged]:
        """The themes of each paragraph in the analyzer's taxonomy."""
        if self._themes is None:
            return [Tagged()] * len(document.paragraphs)
        tagged = tag(document, self._themes, self.tokenizer)
        if self._taxonomy == TAXONOMIES[0]:
            return tagged
        return [
            Tagged(
                _mapped(found.themes, self._taxonomy),
                tuple(replace(p, themes=_mapped(p.themes, self._taxonomy)) for p in found.passages),
            )
            for found in tagged
        ]

    def explain_themes(self, text: str | Document) -> list[tuple[Reason, ...]]:
        """Why each paragraph of a text has its themes: the words that spoke for each, with their weights.

        Returns:
            For each paragraph its themes, the main one first; empty without a theme model.
        """
        document = text if isinstance(text, Document) else make_document(text)
        if self._themes is None:
            return [()] * len(document.paragraphs)
        return [
            _mapped(self._themes.explain(passage, self.tokenizer), self._taxonomy)
            for passage in passages(document)
        ]

    def tokens(self, text: str | Document) -> list[Token]:
        """The words of a text with offsets; numbers, quantities and codes (5G, IPv6) are one token each."""
        document = text if isinstance(text, Document) else make_document(text)
        found = self._claims.scan(document).quantities
        amounts = [(q.start, q.end) for q in found if q.unit]
        numbers = [(q.start, q.end) for q in found if not q.unit]
        return tokenize(document.text, self.tokenizer, atoms(document.folded, amounts, numbers))

    def explain(
        self,
        text: str | Document,
        *,
        year: int | None = None,
        genre: str = "",
        reviewed: int | None = None,
    ) -> tuple[Decision | CampaignDecision, ...]:
        """What became of every quantity and of every possible name of a campaign, in the order of the text.

        A `Decision` has the claim and its rules, in `timing` also the words that decided status, period and
        tone, a `CampaignDecision` the campaign; either has the rule that rejected it instead.
        """
        document = (
            text
            if isinstance(text, Document)
            else make_document(text, year=year, genre=genre, reviewed=reviewed)
        )
        scan, time = self._claims.scan(document), document.timeframe
        decisions = list(self._claims.decisions(document, scan, time))
        claims = iter(placed(document, [d.claim for d in decisions if d.claim is not None]))
        found: list[Decision | CampaignDecision] = [
            *(d if d.claim is None else replace(d, claim=next(claims)) for d in decisions),
            *self._campaigns.decisions(document, scan, time),
        ]
        return tuple(sorted(found, key=lambda d: d.quantity.start if isinstance(d, Decision) else d.start))


def _fitted(themes: HasModel) -> ThemeModel:
    model = getattr(themes, "model_", None)
    if not isinstance(model, ThemeModel):
        raise UsageError(
            f"themes={themes!r}: has not been fitted; call fit, or give True, a path or a ThemeModel"
        )
    return model


@_one_at_a_time()
def _packaged_model() -> ThemeModel:
    return default_model()


def _unpickled(kind: Callable[..., Analyzer], options: bytes) -> Analyzer:
    with _making:  # two threads that get the same make one
        return _of_options(kind, options)


@lru_cache(maxsize=8)
def _of_options(kind: Callable[..., Analyzer], options: bytes) -> Analyzer:
    return kind(**pickle.loads(options))  # noqa: S301 - part of a pickle that is being read


@cache
def _made(tokenizer: str) -> Analyzer:
    return Analyzer(tokenizer=tokenizer)


def _default(tokenizer: str) -> Analyzer:
    with _making:  # two first calls at once make one analyzer
        return _made(tokenizer)


def analyze(
    text: str,
    *,
    year: int | None = None,
    name: str = "text",
    genre: str = "",
    reviewed: int | None = None,
    tokenizer: str = "auto",
) -> Report:
    """Analyze one report with the package's own vocabulary.

    Args:
        text: the report.
        year: the report's year; found in the text if not given.
        name: what the records call it.
        genre: what kind of text it is, as for `read`.
        reviewed: the year that it looks back on, as for `read`.
        tokenizer: `auto`, `jieba` or `rjieba`.

    Returns:
        The report with its records; it has no claims if the text has none.

    Raises:
        UsageError: a year out of range, an unknown genre or an unknown tokenizer.
        MissingExtraError: the tokenizer is not installed.

    >>> claim = analyze("预计全年粮食产量达到80亿斤以上。", year=2024).claims[0]
    >>> claim.indicator, claim.value, claim.unit, claim.relation
    ('粮食产量', Decimal('8000000000'), '斤', 'ge')
    """
    return _default(tokenizer).analyze(text, year=year, name=name, genre=genre, reviewed=reviewed)


def explain(
    text: str,
    *,
    year: int | None = None,
    genre: str = "",
    reviewed: int | None = None,
    tokenizer: str = "auto",
) -> tuple[Decision | CampaignDecision, ...]:
    """Which rule decided what, for every quantity and every possible campaign in a text.

    >>> [(d.text, d.rejected_by or d.claim.rule) for d in explain("建成5G基站12个，居全省第3位")]
    [('5', 'part_of_code'), ('12个', 'level'), ('第3位', 'rank')]
    >>> [(d.text, d.rejected_by or d.campaign.rule) for d in explain("实施“春风”行动和一系列重点工程")]
    [('春风', 'quoted_before_head'), ('重点工程', 'nothing_specific')]
    """
    return _default(tokenizer).explain(text, year=year, genre=genre, reviewed=reviewed)
