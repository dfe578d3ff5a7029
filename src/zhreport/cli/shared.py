"""What the commands share: options, the metadata table, the run over files, errors."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from zhreport.batch import Job, run
from zhreport.timeframe import check_year
from zhreport.errors import InputError, MissingExtraError, UsageError
from zhreport.files import REPAIRS, Reading, decode, find_files, table_kind, table_rows
from zhreport.report import Analyzer, Report
from zhreport.themes import TAXONOMIES

CONTEXT = {"help_option_names": ["-h", "--help"]}


class Command(click.Command):
    r"""A command whose help keeps the lines below a `\b` as they stand, also out of a raw docstring."""

    def __init__(self, name: str | None, **options: Any) -> None:  # noqa: ANN401 - click's own
        options["help"] = (options.get("help") or "").replace("\\b\n", "\b\n")
        super().__init__(name, **options)


@dataclass(frozen=True, slots=True)
class Metadata:
    """A metadata table by file name, with the columns that are carried into the output."""

    path: Path
    columns: tuple[str, ...]
    rows: dict[str, dict[str, str]]

    def row(self, path: Path) -> dict[str, str]:
        """The row of a file, by its name or its name without ending; empty if there is none."""
        return self.rows.get(path.name) or self.rows.get(path.stem) or {}


def read_metadata(path: Path) -> Metadata:
    """The metadata table, a CSV file with the column `file`."""
    try:
        text, _ = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path}: the metadata table cannot be read ({error.strerror})") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = tuple(c.strip() for c in reader.fieldnames or () if c)
        lines = [(reader.line_num, raw) for raw in reader]
    except csv.Error as error:
        raise InputError(
            f"{path}: line {reader.line_num}: no CSV ({error}); is a quotation mark not closed?"
        ) from error
    if "file" not in columns:
        raise InputError(f"{path}: the metadata table needs a column 'file' (and may have 'year' and others)")
    rows: dict[str, dict[str, str]] = {}
    for number, raw in lines:
        row = {
            key.strip(): (value or "").strip()
            for key, value in raw.items()
            if key and not isinstance(value, list)
        }
        name = row["file"]
        if not name:
            raise InputError(f"{path}: line {number} has no file name in the column 'file'")
        if name in rows:
            raise InputError(f"{path}: line {number} names {name} a second time")
        rows[name] = row
    return Metadata(path, columns, rows)


def metadata_year_of(metadata: Metadata | None, path: Path) -> int | None:
    """The year that the table states for a file."""
    if metadata is None:
        return None
    year = metadata.row(path).get("year", "")
    if not year:
        return None
    try:
        return check_year(int(year))
    except ValueError as error:
        raise InputError(
            f"{metadata.path}: the year {year!r} of {path.name} is no year between 1900 and 2100"
        ) from error


def orphans(metadata: Metadata, files: Iterable[Path]) -> list[str]:
    """An error line for each row whose file is neither an input nor beside one or the table."""
    files = list(files)
    names = {p.name for p in files} | {p.stem for p in files}
    folders = {metadata.path.parent, *(p.parent for p in files)}
    beside: set[str] = set()
    for folder in folders:
        beside |= {name for p in folder.iterdir() for name in (p.name, p.stem)}
    return [
        f"{metadata.path}: the row for {name} has no file; remove the row or add the file"
        for name in metadata.rows
        if name not in names and name not in beside
    ]


PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
METADATA = click.option(
    "--metadata",
    type=click.Path(path_type=Path),
    metavar="TABLE.csv",
    help="A table with the columns file and year, and any others (region, date…) to carry into the output.",
)
_ENCODING = click.option(
    "--encoding", default="", metavar="NAME", help="Of text and HTML; found if not given."
)
_REPLACE = click.option(
    "--replace-bad-bytes",
    is_flag=True,
    help="Put U+FFFD for bytes that do not fit.",
)
_CLEAN = click.option(
    "--no-clean", is_flag=True, help="Leave page numbers, buttons, hard line breaks and the like as they are."
)
_COLUMN = click.option(
    "--text-column",
    default="",
    metavar="NAME",
    help="Of tables with a report in each row.",
)


_REPAIR = click.option(
    "--repair",
    type=click.Choice(REPAIRS),
    default=REPAIRS[0],
    help="Of a broken reading order: join puts together what belongs together beyond doubt.",
)


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how files are read, given to the command as one `reading`."""

    @wraps(command)
    def wrapped(
        *args: Any,  # noqa: ANN401
        encoding: str,
        replace_bad_bytes: bool,
        no_clean: bool,
        repair: str,
        text_column: str,
        **options: Any,  # noqa: ANN401
    ) -> None:
        reading = Reading(
            encoding=encoding,
            errors="replace" if replace_bad_bytes else "strict",
            clean=not no_clean,
            repair=repair,
            text_column=text_column,
        )
        command(*args, reading=reading, **options)

    for option in (_COLUMN, _REPAIR, _CLEAN, _REPLACE, _ENCODING):
        wrapped = option(wrapped)
    return wrapped


