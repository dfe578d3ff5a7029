"""Fonts: one that has a glyph for every character that will be drawn."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from zhreport.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

__all__ = ["FONTS", "find_font", "need_matplotlib"]

#: Families with Chinese characters that are looked for, in this order, before any other installed font.
FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Heiti SC",
    "STHeiti",
    "Noto Sans CJK JP",  # the first face of the collection: the only one that matplotlib before 3.11 lists
    "Source Han Sans",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "Source Han Serif SC",
    "Songti SC",
    "SimSun",
    "AR PL UMing CN",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)


def need_matplotlib() -> None:
    """Say how to install matplotlib where it is missing."""
    try:
        import matplotlib  # noqa: F401, ICN001, PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError("plots need matplotlib: pip install 'zhreport[plots]'") from error


@cache
def _characters(path: str, face: int) -> frozenset[int]:
    """The characters that a face of a font file has glyphs for; none if it cannot be read."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    try:
        try:
            font = FT2Font(path, face_index=face) if face else FT2Font(path)
        except TypeError:  # matplotlib before 3.11 knows the first face only
            font = FT2Font(path)
        return frozenset(font.get_charmap())
    except (OSError, RuntimeError):
        return frozenset()


def _lacking(text: str, path: str, face: int = 0) -> str:
    have = _characters(path, face)
    return "".join(sorted({c for c in text if not c.isspace() and ord(c) not in have}))


def _boldness(path: str) -> tuple[bool, int]:
    """How far a font file is from an upright one of ordinary weight."""
    from matplotlib.font_manager import get_font, ttfFontProperty  # noqa: PLC0415

    found = ttfFontProperty(get_font(path))
    weight = found.weight if isinstance(found.weight, int) else 400
    return found.style != "normal", abs(weight - 400)


def find_font(text: str, font: str | Path | None = None) -> "FontProperties":
    """A font that has a glyph for every character of a text.

    Without `font` these are tried in turn: the font that matplotlib is set to, the families of `FONTS`, any
    other font that is installed.

    Args:
        text: what will be drawn.
        font: a font file (.ttf, .otf, .ttc) or the name of an installed family.

    Raises:
        InputError: no such font, or one that lacks characters of the text.
        MissingExtraError: matplotlib is not installed.
    """
    need_matplotlib()
    from matplotlib import font_manager  # noqa: PLC0415

    properties = font_manager.FontProperties
    if font is not None and (isinstance(font, Path) or Path(font).suffix.lower() in (".ttf", ".otf", ".ttc")):
        path = Path(font)
        if not path.is_file():
            raise InputError(f"{path}: no such font file; check the path")
        if lacking := _lacking(text, str(path)):
            raise InputError(f"{path}: cannot be read as a font or has no glyph for {lacking[:20]}")
        return properties(fname=str(path))
    faces: dict[str, Any] = {}
    for entry in sorted(
        font_manager.fontManager.ttflist,
        key=lambda e: (e.style != "normal", abs(int(e.weight) - 400) if str(e.weight).isdigit() else 0),
    ):
        faces.setdefault(entry.name, entry)
    if font is not None:
        family = str(font)
        if family not in faces:
            raise InputError(
                f"no installed font is called {family!r}; name a font file with font='…/name.otf'"
            )
        if lacking := _lacking(text, faces[family].fname, getattr(faces[family], "index", 0)):
            raise InputError(f"the font {family} has no glyph for {lacking[:20]}; choose another with font=")
        return properties(family=[family])
    own = font_manager.findfont(properties())
    if not _lacking(text, str(own), getattr(own, "face_index", 0)):
        return properties()
    others = sorted(name for name in faces if name not in FONTS and "Last Resort" not in name)
    for family in (*FONTS, *others):
        face = faces.get(family)
        if face is not None and not _lacking(text, face.fname, getattr(face, "index", 0)):
            return properties(family=[family])
    # Fonts that were installed after matplotlib made its list.
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    files = sorted({*font_manager.findSystemFonts()} - known)
    if having := [file for file in files if not _lacking(text, file)]:
        return properties(fname=min(having, key=_boldness))
    raise InputError(
        f"no installed font has all of {_lacking(text, str(own))[:20]}; looked for "
        f"{', '.join(FONTS[:6])} and {len(FONTS) - 6} more families, then for any font. Install one "
        "(apt install fonts-noto-cjk, brew install font-noto-sans-cjk-sc), pass a file with "
        "font='…/name.otf', or use language='en' where that is enough"
    )
