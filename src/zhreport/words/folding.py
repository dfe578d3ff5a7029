"""Width folding that keeps every character in its place.

Normal forms such as NFKC change the length of real reports, and then no offset is true any more.
Here every character is replaced by exactly one character, so a position in the folded text is the
same position in the text as read.
"""

from functools import cache
from importlib import resources
from typing import Final

import regex

from zhreport.words.marks import UNREADABLE, settle

__all__ = ["fold", "fold_width", "plain_sign"]

# Full-width ASCII except the punctuation that has a life of its own in Chinese text: ！（），：；？
_KEEP = set("！（），：；？")
_WIDTH: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEEP}
_SHAPE: Final = {
    **_WIDTH,
    **{ord(a): b for a, b in zip("();:!?∶", "（）；：！？：", strict=True)},
    **{ord(a): b for a, b in zip("○◯㈠", "〇〇㈠", strict=True)},
    **{ord(a): "—" for a in "―─–‒━"},
    **{ord(a): "~" for a in "〜∼～"},
    **{ord(a): "-" for a in "−‐‑－"},
    ord("﹪"): "%",
    **dict.fromkeys((160, 8194, 8195, 8201, 8239, 12288, 8203, 8205, 65279, 9), " "),
}
_CHARS: Final = {chr(code): char for code, char in _SHAPE.items()}
_MANY: Final = 30
# A comma is a thousands separator between digits and a pause everywhere else.
_PAUSE = regex.compile(r"(?<![0-9]),|,(?![ ]?[0-9]{3}(?![0-9]))")
_GROUP = regex.compile(
    r"(?<=(?<![0-9０-９.．])[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})*)，(?=[0-9０-９]{3}(?![0-9０-９]))"
)
# Blocks of radicals and of compatibility ideographs.
_FORMS: Final = regex.compile(r"[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")


def fold_width(text: str) -> str:
    """Fold full-width letters, digits and signs (`％` → `%`); same length.

    >>> fold_width("增长８．８％，约３个")
    '增长8.8%，约3个'
    """
    return text.translate(_WIDTH)


@cache
def _characters() -> dict[str, str]:
    """Radicals, compatibility forms and traditional characters, and the character that each stands for.

    Signs of private use stand for something that only their font knows.
    """
    table = resources.files("zhreport.data").joinpath("characters.csv").read_text(encoding="utf-8")
    private = map(chr, (*range(0xE000, 0xF900),))
    return {**dict.fromkeys(private, UNREADABLE), **dict(row.split(",") for row in table.splitlines()[1:])}


@cache
def _written() -> frozenset[str]:
    """The characters that stand for another one: a set is intersected twice as fast as the keys of a dict."""
    return frozenset(_characters())


def plain_sign(sign: str) -> str:
    r"""The character that a radical or a compatibility ideograph stands for, as a font names it; else itself.

    >>> [plain_sign(sign) for sign in ("\u2ed3", "\uf9d1", "長")]
    ['长', '六', '長']
    """
    return _characters().get(sign, sign) if _FORMS.match(sign) else sign


def fold(text: str) -> str:
    r"""Fold width, the variants of punctuation and of characters; same length, position by position.

    Radicals and compatibility ideographs, which broken fonts give, become the characters that they stand for,
    traditional characters their simplified forms.

    Half-width commas become `，` unless they group digits; full-width commas that group
    digits become `,`. Marks that are no part of what is said (`1.` before an item, `³` behind a figure) are
    set apart, see `zhreport.words.marks`.

    >>> fold("共３，２８０个,增长(８％)")
    '共3,280个，增长（8%）'
    >>> fold("農業總產值"), fold("增\u2ed3")
    ('农业总产值', '增长')
    >>> text = "１．２万~1.5万家"
    >>> len(fold(text)) == len(text)
    True
    """
    if not text:
        return text
    present = set(text)
    if "，" in present:
        text = _GROUP.sub(",", text)
    # Few of the foldable characters occur in most texts: replacing those is ten times as fast as translate.
    for char in present & _CHARS.keys():
        text = text.replace(char, _CHARS[char])
    table = _characters()
    other = present & _written()
    if len(other) > _MANY:
        text = text.translate({ord(char): table[char] for char in other})
    else:
        for char in other:
            text = text.replace(char, table[char])
    if "," in text:
        text = _PAUSE.sub("，", text)
    return settle(text, present)
