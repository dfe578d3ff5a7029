"""Clauses: words around a quantity, read by a grammar of patterns over word classes (`data/clause.toml`)."""

from zhreport.clause.grammar import Grammar, Rule, Shape, default_grammar
from zhreport.clause.reader import DATE_SIGN, DEEDS, MAY_BE_DEEDS, ClauseReader, Left, Right

__all__ = [
    "DATE_SIGN",
    "DEEDS",
    "MAY_BE_DEEDS",
    "ClauseReader",
    "Grammar",
    "Left",
    "Right",
    "Rule",
    "Shape",
    "default_grammar",
]
