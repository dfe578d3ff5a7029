"""The command line: `zhreport extract`, `view`, `explain`, `train`, `evaluate` and `corpus fetch`."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from zhreport.batch import Job, run
from zhreport.campaigns import CampaignDecision
from zhreport.claims import Decision
from zhreport.document import check_year
from zhreport.errors import InputError, UsageError, ZhreportError
from zhreport.export import ENDINGS, FORMATS, make_writer
from zhreport.files import decode, find_files, read
from zhreport.lexicon import default_lexicon
from zhreport.output import replacing
from zhreport.report import Analyzer, Report
from zhreport.store import Store, file_hash, fingerprint
from zhreport.tables import KINDS
from zhreport.themes import TAXONOMIES, ThemeModel, crosswalk, default_model
from zhreport.tokens import make_tokenizer
from zhreport.training import Labelled, Scores, cache_folder, fetch, read_labels
from zhreport.training import cross_validate as cross_validated
from zhreport.training import evaluate as evaluate_themes
from zhreport.training import train as train_model

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


_TOKENIZER = click.option(
    "--tokenizer",
    type=click.Choice(("auto", "jieba", "rjieba")),
    default="auto",
    help="auto: rjieba if installed.",
)
_MODEL = click.option(
    "--themes",
    "model",
    type=click.Path(path_type=Path),
    metavar="MODEL",
    help="Tag paragraphs with this model of `zhreport train` instead of the package's own.",
)
_NO_THEMES = click.option("--no-themes", is_flag=True, help="Do not tag paragraphs.")
_TAXONOMY = click.option(
    "--taxonomy",
    type=click.Choice(TAXONOMIES),
    default=TAXONOMIES[0],
    help="Name themes by another taxonomy.",
)


def _check_options(year: int | None, model: Path | None, *, no_themes: bool) -> None:
    """Stop at a year out of range and at options that contradict each other."""
    try:
        check_year(year)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="--year") from error
    if model is not None and no_themes:
        raise click.BadParameter("--themes and --no-themes contradict each other", param_hint="--themes")


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
    "--format",
    "form",
    type=click.Choice((*FORMATS, "duckdb")),
    help="By the ending of OUT if not given, else table.",
)
@click.option(
    "--records",
    type=click.Choice(KINDS),
    help="What a table has rows for; claims if not given, on the screen campaigns too. JSONL and DuckDB hold "
    "all, Excel all or one.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="Write to this file.")
@_TOKENIZER
@_MODEL
@_NO_THEMES
@_TAXONOMY
@click.option(
    "--wait", type=float, default=0, metavar="SECONDS", help="For a .duckdb store that another run is using."
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
    model: Path | None,
    no_themes: bool,
    taxonomy: str,
    wait: float,
    jobs: int,
) -> None:
    r"""Extract the claims, campaigns and themes of the reports under PATH (files, folders or globs).

    \b
    Examples:
      zhreport extract report.txt
      zhreport extract reports/ --metadata reports/metadata.csv -o claims.jsonl
      zhreport extract 'reports/*2024*.txt' --year 2024 -o claims.csv
      zhreport extract reports/ --records campaigns -o campaigns.parquet
      zhreport extract archive/ -o archive.duckdb

    A .duckdb file is a store that grows: only new and changed files are done, the others are left as
    they are. A file that cannot be read is named on standard error; the others are done, and the exit
    status is 1.
    """
    _check_options(year, model, no_themes=no_themes)
    if form is None:
        ending = output.suffix.lower() if output else ".txt"
        endings = {**ENDINGS, ".duckdb": "duckdb"}
        if ending not in endings:
            raise click.BadParameter(
                f"the ending of {output} is none of {', '.join(endings)}; name the format with --format",
                param_hint="-o",
            )
        form = endings[ending]
    if output is None and form not in ("table", "jsonl", "csv"):
        raise click.BadParameter(f"{form} needs a file to write to", param_hint="-o")
    if records is not None and form == "duckdb":
        raise click.BadParameter("a store holds all records; leave the option out", param_hint="--records")
    if form == "table" and records in ("paragraphs", "documents"):
        raise click.BadParameter(f"{records} need a file, -o {records}.csv for one", param_hint="--records")
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
    options: dict[str, Any] = {"tokenizer": tokenizer, "themes": model or not no_themes, "taxonomy": taxonomy}
    try:
        analyzer = Analyzer(**options)
        run_ = Run(todo, errors, jobs, analyzer, options, table)
        if form == "duckdb":
            assert output is not None
            with Store(output, wait=wait) as store:
                click.echo(f"{output}: {_fill(store, run_)}")
        else:
            _write(form, output, records, run_)
    except ZhreportError as error:
        errors.append(str(error))
    if errors:
        _fail(errors)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run has to do, with which analyzer; `errors` gets a line for every file that cannot be read."""

    todo: list[Job]
    errors: list[str]
    processes: int
    analyzer: Analyzer
    options: dict[str, Any]
    metadata: Metadata | None

    def carried(self, job: Job) -> dict[str, str]:
        """The columns of the metadata table that are carried into the output."""
        row = self.metadata.row(job.path) if self.metadata else {}
        return {name: value for name, value in row.items() if name not in ("file", "year")}

    def results(self, todo: list[Job]) -> Iterator[tuple[Job, Report]]:
        """Each file that could be read, under a progress bar."""
        with _progress(len(todo)) as progress:
            task = progress.add_task("extract", total=len(todo))
            for result in run(todo, processes=self.processes, analyzer=self.analyzer, **self.options):
                if result.report is None:
                    self.errors.append(result.error)
                else:
                    yield result.job, result.report
                progress.advance(task)


