"""A store that grows: the records of many files in one DuckDB database, file by file."""

import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import file_digest
from itertools import accumulate, chain, groupby, pairwise
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

from zhreport.errors import InputError, MissingExtraError
from zhreport.report import Report
from zhreport.stopping import at_stop, later, not_at_stop
from zhreport.tables import (
    COLUMNS,
    KINDS,
    check_kind,
    columns,
    import_arrow,
    metadata_names,
    schema,
    table_of,
)
from zhreport.tables.naming import lengthened
from zhreport.tables.record_kinds import valid

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Rendered", "Store", "file_hash", "fingerprint", "piled", "rendered"]

_BATCH: Final = 10_000  # rows
_MOST: Final = 1_000  # documents that wait until they are written together
_WAIT: Final = 2.0  # seconds that they wait
_PAUSE: Final = 0.1  # seconds between two tries to open a store that is in use
_IN_USE: Final = re.compile(r"[Cc]ould not set lock|used by another process")
_HOLDER: Final = re.compile(r"\(PID ([0-9]+)\)")


def file_hash(path: str | Path) -> str:
    """SHA-256 of the bytes of a file.

    Taken before the file is read for analysis: should it change in between, the next run sees it.

    Raises:
        InputError: the file cannot be read, or only once.
    """
    try:
        if Path(path).exists() and not Path(path).is_file():  # a pipe: nothing would be left to analyze
            raise InputError(
                f"{path}: no regular file, and a store reads twice; write what it gives to a file first"
            )
        with Path(path).open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error


def fingerprint(provenance: Mapping[str, str], **options: Any) -> str:  # noqa: ANN401
    """What the records of a file depend on besides its bytes, as JSON that can be compared.

    Args:
        provenance: version, data, tokenizer, theme model and taxonomy, see `zhreport.tables.provenance`.
        **options: whatever else changes the output: the year given, the file's row of the metadata table.

    >>> fingerprint({"version": "1.0"}, year=2024, metadata={"省": "云岭"})
    '{"metadata": {"省": "云岭"}, "version": "1.0", "year": 2024}'
    """
    return json.dumps({**provenance, **options}, ensure_ascii=False, sort_keys=True, default=str)


