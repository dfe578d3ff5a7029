"""`zhreport train`, `evaluate` and `corpus fetch`: theme models."""

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from math import inf
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from zhreport.cli.configuration import CONTEXT
from zhreport.cli.shared import (
    DEBUG,
    TOKENIZER,
    Command,
    check_place,
    collecting,
    fail,
    keep_apart,
    line_of,
)
from zhreport.errors import InputError, ZhreportError
from zhreport.sample_reports import SAMPLES, samples
from zhreport.themes import TAXONOMIES, ThemeModel, crosswalk, default_model
from zhreport.training import Scores, already_seen, cache_folder, fetch, predict, read_labels
from zhreport.training import cross_validate as cross_validated
from zhreport.training import evaluate as evaluate_themes
from zhreport.training import train as train_model
from zhreport.words.lexicon import default_lexicon
from zhreport.words.tokens import make_tokenizer
from zhreport.writing.output import replacing

_LABELS = click.argument(
    "labels", nargs=-1, required=True, metavar="LABELS...", type=click.Path(path_type=Path)
)
_REPORTS = click.option(
    "--reports",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The reports that stand-off labels refer to; by default the folder of `zhreport corpus fetch`.",
)


@click.command(cls=Command, context_settings=CONTEXT)
@_LABELS
@_REPORTS
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=check_place,
    required=True,
    metavar="MODEL",
    help="The file of the model to write.",
)
@click.option(
    "--taxonomy", "name", default="", help="A name for your set of themes; it is kept in the model."
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="SET=N",
    callback=lambda _, __, values: dict(map(_weight, values)),
    help="Let labels of a set (their `set`) count N times; may be repeated.",
)
@TOKENIZER
@DEBUG
def train(
    labels: Sequence[Path],
    reports: Path | None,
    output: Path,
    name: str,
    weights: dict[str, float],
    tokenizer: str,
) -> None:
    r"""Train a theme model from labelled paragraphs; the same labels in the same order give the same model.

    LABELS are JSONL files: {"text", "heading", "themes"} a line, or {"doc", "start", "end", "sha1",
    "themes"} for a paragraph of DOC.txt in the folder of the reports; or tables (CSV, Excel, Parquet) with
    these columns, ";" between the themes of a cell. A report that is missing or cannot be read, or at which
    zhreport itself fails, is named and left out; the exit status is then 1.

    \b
    Example:
      zhreport train corpora/themes/*.jsonl --reports reports/ -o themes.npz
    """
    folder = reports or cache_folder()
    keep_apart([output], [*labels, *(folder.iterdir() if folder.is_dir() else ())])
    console = Console(stderr=True)
    errors: list[str] = []
    with collecting(errors):
        found = read_labels(labels, _folder(reports), failed=_naming(errors))
        found = [replace(x, weight=weights.get(x.genre, 1.0)) for x in found]
        own = set(crosswalk(TAXONOMIES[0]))
        known = {theme for label in found for theme in label.themes} <= own
        model = train_model(
            found,
            make_tokenizer(tokenizer, default_lexicon().tokenizer_words()),
            order=tuple(crosswalk(TAXONOMIES[0])),
            taxonomy=name or (TAXONOMIES[0] if known else "own"),
            progress=console.print,
            failed=_naming(errors),
        )
        with replacing(output) as stream:
            model.write(stream)
        click.echo(f"{output}: {', '.join(f'{k} {v}' for k, v in model.meta['held_out'].items())} (held out)")
    if errors:
        fail(errors)


def _weight(said: str) -> tuple[str, float]:
    """A set and how much it counts."""
    name, _, number = said.partition("=")
    with suppress(ValueError):
        if name and 0 < float(number) < inf:
            return name, float(number)
    raise click.BadParameter(f"{said}: write a set, = and a number above 0, such as press=2")


def _folder(reports: Path | None) -> Path | None:
    """That of the reports, None if none is named and none was fetched."""
    if reports is not None and not reports.is_dir():
        raise InputError(f"{reports}: no such folder; check --reports")
    folder = reports or cache_folder()
    return folder if folder.is_dir() else None


def _naming(errors: list[str]) -> Callable[[ZhreportError], None]:
    """What makes a line of what is wrong with one report."""
    return lambda error: errors.append(line_of(error))


