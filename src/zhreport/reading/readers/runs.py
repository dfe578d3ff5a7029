"""The text of Word paragraphs, run by run: what is hidden, set high, a sign of a font, or an equation."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from zhreport.reading.readers.raised import raised
from zhreport.words.marks import UNREADABLE

__all__ = ["Runs"]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: Text of a run by its element.
_SIGNS: Final = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
#: What the reader does not see: tracked deletions, the origin of moved text, the twin of a drawing, phonetic
#: guides. A paragraph of a text box is one of its own.
_UNSEEN: Final = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}rt", f"{_W}pPr", f"{_W}rPr", f"{_W}txbxContent", _FALLBACK)
)
_TEXT: Final = frozenset((f"{_W}t", f"{_M}t"))
_OFF: Final = frozenset(("0", "false", "off"))
#: Signs of the font Symbol that stand beside figures; its other signs below 0x40 are those of ASCII.
_SYMBOL: Final = {
    0x2A: "∗", 0x2D: "−", 0x44: "Δ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x6D: "μ", 0x7E: "~",
    0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xBC: "…", 0xD7: "·",
}  # fmt: skip

#: Is it hidden, and set high? None where nothing is said.
_Look = tuple[bool | None, bool | None]


class Runs:
    """The runs of a document.

    Args:
        styles: the root of its style part, None without one.
    """

    def __init__(self, styles: Any) -> None:  # noqa: ANN401 - an lxml element has no type
        self._looks: dict[str, tuple[_Look, str]] = {}
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            look = _look(style.find(f"{_W}rPr"))
            self._looks[style.get(f"{_W}styleId", "")] = look, _value(style.find(f"{_W}basedOn"))

    def text(self, paragraph: Any) -> tuple[str, list[Any]]:  # noqa: ANN401
        """The text of a paragraph, and its text boxes."""
        pieces: list[tuple[bool, str]] = []
        boxes: list[Any] = []
        style = _value(paragraph.find(f"{_W}pPr/{_W}pStyle"))

        def walk(element: Any, high: bool) -> None:  # noqa: ANN401
            for child in element:
                tag = child.tag
                if tag == f"{_W}r":
                    hidden, set_high = self._shown(child, style)
                    if not hidden:
                        walk(child, set_high)
                elif tag == f"{_W}txbxContent":
                    boxes.append(child)
                elif tag in _TEXT:
                    pieces.append((high, child.text or ""))
                elif tag in _SIGNS:
                    pieces.append((high, _SIGNS[tag]))
                elif tag == f"{_W}sym":
                    pieces.append((high, _sign(child)))
                elif tag == f"{_M}den":
                    pieces.append((high, "/"))
                    walk(child, high)
                elif tag not in _UNSEEN:
                    walk(child, high or tag == f"{_M}sup")

        walk(paragraph, high=False)
        return _joined(pieces), boxes

    def _shown(self, run: Any, paragraph_style: str) -> tuple[bool, bool]:  # noqa: ANN401
        """Is a run hidden, and is it set high? Its own properties win over its style's."""
        properties = run.find(f"{_W}rPr")
        hidden, high = _look(properties)
        own = _value(properties.find(f"{_W}rStyle")) if properties is not None else ""
        for style in (own, paragraph_style):
            seen: set[str] = set()
            while style in self._looks and style not in seen:
                seen.add(style)
                (of_style, raised_by_style), style = self._looks[style]
                hidden = of_style if hidden is None else hidden
                high = raised_by_style if high is None else high
        return bool(hidden), bool(high)


def _joined(pieces: Sequence[tuple[bool, str]]) -> str:
    text = ""
    for high, group in groupby(pieces, lambda piece: piece[0]):
        piece = "".join(part for _, part in group)
        text += raised(piece, text) if high else piece
    return text


def _look(properties: Any) -> _Look:  # noqa: ANN401
    if properties is None:
        return None, None
    vanish, align = properties.find(f"{_W}vanish"), properties.find(f"{_W}vertAlign")
    return (
        None if vanish is None else vanish.get(f"{_W}val", "true") not in _OFF,
        None if align is None else _value(align) == "superscript",
    )


def _sign(symbol: Any) -> str:  # noqa: ANN401
    """A sign by its code in a font; one that only the font knows stays unread."""
    try:
        code = int(symbol.get(f"{_W}char", ""), 16)
    except ValueError:
        return UNREADABLE
    if code < 0xE000:
        return chr(code) if 0x20 <= code < 0xD800 else UNREADABLE
    code &= 0xFF
    if symbol.get(f"{_W}font", "").casefold() != "symbol":
        return UNREADABLE
    return _SYMBOL.get(code) or (chr(code) if 0x20 <= code < 0x40 else UNREADABLE)


def _value(element: Any) -> str:  # noqa: ANN401
    return "" if element is None else (element.get(f"{_W}val") or "")