def _write(form: str, output: Path | None, records: str | None, todo: Run) -> None:
    done = 0
    with ExitStack() as stack:
        stream: IO[bytes] | None
        if output is not None:
            stream = stack.enter_context(replacing(output))
        else:
            stream = None if form == "table" else sys.stdout.buffer
        names = todo.metadata.columns if todo.metadata else ()
        writer = make_writer(form, stream, names, records, todo.analyzer.provenance)
        for job, report in todo.results(todo.todo):
            writer.write(report, todo.carried(job))
            done += 1
        if not done:
            raise InputError("no report could be read; nothing was written")
        writer.close()


def _fill(store: Store, todo: Run) -> str:
    """Put new and changed files into the store; what was done and what was left, in words."""
    waiting: dict[Path, tuple[str, str, str]] = {}
    counts = {"new": 0, "changed": 0}
    current = 0
    for job in todo.todo:
        how = fingerprint(
            todo.analyzer.provenance,
            year=job.year,
            year_of_table=job.metadata_year,
            metadata=todo.carried(job),
        )
        try:
            key, sha256 = store.key(job.path), file_hash(job.path)
        except InputError as error:
            todo.errors.append(str(error))
            continue
        if store.is_current(key, sha256, how):
            current += 1
        else:
            waiting[job.path] = key, sha256, how
    for job, report in todo.results([job for job in todo.todo if job.path in waiting]):
        key, sha256, how = waiting[job.path]
        counts[store.replace(key, report, todo.carried(job), sha256=sha256, fingerprint=how)] += 1
    return f"{counts['new']} new, {counts['changed']} changed, {current} unchanged and skipped"


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
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="PAGE.html", help="Write here."
)
@click.option("--year", type=int, help="The year of the report; overrides every other source.")
@_TOKENIZER
@_MODEL
@_NO_THEMES
@_TAXONOMY
@click.option("--open", "launch", is_flag=True, help="Open the page in the browser.")
def view(
    file: Path,
    output: Path,
    year: int | None,
    tokenizer: str,
    model: Path | None,
    no_themes: bool,
    taxonomy: str,
    launch: bool,
) -> None:
    r"""Write one page with the text of a report, its claims, campaigns and themes marked, and a table.

    The page needs no network: open it in any browser, send it, print it.

    \b
    Example:
      zhreport view report.txt -o report.html --open
    """
    _check_options(year, model, no_themes=no_themes)
    try:
        analyzer = Analyzer(tokenizer=tokenizer, themes=model or not no_themes, taxonomy=taxonomy)
        report = analyzer.analyze(read(file, year=year))
        with replacing(output) as stream:
            stream.write(report.to_html().encode())
    except ZhreportError as error:
        _fail([str(error)])
    if launch:
        click.launch(str(output))


@cli.command(context_settings=_CONTEXT)
@click.argument("text")
@click.option("--year", type=int, help="The year of the report that the sentence is from.")
def explain(text: str, year: int | None) -> None:
    r"""Show every quantity, possible campaign and theme of a text and what decided.

    \b
    Example:
      zhreport explain "全年粮食产量80亿斤、增长2.5%，居全省第3位"
    """
    analyzer = Analyzer()
    try:
        decisions = analyzer.explain(text, year=year)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="--year") from error
    if not decisions:
        click.echo("no quantity and no campaign found")
    for decision in decisions:
        if isinstance(decision, CampaignDecision):
            _explain_campaign(decision)
        else:
            _explain_claim(decision)
    for reasons in analyzer.explain_themes(text):
        for reason in reasons:
            click.echo(f"theme {reason.theme}  {reason.probability:.2f}")
            words = "  ".join(f"{word} {weight:.2f}" for word, weight in reason.words)
            click.echo(f"    spoke for it {words}")


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


_LABELS = click.argument(
    "labels", nargs=-1, required=True, metavar="LABELS...", type=click.Path(path_type=Path)
)
_REPORTS = click.option(
    "--reports",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The reports that stand-off labels refer to; the folder of `zhreport corpus fetch` if not given.",
)


def _labelled(paths: Sequence[Path], reports: Path | None) -> list[Labelled]:
    folder = reports or cache_folder()
    return read_labels(paths, folder if folder.is_dir() else None)


