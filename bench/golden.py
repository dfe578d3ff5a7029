"""Golden records: what the library makes of the texts of given folders, kept to see what a change does.

    python bench/golden.py KEPT FOLDER... --update    # keep what is found now
    python bench/golden.py KEPT FOLDER...             # print what is found otherwise; then it exits with 1

KEPT is a file outside the repository, for it holds words of the texts: a line of JSON for each text with its
claims, its campaigns and the readings of its clauses (the words on both sides of each quantity). A difference
is a line of a table: text, what stands there, field, kept -> found, and the clause around it. `--records
claims` looks at one kind only, `--field indicator` at one field, `--most 50` prints so many lines; the counts
at the end are always of all.
"""

import argparse
import dataclasses
import json
import pathlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from zhreport import Analyzer, Document, ZhreportError, read
from zhreport.campaigns import Campaign
from zhreport.claims import Claim, ClaimExtractor

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROOT: Final = pathlib.Path(__file__).resolve().parent.parent
KINDS: Final = ("claims", "campaigns", "readings")
#: Where it says nothing of what was read, or is the same as another field.
_LEFT_OUT: Final = frozenset(("start", "end", "text", "name", "campaign_id", "count_start", "count_end"))
_AROUND: Final = 24  # characters of the text that are shown on both sides
_ENDS: Final = "。；\n"

Row = dict[str, Any]
#: Key of a record (its place, or side and words of a clause) → its fields.
Records = dict[str, dict[str, Row]]


class Difference(NamedTuple):
    """One field that is found otherwise than kept; `found` for a record that only one of them has."""

    doc: str
    kind: str
    text: str
    field: str
    kept: str
    found: str
    clause: str

    def line(self) -> str:
        """A line of the table."""
        return (
            f"{self.doc}\t{self.text}\t{self.field}\t{self.kept or '-'} -> {self.found or '-'}\t{self.clause}"
        )


def texts(folders: Iterable[pathlib.Path]) -> Iterator[tuple[str, Document]]:
    """The texts of folders, each with a name: the folder's and its path in it."""
    for folder in folders:
        for path in sorted(folder.rglob("*.txt")):
            try:
                yield f"{folder.name}/{path.relative_to(folder).as_posix()}", read(path)
            except ZhreportError as error:
                print(f"passed over: {error}", file=sys.stderr)


def clause(text: str, start: int, end: int) -> str:
    """What stands around a place, with the place in brackets."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    for sign in _ENDS:
        before, after = before.rpartition(sign)[2], after.partition(sign)[0]
    return f"{before}[{text[start:end]}]{after}"


def records(
    document: Document, analyzer: Analyzer, extractor: ClaimExtractor, kinds: Iterable[str] = KINDS
) -> Records:
    """What is found in a text, by kind and key; the extractor gives the readings."""
    found: Records = {}
    report = analyzer.analyze(document)
    for kind in kinds:
        if kind == "readings":
            found[kind] = _readings(document, extractor)
            continue
        found[kind] = rows(document, report.claims if kind == "claims" else report.campaigns)
    return found


def rows(document: Document, found: Iterable[Claim | Campaign]) -> dict[str, Row]:
    """Records by their places."""
    return {
        f"{record.start}-{record.end}": {
            **_fields(record),
            "clause": clause(document.text, record.start, record.end),
        }
        for record in found
    }


def _readings(document: Document, extractor: ClaimExtractor) -> dict[str, Row]:
    """How the clauses around quantities were read."""
    found: dict[str, Row] = {}
    for site in extractor.sites(document):
        reader = site.sentence.reader
        for text in (site.left_text.strip(), site.fallback, site.topic, *site.listed):
            found[f"left {text}"] = {"clause": text, **_plain(reader.left(text)._asdict())}
        text = site.right_text.strip()
        found[f"right {text}"] = {"clause": text, **_plain(reader.right(text)._asdict())}
    return found


def _fields(record: "DataclassInstance") -> Row:
    """The fields of a record, as JSON has them."""
    return _plain(dataclasses.asdict(record))


def _plain(fields: dict[str, Any]) -> Row:
    return {
        name: value if value is None or isinstance(value, str | int) else str(value)
        for name, value in fields.items()
    }


def compared(doc: str, kept: Records, found: Records) -> Iterator[Difference]:
    """The fields of a text that are found otherwise than kept."""
    for kind, now in found.items():
        before = kept.get(kind, {})
        for key in dict.fromkeys((*before, *now)):
            yield from _compared(doc, kind, before.get(key), now.get(key))


def _compared(doc: str, kind: str, kept: Row | None, found: Row | None) -> Iterator[Difference]:
    row = found or kept or {}
    text, place = str(row.get("text", row.get("name", ""))), str(row["clause"])
    if kept is None or found is None:
        yield Difference(doc, kind, text, "found", _named(kept), _named(found), place)
        return
    for name in kept:
        if name in _LEFT_OUT or name == "clause" or name not in found:  # a new field is no difference
            continue
        if kept.get(name) != found.get(name):
            yield Difference(doc, kind, text, name, str(kept.get(name)), str(found.get(name)), place)


def _named(row: Row | None) -> str:
    return "" if row is None else str(row.get("indicator", row.get("name", row.get("noun", ""))) or "yes")


def load(path: pathlib.Path) -> dict[str, Records]:
    """The kept records by text.

    Raises:
        SystemExit: the file is missing or damaged.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return {row["doc"]: row["records"] for row in map(json.loads, lines)}
    except (OSError, ValueError, KeyError) as error:
        raise SystemExit(f"{path}: {error}; write it with --update") from error


