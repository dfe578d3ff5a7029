"""What readers see in place of identifiers and English phrases, by language: `data/labels.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from zhreport.errors import UsageError

__all__ = ["LANGUAGES", "label", "labels"]

#: The languages that there are labels in.
LANGUAGES: Final = ("en", "zh")


@cache
def _book() -> dict[str, dict[str, dict[str, str]]]:
    text = resources.files("zhreport.data").joinpath("labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def labels(language: str, group: str) -> Mapping[str, str]:
    """The labels of a group that differ from their identifiers.

    Raises:
        UsageError: an unknown language.
    """
    if language not in LANGUAGES:
        raise UsageError(f"no labels in {language!r}: use {' or '.join(LANGUAGES)}")
    return _book()[language].get(group, {})


def label(language: str, group: str, name: str) -> str:
    """What readers see in place of an identifier or an English phrase.

    Raises:
        UsageError: an unknown language.

    >>> label("zh", "themes", "education"), label("en", "themes", "urban_transport")
    ('教育', 'urban transport')
    """
    return labels(language, group).get(name, name.replace("_", " "))
