"""Texts in a broken reading order: where they break off, and which paragraph goes on there.

Columns of a printed page are sometimes pasted together in the wrong order; then paragraphs end and begin
in the middle of a sentence. `find_breaks` finds such places, `propose_joins` says which belong together.
"""

from zhreport.reading.repair.joins import Break, Join, find_breaks, joined_order, propose_joins
from zhreport.reading.repair.trained import ContinuityModel

__all__ = ["Break", "ContinuityModel", "Join", "find_breaks", "joined_order", "propose_joins"]
