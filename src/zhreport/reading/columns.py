"""What the columns of tables by people hold, by what they are called (`data/columns.toml`)."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Final

import regex

from zhreport.words.folding import fold

__all__ = ["column_of", "meaning", "stated_year", "states_nothing", "words_for"]

_YEAR: Final = regex.compile(r"((?:19|20)[0-9]{2})(?:\.0+)?年?度?")


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    text = resources.files("zhreport.data").joinpath("columns.toml").read_text(encoding="utf-8")
    return {held: tuple(listed.split()) for held, listed in tomllib.loads(text).items()}


@cache
def _meanings() -> Mapping[str, str]:
    return {word: held for held, listed in _words().items() for word in listed}


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return fold(name).strip().lower()


def words_for(held: str) -> tuple[str, ...]:
    """What columns are called that hold something; the first is taken first."""
    return _words()[held]


def meaning(name: str) -> str:
    """What a column holds, by its name; empty if the name says nothing.

    >>> meaning(" 年份 "), meaning("ＦＩＬＥ"), meaning("备注")
    ('year', 'file', '')
    """
    return _meanings().get(_plain(name), "")


def column_of(names: Iterable[str], *held: str, but: str = "") -> str:
    """The first of some columns that holds something; empty if none does.

    Args:
        names: of the columns, as written.
        held: what it may hold, in the order of preference.
        but: a column that is not meant.

    >>> column_of(["城市", "年份", "文件名"], "file", "name"), column_of(["备注"], "file")
    ('文件名', '')
    """
    return _column_of(tuple(names), held, but)


@lru_cache(maxsize=1024)
def _column_of(names: tuple[str, ...], held: tuple[str, ...], but: str) -> str:
    written: dict[str, str] = {}
    for name in names:
        if name != but:
            written.setdefault(_plain(name), name)
    return next((written[word] for one in held for word in words_for(one) if word in written), "")


_NOTHING: Final = frozenset(("", "nan", "none", "null", "<na>", "nat"))


def states_nothing(text: str) -> bool:
    """Is a cell empty, or does it hold what programs write for an empty one?

    >>> [states_nothing(cell) for cell in (" ", "nan", "<NA>", "2023")]
    [True, True, True, False]
    """
    return text.strip().casefold() in _NOTHING


def stated_year(text: str) -> int | None:
    """The year in a cell as people and programs write it, None if it is none from 1900 to 2099.

    >>> [stated_year(cell) for cell in ("2023", "2023.0", "2023年", "２０２３", "2023年度", "23", "")]
    [2023, 2023, 2023, 2023, 2023, None, None]
    """
    match = _YEAR.fullmatch(fold(text).strip())
    return int(match[1]) if match else None
