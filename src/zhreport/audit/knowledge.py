"""What the audit knows of indicators and words: `data/audit.toml`."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from zhreport.errors import DataFileError

__all__ = ["Knowledge", "Ratio", "Whole", "knowledge"]

_FILE: Final = "audit.toml"
_WORDS: Final = (
    "among",
    "total",
    "yearly",
    "real",
    "compared",
    "again",
    "mean",
    "scope",
    "years",
    "summed",
    "approved",
    "done",
    "share",
)


@dataclass(frozen=True, slots=True)
class Whole:
    """A total and the parts that make it up.

    Attributes:
        total: the total.
        parts: what is added to make it.
        minus: what is taken away from that.
        without: not where one of these stands near, which is a part too.
    """

    total: str
    parts: tuple[str, ...]
    minus: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate that is a part divided by a whole, times `per`."""

    rate: str
    part: str
    whole: str
    per: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The data of the audit.

    Attributes:
        words: what a word beside a figure says (`among`, `total`…) → the words.
        real: indicators whose growth is without the change of prices.
        lower: indicators of which less is better.
        endings: of other indicators of which that is so.
        same: wordings of indicators that the catalogue does not have → the one that stands for all.
        wholes: totals with their parts.
        ratios: rates with what they are made of.
    """

    words: Mapping[str, tuple[str, ...]]
    real: frozenset[str]
    endings: tuple[str, ...]
    lower: frozenset[str]
    same: Mapping[str, str]
    wholes: tuple[Whole, ...]
    ratios: tuple[Ratio, ...]

    def at_constant_prices(self, key: str) -> bool:
        """Is the growth of an indicator without the change of prices?"""
        return key in self.real or key.endswith(self.endings)


def _read(data: Mapping[str, Any]) -> Knowledge:
    return Knowledge(
        words={name: tuple(data["words"][name].split()) for name in _WORDS},
        real=frozenset(data["real"]["indicators"].split()),
        endings=tuple(data["real"]["endings"].split()),
        lower=frozenset(data["lower"]["indicators"].split()),
        same={word: name for name, words in data["same"].items() for word in words.split()},
        wholes=tuple(
            Whole(one["total"], *(tuple(one.get(key, "").split()) for key in ("parts", "minus", "without")))
            for one in data["whole"]
        ),
        ratios=tuple(Ratio(one["rate"], one["part"], one["whole"], int(one["per"])) for one in data["ratio"]),
    )


@cache
def knowledge() -> Knowledge:
    """The data of the package; read once.

    Raises:
        DataFileError: the data file is damaged.
    """
    text = resources.files("zhreport.data").joinpath(_FILE).read_text(encoding="utf-8")
    made: Callable[[Mapping[str, Any]], Knowledge] = _read
    try:
        return made(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataFileError(f"{_FILE}: {error}; install the package anew") from error
