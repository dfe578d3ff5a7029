"""What the commands share: options, the metadata table, the run over files, errors."""

import gc
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

import click
from click.core import ParameterSource

from zhreport.batch import Job, Make, Pack, Then, run
from zhreport.batch.closing import LOGGER, Closing
from zhreport.batch.inputs import described, jobs_of
from zhreport.batch.metadata_table import Metadata, orphans, read_metadata
from zhreport.cli.configuration import CONFIG
from zhreport.errors import FaultError, InputError, UsageError, ZhreportError, at_document, one_line
from zhreport.files import REPAIRS, Limits, Reading, find_inputs, passed_over
from zhreport.report import Analyzer
from zhreport.themes import TAXONOMIES
from zhreport.timeframe import check_year
from zhreport.words.lexicon import read_units
from zhreport.writing.output import Output, check_apart


class Command(click.Command):
    r"""A command that takes options from a file too, and ends with one line whatever goes wrong in it.

    Its help keeps the lines below a `\b` as they stand, also out of a raw docstring.
    """

    def __init__(self, name: str | None, **options: Any) -> None:  # noqa: ANN401 - click's own
        options["params"] = [*(options.get("params") or ()), CONFIG]
        options["help"] = (options.get("help") or "").replace("\\b\n", "\b\n")
        super().__init__(name, **options)

    def invoke(self, ctx: click.Context) -> None:
        """Run it."""
        errors: list[str] = []
        with collecting(errors):
            super().invoke(ctx)
        if errors:
            fail(errors)


PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
METADATA = click.option(
    "--metadata",
    type=click.Path(path_type=Path),
    metavar="TABLE.csv",
    help="What is known of the files: columns file and year (文件名, 年份), and others (region, date…) for "
    "the output.",
)
_ENCODING = click.option(
    "--encoding", default="", metavar="NAME", help="The encoding of text and HTML; by default it is detected."
)
_REPLACE = click.option(
    "--replace-bad-bytes",
    is_flag=True,
    help="Replace bytes that do not fit the encoding with U+FFFD.",
)
_CLEAN = click.option(
    "--no-clean", is_flag=True, help="Leave page numbers, buttons, hard line breaks and the like in the text."
)
_COLUMN = click.option(
    "--text-column",
    default="",
    metavar="NAME",
    help="The column of the text, in tables with a report in each row.",
)


_REPAIR = click.option(
    "--repair",
    type=click.Choice(REPAIRS),
    default=REPAIRS[0],
    help="What to do where paragraphs are out of order: join puts together what certainly belongs together.",
)


_GENRE = click.option(
    "--genre",
    default="",
    metavar="GENRE",
    help="What the reports are (政府工作报告, press…); overrides every other source.",
)
_REVIEWED = click.option(
    "--reviewed", type=int, help="The year that the reports look back on; overrides every other source."
)


def _limits(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> Limits:
    found: dict[str, int] = {}
    for one in given:
        name, _, number = one.partition("=")
        if name not in Limits.names() or not (number.isascii() and number.isdigit()):
            raise click.BadParameter(f"{one}: NAME=N, where NAME is one of {', '.join(Limits.names())}")
        found[name] = int(number)
    try:
        return Limits(**found)
    except UsageError as error:
        raise click.BadParameter(str(error)) from error


_LIMIT = click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=N",
    callback=_limits,
    help="The most that a file may have of something; NAME is bytes, unpacked, characters, page_characters, "
    "pages, elements, attributes, columns, memory or seconds.",
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
        genre: str,
        reviewed: int | None,
        limits: Limits,
        **options: Any,  # noqa: ANN401
    ) -> None:
        try:
            reading = Reading(
                encoding=encoding,
                errors="replace" if replace_bad_bytes else "strict",
                clean=not no_clean,
                repair=repair,
                text_column=text_column,
                genre=genre,
                reviewed=reviewed,
                limits=limits,
            )
        except UsageError as error:
            raise click.BadParameter(str(error), param_hint="--genre, --reviewed") from error
        command(*args, reading=reading, **options)

    for option in (_LIMIT, _COLUMN, _REPAIR, _CLEAN, _REPLACE, _ENCODING, _REVIEWED, _GENRE):
        wrapped = option(wrapped)
    return wrapped


def _set(context: click.Context, option: click.Parameter, value: Any) -> None:  # noqa: ANN401
    context.meta[f"zhreport.{option.name}"] = value


DEBUG = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_set,
    help="If zhreport itself fails, print the traceback.",
)
JOBS = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    default=1,
    help="How many processes to use; the output is the same.",
)
TOKENIZER = click.option(
    "--tokenizer",
    type=click.Choice(("auto", "jieba", "rjieba")),
    default="auto",
    help="What cuts text into words; auto is rjieba if it is installed, else jieba.",
)
_UNITS = click.option(
    "--units",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Your own units, in addition to the package's.",
)
_WORDS = click.option(
    "--words",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Your own words, in the form of the package's lists.",
)
_GRAMMAR = click.option(
    "--grammar",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Your own rules for reading clauses.",
)


