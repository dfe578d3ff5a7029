"""`zhreport sheet` and `agreement`: people say how right the records are."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from zhreport.batch import Then
from zhreport.cli.configuration import CONTEXT
from zhreport.cli.shared import (
    DEBUG,
    JOBS,
    METADATA,
    PATHS,
    Command,
    Inputs,
    analyzer_options,
    check_place,
    collecting,
    fail,
    finish,
    gather,
    reading_options,
    telling_options,
)
from zhreport.coding import (
    BLIND,
    JUDGED,
    NOUNS,
    Sampler,
    answers_of,
    blind_scores,
    check_sheet,
    read_blind,
    read_sheets,
    sample_cells,
    sample_passages,
    sample_unsure,
    too_long,
    write_blind,
    write_labelling,
    write_sheet,
)
from zhreport.coding import agreement as reckon_agreement
from zhreport.errors import InputError, MissingExtraError, UsageError
from zhreport.files import Reading
from zhreport.report import Report
from zhreport.themes import TAXONOMIES, crosswalk


@click.command(cls=Command, context_settings=CONTEXT)
@PATHS
@click.option(
    "-n",
    "--number",
    "size",
    type=click.IntRange(1),
    default=200,
    help="How many records, or with --blind or --themes paragraphs or cells, to draw; by default 200.",
)
@click.option(
    "--records",
    type=click.Choice(tuple(JUDGED)),
    default="claims",
    help="What people judge; by default claims.",
)
@click.option("--seed", type=int, default=0, help="Draw another sample with another seed.")
@click.option("--simple", is_flag=True, help="Draw from all records alike, without strata.")
@click.option(
    "--coder",
    "coders",
    multiple=True,
    metavar="NAME",
    help="The name of a coder; may be repeated. By default there are two coders.",
)
@click.option(
    "--blind",
    type=click.Choice(tuple(BLIND)),
    help="Let people find these without seeing what was found, for recall: in so many paragraphs, or so many "
    "cells of the panel.",
)
@click.option(
    "--indicator",
    "indicators",
    multiple=True,
    metavar="NAME",
    help="With --blind panel, only cells of this indicator; may be repeated.",
)
@click.option(
    "--themes",
    "unsure",
    is_flag=True,
    help="Draw paragraphs whose theme is unsure, for people to label and `zhreport train` to learn from.",
)
@click.option("--separate", is_flag=True, help="Write a workbook for each coder.")
@METADATA
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=check_place,
    required=True,
    metavar="OUT.xlsx",
    help="The workbook to write.",
)
@analyzer_options
@JOBS
@telling_options
@reading_options
def sheet(
    paths: Sequence[str],
    size: int,
    seed: int,
    simple: bool,
    coders: Sequence[str],
    blind: str | None,
    unsure: bool,
    indicators: Sequence[str],
    records: str,
    separate: bool,
    metadata: Path | None,
    output: Path,
    analysis: dict[str, Any],
    jobs: int,
    reading: Reading,
) -> None:
    r"""Draw records of the reports under PATH into a workbook where people judge how right they are.

    A file that cannot be read is named on standard error; the others are processed, and the exit status is 1.
    With --blind coders see the text alone; what was found stands in OUT-answers.json, which is not for them.
    With --themes they write the themes of paragraphs, drawn the likelier the less sure the model is.
    A workbook that already exists is left alone, since it may hold answers.

    \b
    Examples:
      zhreport sheet reports/ -n 200 -o coding.xlsx
      zhreport sheet reports/ --records themes -n 200 -o themes.xlsx
      zhreport sheet reports/ --blind campaigns -n 100 -o blind.xlsx
      zhreport sheet reports/ --themes -n 300 -o labels.xlsx
      zhreport sheet reports/ --blind panel --indicator GDP -n 100 -o cells.xlsx
      zhreport sheet reports/ -n 300 --coder 王 --coder 李 --separate -o coding.xlsx
    """
    if blind and unsure:
        raise click.UsageError("--blind and --themes are different sheets; ask for one of them")
    names = coders or (("coder 1",) if unsure else ("coder 1", "coder 2"))
    try:
        files = list(check_sheet(output, names, separate=separate))
    except UsageError as error:
        raise click.UsageError(str(error)) from error
    except MissingExtraError as error:
        fail([str(error)])
    if indicators and blind != "panel":
        raise click.BadParameter("goes with --blind panel", param_hint="--indicator")
    if blind:
        files.append(answers_of(output))
    inputs = gather(paths, metadata, outputs=[output, *files], reading=reading)
    if there := [file for file in files if file.exists()]:
        fail([f"{there[0]}: exists already and may hold answers; name another file, or remove it"])
    with collecting(inputs.errors):
        reports: list[Report] = []
        if unsure:
            _each(inputs, lambda _, report: reports.append(report), jobs, analysis, themes=True)
            drawn = sample_unsure(reports, size, seed=seed)
            themes = tuple(crosswalk(TAXONOMIES[0]))
            for path in write_labelling(output, drawn, themes=themes, coders=names, separate=separate):
                click.echo(f"{path}: {len(drawn)} paragraphs")
        elif blind:
            _each(inputs, lambda _, report: reports.append(report), jobs, analysis, themes=blind == "themes")
            if blind == "panel":
                passages = sample_cells(reports, size, seed=seed, indicators=indicators or None)
            else:
                passages = sample_passages(reports, size, records=blind, seed=seed)
            what = "cells" if blind == "panel" else "paragraphs"
            for path in write_blind(output, passages, coders=names, separate=separate):
                click.echo(f"{path}: {len(passages.passages)} of {passages.population} {what}")
        else:
            sampler = Sampler(size, records=records, seed=seed, stratify=not simple)
            _each(inputs, lambda _, report: sampler.add(report), jobs, analysis, themes=records == "themes")
            sample = sampler.sample()
            inputs.warnings.extend(too_long(sample))
            for path in write_sheet(output, sample, coders=names, separate=separate):
                population = sum(s.population for s in sample.strata)
                click.echo(f"{path}: {len(sample.items)} of {population} {NOUNS[records]}")
    finish(inputs)


def _each(inputs: Inputs, then: Then, jobs: int, analysis: dict[str, Any], *, themes: bool) -> None:
    if not inputs.each(inputs.todo, then, processes=jobs, themes=themes, **analysis):
        raise InputError("no report could be read; nothing was written")


@click.command(cls=Command, context_settings=CONTEXT)
@click.argument("files", nargs=-1, required=True, metavar="FILE.xlsx...", type=click.Path(path_type=Path))
@click.option("--partial", is_flag=True, help="Treat answers that are not filled in as missing.")
@click.option(
    "--blind", is_flag=True, help="These are workbooks of `zhreport sheet --blind`: print recall too."
)
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="With --blind: what was found, if it does not stand beside the first workbook.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@DEBUG
def agreement(files: Sequence[Path], partial: bool, blind: bool, answers: Path | None, as_json: bool) -> None:
    r"""Print how right the records are and how far the coders agree, from sheets that they filled in.

    Precision by field with 95 % intervals (Wilson), Krippendorff's alpha, Gwet's AC1, and every
    disagreement; with --blind precision and recall.

    \b
    Examples:
      zhreport agreement coding.xlsx
      zhreport agreement --blind blind.xlsx
      zhreport agreement coding-王.xlsx coding-李.xlsx --json
    """
    result = (
        blind_scores(read_blind(files, answers))
        if blind or answers
        else reckon_agreement(read_sheets(files, partial=partial))
    )
    click.echo(json.dumps(asdict(result), ensure_ascii=False) if as_json else result.text(), nl=as_json)
