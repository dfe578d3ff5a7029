"""Time: which years a document and its parts speak of, what is done, what is planned, and how firmly.

Four questions, each answered with the rule that decided and the words that spoke: the years of the document
(`find_year`), review or plan of a place (`timeframe`), status and period of a claim, and the tone of a target
(`timing_of`).
"""

from zhreport.timeframe.headings import HEADINGS
from zhreport.timeframe.parts import Timeframe, timeframe
from zhreport.timeframe.periods import PERIODS
from zhreport.timeframe.place import Place, Surroundings
from zhreport.timeframe.scopes import PLAN_SPANS, Scope, plan_span
from zhreport.timeframe.status import STATUSES
from zhreport.timeframe.timing import Timing, timing_of
from zhreport.timeframe.tone import TONES
from zhreport.timeframe.years import KINDS_OF_DOCUMENT, Year, check_genre, check_year, find_year

__all__ = [
    "HEADINGS",
    "KINDS_OF_DOCUMENT",
    "PERIODS",
    "PLAN_SPANS",
    "STATUSES",
    "TONES",
    "Place",
    "Scope",
    "Surroundings",
    "Timeframe",
    "Timing",
    "Year",
    "check_genre",
    "check_year",
    "find_year",
    "plan_span",
    "timeframe",
    "timing_of",
]
