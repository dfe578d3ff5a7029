"""Make the sample reports in every format and encoding that is read.

    python tests/files/generate.py FOLDER

Word files, pages and tables come from `tests/docfiles.py`, PDF and OFD files from `tests/pagefiles.py`. The
same samples give the same files; tests make them in a temporary folder, so none is kept here.
"""

import pathlib
import sys
from collections.abc import Callable

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))

import docfiles  # noqa: E402 - beside this folder
import pagefiles  # noqa: E402

SAMPLES = TESTS.parent / "corpora" / "samples"


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _docx(text: str) -> bytes:
    return docfiles.docx("".join(docfiles.paragraph(line) for line in _lines(text)))


#: Ending of the file → what makes it of a text.
MAKERS: dict[str, Callable[[str], bytes]] = {
    "utf8.txt": lambda t: t.encode("utf-8"),
    "utf8-bom.txt": lambda t: t.encode("utf-8-sig"),
    "gb18030.txt": lambda t: t.encode("gb18030"),
    "utf16.txt": lambda t: t.encode("utf-16"),
    "md": lambda t: "\n\n".join(_lines(t)).encode("utf-8"),
    "html": lambda t: docfiles.page(_lines(t)).encode("utf-8"),
    "gb2312.html": lambda t: docfiles.page(_lines(t), "br", charset="gb2312").encode("gb18030"),
    "docx": _docx,
    "pdf": lambda t: pagefiles.make_pdf(t, header="工作报告汇编"),
    "columns.pdf": lambda t: pagefiles.make_pdf(t, columns=2, header="工作报告汇编"),
    "ofd": lambda t: pagefiles.make_ofd(t, header="工作报告汇编"),
}


def generate(folder: pathlib.Path) -> dict[str, list[pathlib.Path]]:
    """Write the files of every sample.

    Returns:
        The name of the sample → its files.
    """
    found: dict[str, list[pathlib.Path]] = {}
    for sample in sorted(SAMPLES.glob("*.txt")):
        text = sample.read_text(encoding="utf-8")
        for ending, make in MAKERS.items():
            path = folder / f"{sample.stem}.{ending}"
            path.write_bytes(make(text))
            found.setdefault(sample.stem, []).append(path)
    (folder / "traditional.big5.txt").write_bytes(docfiles.TRADITIONAL.encode("big5"))
    rows = [
        {"file": sample.stem, "year": "", "正文": sample.read_text(encoding="utf-8")}
        for sample in sorted(SAMPLES.glob("*.txt"))
    ]
    (folder / "reports.jsonl").write_text(docfiles.json_lines(rows), encoding="utf-8")
    (folder / "reports.csv").write_text(docfiles.separated(rows), encoding="utf-8")
    (folder / "reports.parquet").write_bytes(docfiles.parquet(rows))
    return found


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    generate(target)
