"""HTML pages: where the article is, says trafilatura; its text is the page's own, block by block.

An extractor that drops a paragraph it takes for boilerplate drops claims. So its answer only marks the first
and the last block of the article, and every block of running text between them is kept.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

import regex

from zhreport.errors import InputError, MissingExtraError
from zhreport.reading.readers.bounds import USUAL, Bounds, Limits
from zhreport.reading.readers.encodings import decode
from zhreport.reading.readers.extracted import Extracted, Part
from zhreport.reading.readers.foreign import foreign
from zhreport.reading.readers.raised import raised

__all__ = ["read_html"]

_LABEL: Final = re.compile(rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w:-]+)", re.IGNORECASE)
#: Labels of pages in Chinese, and the encodings they stand for; a page with another is decoded as a text.
_LABELS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
_DECLARED: Final = regex.compile(r"<\?xml[^>]*+>")
_HIGH: Final = regex.compile(
    r"(?i)<sup\b[^>]*+>(?P<in>(?:[^<]|<(?!/?sup\b))*+)</sup\s*+>"
    r"|<span\b[^>]*?vertical-align\s*+:\s*+super[^>]*+>(?P<in>[^<]*+)</span\s*+>"
)
_TAG: Final = regex.compile(r"<[^>]*+>")
_LONG_TAG: Final = regex.compile(r"<[a-zA-Z][^>]{2000}[^>]*+")
_VALUE: Final = regex.compile(r"\"[^\"]*+\"|'[^']*+'")
_ROW: Final = regex.compile(r"(?i)</?(?:tr|table)\b")
_CELL: Final = regex.compile(r"(?i)<t[dh]\b")
_SPACES: Final = regex.compile(r"[ \t\r\n\f]++")
_HAN: Final = r"[\p{Han}，。、；：？！（）“”《》]"
_BROKEN: Final = regex.compile(rf"(?<={_HAN})[ \t\r\f]*+\n\s*+(?={_HAN})")
_INVISIBLE: Final = "\u200b\u200d\ufeff"
#: Stands for a line end that is one on the page, in preformatted text.
_LINE_END: Final = "\x1e"
#: Stands for the tab between two cells until the white space is settled.
_CELL_END: Final = "\x1f"
_ANY_SPACE: Final = regex.compile(r"[\s\u200b\u200d\ufeff]++")
#: Elements that show no text of the page.
_SKIPPED: Final = frozenset(
    "audio button canvas head iframe map noscript object option script select style svg template "
    "video".split()
)
#: Elements around the article on a page.
_AROUND: Final = frozenset("nav footer aside".split())
_BLOCKS: Final = frozenset(
    "address article blockquote body br caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot "
    "th thead tr ul".split()
)
_LONGEST_NOTE: Final = 8  # signs of a mark of a note, or a power
_CELLS: Final = frozenset(("td", "th"))
#: Characters of a block that is running text, wherever it stands on a page.
_RUNNING: Final = 20
#: Characters of a line of a title.
_SHORTEST_TITLE: Final = 4
#: Characters of a cell of data; a longer one is a part of a page laid out by a table.
_LONGEST_CELL: Final = 200
#: Only a date that the page marks as its own: one found in the text is mostly another, and the library's
#: latest date is today, which would make the answer depend on the day.
_DATES: Final = {"original_date": True, "extensive_search": False, "max_date": "2099-12-31"}
#: Elements of trafilatura's articles that stand inside of a line.
_INLINE: Final = frozenset("hi ref del code span cell graphic".split())


def read_html(
    data: bytes, name: str, *, encoding: str = "", errors: str = "strict", limits: Limits = USUAL
) -> Extracted:
    """Read the article of an HTML page; the parts are its blocks (`element 3`), a row of a table being one.

    Args:
        data: the bytes.
        name: what errors call the file.
        encoding: wins over the page's own label; "" for that label where it fits, else as for a text file.
        errors: see `decode`.
        limits: what the page may have at most.

    Raises:
        InputError: an undecodable page, one without text, or one with more than a limit.
        MissingExtraError: trafilatura is not installed.
        UsageError: no such encoding.
    """
    try:
        import lxml.html  # noqa: PLC0415 - an optional extra
        import trafilatura  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("reading HTML needs trafilatura: pip install 'zhreport[files]'") from error
    text, found = _decode(data, name, encoding, errors)
    _bound(text, Bounds(name, limits))
    # lxml refuses a str that declares an encoding of its bytes
    text = _HIGH.sub(_raised, _DECLARED.sub("", text).replace("\x00", ""))
    with foreign(f"{name}: an HTML page without any element", "save its text as .txt"):
        parser = lxml.html.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
        tree = lxml.html.document_fromstring(text, parser=parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise InputError(f"{name}: an HTML page nested too deeply to be read; save its text as .txt")
    article = None
    # a page that trafilatura does not get through, as one nested too deeply, is taken whole
    with contextlib.suppress(InputError), foreign(f"{name}: no article", "taken whole"):
        found_article = trafilatura.bare_extraction(
            text,
            favor_recall=True,
            include_tables=True,
            include_comments=False,
            with_metadata=True,
            date_extraction_params=_DATES,
        )
        article = None if isinstance(found_article, dict) else found_article
    blocks = list(_blocks(tree))
    lines = _lines(article.body) if article and article.body is not None else []
    kept = _article(blocks, lines, _squeeze(article.title or "") if article else "")
    return Extracted(
        format="html",
        parts=tuple(Part(name=f"element {i}", text=block) for i, block in enumerate(kept, start=1)),
        encoding=found,
        title=(article.title or "") if article else "",
        date=(article.date or "") if article else "",
        author=(article.author or "") if article else "",
    )


def _bound(text: str, bounds: Bounds) -> None:
    """Refuse what costs the libraries more than time that grows with the page, before they see it."""
    bounds.check("elements", text.count("<") - text.count("</"))
    for tag in _LONG_TAG.finditer(text):
        bounds.check("attributes", len(_VALUE.sub("", tag.group()).split()))
    for row in _ROW.split(text):
        bounds.check("columns", sum(1 for _ in _CELL.finditer(row)))


def _raised(match: regex.Match[str]) -> str:
    """Text set high as it is written on a line, without the links that it may hold."""
    inner = match["in"]
    text = _TAG.sub("", inner).strip()
    before = match.string[max(0, match.start() - 1) : match.start()]
    return raised(text, before) if len(text) <= _LONGEST_NOTE else inner


def _decode(data: bytes, name: str, encoding: str, errors: str) -> tuple[str, str]:
    """By the caller's encoding, a byte order mark, the page's label where it fits, else as a text file."""
    label = _LABEL.search(data[:8192])
    labelled = _LABELS.get(label[1].decode("ascii", "replace").lower(), "") if label else ""
    if labelled and not encoding and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(labelled), labelled
        except UnicodeDecodeError:
            if errors != "strict":
                return decode(data, name, encoding=labelled, errors=errors)
    return decode(data, name, encoding=encoding, errors=errors)


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of a page; `aside` if it is mostly links or stands in a navigation or a footer."""

    text: str
    aside: bool


