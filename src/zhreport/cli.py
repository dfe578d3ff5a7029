"""The command line: `zhreport extract` and `zhreport explain`."""

import csv
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from zhreport.batch import Job, run
from zhreport.campaigns import CampaignDecision
from zhreport.claims import Decision
from zhreport.document import check_year
from zhreport.errors import InputError, UsageError, ZhreportError
from zhreport.files import decode, find_files
from zhreport.output import FORMATS, RECORDS, make_writer, replacing
from zhreport.report import Analyzer

__all__ = ["main"]

_CONTEXT = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=_CONTEXT)
@click.version_option(package_name="zhreport", prog_name="zhreport")
def cli() -> None:
    r"""Turn Chinese work reports (政府工作报告, 工作总结, 统计公报) into data.

    \b
    Example:
      zhreport extract reports/ -o claims.csv
    """


@dataclass(frozen=True, slots=True)
class Metadata:
    """A metadata table by file name, with the columns that are carried into the output."""

    path: Path
    columns: tuple[str, ...]
    rows: dict[str, dict[str, str]]

    def row(self, path: Path) -> dict[str, str]:
        """The row of a file, by its name or its name without ending; empty if there is none."""
        return self.rows.get(path.name) or self.rows.get(path.stem) or {}


def _read_metadata(path: Path) -> Metadata:
    try:
        text, _ = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path}: the metadata table cannot be read ({error.strerror})") from error
    reader = csv.DictReader(text.splitlines())
    columns = tuple(c.strip() for c in reader.fieldnames or () if c)
    if "file" not in columns:
        raise InputError(f"{path}: the metadata table needs a column 'file' (and may have 'year' and others)")
    rows: dict[str, dict[str, str]] = {}
    for number, raw in enumerate(reader, start=2):
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


def _metadata_year(metadata: Metadata | None, path: Path) -> int | None:
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


def _orphans(metadata: Metadata, files: Iterable[Path]) -> list[str]:
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


