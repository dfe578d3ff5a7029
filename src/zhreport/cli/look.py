"""`zhreport view` and `explain`: a report as a page, a sentence with what decided."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from zhreport.campaigns import CampaignDecision
from zhreport.claims import Decision
from zhreport.cli.configuration import CONTEXT
from zhreport.cli.shared import (
    DEBUG,
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
)
from zhreport.errors import FaultError, UsageError, at_document
from zhreport.files import Reading
from zhreport.labels import LANGUAGES
from zhreport.report import Analyzer, Report
from zhreport.writing.output import replacing


@click.command(cls=Command, context_settings=CONTEXT)
@PATHS
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=check_place,
    required=True,
    metavar="PAGE.html",
    help="The page to write.",
)
@click.option("--year", type=int, help="The year of the reports; overrides every other source.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Of the labels; if not given, Chinese where the locale is, else English.",
)
@click.option("--audit", "audited", is_flag=True, help="Mark figures that do not agree, see zhreport audit.")
@METADATA
@analyzer_options
@MODEL
@NO_THEMES
@TAXONOMY
@click.option("--open", "launch", is_flag=True, help="Open the page in the browser.")
@telling_options
@reading_options
def view(
    paths: Sequence[str],
    output: Path,
    year: int | None,
    language: str | None,
    audited: bool,
    metadata: Path | None,
    analysis: dict[str, Any],
    model: Path | None,
    no_themes: bool,
    taxonomy: str,
    launch: bool,
    reading: Reading,
) -> None:
    r"""Write a page with the text of a report, its claims, campaigns and themes marked, and a table of them.

    Of several reports, or a folder, the page has a list. It needs no network: open it in any browser, send
    it, print it.

    \b
    Examples:
      zhreport view report.txt -o report.html --open
      zhreport view reports/ -o reports.html --language zh
    """
    themes = check_options(year, model, no_themes=no_themes)
    inputs = gather(paths, metadata, outputs=[output], besides=[model], year=year, reading=reading)
    with collecting(inputs.errors):
        analyzer = Analyzer(themes=themes, taxonomy=taxonomy, **analysis)
        found: list[tuple[str, Report]] = []
        inputs.each(
            inputs.todo,
            lambda job, report: found.append((job.shown, report)),
            processes=1,
            analyzer=analyzer,
        )
        if drawn := _draw(found, inputs, language or of_locale(os.environ), audited=audited):
            with replacing(output) as stream:
                stream.write(drawn.encode())
    finish(inputs)
    if launch:
        click.launch(str(output))


def _draw(found: Sequence[tuple[str, Report]], inputs: Inputs, language: str, *, audited: bool) -> str:
    """The page of the reports, each with the name that messages call it; "" where there are none."""
    reports = [report for _, report in found]
    if not reports:
        return ""
    from zhreport.view import page  # noqa: PLC0415 - `explain` needs none of it

    marks = None
    if audited:
        from zhreport.audit import audit  # noqa: PLC0415 - see above

        marks = audit(reports, failed=inputs.failed)
    findings = [marks.marks(r.document.file, r.document.name) for r in reports] if marks else []
    try:
        return page(reports, language=language, findings=findings)
    except Exception:
        drawable = [(shown, report) for shown, report in found if _is_drawable(shown, report, inputs)]
        if len(drawable) == len(found):
            raise
    return _draw(drawable, inputs, language, audited=audited)


def _is_drawable(shown: str, report: Report, inputs: Inputs) -> bool:
    from zhreport.view import page  # noqa: PLC0415 - see above

    try:
        with at_document(shown):
            page(report)
    except FaultError as fault:
        inputs.failed(fault)
        return False
    return True


def of_locale(environment: Mapping[str, str]) -> str:
    """The language of the labels that the locale asks for, as other programs find it.

    >>> of_locale({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}), of_locale({"LANG": "C", "LANGUAGE": "zh_CN:en"})
    ('zh', 'en')
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    found = next((value for name in names if (value := environment.get(name))), "C")
    wanted = environment.get("LANGUAGE", "")
    if found.partition(".")[0] not in ("C", "POSIX") and wanted:
        found = wanted
    return "zh" if found.lower().startswith("zh") else "en"


@click.command(cls=Command, context_settings=CONTEXT)
@click.argument("text")
@click.option("--year", type=int, help="The year of the report that the sentence comes from.")
@click.option(
    "--genre", default="", metavar="GENRE", help="What kind of text it is from (政府工作报告, press…)."
)
@click.option("--reviewed", type=int, help="The year that the report looks back on.")
@analyzer_options
@DEBUG
def explain(text: str, year: int | None, genre: str, reviewed: int | None, analysis: dict[str, Any]) -> None:
    r"""Show every quantity, possible campaign and theme of a text, and what decided about it.

    \b
    Example:
      zhreport explain "全年粮食产量80亿斤、增长2.5%，居全省第3位"
    """
    if os.path.isfile(text):  # noqa: PTH113 - Path raises for texts that no path can be
        raise click.BadParameter(
            f"{text} is a file; give a sentence of it, or see all of it with zhreport view", param_hint="TEXT"
        )
    analyzer = Analyzer(**analysis)
    try:
        decisions = analyzer.explain(text, year=year, genre=genre, reviewed=reviewed)
    except UsageError as error:
        raise click.BadParameter(str(error), param_hint="--year, --genre, --reviewed") from error
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
    click.echo(f"    indicator   {claim.indicator}{_by(claim.indicator_rule)}")
    click.echo(f"    amount      {amount}")
    click.echo(f"    kind        {' '.join(filter(None, (claim.kind, claim.direction)))}    by {claim.rule}")
    click.echo(f"    action      {claim.action}{_by(claim.action_rule)}")
    if claim.place_rule:
        click.echo(f"    place       {claim.place or 'its own'}{_by(claim.place_rule)}")
    click.echo(f"    clause read by {', '.join(decision.reading)}")
    if (timing := decision.timing) is None:
        return
    _explain_time("status", claim.status, timing.status_rule, timing.status_words)
    _explain_time("period", claim.period or "unknown", timing.period_rule, timing.period_words)
    if claim.tone:
        _explain_time("tone", claim.tone, timing.tone_rule, timing.tone_words)


def _by(rule: str) -> str:
    return f"    by {rule}" if rule else ""


def _explain_time(field: str, value: str, rule: str, words: str) -> None:
    """One line on what decided, with the words that spoke if any did."""
    spoke = f" ({words})" if words else ""
    click.echo(f"    {field:12}{value}    by {rule}{spoke}")


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
