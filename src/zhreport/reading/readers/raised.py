"""Text set high: in formats that say so it stays told apart from the figure before it."""

from typing import Final

import regex

__all__ = ["raised"]

_HIGH: Final = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_FIGURES: Final = regex.compile(r"[+\-−]?[0-9]+")
_NOTE: Final = regex.compile(r"[\[（(〔［【]?注?：?([0-9]{1,3})[\]）)〕］】]?")


def raised(text: str, before: str = "") -> str:
    """A text set high, as it is written on one line: figures by signs of their own.

    Args:
        text: what is set high.
        before: the text before it; the mark of a note behind a letter is no power of it.

    >>> raised("2", "m"), raised("注3", "亿元"), raised("〔4〕", "m"), raised("*")
    ('²', '³', '[4]', '*')
    """
    inner = text.strip()
    if _FIGURES.fullmatch(inner):
        return text.translate(_HIGH)
    note = _NOTE.fullmatch(inner)
    if not note:
        return text
    return f"[{note[1]}]" if before[-1:].isascii() and before[-1:].isalpha() else note[1].translate(_HIGH)