def update(path: pathlib.Path, found: Iterable[tuple[str, Records]]) -> int:
    """Keep what is found; the number of texts.

    Raises:
        SystemExit: the file lies in the repository.
    """
    if path.resolve().is_relative_to(ROOT):
        raise SystemExit(
            f"{path}: lies in the repository; texts of others do not enter it, keep it elsewhere"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for doc, kept in found:
            lines.write(json.dumps({"doc": doc, "records": kept}, ensure_ascii=False) + "\n")
            count += 1
    return count


def shown(differences: Iterable[Difference], most: int) -> Counter[tuple[str, str]]:
    """Print a table of differences; their number by kind and field."""
    counts: Counter[tuple[str, str]] = Counter()
    for difference in differences:
        counts[difference.kind, difference.field] += 1
        if sum(counts.values()) <= most:
            print(difference.line())
    return counts


def main(arguments: list[str] | None = None) -> int:
    """Keep or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kept", type=pathlib.Path)
    parser.add_argument("folders", type=pathlib.Path, nargs="+")
    parser.add_argument("--update", action="store_true", help="keep what is found now")
    parser.add_argument("--records", choices=KINDS, action="append", help="look at these alone")
    parser.add_argument("--field", action="append", default=[], help="print this field alone")
    parser.add_argument("--most", type=int, default=1000, help="print so many differences (1000)")
    args = parser.parse_args(arguments)
    analyzer = Analyzer(themes=False)
    extractor = ClaimExtractor(analyzer.lexicon, analyzer.tokenizer)
    kinds = args.records or KINDS
    if args.update:
        found = ((doc, records(document, analyzer, extractor)) for doc, document in texts(args.folders))
        print(f"{update(args.kept, found)} texts kept in {args.kept}")
        return 0
    before = load(args.kept)
    total: Counter[str] = Counter()

    def differences() -> Iterator[Difference]:
        for doc, document in texts(args.folders):
            now = records(document, analyzer, extractor, kinds)
            total.update({kind: len(rows) for kind, rows in now.items()})
            for difference in compared(doc, before.get(doc, {}), now):
                if not args.field or difference.field in args.field:
                    yield difference

    counts = shown(differences(), args.most)
    for kind, number in total.items():
        per_field = {field: n for (of, field), n in counts.items() if of == kind}
        said = ", ".join(f"{field} {n}" for field, n in sorted(per_field.items())) or "no difference"
        print(f"{number} {kind}: {said}")
    return 1 if counts else 0


if __name__ == "__main__":
    sys.exit(main())