@cli.command(context_settings=_CONTEXT)
@_LABELS
@_REPORTS
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="MODEL")
@click.option("--taxonomy", "name", default="", help="A name for your themes, kept in the model.")
@_TOKENIZER
def train(labels: Sequence[Path], reports: Path | None, output: Path, name: str, tokenizer: str) -> None:
    r"""Train a theme model from labelled paragraphs; the same labels give the same model.

    LABELS are JSONL files: {"text", "heading", "themes"} a line, or {"doc", "start", "end", "sha1",
    "themes"} for a paragraph of DOC.txt in the folder of the reports.

    \b
    Example:
      zhreport train corpora/themes/*.jsonl --reports reports/ -o themes.npz
    """
    console = Console(stderr=True)
    try:
        found = _labelled(labels, reports)
        own = set(crosswalk(TAXONOMIES[0]))
        known = {theme for label in found for theme in label.themes} <= own
        model = train_model(
            found,
            make_tokenizer(tokenizer, default_lexicon().tokenizer_words()),
            order=tuple(crosswalk(TAXONOMIES[0])),
            taxonomy=name or (TAXONOMIES[0] if known else "own"),
            progress=console.print,
        )
        with replacing(output) as stream:
            model.write(stream)
    except ZhreportError as error:
        _fail([str(error)])
    else:
        click.echo(f"{output}: {', '.join(f'{k} {v}' for k, v in model.meta['held_out'].items())} (held out)")


@cli.command(context_settings=_CONTEXT)
@_LABELS
@_REPORTS
@click.option("--model", type=click.Path(path_type=Path), help="The package's own if not given.")
@click.option("--cross-validate", is_flag=True, help="Train on the labels by folds instead.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@_TOKENIZER
def evaluate(
    labels: Sequence[Path],
    reports: Path | None,
    model: Path | None,
    cross_validate: bool,
    as_json: bool,
    tokenizer: str,
) -> None:
    r"""Print how right themes are on labelled paragraphs (see `zhreport train` for the format).

    With --cross-validate no report is in both parts of a fold.

    \b
    Example:
      zhreport evaluate my-labels.jsonl --reports reports/
    """
    try:
        found = _labelled(labels, reports)
        words = make_tokenizer(tokenizer, default_lexicon().tokenizer_words())
        if cross_validate:
            scores = cross_validated(found, words, order=tuple(crosswalk(TAXONOMIES[0])))
        else:
            tagger = default_model() if model is None else ThemeModel.load(model)
            scores = evaluate_themes(found, tagger.predict([label.passage for label in found], words))
    except ZhreportError as error:
        _fail([str(error)])
        return
    if as_json:
        click.echo(json.dumps(asdict(scores), ensure_ascii=False))
        return
    _print_scores(scores)


def _print_scores(scores: Scores) -> None:
    click.echo(f"paragraphs                  {scores.paragraphs}  ({scores.none} without a theme)")
    click.echo(f"accuracy of the main theme  {scores.accuracy:.3f}")
    click.echo(f"macro-F1 of the main theme  {scores.macro_f1:.3f}")
    precision = f"precision {scores.set_precision:.3f}, recall {scores.set_recall:.3f}"
    click.echo(f"F1 of the sets              {scores.set_f1:.3f}  ({precision})")
    click.echo(f"calibration error           {scores.calibration_error:.3f}")
    table = Table(title="main theme", title_justify="left", pad_edge=False)
    for name in ("theme", "precision", "recall", "F1", "paragraphs"):
        table.add_column(name, justify="left" if name == "theme" else "right")
    for theme, (precision_of, recall_of, f1, count) in scores.by_theme.items():
        table.add_row(theme, f"{precision_of:.3f}", f"{recall_of:.3f}", f"{f1:.3f}", str(count))
    console = Console()
    console.print(table)
    pairs = Table(title="most frequent confusions", title_justify="left", pad_edge=False)
    for name in ("labelled", "found", "paragraphs"):
        pairs.add_column(name)
    for labelled, got, count in scores.confusions[:10]:
        pairs.add_row(labelled, got, str(count))
    if scores.confusions:
        console.print(pairs)


@cli.group(context_settings=_CONTEXT)
def corpus() -> None:
    """The public reports that the package's theme model was trained on."""


@corpus.command("fetch", context_settings=_CONTEXT)
@click.option(
    "--source", default="", metavar="WHERE", help="A local folder, a ZIP archive or a mirror's http address."
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the reports go; a folder in the user's cache if not given.",
)
def fetch_corpus(source: str, folder: Path | None) -> None:
    r"""Download the public reports from their repositories, checked by hash; what is there is kept.

    \b
    Examples:
      zhreport corpus fetch
      zhreport corpus fetch --source ~/my-copies --to reports/
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            tasks: dict[str, TaskID] = {}

            def show(name: str, done: int, size: int) -> None:
                if name not in tasks:
                    tasks[name] = bar.add_task(name, total=size or None)
                bar.update(tasks[name], completed=done, total=size or None)

            result = fetch(folder or cache_folder(), source=source, progress=show)
    except ZhreportError as error:
        _fail([str(error)])
        return
    total = result.present + result.added
    click.echo(f"{result.folder}: {total} reports ({result.added} new), {len(result.missing)} not found")
    if result.missing:
        _fail([*result.errors, f"not found in the sources: {', '.join(result.missing[:5])}"])


def main() -> None:
    """The console script."""
    # Errors of usage end with 2 and an interruption with 1, after click's convention.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli(prog_name="zhreport")
