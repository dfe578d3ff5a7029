"""What the pages of the documentation take from the code.

A line `<!-- generated: NAME ARGUMENT -->` in a page is replaced by what the function of that name makes of
its argument, so a page cannot say of columns, rules, words or options anything but what the code says.
"""

import csv
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Final

import click

from zhreport.clause import default_grammar
from zhreport.cli import COMMANDS, cli
from zhreport.panel import default_catalogue
from zhreport.panel.rows import PANEL
from zhreport.tables import COLUMNS
from zhreport.tables.arrow import schema_of
from zhreport.tables.record_kinds import Column
from zhreport.themes import TAXONOMIES, crosswalk
from zhreport.words.lexicon import default_lexicon

ROOT: Final = Path(__file__).resolve().parents[1]
_MARK: Final = re.compile(r"^<!-- generated: (\w+)(?: (\S+))? -->$", re.MULTILINE)


def expanded(page: str) -> str:
    """The text of a page with what is generated in its place.

    Raises:
        KeyError: a mark names a function that is not in `MAKERS`.
    """
    return _MARK.sub(lambda mark: MAKERS[mark[1]](mark[2] or ""), page)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def columns(kind: str) -> str:
    """The columns of a kind of records with their Arrow types."""
    own: dict[str, tuple[Column, ...]] = {**COLUMNS, "panel": PANEL}
    fields = zip(own[kind], schema_of(kind, own[kind]), strict=True)
    return _table(
        ("column", "type", "Arrow type", "meaning"),
        ((f"`{c.name}`", c.type, f"`{field.type}`", c.meaning) for c, field in fields),
    )


def _counts() -> tuple[str, dict[str, dict[str, str]]]:
    """What the rules were counted on, and the counts of each rule."""
    first, *lines = (ROOT / "docs" / "rules.csv").read_text(encoding="utf-8").splitlines()
    return first.removeprefix("# "), {row["rule"]: row for row in csv.DictReader(lines)}


def counted(_: str) -> str:
    """What the rules were counted on."""
    return _counts()[0]


def _hits(name: str) -> str:
    row = _counts()[1].get(name)
    if row is None:
        return "Not counted yet."
    right = f"; {row['right']} of {row['judged']} right on gold" if int(row["judged"]) else ""
    return f"Decides {int(row['hits']):,} times{right}."


def rules(place: str) -> str:
    """The rules of a tuple, named by its place (`zhreport.claims.KINDS`), with a hit and a miss of each."""
    parts = []
    for rule in pkgutil.resolve_name(place):
        text, _, examples = inspect.cleandoc(rule.__doc__).partition("\n\n>>>")
        parts.append(
            f"### `{rule.__name__}`\n\n{text}\n\n```pycon\n>>>{examples}\n```\n\n{_hits(rule.__name__)}"
        )
    return "\n\n".join(parts)


def clause(level: str) -> str:
    """The rules of a level of the clause grammar."""
    parts = []
    for form in default_grammar().rules:
        if form.level == level:
            shown = ", ".join(f"{key} {value!r}" for key, value in form.hit.items() if key != "clause")
            examples = f"{form.hit['clause']} → {shown}\nnot {form.miss}"
            parts.append(f"### `{form.name}`\n\n{form.why}\n\n```text\n{examples}\n```\n\n{_hits(form.name)}")
    return "\n\n".join(parts)


def _data(name: str) -> str:
    return resources.files("zhreport.data").joinpath(name).read_text(encoding="utf-8")


def words(name: str) -> str:
    """The lists of a data file as they stand there, each section with its heading, up to the first rule."""
    text = re.split(r"^\[\[", _data(name), maxsplit=1, flags=re.MULTILINE)[0]
    parts: list[str] = []
    for block in re.split(r"\n{2,}(?=(?:#.*\n)*\[)", text.strip()):
        title = re.search(r"^\[(.+)\]", block, re.MULTILINE)
        heading = f"### `{title[1]}` in `{name}`\n\n" if title else ""
        parts.append(f"{heading}```toml\n{block.strip()}\n```")
    return "\n\n".join(parts)


def units(_: str) -> str:
    """The units by what they measure."""
    found: dict[str, list[str]] = {}
    for unit in default_lexicon().units.values():
        found.setdefault(unit.dimension, []).append(unit.surface)
    return _table(
        ("dimension", "units"), ((f"`{name}`", " ".join(ones)) for name, ones in sorted(found.items()))
    )


def indicators(_: str) -> str:
    """The indicators of the panel."""
    return _table(
        ("id", "name", "English", "unit", "measures"),
        (
            (f"`{one.id}`", one.name, one.english, one.unit, ", ".join(sorted(one.measures)))
            for one in default_catalogue().indicators.values()
        ),
    )


def themes(_: str) -> str:
    """The themes with what they are in other taxonomies."""
    maps = {name: crosswalk(name) for name in TAXONOMIES[1:]}
    rows = ((f"`{theme}`", *(one[theme] for one in maps.values())) for theme in crosswalk(TAXONOMIES[0]))
    return _table(("theme", *(f"`{name}`" for name in maps)), rows)


def _helped(text: str) -> Iterator[str]:
    """The paragraphs of a help text; what a help text keeps as it is becomes a block."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b\n"):
            title, *lines = paragraph.removeprefix("\b\n").split("\n")
            shown = inspect.cleandoc("\n".join(lines))
            yield f"{title}\n\n```text\n{shown}\n```"
        else:
            yield paragraph


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    if isinstance(command, click.Group):
        for sub in COMMANDS if command is cli else command.commands:
            if (found := command.get_command(context, sub)) is not None:
                yield from _command(f"{name} {sub}", found)
        return
    yield f"## `{name}`"
    yield from _helped(command.help or "")
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"```text\n{name} {usage}\n```"
    options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
    records = filter(None, (option.get_help_record(context) for option in options))
    yield _table(("option", "what it does"), ((f"`{names}`", text) for names, text in records))


def commands(_: str) -> str:
    """Every command of the command line."""
    return "\n\n".join(_command("zhreport", cli))


def file(name: str) -> str:
    """A file at the root of the project without its title."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return text.partition("\n")[2].strip()


_MAKERS: Final = (columns, counted, rules, clause, words, units, indicators, themes, commands, file)
MAKERS: Final[dict[str, Callable[[str], str]]] = {one.__name__: one for one in _MAKERS}
