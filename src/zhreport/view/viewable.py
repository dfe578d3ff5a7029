"""What the page needs of a report, and of what was found wrong with its figures."""

from collections.abc import Sequence
from typing import Protocol

from zhreport.campaigns import Campaign
from zhreport.claims import Claim
from zhreport.document import Document
from zhreport.themes import Theme

__all__ = ["Finding", "Viewable", "ViewableParagraph"]


class ViewableParagraph(Protocol):
    """What the page needs of a paragraph."""

    @property
    def start(self) -> int:
        """Its first code point."""

    @property
    def end(self) -> int:
        """The code point after its last."""

    @property
    def heading(self) -> int:
        """Its level as a heading, 0 for running text."""

    @property
    def themes(self) -> tuple[Theme, ...]:
        """Its themes, the main one first."""


class Viewable(Protocol):
    """What the page needs of a report; `zhreport.Report` has it."""

    @property
    def document(self) -> Document:
        """The text."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims."""

    @property
    def campaigns(self) -> tuple[Campaign, ...]:
        """The campaigns."""

    @property
    def paragraphs(self) -> Sequence[ViewableParagraph]:
        """The paragraphs with their themes."""


class Finding(Protocol):
    """A place of a text with what is to be said of its figure; the marks of an audit have it."""

    @property
    def start(self) -> int:
        """Its first code point in the cleaned text."""

    @property
    def end(self) -> int:
        """The code point after its last."""

    @property
    def title(self) -> str:
        """What is to be said."""
