"""Whose figure: how often `place` agrees with the labels of `corpora/places`.

    python bench/places.py FOLDER                              # reports, bulletins, summaries, press in it
    python bench/places.py FOLDER --half development --errors  # and the wrong ones of that half
    python bench/places.py FOLDER --labels corpora/places/fresh.jsonl

A label is right if place and code of the claim are its own; where the record names no place, the place of its
document counts, for a text of one place may be read as a report of it. The documents are in halves by a hash
of their names: errors are shown of the half for development only.
"""

import argparse
import hashlib
import json
import pathlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from zhreport import Analyzer, Report, read

LABELS: Final = pathlib.Path(__file__).resolve().parent.parent / "corpora" / "places" / "labels.jsonl"
HALVES: Final = ("development", "held out")
_AROUND: Final = 60  # characters of the text that are shown before a figure

Row = dict[str, Any]


class Scored(NamedTuple):
    """A label and what the record of its claim says.

    Attributes:
        row: the label.
        place, code: of the claim.
        right: they are those of the label.
        before: the text before the figure, and the figure.
    """

    row: Row
    place: str
    code: str
    right: bool
    before: str


def half_of(doc: str) -> str:
    """The half that a document belongs to."""
    return HALVES[int(hashlib.sha1(doc.encode(), usedforsecurity=False).hexdigest(), 16) % 2]


def labels(path: pathlib.Path = LABELS) -> dict[tuple[str, str], list[Row]]:
    """The labels of a file by set and document."""
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["set"], row["doc"]].append(row)
    return found


def _same_name(found: str, label: str) -> bool:
    """Are these one place: 云岭 and 云岭市, 平安街道 and 云岭市平安街道?"""
    return bool(found and label) and (
        found.endswith(label) or label.endswith(found) or label.startswith(found)
    )


def is_right(place: str, code: str, answer: Row) -> bool:
    """Is a place with its code that of an answer?"""
    if not answer["place"] or not place:
        return bool(place == answer["place"])
    if answer["code"]:
        return bool(code == answer["code"])
    return _same_name(place, answer["place"])


def scored(report: Report, rows: Iterable[Row]) -> Iterator[Scored]:
    """The labels of a report, with what is found; those whose claim is not found are left out."""
    document = report.document
    claims = {document.place_as_read(claim.start, claim.end)[-2]: claim for claim in report.claims}
    region = document.metadata.region
    for row in rows:
        claim = claims.get(row["start"])
        if claim is None:
            continue
        tries = [(claim.place, claim.place_code)]
        if not claim.place and region.name:
            tries.append((region.name, region.code))
        right = any(is_right(*one, answer) for one in tries for answer in (row, *row.get("or", ())))
        before = document.text[max(claim.start - _AROUND, 0) : claim.end].replace("\n", "¶")
        yield Scored(row, claim.place, claim.place_code, right, before)


def table(found: Iterable[Scored]) -> str:
    """Labels and right ones by half, set, and whether the figure is of a named place or of none other."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in found:
        whose = "other" if one.row["place"] else "own"
        for set_ in (one.row["set"], "all"):
            key = (half_of(one.row["doc"]), set_, whose)
            counts[*key, "of"] += 1
            counts[*key, "right"] += one.right
    lines = []
    for half, set_, whose in sorted({key[:3] for key in counts}):
        of, right = counts[half, set_, whose, "of"], counts[half, set_, whose, "right"]
        lines.append(f"{half:12} {set_:10} {whose:6} {right:4} of {of:4} {right / of:.3f}")
    return "\n".join(lines)


def found_in(folder: pathlib.Path, path: pathlib.Path = LABELS) -> Iterator[Scored]:
    """What is found for the labels of a file whose texts are in a folder."""
    analyzer = Analyzer()
    for (set_, doc), rows in labels(path).items():
        if (path := folder / set_ / f"{doc}.txt").exists():
            yield from scored(analyzer.analyze(read(path)), rows)


def main() -> None:
    """Print the table, and the wrong ones of the half for development if asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--labels", type=pathlib.Path, default=LABELS)
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args()
    scores = found_in(asked.folder, asked.labels)
    found = [one for one in scores if asked.half in (None, half_of(one.row["doc"]))]
    print(table(found))
    for one in found if asked.errors else ():
        if not one.right and half_of(one.row["doc"]) == HALVES[0]:
            label = f"{one.row['place']}|{one.row['code']}"
            print(f"{one.row['set']} {one.row['doc']}\t{label} <- {one.place}|{one.code}\t{one.before}")


if __name__ == "__main__":
    main()
