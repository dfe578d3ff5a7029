"""zhreport: Chinese work reports as data.

>>> import zhreport
>>> report = zhreport.analyze("2023年，全市地区生产总值1862.4亿元、增长7.5%。", year=2024)
>>> [(c.indicator, c.kind, c.text, c.period) for c in report.claims]
[('地区生产总值', 'level', '1862.4亿元', '2023'), ('地区生产总值', 'change', '7.5%', '2023')]
"""

import logging
import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zhreport.audit import Audit, Finding, audit
    from zhreport.campaigns import Campaign, CampaignDecision
    from zhreport.claims import Claim, Decision
    from zhreport.corpus import Corpus, corpus
    from zhreport.document import Document, Paragraph, Year
    from zhreport.errors import (
        DataFileError,
        FaultError,
        InputError,
        MissingExtraError,
        UsageError,
        ZhreportError,
    )
    from zhreport.extraction import Extraction
    from zhreport.files import Limits, Reading, read, read_table
    from zhreport.metadata import Metadata, Stated
    from zhreport.metadata.regions import Region
    from zhreport.panel import Panel, panel
    from zhreport.reading.mapping import SourceSpan
    from zhreport.reading.repair import Break, Join
    from zhreport.report import Analyzer, Report, TaggedParagraph, analyze, explain
    from zhreport.sample_reports import samples
    from zhreport.themes import Reason, Theme, ThemedPassage, ThemeModel
    from zhreport.training.classifier import ThemeClassifier
    from zhreport.words.lexicon import Lexicon, Unit, default_lexicon, read_units, read_words
    from zhreport.words.tokens import Token, Tokenizer

    __version__: str

__all__ = [
    "Analyzer",
    "Audit",
    "Break",
    "Campaign",
    "CampaignDecision",
    "Claim",
    "Corpus",
    "DataFileError",
    "Decision",
    "Document",
    "Extraction",
    "FaultError",
    "Finding",
    "InputError",
    "Join",
    "Lexicon",
    "Limits",
    "Metadata",
    "MissingExtraError",
    "Panel",
    "Paragraph",
    "Reading",
    "Reason",
    "Region",
    "Report",
    "SourceSpan",
    "Stated",
    "TaggedParagraph",
    "Theme",
    "ThemeClassifier",
    "ThemeModel",
    "ThemedPassage",
    "Token",
    "Tokenizer",
    "Unit",
    "UsageError",
    "Year",
    "ZhreportError",
    "analyze",
    "audit",
    "corpus",
    "default_lexicon",
    "explain",
    "panel",
    "read",
    "read_table",
    "read_units",
    "read_words",
    "samples",
]

#: Module → the names that are imported from it when they are first asked for.
_NAMES: Final = {
    "zhreport.audit": "Audit Finding audit",
    "zhreport.campaigns": "Campaign CampaignDecision",
    "zhreport.claims": "Claim Decision",
    "zhreport.corpus": "Corpus corpus",
    "zhreport.document": "Document Paragraph Year",
    "zhreport.errors": "DataFileError FaultError InputError MissingExtraError UsageError ZhreportError",
    "zhreport.extraction": "Extraction",
    "zhreport.files": "Limits Reading read read_table",
    "zhreport.metadata": "Metadata Stated",
    "zhreport.metadata.regions": "Region",
    "zhreport.panel": "Panel panel",
    "zhreport.reading.mapping": "SourceSpan",
    "zhreport.reading.repair": "Break Join",
    "zhreport.report": "Analyzer Report TaggedParagraph analyze explain",
    "zhreport.sample_reports": "samples",
    "zhreport.themes": "Reason Theme ThemedPassage ThemeModel",
    "zhreport.training.classifier": "ThemeClassifier",
    "zhreport.words.lexicon": "Lexicon Unit default_lexicon read_units read_words",
    "zhreport.words.tokens": "Token Tokenizer",
}
_HOMES: Final = {name: home for home, names in _NAMES.items() for name in names.split()}


class _Package(ModuleType):
    """The package: what it offers is imported when first asked for, since few programs need all of it."""

    def __getattr__(self, name: str) -> object:
        if name == "__version__":
            from importlib.metadata import version  # noqa: PLC0415 - takes longer than all else here

            found: object = version("zhreport")
        elif name in _HOMES:
            found = getattr(import_module(_HOMES[name]), name)
        elif not name.startswith("_") and find_spec(f"{__name__}.{name}"):
            return import_module(f"{__name__}.{name}")
        else:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        self.__dict__[name] = found
        return found

    def __setattr__(self, name: str, value: object) -> None:
        """Set an attribute; `zhreport.audit` stays the function when its subpackage is imported."""
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__, "__version__"})


sys.modules[__name__].__class__ = _Package

logging.getLogger("zhreport").addHandler(logging.NullHandler())
