"""Every format gives the claims of the plain text and the way back; hostile files are named."""

import os
import pathlib
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Sequence

import pytest

import zhreport
from files.generate import MAKERS, generate
from pagefiles import make_pdf
from zhreport import InputError, read
from zhreport.files import read_table
from zhreport.report import Analyzer, Report

pytest.importorskip("pypdfium2", reason="the extra zhreport[files] is not installed")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[pathlib.Path]]:
    return generate(tmp_path_factory.mktemp("formats"))


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(themes=False)


FACTS = "text value low high unit relation kind direction indicator status period".split()


def facts(report: Report) -> list[tuple[object, ...]]:
    return [tuple(getattr(claim, name) for name in FACTS) for claim in report.claims]


def run(*args: str, cwd: pathlib.Path) -> subprocess.CompletedProcess[str]:
    command: Sequence[str] = (sys.executable, "-m", "zhreport", *args)
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("ending", MAKERS)
def test_the_claims_are_those_of_the_plain_text(
    ending: str, made: dict[str, list[pathlib.Path]], samples: pathlib.Path, analyzer: Analyzer
) -> None:
    for name, files in made.items():
        path = next(file for file in files if file.name == f"{name}.{ending}")
        report = analyzer.analyze(read(path))
        plain = analyzer.analyze(read(samples / f"{name}.txt"))
        assert facts(report) == facts(plain), path.name
        document = report.document
        assert len(report.claims) > 50
        for claim, row in zip(report.claims, report.to_dicts(), strict=True):
            assert document.text[claim.start : claim.end] == claim.text
            assert document.sources is not None
            pieces = "".join(
                document.sources.text[start + span["start"] : start + span["end"]]
                for span in row["source_spans"]
                for start in [document.sources.starts[document.sources.names.index(span["part"])]]
            )
            assert "".join(pieces.split()) == "".join(claim.text.split())


def test_parts_and_properties(made: dict[str, list[pathlib.Path]]) -> None:
    by_name = {path.name: path for files in made.values() for path in files}
    pdf = read(by_name["department-summary.pdf"])
    assert (pdf.format, pdf.encoding) == ("pdf", "")
    assert {"page_furniture", "hard_breaks"} <= set(pdf.cleaned)
    assert pdf.sources is not None
    assert pdf.sources.names[:2] == ["page 1", "page 2"]
    html = read(by_name["department-summary.gb2312.html"])
    assert (html.format, html.encoding) == ("html", "gb18030")
    assert read(by_name["department-summary.utf16.txt"]).encoding == "utf-16"


def test_traditional_characters_are_read_as_they_are(
    made: dict[str, list[pathlib.Path]], analyzer: Analyzer
) -> None:
    path = next(iter(made.values()))[0].with_name("traditional.big5.txt")
    document = read(path, year=2024)
    assert document.encoding == "big5"
    claims = analyzer.analyze(document).claims
    assert [(c.text, c.indicator) for c in claims][:3] == [
        ("236.5億元", "地区生产总值"),
        ("6.2%", "地区生产总值"),
        ("18.4萬噸", "粮食总产量"),
    ]
    assert claims[0].value == 23_650_000_000