class Store:
    """The records of files in a DuckDB database: tables `documents`, `claims`, `campaigns`, `paragraphs`.

    In each of them `file` is the key of the file, and `doc` a name that no other file of the store has: that
    of the report, with more of the path before it where it is taken. A file keeps the name that it got when
    it entered the store, whatever comes later. The columns of a metadata table are in `documents`. A
    further table `files` says for each file which bytes and which fingerprint its records are from. A file is
    replaced in one transaction: whatever happens, its records are the old or the new ones, complete. Files
    are never removed.

    One process has it open at a time; another one waits as long as `wait` says. Use it as a context manager.

    Args:
        path: the database; made if it does not exist.
        wait: seconds to wait for a store that another process uses.

    Raises:
        InputError: the store stays in use, is damaged, is another database, or cannot be written; the message
            names it.
        MissingExtraError: duckdb or pyarrow is not installed.
    """

    def __init__(self, path: str | Path, *, wait: float = 0) -> None:
        try:
            import duckdb  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise MissingExtraError("a store needs DuckDB: pip install 'zhreport[tables]'") from error
        import_arrow()
        self._duckdb = duckdb
        self.path = Path(path)
        self._place = self.path.absolute()
        if not self.path.exists():
            self._create()
        self._database = self._connect(wait)
        self._waiting: dict[str, tuple[Rendered, str, str]] = {}
        self._since = 0.0
        #: How many files were `new` and how many `changed`.
        self.written = {"new": 0, "changed": 0}
        at_stop(self._save)
        try:
            with self._named():
                self._prepare()
        except BaseException:
            self._let_go()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; what was replaced is on the disk already.

        Raises:
            InputError: the store cannot be written.
        """
        try:
            self.flush()
        finally:
            with self._named():
                self._let_go()

    def _let_go(self) -> None:
        not_at_stop(self._save)
        self._database.close()

    def _save(self) -> None:
        """Where a signal ends the program: write what waits, and the log into the store."""
        try:
            self.flush()
        finally:
            self._database.close()

    def key(self, path: str | Path) -> str:
        """What a file is called in the store: its path as seen from the folder of the store, with `/`.

        So a run from another folder finds the same files, a store moves together with its reports, and two
        files of one name in different folders are two. A file on another drive than the store has its full
        path.
        """
        return _key(os.path.abspath(path), self._place.parent)  # noqa: PTH100 - links stay what they are called

    def is_current(self, key: str, sha256: str, fingerprint: str) -> bool:
        """Whether the records of a file are in the store, made from these bytes in this way.

        Args:
            key: see `key`.
            sha256: see `file_hash`.
            fingerprint: see `fingerprint`.
        """
        return self._known.get(key) == (sha256, valid(fingerprint))

    def replace(
        self,
        key: str,
        report: Report,
        extra: Mapping[str, str] | None = None,
        *,
        sha256: str,
        fingerprint: str,
    ) -> Literal["new", "changed"]:
        """Put the records of a file in the place of those that the store has of it, in one transaction.

        Args:
            key: see `key`.
            report: of the file.
            extra: its row of the metadata table.
            sha256: of the bytes that were analyzed, see `file_hash`.
            fingerprint: see `fingerprint`.

        Returns:
            Whether the store had records of the file.

        Raises:
            InputError: the store cannot be written; it has the old records.
        """
        before = self.written["changed"]
        try:
            self.put(key, rendered(report, extra or {}), sha256=sha256, fingerprint=fingerprint)
            self.flush()
        except BaseException:
            self._waiting.pop(key, None)
            raise
        return "changed" if self.written["changed"] > before else "new"

    def put(self, key: str, records: "Rendered", *, sha256: str, fingerprint: str) -> None:
        """Replace as `replace`, with what `rendered` made of a report, together with the next ones.

        They are written when they are many or two seconds have passed, and by `flush` and `close`: a
        transaction takes longer than the analysis of a short text. `written` counts the new and the changed
        ones.

        Raises:
            InputError: the store cannot be written; it has the old records.
        """
        if key in self._waiting:
            self.flush()
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting[key] = records, sha256, valid(fingerprint)
        if len(self._waiting) >= _MOST or time.monotonic() - self._since > _WAIT:
            self.flush()

    def flush(self) -> None:
        """Write what waits; errors as `put`."""
        if not self._waiting:
            return
        waiting = dict(self._waiting)
        names = tuple(dict.fromkeys(name for records, *_ in waiting.values() for name in records.extra))
        carried = [name for name in metadata_names(names).values() if name.casefold() not in self._carried]
        with self._named():
            with self._transaction():
                for name in carried:
                    self._database.execute(
                        f"ALTER TABLE documents ADD COLUMN IF NOT EXISTS {_quoted(name)} VARCHAR"
                    )
                known = self._replace(waiting)
            self._waiting.clear()
        self._carried |= {name.casefold() for name in carried}
        self.written["changed"] += len(known)
        self.written["new"] += len(waiting) - len(known)
        self._known |= {key: (sha256, how) for key, (_, sha256, how) in waiting.items()}

    def _replace(self, waiting: "Mapping[str, tuple[Rendered, str, str]]") -> set[str]:
        """Put the records of files in the place of those that there are; the keys of files that had some."""
        ask = self._database.execute
        keys = list(waiting)
        # asked, not remembered: another Store of this process may have written it
        known = {
            key
            for (key,) in ask("SELECT file FROM files WHERE file IN (SELECT unnest(?))", [keys]).fetchall()
        }
        docs = self._docs({key: records.doc for key, (records, *_) in waiting.items()})
        for table in (*KINDS, "files") if known else ():
            ask(f"DELETE FROM {table} WHERE file IN (SELECT unnest(?))", [sorted(known)])  # noqa: S608
        for kind in KINDS:
            found = [(key, docs[key], records) for key, (records, *_) in waiting.items()]
            self._append(kind, _rows(kind, found))
        made_from = [(key, sha256, how) for key, (_, sha256, how) in waiting.items()]
        columns = zip(("file", "sha256", "fingerprint"), zip(*made_from, strict=True), strict=True)
        self._append("files", import_arrow().table({name: list(column) for name, column in columns}))
        return known

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """The records of a kind in the order of the files' keys and of their texts; `file` is the key.

        Raises:
            UsageError: an unknown kind.
            InputError: the store cannot be read.
        """
        self.flush()
        place = "" if kind == "documents" else ', "clean_start", "clean_end"'
        with self._named():
            found = self._database.execute(f"SELECT * FROM {check_kind(kind)} ORDER BY file{place}")  # noqa: S608
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> "pa.RecordBatchReader":
        """What a SELECT over the tables gives, batch by batch; nothing is loaded before it is asked for.

        Args:
            sql: the statement, `?` for a parameter.
            parameters: their values.

        Raises:
            InputError: the store cannot be read, or the statement is wrong.
        """
        self.flush()
        with self._named():
            cursor = self._database.cursor()  # several may be read at the same time
            found = cursor.sql(sql, params=list(parameters))
            # older versions of DuckDB have the second name
            read = getattr(found, "to_arrow_reader", None) or found.fetch_arrow_reader
            return read(_BATCH)

    def variables(self) -> tuple[str, ...]:
        """The columns of the metadata tables, those of `documents` that are not ours."""
        self.flush()
        with self._named():
            found = self._database.execute("DESCRIBE documents").fetchall()
        ours = {column.name for column in COLUMNS["documents"]}
        return tuple(name for name, *_ in found if name not in ours)

    # -- the database

    @contextmanager
    def _named(self) -> Iterator[None]:
        """What DuckDB raises, in one line that names the store; what it does is done before a signal."""
        try:
            with later():
                yield
        except self._duckdb.Error as error:
            raise InputError(
                f"{self.path}: the store cannot be read or written ({_first_line(error)}); "
                "check the disk, or put back a copy of the store"
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            with suppress(self._duckdb.Error):
                self._database.execute("ROLLBACK")
            raise

    def _connect(self, wait: float) -> Any:  # noqa: ANN401
        end = time.monotonic() + wait
        while True:
            try:
                return self._duckdb.connect(str(self._place))
            except self._duckdb.Error as error:
                message = str(error)
                if not _IN_USE.search(message):
                    raise InputError(
                        f"{self.path}: cannot be opened as a store ({_first_line(error)}); "
                        "name another file, or put back a copy of this one"
                    ) from error
                if time.monotonic() >= end:
                    holder = _HOLDER.search(message)
                    raise InputError(
                        f"{self.path}: the store is in use by another process"
                        f"{f' ({holder[1]})' if holder else ''}; run again when that has "
                        "ended, or wait longer"
                    ) from error
                time.sleep(_PAUSE)

    def _create(self) -> None:
        """Make an empty store beside its place and put it there, so that a half-made one is never found."""
        log = self.path.with_name(f"{self.path.name}.wal")
        if log.exists() and not self.path.exists():
            raise InputError(
                f"{log}: left over from a store that is gone; put {self.path.name} back, or remove this file"
            )
        beside, name = self._place.parent, f".{self.path.name[:40]}."
        try:
            with later(), tempfile.TemporaryDirectory(prefix=name, dir=beside) as folder:
                part = Path(folder) / "store.duckdb"
                with self._named(), self._duckdb.connect(str(part)) as self._database:
                    self._prepare()
                with suppress(FileExistsError):  # another run was faster; its store is as good
                    _link(part, self._place)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be made ({error.strerror}); check its folder") from error

    def _prepare(self) -> None:
        """Make the tables of an empty database, add new columns to those of a store; read what it has.

        Raises:
            InputError: the database is something else.
        """
        found: dict[str, dict[str, str]] = {}
        for table, column, type_ in self._database.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE schema_name = 'main' AND NOT internal"
        ).fetchall():
            found.setdefault(table, {})[column.casefold()] = type_
        if found and not found.keys() >= {"files", *KINDS}:
            raise InputError(f"{self.path}: a database that zhreport did not make; name another file")
        with self._transaction():
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS files (file VARCHAR, sha256 VARCHAR, fingerprint VARCHAR)"
            )
            for kind in KINDS:
                self._database.register("empty", import_arrow().Table.from_batches([], schema=schema(kind)))
                self._database.execute(f"CREATE TABLE IF NOT EXISTS {kind} AS FROM empty")
                wanted = self._database.execute("DESCRIBE FROM empty").fetchall()
                self._database.unregister("empty")
                for column, type_, *_ in wanted if found else ():
                    own = found[kind].get(column.casefold())
                    if own is None:
                        self._database.execute(f"ALTER TABLE {kind} ADD COLUMN {_quoted(column)} {type_}")
                    elif own != type_:
                        raise InputError(
                            f"{self.path}: made by another version of zhreport ({column} of {kind} is {own}, "
                            f"not {type_}); name another file"
                        )
        self._known = {
            file: (sha256, fingerprint)
            for file, sha256, fingerprint in self._database.execute("FROM files").fetchall()
        }
        described = self._database.execute("DESCRIBE documents").fetchall()
        self._carried = {column.casefold() for column, *_ in described}

    def _docs(self, own: Mapping[str, str]) -> dict[str, str]:
        """What files are called in `doc`: as they were before, else by names that no other file has.

        Args:
            own: key → what the report is called.
        """
        ask = self._database.execute
        same = ask(
            "SELECT file, doc FROM documents WHERE file IN (SELECT unnest(?)) OR doc IN (SELECT unnest(?))",
            [list(own), list(own.values())],
        ).fetchall()
        found = {file: str(doc) for file, doc in same if file in own}
        whose = {doc: file for file, doc in same}
        asked = set(own.values())

        def taken(key: str, name: str) -> bool:
            if name not in whose and name not in asked:
                others = ask("SELECT file FROM documents WHERE doc = ? LIMIT 1", [name]).fetchall()
                whose.update((name, file) for (file,) in others)
            return bool(whose.get(name, key) != key)

        for key, name in own.items():
            if key not in found:
                found[key] = lengthened(name, key, partial(taken, key))
                whose[found[key]] = key
        return found

    def _append(self, kind: str, rows: "pa.Table") -> None:
        self._database.register("new_rows", rows)
        self._database.execute(f"INSERT INTO {kind} BY NAME FROM new_rows")
        self._database.unregister("new_rows")


class Rendered(NamedTuple):
    """The records of a report as a store takes them.

    Attributes:
        doc: what the report is called.
        extra: its row of the metadata table.
        columns: for each kind of records their columns, see `zhreport.tables.columns`; empty where the
            records are in a pile.
        pile: records of several reports; `at` is the number of this one among them.
    """

    doc: str
    extra: Mapping[str, str]
    columns: Mapping[str, Mapping[str, list[Any]]]
    pile: "_Pile | None" = None
    at: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Pile:
    """The records of several reports together, in the process that made them.

    Attributes:
        tables: for each kind of records an Arrow table.
        starts: for each kind where the records of each report begin, and where the last end.
    """

    tables: "Mapping[str, pa.Table]"
    starts: Mapping[str, Sequence[int]]


def rendered(report: Report, extra: Mapping[str, str]) -> Rendered:
    """The records of a report for `Store.put`; it needs no store, and may be made in another process."""
    found = {kind: columns(report, kind) for kind in KINDS}
    return Rendered(valid(report.document.name), valid(dict(extra)), found)


def piled(found: Sequence[Rendered]) -> list[Rendered]:
    """The records of several reports put together, so that a store has less to do with them.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    if not found:
        return []
    starts = {
        kind: list(accumulate((len(one.columns[kind]["file"]) for one in found), initial=0)) for kind in KINDS
    }
    tables = {
        kind: table_of(
            {
                column.name: list(chain.from_iterable(one.columns[kind][column.name] for one in found))
                for column in COLUMNS[kind]
            },
            schema(kind),
        )
        for kind in KINDS
    }
    pile = _Pile(tables, starts)
    return [Rendered(one.doc, one.extra, {}, pile, at) for at, one in enumerate(found)]


