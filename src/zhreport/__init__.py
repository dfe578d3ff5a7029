"""zhreport: Chinese work reports as data.

>>> import zhreport
>>> report = zhreport.analyze("2023年，全市地区生产总值1862.4亿元、增长7.5%。", year=2024)
>>> [(c.indicator, c.kind, c.text, c.period) for c in report.claims]
[('地区生产总值', 'level', '1862.4亿元', '2023'), ('地区生产总值', 'change', '7.5%', '2023')]
"""

import logging
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

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
from zhreport.words.lexicon import Lexicon, Unit, default_lexicon, read_units, read_words
from zhreport.words.tokens import Token, Tokenizer

if TYPE_CHECKING:
    from zhreport.training.classifier import ThemeClassifier

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

__version__ = version("zhreport")

logging.getLogger("zhreport").addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as every attribute of a module
    """The estimator, imported when it is asked for: scikit-learn takes a second to import."""
    if name == "ThemeClassifier":
        from zhreport.training.classifier import ThemeClassifier  # noqa: PLC0415

        return ThemeClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
