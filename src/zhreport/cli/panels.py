"""`zhreport panel` and `indicators`: region, year and indicator."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from zhreport.cli.archives import gather_reports
from zhreport.cli.configuration import CONTEXT
from zhreport.cli.shared import (
    JOBS,
    METADATA,
    PATHS,
    Command,
    Inputs,
    analyzer_options,
    check_place,
    collecting,
    finish,
    keep_apart,
    reading_options,
    telling_options,
)
from zhreport.errors import UsageError
from zhreport.files import Reading
from zhreport.panel import (
    Catalogue,
    Indicator,
    default_catalogue,
    list_indicators,
    read_catalogue,
)
from zhreport.panel import panel as make_panel
from zhreport.tables import provenance
from zhreport.writing import TABLE_ENDINGS, check_table_ending, write_table

_CATALOGUE = click.option(
    "--catalogue",
    "own",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Your own indicators, in addition to the package's.",
)


@click.command(cls=Command, context_settings=CONTEXT)
@PATHS
@METADATA
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=check_place,
    required=True,
    metavar="OUT",
    help=f"The panel; the ending decides the format: {', '.join(TABLE_ENDINGS)}.",
)
@click.option(
    "--indicator",
    "chosen",
    multiple=True,
    metavar="NAME",
    help="Only this indicator, by its id, name or a wording; may be repeated.",
)
@click.option(
    "--wide", is_flag=True, help="Write one row for each region and year, with a column for each indicator."
)
@_CATALOGUE
@click.option("--complete", is_flag=True, help="Add rows for what a report does not state.")
@analyzer_options
@JOBS
@telling_options
@reading_options
def panel(
    paths: Sequence[str],
    metadata: Path | None,
    output: Path,
    chosen: Sequence[str],
    own: Path | None,
    complete: bool,
    wide: bool,
    analysis: dict[str, Any],
    jobs: int,
    reading: Reading,
) -> None:
    r"""Build a panel of region, year and indicator from the reports under PATH, or from one .duckdb store.

    A file that cannot be read is named on standard error; the others are processed, and the exit status is 1.

    \b
    Examples:
      zhreport panel reports/ --metadata reports/metadata.csv -o panel.csv
      zhreport panel reports/ --indicator 地区生产总值 --wide -o gdp.dta
    """
    _check_output(output)
    if wide and complete:
        raise click.BadParameter("--wide has no place for what a report does not state; leave --complete out")
    keep_apart([output], [own])
    catalogue = _catalogue(own, chosen)
    inputs, opened = gather_reports(
        paths, metadata, [output], processes=jobs, analysis=analysis, reading=reading
    )
    with collecting(inputs.errors), opened() as reports:
        rows = make_panel(
            reports,
            catalogue=catalogue,
            indicators=chosen or None,
            complete=complete,
            failed=inputs.failed,
        )
        made = rows.wide() if wide else rows.table()
        for remark in write_table(made, output, provenance=provenance()):
            inputs.warnings.append(f"{output}: {remark}")
    finish(inputs)


@click.command(cls=Command, context_settings=CONTEXT)
@click.argument("word", default="")
@click.option(
    "--found-in",
    "paths",
    multiple=True,
    metavar="PATH",
    help="Count how often each is found in these reports, or in this store; may be repeated.",
)
@METADATA
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=check_place,
    metavar="OUT",
    help=f"Write the list to a file: {', '.join(TABLE_ENDINGS)}.",
)
@_CATALOGUE
@analyzer_options
@JOBS
@telling_options
@reading_options
def indicators(
    word: str,
    paths: Sequence[str],
    metadata: Path | None,
    output: Path | None,
    own: Path | None,
    analysis: dict[str, Any],
    jobs: int,
    reading: Reading,
) -> None:
    r"""List the indicators of the panel: those with WORD in their id, name or one of their wordings, or all.

    \b
    Examples:
      zhreport indicators 就业
      zhreport indicators --found-in reports/ -o indicators.csv
    """
    if output is not None:
        _check_output(output)
    keep_apart([output] if output else [], [own])
    catalogue = _catalogue(own, ())
    found = [one for one in catalogue.indicators.values() if _has(one, word, catalogue)]
    if not found:
        raise click.ClickException(f"no indicator has {word!r} in its id, name or wordings")
    inputs, counts = Inputs([], None, []), None
    if paths:
        outputs = [output] if output else []
        inputs, opened = gather_reports(
            paths, metadata, outputs, processes=jobs, analysis=analysis, reading=reading
        )
        with collecting(inputs.errors), opened() as reports:
            rows = make_panel(reports, catalogue=catalogue, failed=inputs.failed)
            counts = {
                one.id: (
                    sum(row.indicator == one.id for row in rows),
                    len({(row.file, row.doc) for row in rows if row.indicator == one.id}),
                )
                for one in found
            }
    made = list_indicators(found, counts)
    if output is None:
        for row in made.to_dicts():
            _show(row)
    else:
        for remark in write_table(made, output, provenance=provenance()):
            inputs.warnings.append(f"{output}: {remark}")
    if paths:
        finish(inputs)


def _has(one: Indicator, word: str, book: Catalogue) -> bool:
    """Does an indicator have a word, in the spelling of the catalogue, in its id, a name or a wording?"""
    spelled, texts = book.normalise(word), (one.name, one.central, *one.wordings)
    return word.lower() in f"{one.id} {one.english}" or any(
        word in text or spelled in book.normalise(text) for text in texts
    )


def _show(row: Mapping[str, Any]) -> None:
    unit = f", {row['unit']}" if row["unit"] else ""
    click.echo(f"{row['id']}  {row['name']} ({row['english']}{unit})")
    click.echo(f"    measures    {' '.join(row['measures'])}")
    click.echo(f"    wordings    {' '.join(row['wordings'])}")
    if "reports" in row:
        click.echo(f"    found       {row['rows']} times in {row['reports']} reports")


def _check_output(path: Path) -> None:
    try:
        check_table_ending(path)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="-o") from error


def _catalogue(own: Path | None, chosen: Sequence[str]) -> Catalogue:
    """The indicators; an unknown one ends the command before its work."""
    catalogue = default_catalogue() if own is None else read_catalogue(own)
    try:
        make_panel((), catalogue=catalogue, indicators=chosen)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="--indicator") from error
    return catalogue
