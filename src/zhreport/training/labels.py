"""Labelled paragraphs: files with the text in the line or in a report beside it, JSONL or tables."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any, Final, TypeVar

import regex

from zhreport.document import Document
from zhreport.errors import FaultError, InputError, at_document
from zhreport.files import read, shown_path
from zhreport.reading.columns import states_nothing
from zhreport.reading.readers import TABLE_ENDINGS, records
from zhreport.themes.passages import Laid, Passage, Stretches, part_of, stretches
from zhreport.words.folding import fold

__all__ = ["Labelled", "by_document", "fingerprints", "labels_hash", "read_labels", "split_names"]

T = TypeVar("T")

#: Lines of a file without documents that count as one document in cross-validation.
_GROUP: Final = 20
#: What stands between the themes of a cell: a comma may be part of a name.
_BETWEEN: Final = regex.compile(r"\s*[;；、|]\s*")
#: The folder of `reports` whose texts are meant where a line names no set.
_SET: Final = "reports"
_NONE: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A paragraph with its themes.

    Attributes:
        passage: what the model reads.
        themes: the main one first; none for a passage that has no theme, such as a list of names.
        mains: themes that are right as the main one; usually the first of `themes`.
        optional: themes that may be left out or given.
        group: its document; in cross-validation never on both sides.
        place: file and line, for messages.
        document: what messages call the document whose fault a fault is: the path of the report, or the
            place of a line that has its text itself.
        genre: what kind of text it is from, by the name of its set; "" if it is not said.
        weight: how much it counts while a model is fitted.
    """

    passage: Passage
    themes: tuple[str, ...]
    mains: tuple[str, ...]
    optional: tuple[str, ...]
    group: str
    place: str
    document: str = ""
    genre: str = ""
    weight: float = 1.0


def labels_hash(labels: Iterable[Labelled]) -> str:
    """A hash of texts and themes that does not depend on their order."""
    lines = sorted("\t".join((*astuple(x.passage), *x.themes)) for x in labels)
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def fingerprints(labels: Iterable[Labelled]) -> list[int]:
    """32 bits of a hash of each text without its white space, which tell whether a model has seen it."""
    texts = ("".join(label.passage.text.split()).encode("utf-8", "surrogatepass") for label in labels)
    return [int.from_bytes(sha256(text).digest()[:4], "big") for text in texts]


def by_document(
    labels: Sequence[Labelled],
    numbers: Iterable[int],
    work: Callable[[list[int]], Iterable[T]],
    failed: Callable[[FaultError], None] | None = None,
) -> dict[int, T]:
    """What some work makes of labels, document by document, without the documents at which it raises.

    Args:
        labels: all of them.
        numbers: those to be done.
        work: gives a value for each of the labels of these numbers, which are of one document.
        failed: called with a fault of this library at one document, whose labels are then left out.

    Returns:
        Number of a label → its value, by number.

    Raises:
        FaultError: such a fault, if `failed` is not given.
    """
    documents: dict[str, list[int]] = {}
    for number in numbers:
        label = labels[number]
        documents.setdefault(label.document or label.place, []).append(number)
    found: dict[int, T] = {}
    for name, own in documents.items():
        try:
            with at_document(name):
                found |= zip(own, work(own), strict=True)
        except FaultError as fault:
            if failed is None:
                raise
            failed(fault)
    return dict(sorted(found.items()))


