"""Arrow batches of texts in, batches of records out: a function for engines that spread work themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any

from zhreport.errors import FaultError, UsageError, ZhreportError, at_document
from zhreport.report import Analyzer, Report
from zhreport.tables import batch, check_kind, import_arrow, schema

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Extraction"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """A function from Arrow batches of texts to batches of records, which can be sent to any process.

    The result does not depend on how the rows are cut into batches. Its schema depends only on the schema of
    the batch: the columns of the records (`zhreport.tables.COLUMNS`), the columns carried through, and
    `error`. A text without records has no row. A text that cannot be analyzed has one, with the reason in
    `error` and null in the columns of the records.

    Args:
        analyzer: made once in each process that receives it; by default `Analyzer()`.
        records: `claims`, `campaigns`, `paragraphs` or `documents`.
        text: the column of texts.
        year: the column of the years of the reports; where it is null or not given, the year is found in the
            text.
        name: the column of the names of the documents (`doc`).
        error: the name of the column of errors.

    The other columns are carried through with their types; one that is called like a column of the records
    gets `meta_` before its name.

    Raises:
        UsageError: other records.
        MissingExtraError: pyarrow is not installed.

    >>> import pyarrow
    >>> texts = pyarrow.record_batch({"id": [7, 8], "text": ["建成粮库3座、晒场5个。", None]})
    >>> found = Extraction()(texts)
    >>> found.select(["value_exact", "unit", "id", "error"]).to_pylist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'value_exact': '3', 'unit': '座', 'id': 7, 'error': None},
     {'value_exact': '5', 'unit': '个', 'id': 7, 'error': None},
     {'value_exact': None, 'unit': None, 'id': 8, 'error': 'no text'}]
    """

    analyzer: Analyzer | None = None
    _: KW_ONLY
    records: str = "claims"
    text: str = "text"
    year: str = ""
    name: str = ""
    error: str = "error"

    def __post_init__(self) -> None:
        check_kind(self.records)
        import_arrow()
        if self.analyzer is None:
            object.__setattr__(self, "analyzer", Analyzer())

    def schema(self, given: "pa.Schema") -> "pa.Schema":
        """The schema of the result for batches with a given schema.

        Raises:
            UsageError: it lacks a column that was named, or two columns would have one name.
        """
        arrow = import_arrow()
        for column in filter(None, (self.text, self.year, self.name)):
            if given.names.count(column) != 1:
                raise UsageError(
                    f"there must be one column {column!r} among {', '.join(given.names)}: name another"
                )
        own = schema(self.records)
        carried = [given.field(old).with_name(new) for old, new in self._carried(given).items()]
        fields = [*own, *carried, arrow.field(self.error, arrow.string())]
        names = [f.name for f in fields]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise UsageError(
                f"two columns would be called {', '.join(twice)}: rename the columns of the table"
            )
        return arrow.schema(fields, metadata=own.metadata)

    def _carried(self, given: "pa.Schema") -> dict[str, str]:
        """The columns carried through, and what they are called then."""
        own = schema(self.records).names
        others = [n for n in given.names if n not in (self.text, self.year, self.name)]
        return {n: f"meta_{n}" if n in own else n for n in others}

    def __call__(self, texts: "pa.RecordBatch | pa.Table") -> "pa.RecordBatch | pa.Table":
        """The records of texts, a batch for a batch and a table for a table; errors as `schema`."""
        arrow = import_arrow()
        target = self.schema(texts.schema)
        if isinstance(texts, arrow.Table):
            return arrow.Table.from_batches([self._batch(b, target) for b in texts.to_batches()], target)
        return self._batch(texts, target)

    def _batch(self, texts: "pa.RecordBatch", target: "pa.Schema") -> "pa.RecordBatch":
        arrow = import_arrow()
        own = schema(self.records)
        pieces, places, errors = [], [], []
        for at, (report, error) in enumerate(self._reports(texts)):
            if report is None:
                piece = arrow.RecordBatch.from_arrays([arrow.nulls(1, f.type) for f in own], schema=own)
            else:
                piece = batch(report, self.records, own)
            pieces.append(piece)
            places += [at] * piece.num_rows
            errors += [error] * piece.num_rows
        found = arrow.Table.from_batches(pieces, own).combine_chunks()
        taken = arrow.array(places, arrow.int64())
        arrays = [*(_whole(column) for column in found.columns)]
        arrays += [texts.column(name).take(taken) for name in self._carried(texts.schema)]
        arrays.append(arrow.array(errors, arrow.string()))
        return arrow.RecordBatch.from_arrays(arrays, schema=target)

    def _reports(self, texts: "pa.RecordBatch") -> Iterator[tuple[Report | None, str | None]]:
        """For each row its report, or None and why there is none."""
        asked = {"text": self.text, "year": self.year, "name": self.name}
        columns = {key: texts.column(column) for key, column in asked.items() if column}
        for at in range(texts.num_rows):
            row = {key: column[at].as_py() for key, column in columns.items()}
            try:
                with at_document(str(row.get("name") or "")):
                    yield self._report(row), None
            except FaultError as fault:
                yield None, str(fault)
            except ZhreportError as error:
                yield None, str(error)

    def _report(self, row: Mapping[str, Any]) -> Report:
        assert self.analyzer is not None
        text, year = row["text"], row.get("year")
        if not isinstance(text, str):
            raise UsageError("no text")
        try:
            whole = None if year is None or year == "" else int(year)
        except (ValueError, TypeError, OverflowError):
            raise UsageError(f"{year!r} is not a year") from None
        return self.analyzer.analyze(text, year=whole, name=str(row.get("name") or "text"))


def _whole(column: Any) -> Any:  # noqa: ANN401 - Arrow's arrays
    """A column in one piece."""
    arrow = import_arrow()
    return column.chunk(0) if column.num_chunks else arrow.array([], column.type)
