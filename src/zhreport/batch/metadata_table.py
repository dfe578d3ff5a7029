"""The metadata table: which of its rows belongs to which document."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from zhreport.errors import InputError, UsageError
from zhreport.files import decode
from zhreport.reading.columns import column_of, stated_year, states_nothing
from zhreport.tables.naming import parts_of

__all__ = ["Metadata", "Place", "orphans", "read_metadata", "rows_of"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """A metadata table.

    Attributes:
        path: of the table.
        columns: those that are carried into the output: all but the names of the files and the years.
        rows: name of a file as the table writes it, with `/` → its cells in these columns.
        years: the same → the year as the table writes it, "" where it states none.
    """

    path: Path
    columns: tuple[str, ...]
    rows: Mapping[str, Mapping[str, str]]
    years: Mapping[str, str]

    def year(self, name: str) -> int | None:
        """The year that the table states for a file.

        Raises:
            InputError: it is none from 1900 to 2099.
        """
        stated = self.years[name]
        year = stated_year(stated)
        if year is None and not states_nothing(stated):
            raise InputError(f"{self.path}: the year {stated!r} of {name} is no year from 1900 to 2099")
        return year


@dataclass(frozen=True, slots=True)
class Place:
    """A document that a row may be about.

    Attributes:
        path: of its file.
        file: what the records call that; rows of one table share it.
        row: name and number of the row of a table that it is, else "" and 0.
    """

    path: Path
    file: str
    row: str = ""
    number: int = 0


def read_metadata(path: Path) -> Metadata:
    """Read a metadata table, a CSV file.

    Raises:
        InputError: it cannot be read, has no column of file names, or names a file twice.
    """
    try:
        text, _ = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path}: the metadata table cannot be read ({error.strerror})") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = [c.strip() for c in reader.fieldnames or () if c]
        lines = [(reader.line_num, raw) for raw in reader]
    except csv.Error as error:
        raise InputError(
            f"{path}: line {reader.line_num}: no CSV ({error}); is a quotation mark not closed?"
        ) from error
    named, dated = column_of(columns, "file", "name"), column_of(columns, "year")
    if not named:
        raise InputError(
            f"{path}: the metadata table needs a column 'file' or 文件名 (and may have 'year' and others)"
        )
    rows: dict[str, dict[str, str]] = {}
    years: dict[str, str] = {}
    for number, raw in lines:
        row = {
            key.strip(): (value or "").strip()
            for key, value in raw.items()
            if key and not isinstance(value, list)
        }
        written = row.pop(named, "")
        name = PurePath(written.replace("\\", "/")).as_posix() if written else ""
        if not name:
            raise InputError(f"{path}: line {number} has no file name in the column {named!r}")
        if name in rows:
            raise InputError(f"{path}: line {number} names {written} a second time")
        years[name] = row.pop(dated, "")
        rows[name] = row
    carried = tuple(c for c in dict.fromkeys(columns) if c not in (named, dated))
    return Metadata(path, carried, rows, years)


def _endings_of(parts: Sequence[str]) -> Iterable[str]:
    """What a file may be called: its last parts, with and without the ending of its name."""
    for start in range(len(parts)):
        yield "/".join(parts[start:])
        yield "/".join((*parts[start:-1], PurePath(parts[-1]).stem))


def rows_of(table: Metadata, places: Sequence[Place]) -> list[list[str]]:
    """The names of the rows that are about each document; for a row of a table that of the table comes first.

    A row belongs to the document whose `file` it names, else to the one whose path ends in it, with or
    without the ending of the file, or whose row has that name.

    Raises:
        InputError: two rows are about one document.
        UsageError: a row fits several documents; the message lists them.
    """
    exact: dict[str, str] = {}
    ending: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for place in places:
        if place.file not in exact:
            exact[place.file] = place.file
            for name in _endings_of(parts_of(place.path)):
                ending[name][place.file] = None
        if place.number:
            single = f"{place.file}#{place.number}"
            exact[single] = single
            ending[place.row][single] = None
    about: dict[str, str] = {}
    for name in table.rows:
        found = [exact[name]] if name in exact else list(ending.get(name, ()))
        if len(found) > 1:
            raise UsageError(
                f"{table.path}: {name} fits several files: {', '.join(found)}; write as much of the path as "
                "tells them apart"
            )
        if found and found[0] in about:
            raise InputError(f"{table.path}: {name} and {about[found[0]]} name one file, {found[0]}")
        about.update(dict.fromkeys(found, name))
    return [
        [about[key] for key in (place.file, f"{place.file}#{place.number}") if key in about]
        for place in places
    ]


def orphans(table: Metadata, used: Iterable[str], roots: Iterable[Path]) -> list[str]:
    """An error line for each row that is about no document and no other file beside one or the table.

    Args:
        table: the table.
        used: names of the rows that are about documents.
        roots: the folders of the inputs, and those they are seen from.
    """
    used = set(used)
    folders = {table.path.parent, *roots}
    inside: dict[Path, frozenset[str]] = {}

    def there(path: Path) -> bool:
        if path.parent not in inside:
            names = path.parent.iterdir() if path.parent.is_dir() else ()
            inside[path.parent] = frozenset(n for p in names for n in (p.name, p.stem))
        return path.name in inside[path.parent]

    return [
        f"{table.path}: the row for {name} has no file; remove the row or add the file"
        for name in table.rows
        if name not in used and not any(there(folder / name) for folder in folders)
    ]
