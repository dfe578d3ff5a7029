"""Coverage of the panel over a folder, and how many growth rates it has right.

    python bench/panel.py [FOLDER] [--table tests/panel/growth.csv]

FOLDER holds `.txt` reports and may hold a table `metadata.csv` or `manifest.csv` with the columns file, year,
region and level; without one the region is what a file name has after its last hyphen. Prints for each
indicator in how many reports it was found and how many of its rows contradict each other, and what the panel
says otherwise than the table of growth rates (read by people) on the reports that are in FOLDER.
"""

import argparse
import csv
import pathlib
import time
from collections import Counter, defaultdict
from collections.abc import Sequence

from zhreport import read
from zhreport.panel import PanelDocument, PanelRow, default_catalogue, document_of, panel
from zhreport.report import Analyzer

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "panel" / "growth.csv"


def metadata(folder: pathlib.Path) -> dict[str, dict[str, str]]:
    """File name → its row of the folder's table."""
    found: dict[str, dict[str, str]] = {}
    for name in ("manifest.csv", "metadata.csv"):
        if (folder / name).is_file():
            with (folder / name).open(encoding="utf-8-sig", newline="") as lines:
                found |= {row["file"]: row for row in csv.DictReader(lines)}
    return found


def documents(folder: pathlib.Path, *, pattern: str = "*.txt") -> list[PanelDocument]:
    """The reports of a folder for the panel."""
    analyzer, known = Analyzer(themes=False), metadata(folder)
    found = []
    for path in sorted(folder.glob(pattern)):
        row = known.get(path.name, {})
        document = read(path, metadata_year=int(row["year"]) if row.get("year") else None)
        region = row.get("region") or path.stem.rpartition("-")[2]
        level = row.get("level", "").replace("national", "central")
        found.append(document_of(analyzer.analyze(document), region=region, level=level))
    return found


def said(row: PanelRow) -> str:
    """A value as the table of growth rates has it."""
    numbers = ("" if n is None else f"{n:f}" for n in (row.value, row.low, row.high))
    return ",".join((*numbers, row.relation))


def compare(
    rows: Sequence[PanelRow], reports: list[PanelDocument], table: pathlib.Path = TABLE
) -> dict[str, list[str]]:
    """Compare the growth of the regional product, past year and target, with the table.

    Returns:
        For each report of the table that is there what differs.
    """
    cells: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        of_another = row.tone == "stretch" or row.scope  # a second goal, or another place
        if (row.indicator, row.measure) == ("gdp", "growth") and not of_another:
            cells[row.doc, f"{row.year} {row.status}"].add(said(row))
    known = {(r.region, r.level): r.name for r in reports}
    found: dict[str, list[str]] = {}
    with table.open(encoding="utf-8", newline="") as lines:
        for entry in csv.DictReader(lines):
            doc = known.get((entry["region"], entry["level"]))
            if doc is None:
                continue
            wrong = found.setdefault(doc, [])
            for status, year in (("actual", int(entry["year"]) - 1), ("target", int(entry["year"]))):
                want = ",".join(entry[f"{status}_{part}"] for part in ("value", "low", "high", "relation"))
                got = cells[doc, f"{year} {status}"]
                if got != ({want} if want.strip(",") else set()):
                    wrong.append(f"{doc} {year} {status}: read {want}, panel {sorted(got)}")
    return found


def main() -> None:
    """Print coverage and the comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=ROOT / "corpora" / "samples")
    parser.add_argument("--table", type=pathlib.Path, default=TABLE)
    args = parser.parse_args()
    reports = documents(args.folder)
    begun = time.perf_counter()
    rows = panel(reports)
    seconds = time.perf_counter() - begun
    docs: dict[str, set[str]] = defaultdict(set)
    count, conflicts = Counter[str](), Counter[str]()
    for row in rows:
        docs[row.indicator].add(row.doc)
        count[row.indicator] += 1
        conflicts[row.indicator] += row.state == "conflict"
    print(f"{len(reports)} reports, {len(rows)} rows, {conflicts.total()} in conflict, {seconds:.2f} s")
    print(f"{'indicator':36} reports   rows  in conflict")
    for key in sorted(default_catalogue().indicators, key=lambda key: (-len(docs[key]), key)):
        print(f"{key:36} {len(docs[key]):7} {count[key]:6} {conflicts[key]:12}")
    compared = compare(rows, reports, args.table)
    for wrong in compared.values():
        print(*wrong, sep="\n", end="\n" if wrong else "")
    right = sum(not wrong for wrong in compared.values())
    print(f"growth of the regional product: {right} of {len(compared)} reports as read by people")


if __name__ == "__main__":
    main()