def read_labels(
    paths: Sequence[Path],
    reports: Path | None = None,
    failed: Callable[[FaultError | InputError], None] | None = None,
) -> list[Labelled]:
    """Read label files: JSONL, or tables (CSV, TSV, Excel, Parquet) with these names as columns.

    A line is `{"text", "heading", "before", "after", "themes"}` with the middle three optional, or
    stand-off `{"doc", "start", "end", "sha1", "themes"}`: code points of the report `DOC.txt` in
    `reports`, with the SHA-1 of that text in UTF-8. With `set` the report may also stand in a folder of
    that name in `reports`. `[]` is a paragraph without a theme. In a cell of a table `;` stands between
    themes, `-` is no theme, and a row with an empty cell is one that nobody has labelled yet.
    `failed` is called with what is wrong with one report: it is missing, cannot be read, is not the one
    that was labelled, or this library fails at it or at a line that has its text itself; its labels are
    then left out.

    Raises:
        FaultError, InputError: what is wrong with a report, if `failed` is not given.
        InputError: a line that is none of these, or no label at all; names file and line.
    """
    texts = _Reports(reports)
    found: list[Labelled] = []
    lost: set[str] = set()
    for path in paths:
        for number, (place, said) in enumerate(_lines(path), start=1):
            row = _row(said, f"{path}: {place}", f"{path.name} {number // _GROUP}")
            document = row.place if row.texts else texts.shown(row)
            if document in lost:
                continue
            try:
                with at_document(document):
                    found.append(_labelled(row, document, texts))
            except (FaultError, InputError) as error:
                if failed is None:
                    raise
                lost.add(document)
                failed(error)
    found = [label for label in found if label.document not in lost]
    if not found:
        raise InputError(f"{', '.join(map(str, paths))}: no labelled paragraph")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A line: its texts (text, heading, before, after), or else a place in a report."""

    place: str
    group: str
    themes: tuple[str, ...]
    mains: tuple[str, ...]
    optional: tuple[str, ...]
    genre: str = ""
    texts: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    sha1: str = ""


def _lines(path: Path) -> Iterator[tuple[str, str | Mapping[str, Any]]]:
    """Place and content of each line that has a label."""
    kind = TABLE_ENDINGS.get(path.suffix.lower(), "jsonl")
    if kind != "jsonl":
        for place, cells in records(path, kind):
            row = {
                name.strip().lower(): cell for name, cell in cells.items() if not states_nothing(str(cell))
            }
            if "themes" in row:
                names = {key: row[key] for key in ("themes", "mains", "optional") if key in row}
                yield place, row | {key: _listed(cell) for key, cell in names.items()}
        return
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: the labels cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: the labels cannot be read ({error}); save them as UTF-8") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield f"line {number}", line


def split_names(text: str) -> list[str]:
    """The themes that a text names, the main one first; `-` is none.

    >>> split_names("education； livelihood"), split_names(" - ")
    (['education', 'livelihood'], [])
    """
    return [name for name in _BETWEEN.split(text.strip()) if name not in ("", _NONE)]


def _listed(cell: object) -> object:
    """The names in a cell; a Parquet file may have a list of them."""
    return split_names(cell) if isinstance(cell, str) else cell


def _row(said: str | Mapping[str, Any], place: str, group: str) -> _Row:
    try:
        row = json.loads(said) if isinstance(said, str) else said
        themes = _names(place, "themes", row["themes"], fewest=0)
        mains = _names(place, "mains", row.get("mains", list(themes[:1])), fewest=min(1, len(themes)))
        optional = _names(place, "optional", row.get("optional", []), fewest=0)
        more: dict[str, Any] = {"genre": str(row.get("set") or "")}
        if "text" in row and "sha1" not in row:
            texts = (str(row.get(key, "")) for key in ("text", "heading", "before", "after"))
            more |= {"texts": tuple(texts), "group": str(row.get("doc") or group)}
        else:
            start, end = int(row["start"]), int(row["end"])
            more |= {"group": str(row["doc"]), "start": start, "end": end, "sha1": str(row["sha1"])}
            more["genre"] = more["genre"] or _SET
    except InputError:
        raise
    except (ValueError, ArithmeticError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{place}: no labelled paragraph ({error!r})") from error
    kept = tuple(set(optional) - set(mains))
    return _Row(place=place, themes=themes, mains=mains, optional=kept, **more)


def _names(place: str, key: str, value: object, *, fewest: int = 1) -> tuple[str, ...]:
    """The names of themes in a line; one string is none, for it would be read letter by letter."""
    if isinstance(value, list) and len(value) >= fewest and all(isinstance(n, str) and n for n in value):
        return tuple(value)
    raise InputError(f'{place}: {key} must be a list of names such as ["green"], not {value!r}')


def _labelled(row: _Row, document: str, reports: "_Reports") -> Labelled:
    return Labelled(
        passage=Passage(*map(fold, row.texts)) if row.texts else reports.passage(row),
        themes=row.themes,
        mains=row.mains,
        optional=row.optional,
        group=row.group,
        place=row.place,
        document=document,
        genre=row.genre,
    )


class _Reports:
    """The reports of a folder, each read once."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[Path, tuple[Document, Laid, list[Stretches]]] = {}

    def _path(self, row: _Row) -> Path:
        if self._folder is None:
            raise InputError(
                f"{row.place}: the text is in a report; name the folder of the reports with --reports"
            )
        beside = self._folder / row.genre / f"{row.group}.txt"
        return beside if beside.is_file() else self._folder / f"{row.group}.txt"

    def shown(self, row: _Row) -> str:
        """What messages call the report behind a line."""
        return shown_path(self._path(row))

    def passage(self, row: _Row) -> Passage:
        """The passage behind a line: the paragraph that holds most of it."""
        path = self._path(row)
        if path not in self._known:
            if not path.is_file():
                raise InputError(
                    f"{row.place}: {path} is missing; `zhreport corpus fetch` downloads the public reports"
                )
            document = read(path, clean=False)  # labels are places in the text as read
            self._known[path] = document, *stretches(document)
        document, laid, rows = self._known[path]
        text = document.text[row.start : row.end]
        if sha1(text.encode("utf-8", "surrogatepass")).hexdigest() != row.sha1:  # noqa: S324
            raise InputError(
                f"{row.place}: {row.group}.txt is not the text that was labelled (its hash differs)"
            )
        best = max(document.paragraphs, key=lambda p: min(p.end, row.end) - max(p.start, row.start))
        read_as = rows[best.index]
        if (row.start, row.end) != (best.start, best.end):
            read_as = part_of(document, best, read_as, row.start, row.end)
        return laid.passages([read_as])[0]
