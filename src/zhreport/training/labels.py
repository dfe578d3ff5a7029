"""Labelled paragraphs: JSONL files with the text in the line or in a report beside it."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

from zhreport.document import Document
from zhreport.errors import FaultError, InputError, at_document
from zhreport.files import read
from zhreport.folding import fold
from zhreport.themes.passages import Passage, passages

__all__ = ["Labelled", "fingerprints", "labels_hash", "read_labels"]

#: Lines of a file without documents that count as one document in cross-validation.
_GROUP = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A paragraph with its themes.

    Attributes:
        passage: what the model reads.
        themes: the main one first.
        mains: themes that are right as the main one; usually the first of `themes`.
        optional: themes that may be left out or given.
        group: its document; in cross-validation never on both sides.
        place: file and line, for messages.
    """

    passage: Passage
    themes: tuple[str, ...]
    mains: tuple[str, ...]
    optional: tuple[str, ...]
    group: str
    place: str


def labels_hash(labels: Iterable[Labelled]) -> str:
    """A hash of texts and themes that does not depend on their order."""
    lines = sorted("\t".join((*astuple(x.passage), *x.themes)) for x in labels)
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def fingerprints(labels: Iterable[Labelled]) -> list[int]:
    """32 bits of a hash of each text without its white space, which tell whether a model has seen it."""
    texts = ("".join(label.passage.text.split()).encode("utf-8", "surrogatepass") for label in labels)
    return [int.from_bytes(sha256(text).digest()[:4], "big") for text in texts]


def read_labels(
    paths: Sequence[Path],
    reports: Path | None = None,
    failed: Callable[[FaultError], None] | None = None,
) -> list[Labelled]:
    """Read label files.

    A line is `{"text", "heading", "before", "after", "themes"}` with the middle three optional, or
    stand-off `{"doc", "start", "end", "sha1", "themes"}`: code points of the report `DOC.txt` in
    `reports`, with the SHA-1 of that text in UTF-8. `failed` is called with a fault of this library at one
    report, whose labels are then left out.

    Raises:
        FaultError: such a fault, if `failed` is not given.
        InputError: a line that is none of these, a report that is missing or not the one that was
            labelled; names file and line.
    """
    found: list[Labelled] = []
    documents: dict[str, tuple[Document, list[Passage]] | None] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: the labels cannot be read ({error})") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            place = f"{path}: line {number}"
            try:
                row = json.loads(line)
                themes = _names(place, "themes", row["themes"])
                mains = _names(place, "mains", row.get("mains", list(themes[:1])))
                optional = _names(place, "optional", row.get("optional", []), fewest=0)
                if "text" in row and "sha1" not in row:
                    context = (fold(str(row.get(key, ""))) for key in ("heading", "before", "after"))
                    passage = Passage(fold(str(row["text"])), *context)
                    group = str(row.get("doc") or f"{path.name} {number // _GROUP}")
                else:
                    group = str(row["doc"])
                    of_report = _stand_off(row, reports, documents, place, failed)
                    if of_report is None:
                        continue
                    passage = of_report
            except (InputError, FaultError):
                raise
            except (
                ValueError,
                ArithmeticError,
                KeyError,
                TypeError,
                AttributeError,
                RecursionError,
            ) as error:
                raise InputError(f"{place}: no labelled paragraph ({error!r})") from error
            found.append(
                Labelled(
                    passage=passage,
                    themes=themes,
                    mains=mains,
                    optional=tuple(set(optional) - set(mains)),
                    group=group,
                    place=place,
                )
            )
    if not found:
        raise InputError(f"{', '.join(map(str, paths))}: no labelled paragraph")
    return found


def _names(place: str, key: str, value: object, *, fewest: int = 1) -> tuple[str, ...]:
    """The names of themes in a line; one string is none, for it would be read letter by letter."""
    if isinstance(value, list) and len(value) >= fewest and all(isinstance(n, str) and n for n in value):
        return tuple(value)
    raise InputError(f'{place}: {key} must be a list of names as ["green"], not {value!r}')


def _stand_off(
    row: dict[str, Any],
    reports: Path | None,
    documents: dict[str, tuple[Document, list[Passage]] | None],
    place: str,
    failed: Callable[[FaultError], None] | None,
) -> Passage | None:
    """The passage behind a stand-off label: the paragraph that holds most of it; None after a fault."""
    if reports is None:
        raise InputError(f"{place}: the text is in a report; name the folder of the reports with --reports")
    name, start, end = str(row["doc"]), int(row["start"]), int(row["end"])
    if name not in documents:
        path = reports / f"{name}.txt"
        if not path.is_file():
            raise InputError(
                f"{place}: {path} is missing; `zhreport corpus fetch` downloads the public reports"
            )
        try:
            with at_document(str(path)):
                document = read(path, clean=False)  # labels are places in the text as read
                documents[name] = document, passages(document)
        except FaultError as fault:
            if failed is None:
                raise
            failed(fault)
            documents[name] = None
    if (known := documents[name]) is None:
        return None
    document, read_as = known
    if sha1(document.text[start:end].encode("utf-8", "surrogatepass")).hexdigest() != row["sha1"]:  # noqa: S324
        raise InputError(f"{place}: {name}.txt is not the text that was labelled (its hash differs)")
    best = max(document.paragraphs, key=lambda p: min(p.end, end) - max(p.start, start))
    return replace(read_as[best.index], text=document.folded[start:end])
