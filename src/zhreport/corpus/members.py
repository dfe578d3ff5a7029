"""A choice of the documents of a store, and the tables that belong to it."""

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Final, Self, cast

from zhreport.audit import Audit, audit
from zhreport.corpus.find import Answer, Wordings, find
from zhreport.corpus.words import frequencies, kwic
from zhreport.errors import FaultError, UsageError
from zhreport.panel import Catalogue, Panel, PanelDocument, documents_of_rows, in_order, panel
from zhreport.report import Analyzer
from zhreport.store import Store
from zhreport.tables import COLUMNS, Table, check_kind, import_pandas, import_polars

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import regex

__all__ = ["Corpus", "Folder", "Member", "Rows"]

_TOGETHER: Final = 100  # documents that are read at a time: one by one each would pass over all records


class Rows:
    """Rows of a table that are read when they are asked for, in the order of the documents and their texts.

    Args:
        ask: gives the rows in Arrow batches.
    """

    def __init__(self, ask: "Callable[[], pa.RecordBatchReader]") -> None:
        self._ask = ask

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self._ask():
            yield from batch.to_pylist()

    def __len__(self) -> int:
        return sum(batch.num_rows for batch in self._ask())

    def to_arrow(self) -> "pa.Table":
        """All rows as an Arrow table."""
        return self._ask().read_all()

    def to_dicts(self) -> list[dict[str, Any]]:
        """All rows, each by the names of the columns."""
        return list(iter(self))  # not `list(self)`, which would count them first

    def to_pandas(self) -> "pd.DataFrame":
        """All rows as a pandas data frame; exact numbers become floats.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        import_pandas()
        found = self.to_arrow()
        frame: pd.DataFrame = found.to_pandas()
        numbers = [field.name for field in found.schema if str(field.type).startswith("decimal")]
        return frame.astype(dict.fromkeys(numbers, "float64"))

    def to_polars(self) -> "pl.DataFrame":
        """All rows as a polars data frame.

        Raises:
            MissingExtraError: polars is not installed.
        """
        return cast("pl.DataFrame", import_polars().from_arrow(self.to_arrow()))


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a corpus.

    Attributes:
        variables: its row in `Corpus.documents()`: file, doc, region, year, genre, title… and the columns of
            the metadata table.
    """

    variables: Mapping[str, Any]
    _corpus: "Corpus"

    @property
    def file(self) -> str:
        """Where it is from; the key of a document."""
        return str(self.variables["file"])

    @property
    def text(self) -> str:
        """Its cleaned text."""
        return self._corpus.text(self.file)

    def rows(self, kind: str = "claims") -> Rows:
        """Its records of a kind."""
        return self._corpus.filter(file=self.file).rows(kind)


class Folder:
    """A temporary folder that goes with the last that uses it, or with the program.

    Not a `TemporaryDirectory`, which warns that nobody closed it: a notebook need not.
    """

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="zhreport-"))
        self.remove = weakref.finalize(self, rmtree, self.path, ignore_errors=True)


