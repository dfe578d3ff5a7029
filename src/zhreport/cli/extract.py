"""`zhreport extract`: records of reports in every format, or in a store that grows."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import click

from zhreport.batch import Job, Make, Pack, Then, loaded
from zhreport.cli.configuration import CONTEXT
from zhreport.cli.shared import (
    JOBS,
    METADATA,
    MODEL,
    NO_THEMES,
    PATHS,
    TAXONOMY,
    Command,
    Inputs,
    analyzer_options,
    check_options,
    check_place,
    collecting,
    finish,
    gather,
    reading_options,
    telling_options,
    vocabulary_hash,
)
from zhreport.errors import InputError, ZhreportError, at_document
from zhreport.files import Reading
from zhreport.report import Analyzer
from zhreport.store import Rendered, Store, file_hash, fingerprint, piled, rendered
from zhreport.tables import KINDS
from zhreport.writing.formats import ENDINGS, FORMATS, make_writer
from zhreport.writing.output import replacing


@click.command(cls=Command, context_settings=CONTEXT)
@PATHS
@click.option("--year", type=int, help="The year of the reports; overrides every other source.")
@METADATA
@click.option(
    "--format",
    "form",
    type=click.Choice((*FORMATS, "duckdb")),
    help="The format; by default the ending of OUT decides, or table without OUT.",
)
@click.option(
    "--records",
    type=click.Choice(KINDS),
    help="Which records a table has; by default claims (on the screen campaigns too). JSONL and DuckDB hold "
    "all kinds, Excel all or one.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=check_place,
    metavar="OUT",
    help="The file to write; by default the records are shown on the screen.",
)
@analyzer_options
@MODEL
@NO_THEMES
@TAXONOMY
@click.option(
    "--wait",
    type=float,
    default=0,
    metavar="SECONDS",
    help="How long to wait for a .duckdb store that another run is using.",
)
@JOBS
@telling_options
@reading_options
def extract(
    paths: Sequence[str],
    year: int | None,
    metadata: Path | None,
    form: str | None,
    records: str | None,
    output: Path | None,
    analysis: dict[str, Any],
    model: Path | None,
    no_themes: bool,
    taxonomy: str,
    wait: float,
    jobs: int,
    reading: Reading,
) -> None:
    r"""Extract the claims, campaigns and themes of the reports under PATH (files, folders or globs).

    \b
    Examples:
      zhreport extract report.txt
      zhreport extract reports/ --metadata reports/metadata.csv -o claims.jsonl
      zhreport extract 'reports/*2024*.txt' --year 2024 -o claims.csv
      zhreport extract reports/ --records campaigns -o campaigns.parquet
      zhreport extract archive/ -o archive.duckdb

    A .duckdb file is a store that grows: only new and changed files are processed, the others are left as
    they are. A file that cannot be read is named on standard error; the others are processed, and the exit
    status is 1.
    """
    themes = check_options(year, model, no_themes=no_themes)
    if form is None:
        ending = output.suffix.lower() if output else ".txt"
        endings = {**ENDINGS, ".duckdb": "duckdb"}
        if ending not in endings:
            raise click.BadParameter(
                f"{output} ends in none of {', '.join(endings)}; name the format with --format",
                param_hint="-o",
            )
        form = endings[ending]
    if output is None and form not in ("table", "jsonl", "csv"):
        raise click.BadParameter(f"{form} needs a file to write to", param_hint="-o")
    if records is not None and form == "duckdb":
        raise click.BadParameter(
            "a store holds all kinds of records; leave this option out", param_hint="--records"
        )
    if form == "table" and records in ("paragraphs", "documents"):
        raise click.BadParameter(f"{records} need a file, such as -o {records}.csv", param_hint="--records")
    if records is not None and form == "jsonl":
        raise click.BadParameter(
            "JSONL holds all kinds of records; leave this option out", param_hint="--records"
        )
    inputs = gather(paths, metadata, outputs=[output], besides=[model], year=year, reading=reading)
    options: dict[str, Any] = {**analysis, "themes": themes, "taxonomy": taxonomy}
    with collecting(inputs.errors):
        analyzer = Analyzer(**options)
        run = Run(inputs, jobs, analyzer)
        if form == "duckdb":
            assert output is not None
            with Store(output, wait=wait) as store:
                click.echo(f"{output}: {_fill(store, run)}")
        else:
            _write(form, output, records, run)
    finish(inputs)


@dataclass(frozen=True, slots=True)
class Run:
    """What is to be done, with which analyzer."""

    inputs: Inputs
    processes: int
    analyzer: Analyzer

    def each(
        self, make: Make, then: Then, todo: Iterable[Job] | None = None, pack: Pack | None = None
    ) -> int:
        """Make the rows of each report that could be read; how many there were."""
        return self.inputs.each(
            self.inputs.todo if todo is None else todo,
            then,
            make=make,
            pack=pack,
            processes=self.processes,
            analyzer=self.analyzer,
        )


def _write(form: str, output: Path | None, records: str | None, run: Run) -> None:
    with ExitStack() as stack:
        stream: IO[bytes] | None
        if output is not None:
            stream = stack.enter_context(replacing(output))
        else:
            stream = None if form == "table" else sys.stdout.buffer
        table = run.inputs.table
        names = table.columns if table else ()
        writer = stack.enter_context(make_writer(form, stream, names, records, run.analyzer.provenance))
        if not run.each(writer.render, lambda _, rendered: writer.put(rendered)):
            raise InputError("no report could be read; nothing was written")


def _fill(store: Store, run: Run) -> str:
    """Put new and changed files into the store; what was done and what was left, in words."""
    waiting: dict[str, tuple[str, str]] = {}  # key → what its records are made from, and how

    @lru_cache(maxsize=64)  # documents differ in few of these
    def made_from(
        year: int | None, year_of_table: int | None, reading: Reading, row: tuple[tuple[str, str], ...]
    ) -> str:
        return fingerprint(
            run.analyzer.provenance,
            year=year,
            year_of_table=year_of_table,
            reading=asdict(reading),
            metadata=dict(row),
            **vocabulary_hash(),
        )

    def todo() -> Iterator[Job]:
        for job in loaded(run.inputs.todo):
            try:
                with at_document(job.shown):
                    how = made_from(job.year, job.metadata_year, job.reading, tuple(job.row.items()))
                    key, digest = _identity(store, job)
            except ZhreportError as error:
                run.inputs.failed(error)
                continue
            if store.is_current(key, digest, how):
                run.inputs.closing.current += 1
            else:
                waiting[key] = digest, how
                yield replace(job, file=key)  # the records of a store say that they are from there

    def put(job: Job, records: Rendered) -> None:
        digest, how = waiting.pop(job.file)
        if _has_changed(job, digest):
            run.inputs.errors.append(
                f"{job.shown}: it changed while it was read; run again to have it stored"
            )
            return
        store.put(job.file, records, sha256=digest, fingerprint=how)

    run.each(rendered, put, todo(), piled)
    store.flush()
    counts, current = store.written, run.inputs.closing.current
    return f"{counts['new']} new, {counts['changed']} changed, {current} unchanged and skipped"


def _has_changed(job: Job, digest: str) -> bool:
    """Has a file other bytes than those that it was analyzed for? The rows of a table are read already."""
    try:
        return job.of_table is None and file_hash(job.path) != digest
    except InputError:
        return True


def _identity(store: Store, job: Job) -> tuple[str, str]:
    """What a report is called in the store, and the hash of its bytes; the rows of a table have their own."""
    key = store.key(job.path)
    if job.of_table is None:
        return key, file_hash(job.path)
    text = job.of_table.text.encode("utf-8", "surrogatepass")
    return f"{key}#{job.of_table.number}", sha256(text).hexdigest()
