"""Candidates: places of a text that may name an effort or an honour.

Whether a candidate is a campaign is decided elsewhere.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import regex

from zhreport.campaigns.events import events
from zhreport.campaigns.phrases import phrases
from zhreport.campaigns.quoted import quoted
from zhreport.campaigns.surface import Candidate, Surface
from zhreport.campaigns.titles import titles

__all__ = ["Candidate", "find_candidates", "quoted_again"]

_SOMETHING_ELSE: Final = regex.compile(r"工作|机制|制度|平台|品牌|模式|改革|政策|理念|要求|底线|企业|产品")


_RANK: Final = {
    "head_in_quotes": 0,
    "quoted_before_head": 0,
    "quoted_title": 0,
    "title": 1,
    "phrase": 2,
    "list_item": 3,
    "numbered_event": 3,
    "held_event": 3,
    "known_title": 4,
    "known_name": 4,
    "quoted_object": 5,
}


def quoted_again(surface: Surface, kinds: Mapping[str, str]) -> Iterator[Candidate]:
    """Quotation marks that hold a name of which the text said elsewhere what it is.

    Args:
        surface: the text.
        kinds: names found in it → kind.
    """
    text = surface.text
    for start, end in surface.quotes:
        kind = kinds.get(text[start:end])
        if kind is not None and not _SOMETHING_ELSE.match(text, end + 1):
            yield surface.make(start, end, kind, "mentioned_again")


def find_candidates(surface: Surface) -> list[Candidate]:
    """All candidates of a text; of two that overlap, the one whose form says more comes first."""
    found = [*quoted(surface), *phrases(surface), *titles(surface), *events(surface)]
    found.sort(key=lambda c: (_RANK[c.form], c.start, -c.end))
    return found