def _blocks(tree: Any) -> Iterator[_Block]:  # noqa: ANN401 - an lxml element has no type
    """The blocks of a page in order, a row of a table of data as one with tabs between its cells."""
    from lxml import etree  # noqa: PLC0415

    text: list[str] = []
    linked = links = around = preformatted = 0
    walk = etree.iterwalk(tree, events=("start", "end"))

    def block() -> Iterator[_Block]:
        nonlocal linked
        joined = "".join(text)
        aside = around > 0 or linked * 2 >= len(_squeeze(joined))
        for line in joined.split(_LINE_END):
            clean = _flow(line)
            if clean:
                yield _Block(
                    text=clean.replace(_CELL_END, "\t"),
                    aside=aside,
                )
        text.clear()
        linked = 0

    def add(piece: str | None) -> None:
        nonlocal linked
        if piece:
            text.append(piece.replace("\n", _LINE_END) if preformatted else piece)
            if links:
                linked += len(_squeeze(piece))

    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _BLOCKS:
                yield from block()
            around += tag in _AROUND
            links += tag == "a"
            preformatted += tag == "pre"
            row = _row(element) if tag == "tr" else None
            if row is not None or tag in _SKIPPED:
                walk.skip_subtree()
                text.append(row or "")
            else:
                add(element.text)
            continue
        if tag in _BLOCKS:
            yield from block()
        around -= tag in _AROUND
        links -= tag == "a"
        preformatted -= tag == "pre"
        add(element.tail)
    yield from block()


