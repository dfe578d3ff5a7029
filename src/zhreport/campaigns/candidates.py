"""Candidates: places of a text that may name an effort or an honour.

Whether a candidate is a campaign is decided elsewhere.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from zhreport.campaigns.events import events
from zhreport.campaigns.phrases import phrases
from zhreport.campaigns.quoted import quoted
from zhreport.campaigns.surface import CLOSE, Candidate, Surface
from zhreport.campaigns.titles import titles

__all__ = ["Candidate", "find_candidates", "quoted_again"]

_SO_MANY: Final = "{quoted.so_many}|[0-9]"
_AGAIN: Final = "{quoted.again}"


# Of two candidates that overlap, the one whose form says more comes first.
_RANK: Final = {
    form: rank
    for rank, forms in enumerate(
        (
            (),  # titles around quoted words
            ("head_in_quotes", "quoted_before_head", "quoted_title"),
            ("title",),
            ("phrase",),
            ("list_item", "numbered_event", "held_event"),
            ("known_title", "known_name"),
            ("quoted_object",),
        )
    )
    for form in forms
}


def quoted_again(
    surface: Surface, kinds: Mapping[str, str], touches: Callable[[int, int], bool]
) -> Iterator[Candidate]:
    """Quotation marks that hold a name of which the text said elsewhere what it is.

    Args:
        surface: the text.
        kinds: names found in it → kind.
        touches: tells whether a part of a span is taken.
    """
    text, v = surface.text, surface.v
    for start, end in surface.quotes:
        kind = kinds.get(text[start:end])
        if kind is None or touches(start, end):
            continue
        if v.backwards[_SO_MANY].match(text, start - 4 if start > 4 else 0, start - 1):
            continue
        behind = surface.tokenizer.words(text[end + 1 : end + 7])[:1]
        if behind and behind[0] in v.sets["launch.build"]:
            continue
        noun = behind and "\u4e00" <= behind[0][0] <= "\u9fff" and behind[0] not in v.predicates
        if not noun or v.forwards[_AGAIN].match(text, end + 1):
            yield surface.make(start, end, kind, "mentioned_again")


def find_candidates(surface: Surface) -> list[Candidate]:
    """All candidates of a text; of two that overlap, the one whose form says more comes first."""
    ranks: list[list[Candidate]] = [[] for _ in range(max(_RANK.values()) + 1)]
    for reader in (quoted, phrases, titles, events):
        for candidate in reader(surface):
            ranks[0 if candidate.form in _TITLES and _goes_on(candidate) else _RANK[candidate.form]].append(
                candidate
            )
    for found in ranks[2:4]:  # titles and phrases may lie in each other
        found.sort(key=lambda c: (c.start, -c.end))
    return [candidate for found in ranks for candidate in found]


def _goes_on(c: Candidate) -> bool:
    """Is a title longer than the quoted words in it: `“甲乙”创新基地`, and no prize of a quoted name?

    Of what is only sought a pilot is no title.
    """
    if _CLOSED.isdisjoint(c.name):
        return False
    sets = c.surface.v.sets
    pilot = c.verb not in c.surface.v.win and c.head in sets["quoted.pilots"]
    return not pilot and c.head not in sets["quoted.goods"] and c.head not in sets["quoted.prizes"]


_CLOSED: Final = frozenset(CLOSE)
_TITLES: Final = ("title", "known_title")
