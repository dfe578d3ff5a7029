"""Words of a corpus: where they stand, and how often they are used."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

import regex

from zhreport.errors import UsageError
from zhreport.report import Analyzer
from zhreport.tables import COLUMNS, Column, Table

__all__ = ["frequencies", "kwic"]

#: What is searched: the kind of the records, and their field.
_OVER: Final = {
    "text": ("paragraphs", "text"),
    "claims": ("claims", "indicator"),
    "campaigns": ("campaigns", "name"),
}
_WORD: Final = regex.compile(r"[\p{L}\p{M}]")
_NUMBER: Final = regex.compile(r"[0-9]")
_FREQUENCIES: Final = (
    Column("by", "text", "the value of the column that was asked for"),
    Column("word", "text", "the word"),
    Column("count", "int", "how often it is used"),
    Column("documents", "int", "in how many documents"),
)


class _Source(Protocol):
    """What these functions need of a corpus."""

    def rows(self, kind: str, /) -> Iterable[Mapping[str, Any]]: ...
    @property
    def analyzer(self) -> Analyzer: ...


def kwic(
    source: _Source, pattern: "str | regex.Pattern[str]", *, width: int, over: str, regex: bool
) -> Iterator[dict[str, Any]]:
    """See `Corpus.kwic`."""
    if over not in _OVER:
        raise UsageError(f"nothing to search is called {over!r}: use {', '.join(_OVER)}")
    found = _compiled(pattern, expression=regex)
    return _places(source, found, width, *_OVER[over])


def _compiled(pattern: "str | regex.Pattern[str]", *, expression: bool) -> "regex.Pattern[str]":
    if not isinstance(pattern, str):
        return pattern
    try:
        found = regex.compile(pattern if expression else regex.escape(pattern))
    except regex.error as error:
        raise UsageError(f"{pattern!r} is no regular expression ({error})") from error
    if found.fullmatch(""):
        raise UsageError(f"{pattern!r} fits nothing at all, which is everywhere; name what is to be found")
    return found


def _places(
    source: _Source, pattern: "regex.Pattern[str]", width: int, kind: str, field: str
) -> Iterator[dict[str, Any]]:
    for row in source.rows(kind):
        text: str = row[field]
        for match in pattern.finditer(text):
            start, end = match.span()
            yield {
                "file": row["file"],
                "doc": row["doc"],
                "region": row["region"],
                "year": row["year"],
                "start": row["clean_start"] + start if kind == "paragraphs" else row["clean_start"],
                "end": row["clean_start"] + end if kind == "paragraphs" else row["clean_end"],
                "before": text[max(0, start - width) : start],
                "match": match.group(),
                "behind": text[end : end + width],
            }


def frequencies(source: _Source, by: str, *, stop: Iterable[str], least: int, numbers: bool) -> Table:
    """See `Corpus.frequencies`."""
    if by and by not in {column.name for column in COLUMNS["paragraphs"] if column.type in ("text", "int")}:
        raise UsageError(
            f"paragraphs have no column {by!r} to count by; use year, region, theme, genre or doc"
        )
    left_out = frozenset(stop)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    documents: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in source.rows("paragraphs"):
        value = "" if not by or row[by] is None else str(row[by])
        words = [
            token.text
            for token in source.analyzer.tokens(row["text"])
            if len(token.text) >= least
            and token.text not in left_out
            and (numbers or not _NUMBER.search(token.text))
            and _WORD.search(token.text)
        ]
        counts[value].update(words)
        for word in set(words):
            documents[value][word].add(row["file"])
    order = [
        (value, word, n, len(documents[value][word]))
        for value in sorted(counts)
        for word, n in sorted(counts[value].items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = zip(*order, strict=True) if order else ((), (), (), ())
    names = (column.name for column in _FREQUENCIES)
    return Table("frequencies", _FREQUENCIES, {n: list(v) for n, v in zip(names, columns, strict=True)})