def _row(element: Any) -> str | None:  # noqa: ANN401
    """The cells of a row of data; None for one that lays out a page."""
    if element.find(".//table") is not None:
        return None
    cells = [_flow(_shown(cell)) for cell in element if cell.tag in _CELLS]
    if len(cells) < 2 or any(len(cell) > _LONGEST_CELL for cell in cells):
        return None
    return _CELL_END.join(cells)


def _shown(cell: Any) -> str:  # noqa: ANN401
    """The text of a cell, a line for each of its blocks."""
    from lxml import etree  # noqa: PLC0415

    pieces: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if element.tag in _BLOCKS:
            pieces.append("\n")
        if event == "end":
            pieces.append((element.tail or "") if element is not cell else "")
        elif element.tag in _SKIPPED:
            walk.skip_subtree()
        else:
            pieces.append(element.text or "")
    return "".join(pieces)


def _flow(text: str) -> str:
    """White space as a page shows it: none for a line end between Chinese characters (CSS Text 3, 4.1.3)."""
    return _SPACES.sub(" ", _BROKEN.sub("", text)).strip().strip(_INVISIBLE)


def _squeeze(text: str) -> str:
    return _ANY_SPACE.sub("", text)


def _lines(body: Any) -> list[str]:  # noqa: ANN401
    """The lines of an article as trafilatura marks it up (its subset of TEI), without white space."""
    lines = [""]
    for event, element in _events(body):
        if element.tag not in _INLINE:
            lines.append("")
        lines[-1] += _squeeze((element.text if event == "start" else element.tail) or "")
    return [line for line in lines if line]


def _events(body: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    from lxml import etree  # noqa: PLC0415

    yield from etree.iterwalk(body, events=("start", "end"))


def _made_of(row: str, lines: frozenset[str], longest: int) -> bool:
    """A row is lines one after the other: trafilatura begins one at each block in a cell."""
    reached = [0]
    for end in range(1, len(row) + 1):
        near = takewhile(lambda start: end - start <= longest, reversed(reached))  # noqa: B023 - used at once
        if any(row[start:end] in lines for start in near):
            reached.append(end)
    return reached[-1] == len(row)


def _article(blocks: list[_Block], lines: list[str], title: str) -> list[str]:
    """The blocks of the article whose lines trafilatura found; all not aside if it found too little."""
    whole, exact = "\n".join(lines), frozenset(lines)
    longest = max(map(len, lines), default=0)
    squeezed = [_squeeze(block.text) for block in blocks]
    found = [
        (len(s) >= _RUNNING and s in whole)
        or s in exact
        or ("\t" in block.text and _made_of(s, exact, longest))
        for s, block in zip(squeezed, blocks, strict=True)
    ]
    running = [i for i, s in enumerate(squeezed) if len(s) >= _RUNNING and not blocks[i].aside]
    inside = [i for i in running if found[i]]
    if sum(len(squeezed[i]) for i in inside) * 3 < sum(len(squeezed[i]) for i in running) or not inside:
        return [block.text for block in blocks if not block.aside] or [block.text for block in blocks]
    for i in range(inside[0]):  # the title above, on one line or more, which trafilatura may leave out
        found[i] = found[i] or (len(squeezed[i]) >= _SHORTEST_TITLE and squeezed[i] in title)
    return [
        block.text
        for i, block in enumerate(blocks)
        if (found[i] and not block.aside) or (inside[0] <= i <= inside[-1] and (found[i] or not block.aside))
    ]
