"""Cells of the panel that coders look for in reports without seeing what we found.

What we or a coder found in a cell is compared as a number in the unit of its indicator, with the relation as
it is written: `5% 以上` is `5 %` and `ge`, also of a fall, which has a minus.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final

from zhreport.coding.passages import BLIND, Passage, Passages, Span
from zhreport.errors import InputError, UsageError
from zhreport.panel import Catalogue, PanelRow, default_catalogue, panel
from zhreport.panel.statements import TURNED, in_unit
from zhreport.quantities import Scanner
from zhreport.report import Report
from zhreport.tables import head
from zhreport.words.folding import fold
from zhreport.words.lexicon import default_lexicon

__all__ = ["CELL", "sample_cells", "span_of_cell"]

#: What a cell is, as coders see it.
CELL: Final = ("region", "year", "indicator", "measure", "status")
#: Looked for are the cells of indicators that a report in so many gives: of others nearly all are empty.
_IN_SO_MANY: Final = 4
_MINUS: Final = str.maketrans("－−–", "---")

_Kind = tuple[str, str, str]  # indicator, measure, status


def sample_cells(
    reports: Iterable[Report],
    n: int,
    *,
    seed: int = 0,
    indicators: Iterable[str] | None = None,
    catalogue: Catalogue | None = None,
) -> Passages:
    """Draw cells of the panel at random; the same texts, `n` and seed give the same ones.

    Drawn from are, for each report that has a year, the indicators with measure and status that a quarter of
    the reports give, of the year that the report looks back on or, of targets, of its own: also those that
    this report does not give.

    Args:
        reports: in any order, which does not matter; of those with the same text and name one counts.
        n: how many; all of them if there are no more.
        seed: another seed, another sample.
        indicators: instead, all cells of these indicators that a report gives.
        catalogue: the indicators; the package's own by default.

    Raises:
        UsageError: `n` is less than 1, an unknown indicator, or the reports give no cells.
    """
    if n < 1:
        raise UsageError(f"{n} cells: draw at least 1")
    book = catalogue or default_catalogue()
    known = {_digest(report): report for report in reports if report.document.year.value is not None}
    given = {digest: _given(report, book, indicators) for digest, report in sorted(known.items())}
    counts = Counter(kind for own in given.values() for kind in own)
    least = 1 if indicators is not None else len(known) / _IN_SO_MANY
    kinds = sorted(kind for kind, count in counts.items() if count >= least)
    if not kinds:
        raise UsageError("the reports give no cells to draw from")
    drawn = sorted(
        (sha256(f"{seed} {digest} {kind}".encode()).hexdigest(), digest, kind)
        for digest in known
        for kind in kinds
    )[:n]
    names = _names(known)
    passages = [
        _passage(known[digest], names[digest], kind, given[digest].get(kind, ()), digest, book)
        for _, digest, kind in drawn
    ]
    order = {kind: number for number, kind in enumerate(book.indicators)}
    texts = {
        names[digest]: tuple(
            text
            for p in known[digest].paragraphs
            if (text := known[digest].document.text[p.start : p.end]).strip()
        )
        for digest in sorted({digest for _, digest, _ in drawn}, key=names.__getitem__)
    }
    return Passages(
        records="panel",
        kinds=BLIND["panel"],
        population=len(known) * len(kinds),
        passages=tuple(sorted(passages, key=lambda p: (p.doc, order[p.section], p.id))),
        texts=texts,
    )


def _digest(report: Report) -> str:
    document = report.document
    return sha256(f"{document.name}\0{document.text}".encode("utf-8", "surrogatepass")).hexdigest()


def _names(reports: Mapping[str, Report]) -> dict[str, str]:
    """What each report is called: by its name, where another has the same by its file."""
    own = {digest: str(head(report)["doc"]) for digest, report in reports.items()}
    counts = Counter(own.values())
    return {
        digest: name if counts[name] == 1 else reports[digest].document.file or f"{name} {digest[:6]}"
        for digest, name in own.items()
    }


def _given(
    report: Report, book: Catalogue, indicators: Iterable[str] | None
) -> dict[_Kind, tuple[PanelRow, ...]]:
    """What a report gives of the year before, and of its own as targets; of its own place."""
    year = report.document.year
    found: dict[_Kind, tuple[PanelRow, ...]] = {}
    for row in panel([report], catalogue=book, indicators=indicators):
        of_other = row.scope and not row.measure.endswith("rank")
        wanted = year.value if row.status == "target" else year.reviewed
        if row.year == wanted and row.tone != "stretch" and not of_other:
            kind = (row.indicator, row.measure, row.status)
            found[kind] = (*found.get(kind, ()), row)
    return found


def _passage(
    report: Report, name: str, kind: _Kind, rows: Sequence[PanelRow], digest: str, book: Catalogue
) -> Passage:
    indicator, measure, status = kind
    year, own = report.document.year, report.document.metadata.region
    one = book.indicators[indicator]
    return Passage(
        id=sha256(f"{digest} {kind}".encode()).hexdigest()[:12],
        doc=name,
        year=year.value,
        section=indicator,
        text="",
        sentences=((0, 1),),
        records=tuple(dict.fromkeys(map(_span_of_row, rows))),
        cell={
            "region": own.name or name,
            "year": str(year.value if status == "target" else year.reviewed),
            "indicator": one.central if own.level == "central" and one.central else one.name,
            "measure": measure,
            "status": status,
            "indicator_unit": one.unit,
        },
    )


def _span_of_row(row: PanelRow) -> Span:
    turned = row.measure in ("growth", "change") and (row.value or row.low or Decimal(0)) < 0
    return Span(
        start=0,
        end=1,
        text=_written([v for v in (row.value, row.low, row.high) if v is not None], row.unit, row.measure),
        kind=TURNED.get(row.relation, row.relation) if turned else row.relation,
        sentence=row.sentence,
    )


def _written(numbers: Sequence[Decimal], unit: str, measure: str) -> str:
    """Numbers and unit as they are compared; of a rank the number says all."""
    text = "–".join(f"{number.normalize():f}" for number in numbers)
    return text if measure.endswith("rank") else f"{text} {unit}".strip()


def span_of_cell(
    where: str, row: Mapping[str, str], passage: Passage, _before: Sequence[Span], sample: Passages
) -> Span:
    """What a coder wrote of a cell.

    Args:
        where: file, sheet and row, for messages.
        row: value, unit, relation, sentence and sure, as written.
        passage: the cell.
        sample: with the texts of the reports.

    Raises:
        InputError: the value is no number, another relation, or a sentence that is not in the report.
    """
    relation = row["relation"] or "eq"
    if relation not in sample.kinds:
        raise InputError(f"{where}: relation {relation!r} is none of {', '.join(sample.kinds)}")
    whole = "".join("".join(text.split()) for text in sample.texts[passage.doc])
    if "".join(row["sentence"].split()) not in whole:
        raise InputError(
            f"{where}: {row['sentence']!r} does not stand in {passage.doc}; copy it from the text"
        )
    numbers, unit = _number(row["value"], row["unit"], passage.cell)
    if not numbers:
        raise InputError(f"{where}: {row['value']!r} is no number; write it as 1862.4, -3 or 5-6")
    return Span(
        start=0,
        end=1,
        text=_written(numbers, unit, passage.cell["measure"]),
        kind="range" if len(numbers) > 1 else relation,
        sure=row["sure"] not in ("?", "？"),
        sentence=row["sentence"],
    )


def _number(value: str, unit: str, cell: Mapping[str, str]) -> tuple[list[Decimal], str]:
    """One number, or the two ends of a range, in the unit of the indicator; none if there is no number."""
    text = fold(value).translate(_MINUS).replace(" ", "")
    minus = text.startswith("-")
    found = Scanner(default_lexicon()).scan(fold(f"{text.removeprefix('-')}{unit}")).quantities
    if len(found) != 1 or found[0].start > 0 and not text.startswith("第"):
        return [], ""
    (one,) = found
    own, factor = one.unit, Decimal(1)
    if cell["measure"] in ("level", "change"):
        own, factor = in_unit(own, cell["indicator_unit"])
    numbers = [number * factor for number in (one.value, one.low, one.high) if number is not None]
    return sorted(-number for number in numbers) if minus else numbers, own
