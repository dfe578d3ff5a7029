"""The 19 themes and their way to two other taxonomies, read from data."""

import csv
from functools import cache
from importlib import resources
from typing import Final

from zhreport.errors import UsageError

__all__ = ["TAXONOMIES", "crosswalk", "map_theme"]

#: `zhreport`: the themes of the model. `cap`: the major topics of the Comparative Agendas Project (Bevan
#: 2019). `gov`: the themes of documents of the State Council (国务院公文主题分类).
TAXONOMIES: Final = ("zhreport", "cap", "gov")


@cache
def crosswalk(taxonomy: str) -> dict[str, str]:
    """Theme → topic of another taxonomy, `code name`.

    Raises:
        UsageError: an unknown taxonomy.
    """
    if taxonomy not in TAXONOMIES:
        raise UsageError(f"unknown taxonomy {taxonomy!r}: use {', '.join(TAXONOMIES)}")
    text = resources.files("zhreport.data").joinpath("crosswalk.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["theme"]: row["theme" if taxonomy == "zhreport" else taxonomy] for row in rows}


def map_theme(theme: str, taxonomy: str) -> str:
    """A theme in another taxonomy; a theme of a caller's own model stays as it is.

    >>> map_theme("education", "cap"), map_theme("education", "gov"), map_theme("mine", "cap")
    ('6 Education', '科技、教育', 'mine')
    """
    return crosswalk(taxonomy).get(theme, theme)