def _rows(kind: str, found: Sequence[tuple[str, str, Rendered]]) -> "pa.Table":
    """The records of several files, given with what they and their reports are called."""
    arrow = import_arrow()
    pieces, sizes = [], []
    for pile, group in groupby(found, key=lambda one: one[2].pile):
        some = [records for _, _, records in group]
        if pile is None:
            some = piled(some)
            pile = some[0].pile
            assert pile is not None
        bounds = [(pile.starts[kind][one.at], pile.starts[kind][one.at + 1]) for one in some]
        sizes += [end - start for start, end in bounds]
        if all(one.at + 1 == other.at for one, other in pairwise(some)):
            bounds = [(bounds[0][0], bounds[-1][1])]
        pieces += [pile.tables[kind].slice(start, end - start) for start, end in bounds]
    rows = arrow.concat_tables(pieces)
    called = zip(("file", "doc"), zip(*((file, doc) for file, doc, _ in found), strict=True), strict=True)
    for column, names in called:
        place = rows.schema.get_field_index(column)
        values = [name for name, size in zip(names, sizes, strict=True) for _ in range(size)]
        rows = rows.set_column(place, rows.schema.field(place), arrow.array(values, arrow.string()))
    extra = [records.extra if kind == "documents" else {} for _, _, records in found]
    carried = metadata_names(dict.fromkeys(name for row in extra for name in row))
    for old, new in carried.items():
        rows = rows.append_column(new, arrow.array([row.get(old) for row in extra], arrow.string()))
    return rows


@lru_cache(maxsize=64)  # a table has many reports
def _key(path: str, folder: Path) -> str:
    with suppress(ValueError):  # another drive
        path = os.path.relpath(path, folder)
    # a name that is no UTF-8 has to be one in the database, and stay apart from others
    return Path(path).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _link(part: Path, path: Path) -> None:
    """Give a file its name unless another has it.

    Raises:
        FileExistsError: another has it.
    """
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if path.exists():
            raise FileExistsError from None
        part.rename(path)
