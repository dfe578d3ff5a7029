"""Options that a project gives once: `zhreport.toml` in the working folder, or the file of `--config`."""

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import click

__all__ = ["CONFIG", "CONTEXT", "NAME"]

CONTEXT: Final = {"help_option_names": ["-h", "--help"]}

#: What the file is called that is read without being named.
NAME: Final = "zhreport.toml"
#: Options that no file gives: what a run writes is said where it is run.
_NEVER: Final = ("--config", "--help", "--output", "--to")


def _configure(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    """Take the options of the file for defaults of the command.

    Raises:
        UsageError: of click: the file cannot be read, or has what no command knows.
    """
    if path is None and not Path(NAME).is_file():
        return
    path = path or Path(NAME)
    context.meta["zhreport.config"] = path
    given = _read(path)
    commands = dict(_leaves(context.find_root()))
    known = {option for command in commands.values() for option in _options(command)}
    own = _options(context.command)
    found: dict[str, Any] = {}
    for key, value in given.items():
        if isinstance(value, dict):
            if key not in commands:
                raise click.UsageError(f"{path}: [{key}] is no command of zhreport{_near(key, commands)}")
            its = _options(commands[key])
            if unknown := [name for name in value if name not in its]:
                what = f"`zhreport {key}` has no option {unknown[0]!r} for a file{_near(unknown[0], its)}"
                raise click.UsageError(f"{path}: [{key}]: {what}")
        elif key not in known:
            raise click.UsageError(f"{path}: no command has an option {key!r} for a file{_near(key, known)}")
        elif key in own:
            found[key] = value
    found |= given.get(context.command.name or "", {})
    context.default_map = {
        own[key].name or "": _value(context, own[key], f"{path}: {key}", path.parent, value)
        for key, value in found.items()
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except ValueError as error:
        raise click.UsageError(f"{path}: is not TOML in UTF-8 ({error})") from error


def _leaves(context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """The commands that have options, by the last word of their names."""
    waiting = [context.command]
    while waiting:
        command = waiting.pop()
        if isinstance(command, click.Group):
            found = (command.get_command(context, name) for name in command.list_commands(context))
            waiting += filter(None, found)
        else:
            yield command.name or "", command


def _options(command: click.Command) -> dict[str, click.Option]:
    """The options of a command that a file may give, by their long names without the dashes."""
    return {
        name.removeprefix("--"): option
        for option in command.params
        if isinstance(option, click.Option)
        for name in option.opts
        if name.startswith("--") and name not in _NEVER
    }


def _near(name: str, known: Mapping[str, object] | set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(sorted(known))}"


def _value(context: click.Context, option: click.Option, where: str, folder: Path, value: object) -> object:
    """A value as the option takes it, paths seen from the folder of the file; an error names its place."""
    listed = value if isinstance(value, list) else [value]
    if option.is_flag and not isinstance(value, bool):
        raise click.UsageError(f"{where}: {value!r} is neither true nor false")
    if len(listed) != 1 and not option.multiple:
        raise click.UsageError(f"{where}: one value, not a list of {len(listed)}")
    if isinstance(option.type, click.Path):
        listed = [str(folder / str(one)) for one in listed]
    taken = listed if option.multiple else listed[0]
    try:
        option.type_cast_value(context, taken)
    except click.BadParameter as error:
        raise click.UsageError(f"{where}: {error.message}") from error
    return taken


CONFIG: Final = click.Option(
    ["--config"],
    type=click.Path(path_type=Path),
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_configure,
    help=f"Take options from this TOML file; from {NAME} in the working folder if not given.",
)
