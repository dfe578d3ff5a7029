"""Quantities: one scan of the text for number, scale, unit and relation, and for dates.

The scan knows nothing of sentences. It finds every number that has the form of a quantity, with the
words around it that say "about" or "more than"; whether it is a claim is decided later.
"""

from zhreport.quantities.found import DateMention, Quantity, Scan
from zhreport.quantities.scanner import Scanner

__all__ = ["DateMention", "Quantity", "Scan", "Scanner"]