def analyzer_options(command: Callable[..., None]) -> Callable[..., None]:
    """Tokenizer and vocabulary, given to the command as one `analysis`: arguments of an `Analyzer`."""

    @wraps(command)
    def wrapped(
        *args: Any,  # noqa: ANN401
        tokenizer: str,
        units: Path | None,
        words: Path | None,
        grammar: Path | None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        files = [path for path in (units, words, grammar) if path is not None]
        click.get_current_context().meta["zhreport.vocabulary"] = files
        analysis: dict[str, Any] = {"tokenizer": tokenizer, "vocabulary": words, "grammar": grammar}
        command(*args, analysis={**analysis, "units": read_units(units) if units else ()}, **options)

    for option in (_GRAMMAR, _WORDS, _UNITS, TOKENIZER):
        wrapped = option(wrapped)
    return wrapped


def vocabulary_hash() -> dict[str, str]:
    """What identifies the vocabulary of the caller's own, for a fingerprint; nothing if there is none."""
    total = sha256()
    for path in _telling("vocabulary") or ():
        total.update(path.read_bytes() + b"\0")
    return {"vocabulary": total.hexdigest()} if _telling("vocabulary") else {}


MODEL = click.option(
    "--themes",
    "model",
    type=click.Path(path_type=Path),
    metavar="MODEL",
    help="Tag paragraphs with this model, made by `zhreport train`, instead of the package's.",
)
NO_THEMES = click.option("--no-themes", is_flag=True, help="Do not tag paragraphs with themes.")
TAXONOMY = click.option(
    "--taxonomy",
    type=click.Choice(TAXONOMIES),
    default=TAXONOMIES[0],
    help="Which taxonomy names the themes.",
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


_QUIET = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=_set, help="Do not print the closing line."
)
_LOG = click.option(
    "--log",
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=lambda context, option, path: _set(context, option, check_place(context, option, path)),
    metavar="FILE",
    help="Write a line for each document to this file.",
)


def telling_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what is told of a run; none of them is an argument of the command."""
    return _QUIET(_LOG(DEBUG(command)))


def check_options(year: int | None, model: Path | None, *, no_themes: bool) -> Path | bool:
    """Stop at a year out of range; which themes are asked for, as an `Analyzer` takes them.

    The command line goes before the configuration; where one of them asks for both, the command ends.
    """
    try:
        check_year(year)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="--year") from error
    if model is not None and no_themes:
        source = click.get_current_context().get_parameter_source
        if source("model") == source("no_themes"):
            raise click.BadParameter("--themes and --no-themes contradict each other", param_hint="--themes")
        no_themes = source("no_themes") is ParameterSource.COMMANDLINE
    return not no_themes and (model or True)


def _telling(name: str) -> Any:  # noqa: ANN401
    """What was given of the options that say what is told, None if nothing."""
    return click.get_current_context().meta.get(f"zhreport.{name}")


def keep_apart(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """End the command before its work where an output, or the log, is one of the inputs, or both are one."""
    written = [path for path in outputs if path is not None]
    inputs = [*inputs, *(_telling("vocabulary") or ()), _telling("config")]
    log: Path | None = _telling("log")
    if log is not None and log.resolve() in {path.resolve() for path in written}:
        raise click.UsageError(f"{log} cannot be both output and log; name another file with --log")
    try:
        check_apart([*written, *([log] if log else [])], filter(None, inputs))
        if log is not None:
            check_apart([log], written)
    except UsageError as error:
        raise click.UsageError(str(error)) from error


def start_log() -> None:
    """Write the log to the file of `--log` until the command ends; only after `keep_apart`."""
    path: Path | None = _telling("log")
    if path is None:
        return
    try:
        output = Output(path.open("wb"), lambda _: None)  # `finish` asks it
    except OSError as error:
        fail([f"{path}: cannot be written ({error.strerror}); check the path"])
        return
    text = io.TextIOWrapper(cast("IO[bytes]", output), "utf-8", errors="backslashreplace")
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    level = LOGGER.level

    def stop() -> None:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)
        text.close()

    click.get_current_context().meta["zhreport.log_output"] = output
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    click.get_current_context().call_on_close(stop)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a run.

    Attributes:
        todo: a job for every file that can be tried.
        table: the metadata table, None if there is none.
        errors: a line for everything that was asked for and cannot be done; it grows with the run.
        closing: counts what became of the documents.
        warnings: a line for everything that could not be written whole.
    """

    todo: list[Job]
    table: Metadata | None
    errors: list[str]
    closing: Closing = field(default_factory=Closing)
    warnings: list[str] = field(default_factory=list)

    def failed(self, error: ZhreportError) -> None:
        """Tell of a document that could not be done; the others go on."""
        self.errors.append(line_of(error))
        self.closing.lose(str(error))

    def each(
        self,
        todo: Iterable[Job],
        then: Then,
        *,
        processes: int,
        make: Make | None = None,
        pack: Pack | None = None,
        analyzer: Analyzer | None = None,
        **options: Any,  # noqa: ANN401
    ) -> int:
        """Make the rows of each report that could be read, under a progress bar; how many there were.

        Arguments as of `zhreport.batch.run`; the bar is of all files of the run.
        """
        done = 0
        gc.freeze()  # what is there now, the analyzer and all jobs, stays to the end of the program
        with progress_bar(len(self.todo)) as move:
            results = run(
                todo,
                processes=processes,
                make=make,
                then=then,
                pack=pack,
                analyzer=analyzer,
                closing=self.closing,
                **options,
            )
            for seen, result in enumerate(results, start=1):
                if result.error:
                    self.errors.append(with_trace(result.error, result.trace))
                else:
                    done += 1
                    self.warnings.extend(f"{result.file}: {one}" for one in result.remarks)
                move(seen + self.closing.current)
        return done


def gather(
    paths: Sequence[str],
    metadata: Path | None,
    *,
    outputs: Iterable[Path | None],
    besides: Iterable[Path | None] = (),
    year: int | None = None,
    reading: Reading | None = None,
) -> Inputs:
    """The files under the paths with their rows of the metadata table; ends the command if there are none.

    It ends too where one of the outputs is one of the files, the metadata table or what is read besides.
    A table with a column of texts gives a job for each of its rows.
    """
    how = reading or Reading()
    files, errors = find_inputs(list(paths))
    written = list(outputs)
    keep_apart(written, [*(path for path, _ in files), metadata, *besides])
    start_log()
    closing = Closing(
        passed_over=passed_over(paths, filter(None, [*written, _telling("log"), metadata, *besides]))
    )
    for line in errors:
        closing.lose(line)
    table: Metadata | None = None
    try:
        table = read_metadata(metadata) if metadata is not None else None
    except InputError as error:
        fail([str(error)])
    if not files:
        fail(errors)

    def failed(error: ZhreportError) -> None:
        errors.append(line_of(error))
        closing.lose(str(error))

    todo = list(jobs_of(files, how, failed))
    if year is not None:
        todo = [replace(job, year=year) for job in todo]
    if table is not None:
        try:
            todo, rows = described(todo, table)
        except UsageError as error:
            raise click.UsageError(str(error)) from error
        except InputError as error:
            fail([str(error)])
        folders = (folder for path, root in files for folder in (root, path.parent))
        errors += orphans(table, (name for names in rows for name in names), folders)
    return Inputs(todo, table, errors, closing)


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, moved by what this gives; nothing where that is no terminal."""
    from rich.console import Console  # noqa: PLC0415 - `explain` needs none of it

    console = Console(stderr=True)
    if total < 2 or not console.is_terminal:
        yield lambda _: None
        return
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("extract", total=total)
        yield lambda done: progress.update(task, completed=done)


def with_trace(line: str, trace: str) -> str:
    """The line of an error, with the traceback below it if it was asked for."""
    return f"{line}\n{trace.rstrip()}" if trace and _telling("debug") else line


def line_of(error: ZhreportError) -> str:
    """The line of an error, with its traceback if that was asked for."""
    return with_trace(str(error), error.trace if isinstance(error, FaultError) else "")


@contextmanager
def collecting(errors: list[str]) -> Iterator[None]:
    """What goes wrong in the block, and at no document, is a line of `errors`: a fault of zhreport too."""
    try:
        with at_document("", OSError, click.ClickException, click.exceptions.Exit, click.Abort):
            yield
    except ZhreportError as error:
        errors.append(line_of(error))
    except OSError as error:
        whose = f"{error.filename}: " if error.filename else ""
        errors.append(f"{whose}{error.strerror or error}; check the disk and its permissions")


def finish(inputs: Inputs) -> None:
    """Print what went wrong, warnings and the closing line; end the command with 1 if anything went wrong."""
    line = inputs.closing.end()
    log: Output | None = _telling("log_output")
    if log is not None and log.failure is not None:
        inputs.errors.append(f"{_telling('log')}: cannot be written ({log.failure.strerror}); check the disk")
    _print(inputs.errors)
    _print(f"warning: {one_line(line)}" for line in inputs.warnings)
    if not _telling("quiet"):
        _print([line])
    if inputs.errors:
        raise click.exceptions.Exit(1)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(f"zhreport: {line}", err=True)


def fail(errors: Iterable[str]) -> None:
    """Print what went wrong, a line each, and end the command with 1."""
    _print(errors)
    raise click.exceptions.Exit(1)