@click.command(cls=Command, context_settings=CONTEXT)
@_LABELS
@_REPORTS
@click.option("--model", type=click.Path(path_type=Path), help="The model; by default the package's.")
@click.option(
    "--cross-validate",
    is_flag=True,
    help="Train on the labels in folds, and test on the fold left out, instead.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@TOKENIZER
@DEBUG
def evaluate(
    labels: Sequence[Path],
    reports: Path | None,
    model: Path | None,
    cross_validate: bool,
    as_json: bool,
    tokenizer: str,
) -> None:
    r"""Print how right the themes of labelled paragraphs are (see `zhreport train` for the format).

    With --cross-validate, no report is in both parts of a fold. If the model was trained on some of the
    labels, the figures only show how well it remembers them, and the command says so.

    \b
    Example:
      zhreport evaluate my-labels.jsonl --reports reports/
    """
    errors: list[str] = []
    with collecting(errors):
        failed = _naming(errors)
        found = read_labels(labels, _folder(reports), failed=failed)
        words = make_tokenizer(tokenizer, default_lexicon().tokenizer_words())
        seen: dict[str, int] = {}
        if cross_validate:
            scores = cross_validated(found, words, order=tuple(crosswalk(TAXONOMIES[0])), failed=failed)
        else:
            tagger = default_model() if model is None else ThemeModel.load(model)
            kept, themes = predict(found, tagger, words, failed)
            if not kept:
                raise InputError("no report could be done; there is nothing to evaluate")
            seen = {"trained_on": already_seen(kept, tagger)}
            scores = evaluate_themes(kept, themes)
        if known := seen.get("trained_on"):
            click.echo(
                f"{model or 'the model of the package'} was trained on {known} of these {len(kept)} "
                "paragraphs: the figures show how well it remembers them, not how right it is; use "
                "--cross-validate or other labels",
                err=True,
            )
        if as_json:
            click.echo(json.dumps({**asdict(scores), **seen}, ensure_ascii=False))
        else:
            _print_scores(scores)
    if errors:
        fail(errors)


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
    if scores.by_genre:
        console.print(_genres(scores))
    pairs = Table(title="most frequent confusions", title_justify="left", pad_edge=False)
    for name in ("labelled", "found", "paragraphs"):
        pairs.add_column(name)
    for labelled, got, count in scores.confusions[:10]:
        pairs.add_row(labelled, got, str(count))
    if scores.confusions:
        console.print(pairs)


def _genres(scores: Scores) -> Table:
    table = Table(title="sets of texts", title_justify="left", pad_edge=False)
    names = ("set", "main theme", "F1 of the sets", "calibration error", "without a theme", "paragraphs")
    for name in names:
        table.add_column(name, justify="left" if name == "set" else "right")
    for genre, own in scores.by_genre.items():
        figures = (own.accuracy, own.set_f1, own.calibration_error)
        table.add_row(genre, *(f"{x:.3f}" for x in figures), str(own.none), str(own.paragraphs))
    return table


@click.group(context_settings=CONTEXT)
def corpus() -> None:
    """Get reports to work with: invented samples, or the public reports behind the theme model."""


@corpus.command("samples", cls=Command, context_settings=CONTEXT)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER",
    help="Where the samples go; a folder that does not exist yet.",
)
@click.option(
    "--set",
    "name",
    type=click.Choice(tuple(SAMPLES)),
    default=next(iter(SAMPLES)),
    show_default=True,
    help="reports: three full reports; series: short reports of two places over six years.",
)
def copy_samples(folder: Path, name: str) -> None:
    r"""Copy the sample reports that come with the package; they are invented.

    \b
    Example:
      zhreport corpus samples --to reports/
    """
    if folder.exists():
        fail([f"{folder}: exists already; name a new folder"])
    shutil.copytree(samples(name), folder, ignore=shutil.ignore_patterns("*.gold.jsonl"))
    click.echo(f"{folder}: {len(list(folder.glob('*.txt')))} reports")


@corpus.command("fetch", cls=Command, context_settings=CONTEXT)
@click.option(
    "--source",
    default="",
    metavar="WHERE",
    help="Take them from a local folder, a ZIP archive or the address of a mirror.",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the reports go; by default a folder in your cache.",
)
@DEBUG
def fetch_corpus(source: str, folder: Path | None) -> None:
    r"""Download the public reports from their repositories, checked by hash; those that are there are kept.

    \b
    Examples:
      zhreport corpus fetch
      zhreport corpus fetch --source ~/my-copies --to reports/
    """
    keep_apart([folder or cache_folder()], [Path(source) if source else None])
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def show(name: str, done: int, size: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=size or None)
            bar.update(tasks[name], completed=done, total=size or None)

        result = fetch(folder or cache_folder(), source=source, progress=show)
    total = result.present + result.added
    click.echo(f"{result.folder}: {total} reports ({result.added} new), {len(result.missing)} not found")
    if result.missing:
        fail([*result.errors, f"not found in the sources: {', '.join(result.missing[:5])}"])