JOBS = click.option(
    "-j", "--jobs", type=click.IntRange(1, 256), default=1, help="Processes; the output is the same."
)
TOKENIZER = click.option(
    "--tokenizer",
    type=click.Choice(("auto", "jieba", "rjieba")),
    default="auto",
    help="auto: rjieba if installed.",
)
MODEL = click.option(
    "--themes",
    "model",
    type=click.Path(path_type=Path),
    metavar="MODEL",
    help="Tag paragraphs with this model of `zhreport train` instead of the package's own.",
)
NO_THEMES = click.option("--no-themes", is_flag=True, help="Do not tag paragraphs.")
TAXONOMY = click.option(
    "--taxonomy",
    type=click.Choice(TAXONOMIES),
    default=TAXONOMIES[0],
    help="Name themes by another taxonomy.",
)


def check_place(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Of an option: end the command before its work where its output cannot be written."""
    if path is not None:
        try:
            why = "a folder" if path.is_dir() else "" if path.parent.is_dir() else "no such folder"
        except OSError as error:
            why = str(error.strerror)
        if why:
            fail([f"{path}: cannot be written ({why}); check the path"])
    return path


def check_options(year: int | None, model: Path | None, *, no_themes: bool) -> None:
    """Stop at a year out of range and at options that contradict each other."""
    try:
        check_year(year)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="--year") from error
    if model is not None and no_themes:
        raise click.BadParameter("--themes and --no-themes contradict each other", param_hint="--themes")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a run.

    Attributes:
        todo: a job for every file that can be tried.
        table: the metadata table, None if there is none.
        errors: a line for everything that was asked for and cannot be done; it grows with the run.
    """

    todo: list[Job]
    table: Metadata | None
    errors: list[str]

    def carried(self, job: Job) -> dict[str, str]:
        """The columns of the metadata table that are carried into the output."""
        return {name: value for name, value in job.row.items() if name not in ("file", "year")}

    def results(
        self,
        todo: list[Job],
        *,
        processes: int,
        analyzer: Analyzer | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Iterator[tuple[Job, Report]]:
        """Each report that could be read, under a progress bar."""
        with progress_bar(len(todo)) as progress:
            task = progress.add_task("extract", total=len(todo))
            for result in run(todo, processes=processes, analyzer=analyzer, **options):
                if result.report is None:
                    self.errors.append(result.error)
                else:
                    yield result.job, result.report
                progress.advance(task)


def gather(
    paths: Sequence[str], metadata: Path | None, *, year: int | None = None, reading: Reading | None = None
) -> Inputs:
    """The files under the paths with their rows of the metadata table; ends the command if there are none.

    A table with a column of texts gives a job for each of its rows.
    """
    how = reading or Reading()
    files, errors = find_files(list(paths))
    table: Metadata | None = None
    if metadata is not None:
        try:
            table = read_metadata(metadata)
        except InputError as error:
            fail([str(error)])
        assert table is not None
        errors += orphans(table, files)
    if not files:
        fail(errors)
    todo = []
    for path in files:
        try:
            stated = None if year is not None else metadata_year_of(table, path)
            row = table.row(path) if table else {}
            job = Job(path=path, year=year, metadata_year=stated, row=row, reading=how)
            kind = table_kind(path)
            if not kind:
                todo.append(job)
                continue
            for report in table_rows(path, kind, how):
                todo.append(replace(job, row={**report.extra, **row}, of_table=report))
        except (InputError, MissingExtraError) as error:
            errors.append(str(error))
    return Inputs(todo, table, errors)


def progress_bar(total: int) -> Progress:
    """A bar on standard error; nothing where that is no terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal or total < 2,
    )


def fail(errors: Iterable[str]) -> None:
    """Print what went wrong, a line each, and end the command with 1."""
    for line in errors:
        click.echo(f"zhreport: {line}", err=True)
    raise click.exceptions.Exit(1)