@cli.command(context_settings=_CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--year", type=int, help="The year of the reports; overrides every other source.")
@click.option(
    "--metadata",
    type=click.Path(path_type=Path),
    metavar="TABLE.csv",
    help="A table with the columns file and year, and any others to carry into the output.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="By the ending of OUT if not given, else table."
)
@click.option(
    "--records",
    type=click.Choice(RECORDS),
    help="What a table has rows for; claims in CSV and both on the screen if not given. JSONL holds all.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="Write to this file.")
@click.option(
    "--tokenizer",
    type=click.Choice(("auto", "jieba", "rjieba")),
    default="auto",
    help="auto: rjieba if installed.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 256), default=1, help="Processes; the output is the same."
)
def extract(
    paths: Sequence[str],
    year: int | None,
    metadata: Path | None,
    form: str | None,
    records: str | None,
    output: Path | None,
    tokenizer: str,
    jobs: int,
) -> None:
    r"""Extract every numeric claim and campaign of the reports under PATH (files, folders or globs).

    \b
    Examples:
      zhreport extract report.txt
      zhreport extract reports/ --metadata reports/metadata.csv -o claims.jsonl
      zhreport extract 'reports/*2024*.txt' --year 2024 -o claims.csv
      zhreport extract reports/ --records campaigns -o campaigns.csv

    A file that cannot be read is named on standard error; the others are done, and the exit
    status is 1.
    """
    try:
        check_year(year)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="--year") from error
    if form is None:
        ending = output.suffix.lower().lstrip(".") if output else ""
        if output is not None and ending not in ("jsonl", "csv", "txt"):
            raise click.BadParameter(
                f"the ending of {output} is none of .jsonl, .csv, .txt; name the format with --format",
                param_hint="-o",
            )
        form = ending if ending in FORMATS else "table"
    if records is not None and form == "jsonl":
        raise click.BadParameter("JSONL holds all records; leave the option out", param_hint="--records")
    files, errors = find_files(list(paths))
    table: Metadata | None = None
    if metadata is not None:
        try:
            table = _read_metadata(metadata)
        except InputError as error:
            _fail([str(error)])
        assert table is not None
        errors += _orphans(table, files)
    if not files:
        _fail(errors)
    todo = []
    for path in files:
        try:
            stated = None if year is not None else _metadata_year(table, path)
            todo.append(Job(path=path, year=year, metadata_year=stated))
        except InputError as error:
            errors.append(str(error))
    done = 0
    try:
        with ExitStack() as stack:
            stream: IO[bytes] | None
            if output is not None:
                stream = stack.enter_context(replacing(output))
            else:
                stream = None if form == "table" else sys.stdout.buffer
            writer = make_writer(form, stream, table.columns if table else (), records)
            progress = stack.enter_context(_progress(len(files)))
            task = progress.add_task("extract", total=len(files))
            for result in run(todo, tokenizer=tokenizer, processes=jobs):
                if result.report is None:
                    errors.append(result.error)
                else:
                    row = table.row(result.job.path) if table else {}
                    writer.write(result.report, {k: v for k, v in row.items() if k not in ("file", "year")})
                    done += 1
                progress.advance(task)
            if not done:
                raise InputError("no report could be read; nothing was written")
            writer.close()
    except ZhreportError as error:
        errors.append(str(error))
    if errors:
        _fail(errors)


def _progress(total: int) -> Progress:
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


def _fail(errors: Iterable[str]) -> None:
    for line in errors:
        click.echo(f"zhreport: {line}", err=True)
    raise click.exceptions.Exit(1)


@cli.command(context_settings=_CONTEXT)
@click.argument("text")
@click.option("--year", type=int, help="The year of the report that the sentence is from.")
def explain(text: str, year: int | None) -> None:
    r"""Show every quantity and every possible campaign of a sentence and the rules that decided.

    \b
    Example:
      zhreport explain "全年粮食产量80亿斤、增长2.5%，居全省第3位"
    """
    try:
        decisions = Analyzer().explain(text, year=year)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="--year") from error
    if not decisions:
        click.echo("no quantity and no campaign found")
    for decision in decisions:
        if isinstance(decision, CampaignDecision):
            _explain_campaign(decision)
        else:
            _explain_claim(decision)


def _explain_claim(decision: Decision) -> None:
    q, claim = decision.quantity, decision.claim
    click.echo(f"{decision.text}  [{q.start}–{q.end}]")
    if claim is None:
        click.echo(f"    no claim    by {decision.rejected_by}")
        return
    value = f"{claim.low:f}–{claim.high:f}" if claim.low is not None else f"{claim.value:f}"
    amount = " ".join(filter(None, (value, claim.unit, claim.relation)))
    click.echo(f"    indicator   {claim.indicator}")
    click.echo(f"    amount      {amount}")
    click.echo(f"    kind        {' '.join(filter(None, (claim.kind, claim.direction)))}    by {claim.rule}")
    click.echo(f"    action      {claim.action}")
    status = " ".join(filter(None, (claim.status, claim.tone)))
    click.echo(f"    status      {status}    by {claim.status_rule}")
    click.echo(f"    period      {claim.period or 'unknown'}    by {claim.period_rule}")


def _explain_campaign(decision: CampaignDecision) -> None:
    campaign = decision.campaign
    click.echo(f"{decision.text}  [{decision.start}–{decision.end}]")
    if campaign is None:
        click.echo(f"    no campaign by {decision.rejected_by}")
        return
    click.echo(f"    campaign    {campaign.kind}    by {campaign.rule}")
    for name in ("head", "action", "edition", "count", "organizer", "period"):
        if value := getattr(campaign, name):
            click.echo(f"    {name:12}{value}")


def main() -> None:
    """The console script."""
    # Errors of usage end with 2 and an interruption with 1, after click's convention.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli(prog_name="zhreport")