class Corpus:
    """The documents of a store, or a choice of them; iterating gives each as a `Member`.

    Use it as a context manager, or `close` it, to let go of the store.

    Args:
        store: the records.
        options: of the `Analyzer` that cuts words.
        folder: a temporary one that is removed in the end.

    Attributes:
        store: the records.
        errors: a line for each file that could not be read.
    """

    def __init__(
        self,
        store: Store,
        *,
        options: Mapping[str, Any] | None = None,
        folder: "Folder | None" = None,
    ) -> None:
        self.store = store
        self.errors: list[str] = []
        self._options, self._folder = dict(options or {}), folder
        self._wordings: list[Wordings] = []  # shared with the choices of it
        self._where: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store, and remove it where it is a temporary one."""
        self.store.close()
        if self._folder is not None:
            self._folder.remove()

    def __len__(self) -> int:
        clause, values = self._condition()
        (row,) = self._query(f"SELECT count(*) AS n FROM documents WHERE {clause}", values)  # noqa: S608
        return int(row["n"])

    def __iter__(self) -> Iterator[Member]:
        return (Member(row, self) for row in self.documents())

    def __repr__(self) -> str:
        chosen = ", ".join(f"{name} in {list(values)}" for name, values in self._where)
        return f"Corpus({len(self)} documents of {self.store.path.name}{f': {chosen}' if chosen else ''})"

    @cached_property
    def analyzer(self) -> Analyzer:
        """Cuts words as the corpus was analyzed."""
        return Analyzer(**self._options)

    # -- choosing

    def filter(self, **variables: Any) -> "Corpus":  # noqa: ANN401
        """The documents that have given values: `filter(region="云岭市", year=[2023, 2024])`.

        Args:
            **variables: columns of `documents()`, each with a value, a list or a range of values.

        Raises:
            UsageError: no column is called so.
        """
        known = (*(column.name for column in COLUMNS["documents"]), *self.store.variables())
        for name in variables:
            if name not in known:
                raise UsageError(f"documents have no column {name!r}; they have {', '.join(known)}")
        chosen = Corpus(self.store, options=self._options)
        chosen.errors, chosen._folder, chosen._wordings = self.errors, self._folder, self._wordings
        chosen._where = (*self._where, *((name, _values(value)) for name, value in variables.items()))
        return chosen

    def _condition(self, table: str = "documents") -> tuple[str, list[Any]]:
        """What a row of the documents fulfils, as SQL, and its parameters."""
        parts, values = ["TRUE"], list[Any]()
        for name, allowed in self._where:
            column = f'{table}."{name.replace(chr(34), chr(34) * 2)}"'
            parts.append(f"{column} IN ({', '.join('?' * len(allowed))})" if allowed else "FALSE")
            values += allowed
        return " AND ".join(parts), values

    def _query(self, sql: str, values: Sequence[Any]) -> Rows:
        return Rows(lambda: self.store.query(sql, values))

    # -- records

    def documents(self) -> Rows:
        """The documents with their variables, those of the metadata table last."""
        clause, values = self._condition()
        return self._query(f"SELECT * FROM documents WHERE {clause} ORDER BY file", values)  # noqa: S608

    def rows(self, kind: str = "claims", /, *, variables: Iterable[str] = (), **fields: Any) -> Rows:  # noqa: ANN401
        """The records of a kind.

        Args:
            kind: `claims`, `campaigns`, `paragraphs` or `documents`.
            variables: columns of the metadata table that are put beside each record.
            **fields: columns of the records, each with a value or a list of values.

        Raises:
            UsageError: an unknown kind or column.
        """
        if check_kind(kind) == "documents":
            return self.documents()
        known = tuple(column.name for column in COLUMNS[kind])
        parts, own = ["TRUE"], list[Any]()
        for name, value in fields.items():
            if name not in known:
                raise UsageError(f"{kind} have no column {name!r}; they have {', '.join(known)}")
            allowed = _values(value)
            parts.append(f"{kind}.{name} IN ({', '.join('?' * len(allowed))})" if allowed else "FALSE")
            own += allowed
        clause, values = self._condition()
        extra = [name for name in self.store.variables() if name in set(variables)]
        if unknown := set(variables) - set(extra):
            raise UsageError(f"the metadata have no column {min(unknown)!r}; they have {', '.join(extra)}")
        more = "".join(f', documents."{name.replace(chr(34), chr(34) * 2)}"' for name in extra)
        sql = (
            f"SELECT {kind}.*{more} FROM {kind} JOIN documents USING (file) "  # noqa: S608 - names of ours
            f"WHERE {clause} AND {' AND '.join(parts)} ORDER BY {kind}.file, {kind}.clean_start"
        )
        return self._query(sql, [*values, *own])

    def claims(self, **fields: Any) -> Rows:  # noqa: ANN401
        """The claims; arguments as for `rows`: `claims(kind="change", status="target")`."""
        return self.rows("claims", **fields)

    def campaigns(self, **fields: Any) -> Rows:  # noqa: ANN401
        """The campaigns; arguments as for `rows`."""
        return self.rows("campaigns", **fields)

    def paragraphs(self, **fields: Any) -> Rows:  # noqa: ANN401
        """The paragraphs; arguments as for `rows`."""
        return self.rows("paragraphs", **fields)

    def values(self, kind: str, name: str) -> list[Any]:
        """The values of a column of the records, each once, in order.

        Raises:
            UsageError: an unknown kind or column.
        """
        if name not in {column.name for column in COLUMNS[check_kind(kind)]}:
            raise UsageError(f"{kind} have no column {name!r}")
        clause, values = self._condition()
        sql = (
            f"SELECT DISTINCT {kind}.{name} AS found FROM {kind} JOIN documents USING (file) "  # noqa: S608
            f"WHERE {clause} ORDER BY found"
        )
        return [row["found"] for row in self._query(sql, values)]

    @property
    def wordings(self) -> Wordings:
        """The indicators of the whole store as they are worded; read when first asked for."""
        if not self._wordings:
            rows = self._query("SELECT DISTINCT indicator FROM claims ORDER BY indicator", ())
            self._wordings.append(Wordings([row["indicator"] for row in rows]))
        return self._wordings[0]

    def text(self, file: str) -> str:
        """The cleaned text of a document, put together from its paragraphs."""
        text = ""
        for row in self.filter(file=file).paragraphs():
            text += "\n" * (row["clean_start"] - len(text)) + row["text"]
        return text

    # -- what is made of them

    def panel(
        self,
        *,
        catalogue: Catalogue | None = None,
        indicators: Iterable[str] | None = None,
        complete: bool = False,
        failed: Callable[[FaultError], None] | None = None,
    ) -> Panel:
        """The panel, see `zhreport.panel`; the reports are read some at a time."""
        return panel(self, catalogue=catalogue, indicators=indicators, complete=complete, failed=failed)

    def audit(
        self,
        *,
        catalogue: Catalogue | None = None,
        failed: Callable[[FaultError], None] | None = None,
    ) -> Audit:
        """Which figures do not agree, see `zhreport.audit`; the reports are read some at a time."""
        return audit(self, catalogue=catalogue, failed=failed)

    def _rows_of_reports(self) -> list[dict[str, Any]]:
        return [row for row in self.documents() if row["file"]]

    def headings(self) -> list[PanelDocument]:
        """What is known of each report, without claims and text: each text once, in the order of a panel."""
        return in_order(documents_of_rows(self._rows_of_reports(), ()))

    def reports(self, failed: Callable[[FaultError], None] | None = None) -> Iterator[PanelDocument]:
        """The reports of `headings` with claims and text, for `zhreport.panel` and `zhreport.audit`.

        Args:
            failed: called with a fault of this library at one report, which is then left out.

        Raises:
            FaultError: such a fault, if `failed` is not given.
        """
        of_file = {row["file"]: row for row in self._rows_of_reports()}
        heads = self.headings()
        for first in range(0, len(heads), _TOGETHER):
            files = [head.file for head in heads[first : first + _TOGETHER]]
            chosen = self.filter(file=files)
            yield from documents_of_rows(
                [of_file[file] for file in files], chosen.claims(), chosen.paragraphs(), failed=failed
            )

    def counts(self, kind: str) -> dict[str, int]:
        """How many records of a kind each document has; one without any is left out.

        Raises:
            UsageError: an unknown kind.
        """
        clause, values = self._condition()
        sql = (
            f"SELECT file, count(*) AS n FROM {check_kind(kind)} JOIN documents USING (file) "  # noqa: S608
            f"WHERE {clause} GROUP BY file"
        )
        return {row["file"]: row["n"] for row in self._query(sql, values)}

    def kwic(
        self, pattern: "str | regex.Pattern[str]", *, width: int = 20, over: str = "text", regex: bool = False
    ) -> Iterator[dict[str, Any]]:
        """Key words in context: every place where a pattern is found, with what stands before and behind it.

        Args:
            pattern: words, or a regular expression.
            width: so many characters on both sides.
            over: `text`, or the records `claims` (their indicators) or `campaigns` (their names).
            regex: the pattern is a regular expression; a compiled one always is.

        Yields:
            `file`, `doc`, `region`, `year`, `start`, `end` (places in the cleaned text), `before`, `match`,
            `behind`.

        Raises:
            UsageError: no such records, or no regular expression.
        """
        return kwic(self, pattern, width=width, over=over, regex=regex)

    def frequencies(
        self, by: str = "year", *, stop: Iterable[str] = (), least: int = 2, numbers: bool = False
    ) -> Table:
        """How often each word is used, by a column of the paragraphs.

        Args:
            by: `year`, `region`, `theme`, `genre`, `doc`… or "" for the whole corpus.
            stop: words that are left out.
            least: a word has so many characters at least.
            numbers: count numbers and quantities too, each as one word.

        Returns:
            The columns `by`, `word`, `count` and `documents` (in how many it is), the most frequent first.

        Raises:
            UsageError: paragraphs have no such column.
        """
        return frequencies(self, by, stop=stop, least=least, numbers=numbers)

    def find(
        self,
        question: str,
        *,
        most: int = 5,
        catalogue: Catalogue | None = None,
        **variables: Any,  # noqa: ANN401
    ) -> list[Answer]:
        """The figures that a question in one's own words asks for, the likeliest first.

        Args:
            question: what is measured (`全市新增城镇就业`), perhaps with a year, a place, 目标 or 增速.
            most: so many.
            catalogue: canonical names of indicators; the package's own by default.
            **variables: of the documents, as for `filter`.

        Returns:
            Claims with their sentences and how like they are to the question.
        """
        chosen = self.filter(**variables) if variables else self
        return find(chosen, question, most=most, catalogue=catalogue)


def _values(value: Any) -> tuple[Any, ...]:  # noqa: ANN401
    if isinstance(value, str) or not isinstance(value, Iterable):
        return (value,)
    return tuple(value)