@pytest.mark.parametrize("name", ["reports.jsonl", "reports.csv", "reports.parquet"])
def test_tables_give_a_report_for_each_row(
    name: str, made: dict[str, list[pathlib.Path]], samples: pathlib.Path, analyzer: Analyzer
) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow", reason="the extra zhreport[tables] is not installed")
    path = next(iter(made.values()))[0].with_name(name)
    reports = [analyzer.analyze(document) for document in read_table(path)]
    assert [r.document.name for r in reports] == sorted(made)
    for report in reports:
        assert facts(report) == facts(analyzer.analyze(read(samples / f"{report.document.name}.txt")))
        assert report.to_dicts()[0]["source_spans"][0]["part"].startswith("row ")
    done = run("extract", name, "-q", "--no-themes", "-o", f"{name}.out.jsonl", cwd=path.parent)
    assert (done.returncode, done.stderr) == (0, "")
    lines = path.with_name(f"{name}.out.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum('"record":"claim"' in line for line in lines) == sum(len(r.claims) for r in reports)


# --- hostile files: each a clear error, and the others are done


def test_hostile_files_do_not_stop_the_others(tmp_path: pathlib.Path) -> None:
    (tmp_path / "好.txt").write_text("2024年粮食产量达到8万吨。", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\0" * 300_000_000)
    with zipfile.ZipFile(tmp_path / "entities.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        archive.writestr(
            "word/document.xml", f'<!DOCTYPE d [<!ENTITY a0 "ha">{entities}]><document>&a11;</document>'
        )
    (tmp_path / "empty-pages.pdf").write_bytes(empty_pdf(10_000))
    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.truncate(200 * 2**20)
    bad = os.fsencode(tmp_path) + b"/\xff\xfe.txt"
    with open(bad, "wb") as stream:  # noqa: PTH123 - a name that is not UTF-8
        stream.write("2024年产值5亿元。".encode())
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    (tmp_path / "cut.pdf").write_bytes(make_pdf("2024年粮食产量达到8万吨。")[:700])
    started = time.monotonic()
    done = run("extract", ".", "old.doc", "--no-themes", "-o", "out.jsonl", cwd=tmp_path)
    assert time.monotonic() - started < 120  # bounded: no fine measure on shared machines
    assert done.returncode == 1
    errors = done.stderr.splitlines()
    assert all(line.startswith("zhreport: ") for line in errors)
    for name, said in (
        ("bomb.docx", "ZIP bomb"),
        ("entities.docx", ""),
        ("empty-pages.pdf", "5,000 pages"),
        ("huge.txt", "200 MB"),
        ("old.doc", "docx"),
        ("cut.pdf", "PDF"),
    ):
        (line,) = {line for line in errors if name in line}
        assert said in line
    out = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert '"doc":"好"' in out
    assert out.count('"record":"claim"') == 2  # the name that is not UTF-8 is read, too


def empty_pdf(pages: int) -> bytes:
    """A PDF of pages without any text."""
    kids = " ".join(f"{3 + n} 0 R" for n in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {pages}/Kids[{kids}]>>"]
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * pages
    out, places = b"%PDF-1.4\n", []
    chunks = [out]
    at = len(out)
    for number, body in enumerate(objects, start=1):
        places.append(at)
        chunk = f"{number} 0 obj{body}endobj\n".encode()
        chunks.append(chunk)
        at += len(chunk)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    tail += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF"
    return b"".join(chunks) + tail.encode()


def test_a_file_that_changes_while_it_is_read(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "growing.txt"
    path.write_bytes("粮食产量达到8万吨。\n".encode() * 1_500_000)  # 42 MB: reading takes a while
    assert path.stat().st_size < 64 * 2**20
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab") as stream:
            while not stop.is_set():
                stream.write(b"x")
                stream.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(InputError, match="changed while it was being read"):
            read(path)
    finally:
        stop.set()
        writer.join()


def test_bytes_that_no_encoding_fits(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes("粮食产量达到8万吨".encode() + b"\xff\xff" + "。".encode())
    with pytest.raises(InputError, match=r"byte \d+"):
        read(path)
    assert "\ufffd" in read(path, errors="replace").text
    assert zhreport.analyze(read(path, errors="replace").text, year=2024).claims[0].text == "8万吨"


# --- broken reading order


def test_columns_in_the_wrong_order_are_put_together(tmp_path: pathlib.Path, analyzer: Analyzer) -> None:
    first = (
        "全市坚持把产业转型升级摆在突出位置，大力实施制造业高质量发展行动，新增规模以上工业企业42家，"
        "规模以上工业增加值增长8.4%。持续优化营商环境，减税降费12.6亿元，市场主体总量突破20万户，新登记各类企业1.3万户，"
        "招商引资到位资金增长15.2%，高新技术企业总"
    )
    second = (
        "数达到186家，技术合同成交额增长23.5%。全面推进乡村振兴，粮食总产量达到86.4万吨，农村居民人均可支配收入增长7.9%，"
        "建成高标准农田18万亩，改造农村户厕1.2万座。"
    )
    between = "城市面貌持续改善，新改建城市道路36公里，改造老旧小区86个，新增城市绿地45公顷。"
    path = tmp_path / "版面.txt"
    path.write_text(f"{second}\n{between}\n{first}\n", encoding="utf-8")
    suggested = read(path, year=2024)
    assert suggested.text == path.read_text(encoding="utf-8")
    (join,) = suggested.joins
    assert (join.tail, join.head) == (2, 0)
    assert {b.side for b in suggested.breaks} >= {"tail"}
    document = read(path, year=2024, repair="join")
    assert document.joined == (join,)
    assert first + second in document.text
    report = analyzer.analyze(document)
    crossing = [c for c in report.claims if c.crosses_join]
    assert ("186家", "高新技术企业总数") in [(c.text, c.indicator) for c in crossing]
    assert len(crossing) < len(report.claims)
    for claim, row in zip(report.claims, report.to_dicts(), strict=True):
        assert document.text[claim.start : claim.end] == claim.text
        assert document.as_read[row["start"] : row["end"]] == claim.text


def test_joins_are_proposed_in_the_output(tmp_path: pathlib.Path, analyzer: Analyzer) -> None:
    path = tmp_path / "断.txt"
    tail, head = "全市粮食产量稳步增长，农村居民人均可支配收", "入增长7.5%，城乡差距继续缩小。"
    path.write_text(f"{tail}\n{head}\n", encoding="utf-8")
    document = next(analyzer.analyze(read(path, year=2024)).records())
    (join,) = document["joins"]
    assert (join["tail"], join["head"]) == (len(tail), len(tail) + 1)
    assert 0 < join["score"] <= 1
