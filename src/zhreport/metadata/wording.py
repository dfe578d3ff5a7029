"""The words that metadata are read by, as patterns; the words stand in `data/metadata.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import regex

from zhreport.metadata.regions import Mention, find_mention
from zhreport.words.compiling import Pattern, compiled
from zhreport.words.lexicon import package_pattern

__all__ = ["Words", "find_place", "pattern", "words"]


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary.

    Attributes:
        levels: how a table or a file name writes a level → the level.
        genres: genre and how titles end that have it, in the order of their trial.
        ending: how titles end.
        post: a line that ends in a post (`post`).
        named_post: a line that ends in a post and a name (`post`, `name`).
        not_names: what stands in lines of that form that name nobody.
        bodies: a line of one to three names of bodies.
        titled_body: the beginning of a title that is the name of a body (`body`).
        salutation: the beginning of the address to an assembly.
        generic: words that look like names of places.
        after: what may follow the name of a place written without its kind.
        after_form: what may follow the name of a place that only its form tells.
    """

    levels: Mapping[str, str]
    genres: tuple[tuple[str, Pattern], ...]
    ending: Pattern
    post: Pattern
    named_post: Pattern
    not_names: tuple[str, ...]
    bodies: Pattern
    titled_body: Pattern
    salutation: Pattern
    generic: Pattern
    after: Pattern
    after_form: Pattern

    def genre(self, title: str) -> str:
        """The genre that a title ends in, else empty."""
        return next((genre for genre, pattern in self.genres if pattern.search(title)), "")

    def titled(self, line: str) -> bool:
        """Whether a line ends as titles do."""
        return bool(self.genre(line) or self.ending.search(line))


# what may stand after a title: （摘要）, 2024年, [1]
_ADDED: Final = r"(?:（[^（）]{1,20}）|[0-9]{4}年?|\[[0-9]+\])?$"


def _any(listed: Iterable[str]) -> str:
    """An alternation, the longest first."""
    return "|".join(sorted(map(regex.escape, listed), key=len, reverse=True))


@cache
def words() -> Words:
    """The vocabulary that comes with the package; read once."""
    data = tomllib.loads(
        resources.files("zhreport.data").joinpath("metadata.toml").read_text(encoding="utf-8")
    )
    heads = {key: value.split() for key, value in data["heads"].items()}
    places = {key: value.split() for key, value in data["places"].items()}
    post = rf"(?P<post>[\p{{Han}}、]{{0,24}}?(?:{_any(heads['posts'])}))(?:（代）)?[\s：]*"
    offices = _any(heads["bodies"] + places["offices"])
    own, generic = _any(places["own"]), _any(places["generic"])
    following = rf"$|[^\p{{L}}\p{{N}}]|{_any(places['after'])}"
    return Words(
        levels={word: key for key, listed in data["levels"].items() for word in listed.split()},
        genres=tuple(
            (genre, compiled(rf"(?:{_any(listed.split())}){_ADDED}"))
            for genre, listed in data["genres"].items()
        ),
        ending=compiled(rf"(?:{_any(heads['titles'])}){_ADDED}"),
        post=compiled(rf"{post}$"),
        named_post=compiled(rf"{post}(?P<name>\p{{Han}}[\p{{Han}}\s·]{{1,12}})$"),
        not_names=tuple(heads["not_names"]),
        bodies=compiled(rf"(?:\p{{Han}}{{1,16}}?(?:{_any(heads['bodies'])})[\s、，]*){{1,3}}"),
        titled_body=compiled(
            rf"(?:[0-9]{{4}}年)?(?P<body>\p{{Han}}{{2,20}}?(?:{offices}))(?=[0-9]|关于|工作)"
        ),
        salutation=compiled(_any(heads["salutations"])),
        generic=compiled(rf"{own}|.*(?:{generic})"),
        after=compiled(following),
        after_form=compiled(rf"{following}|{_any(places['after_kind'])}|\p{{Han}}{{1,10}}?(?:{offices})"),
    )


def pattern(template: str) -> Pattern:
    """The pattern of a template with the names of lists of the file, as `{heads.reporters}`."""
    return package_pattern("metadata.toml", template)


def find_place(line: str) -> Mention | None:
    """The longest chain of names of places in a line, None if there is none."""
    vocabulary = words()
    return find_mention(
        line, after=vocabulary.after, after_form=vocabulary.after_form, generic=vocabulary.generic
    )
