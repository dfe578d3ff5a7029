"""Arrow batches of texts in, batches of records out: a function for engines that spread work themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhreport.errors import FaultError, UsageError, ZhreportError, at_document
from zhreport.report import Analyzer, Report
from zhreport.tables import check_kind, columns, import_arrow, schema, table_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Extraction"]


@dataclass(frozen=True, slots=True, init=False)
class Extraction:
    """A function from Arrow batches of texts to batches of records, which can be sent to any process.

    The result does not depend on how the rows are cut into batches. Its schema depends only on the schema of
    the batch: the columns of the records (`zhreport.tables.COLUMNS`), the columns carried through, and
    `error`. A text without records has no row. A text that cannot be analyzed has one, with the reason in
    `error` and null in the columns of the records.

    Args:
        analyzer: made once in each process that gets it; one with the `options` by default.
        records: `claims`, `campaigns`, `paragraphs` or `documents`.
        text: the column of texts.
        year: the column of the years of the reports; a null is found in the text, like all without it.
        name: the column of what the records call the documents (`doc`).
        error: what the column of errors is called.
        options: of the `Analyzer` (`tokenizer`, `themes`, `vocabulary`…), instead of an analyzer.

    The other columns are carried through with their types; one that is called like a column of the records
    gets `meta_` before its name.

    Raises:
        UsageError: other records, or an analyzer and options for one; also what the `Analyzer` raises.
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

    analyzer: Analyzer
    records: str
    text: str
    year: str
    name: str
    error: str

    def __init__(
        self,
        analyzer: Analyzer | None = None,
        *,
        records: str = "claims",
        text: str = "text",
        year: str = "",
        name: str = "",
        error: str = "error",
        **options: Any,  # noqa: ANN401
    ) -> None:
        import_arrow()
        if analyzer is not None and options:
            raise UsageError(f"an analyzer and options for one ({', '.join(options)}): give one of them")
        asked = {"records": check_kind(records), "text": text, "year": year, "name": name, "error": error}
        for key, value in {"analyzer": analyzer or Analyzer(**options), **asked}.items():
            object.__setattr__(self, key, value)

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
        values: dict[str, list[Any]] = {name: [] for name in own.names}
        places: list[int] = []
        errors: list[str | None] = []
        for at, (found, error) in enumerate(self._found(texts)):
            for name, column in found.items():
                values[name] += column
            size = len(found["file"])
            places += [at] * size
            errors += [error] * size
        records = table_of(values, own)
        arrays = [_whole(column) for column in records.columns]
        taken = arrow.array(places, arrow.int64())
        arrays += [texts.column(name).take(taken) for name in self._carried(texts.schema)]
        arrays.append(arrow.array(errors, arrow.string()))
        return arrow.RecordBatch.from_arrays(arrays, schema=target)

    def _found(self, texts: "pa.RecordBatch") -> Iterator[tuple[Mapping[str, list[Any]], str | None]]:
        """For each row the columns of its records; of nulls, and why, where it has no report."""
        asked = {"text": self.text, "year": self.year, "name": self.name}
        given = {key: texts.column(column) for key, column in asked.items() if column}
        nothing: dict[str, list[Any]] = {name: [None] for name in schema(self.records).names}
        for at in range(texts.num_rows):
            row = {key: column[at].as_py() for key, column in given.items()}
            try:
                with at_document(str(row.get("name") or "")):
                    found = columns(self._report(row), self.records)
            except FaultError as fault:
                yield nothing, str(fault)
            except ZhreportError as error:
                yield nothing, str(error)
            else:
                yield found, None

    def _report(self, row: Mapping[str, Any]) -> Report:
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
