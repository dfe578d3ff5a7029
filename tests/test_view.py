"""The page of a report: every record marked in its place, everything escaped, nothing from outside."""

import itertools
import os
import pathlib
import re
import subprocess
import sys
from base64 import b64encode
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhreport import Analyzer, Claim, Report, UsageError, read, view
from zhreport.document import make_document
from zhreport.labels import labels
from zhreport.reading.mapping import MappedText
from zhreport.view import fragment, page
from zhreport.view.page import _file
from zhreport.view.weaving import Span, woven

HOSTILE = (
    "云岭市<script>window.hacked=1</script>工作总结\n"
    '建成"一站式"<img src=x onerror="window.hacked=2">大厅12个，开展“</script><b>清风</b>”专项行动３次。\n'
    "A&B项目增长5%&lt;以上\u2028𠮷野家𝟙号楼完成投资2亿元，占比'30%'。<!-- 不是注释 -->\n"
)


class Reader(HTMLParser):
    """The elements of a page and the text inside of them; a tag that does not match fails."""

    VOID = frozenset("meta link input".split())

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.paragraphs: dict[str, str] = defaultdict(str)  # by id, without the names of themes
        self.marks: dict[str, str] = defaultdict(str)
        self.rows: dict[str, dict[str, str | None]] = {}
        self.outside = ""
        self.visible = ""  # without what the style hides
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        if own := found.get("id"):
            self.ids.append(own)
            if tag == "tr":
                self.rows[own] = found
        if tag not in self.VOID:
            self.open.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _ in self.open]
        if "article" not in inside or "button" in inside:
            return
        if not any(found.get("class") == "br" for _, found in self.open):
            self.visible += data
        for tag, found in self.open:
            if tag == "mark":
                self.marks[found["data-r"] or ""] += data
            if tag in ("p", "h2", "h3", "h4", "h5", "h6"):
                if own := found.get("id"):
                    self.paragraphs[own] += data
                elif found.get("class") == "out":
                    self.outside += data


def places(report: Report) -> list[tuple[int, int]]:
    """Start and end of all records in the order of the page."""
    found = [(r.start, r.end) for r in report.campaigns] + [(r.start, r.end) for r in report.claims]
    return sorted(found, key=lambda place: (place[0], -place[1]))


@pytest.mark.parametrize("name", ["annual-government-report", "department-summary", "statistical-bulletin"])
def test_every_paragraph_and_record_is_there(analyzer: Analyzer, samples: pathlib.Path, name: str) -> None:
    report = analyzer.analyze(read(samples / f"{name}.txt"))
    text = report.document.text
    seen = Reader(page(report))
    assert list(seen.paragraphs.values()) == [text[p.start : p.end] for p in report.paragraphs]
    assert [seen.marks[str(n)] for n in range(len(seen.marks))] == [text[s:e] for s, e in places(report)]
    assert len(seen.rows) == len(report.claims) + len(report.campaigns) > 100
    assert len(seen.ids) == len(set(seen.ids))


def test_hostile_text_is_text(analyzer: Analyzer) -> None:
    plain = analyzer.analyze("建成大厅12个。")
    report = analyzer.analyze(HOSTILE, name='"><script>window.hacked=3</script>')
    seen = Reader(page(report))
    text = report.document.text
    assert list(seen.paragraphs.values()) == [text[p.start : p.end] for p in report.paragraphs]
    assert seen.tags.count("script") == Reader(page(plain)).tags.count("script") == 1
    assert "img" not in seen.tags
    assert "b" not in seen.tags[seen.tags.index("article") : seen.tags.index("table")]
    assert len(seen.rows) == len(report.claims) + len(report.campaigns) >= 4


def test_unshowable_characters_become_signs(analyzer: Analyzer) -> None:
    report = analyzer.analyze("增长\x005%，\x1b[31m\ud800建成\x7f大厅\uffff12个。")
    html = page(report)
    assert html.encode("utf-8").decode("utf-8") == html
    assert "增长␀" in html
    (shown,) = Reader(html).paragraphs.values()
    assert shown == "增长␀5%，␛[31m\ufffd建成␡大厅\ufffd12个。"


def test_policy_names_the_style_and_the_script(analyzer: Analyzer) -> None:
    html = page(analyzer.analyze(HOSTILE))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    for tag in ("style", "script"):
        own = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert own is not None
        digest = b64encode(sha256(own[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert "default-src 'none'" in policy[1]
    assert not re.search(r"<[^>]*\s(?:style|on\w+)=", html.partition("<body")[2].partition("<script>")[0])


def test_nothing_comes_from_outside(analyzer: Analyzer, samples: pathlib.Path) -> None:
    html = page(analyzer.analyze(read(samples / "department-summary.txt")))
    assert not re.search(r'\b(?:src|href|action)="(?!#|data:,)', html)
    assert not re.search(r"url\(|@import|https?:|//[a-z]+\.", html)


def test_same_bytes_in_every_process() -> None:
    code = (
        "import sys, zhreport, zhreport.view as v;"
        "r = zhreport.analyze(sys.argv[1], tokenizer='jieba');"
        "sys.stdout.buffer.write((v.page([r, r], language='zh') + v.fragment(r)).encode())"
    )
    pages = {
        subprocess.run(
            [sys.executable, "-c", code, HOSTILE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(pages) == 1
    assert len(pages.pop()) > 10_000


def test_a_long_report_stays_below_a_megabyte(analyzer: Analyzer, samples: pathlib.Path) -> None:
    text = (samples / "annual-government-report.txt").read_text(encoding="utf-8")
    report = analyzer.analyze("\n".join([text] * 7))
    assert len(report.document.text) > 20_000
    assert len(page(report).encode()) < 1_000_000


def test_only_a_long_text_is_laid_out_in_parts(analyzer: Analyzer) -> None:
    assert '<body class="" ' in page(analyzer.analyze("粮食增产5%。"))
    assert '<body class="long" ' in page(analyzer.analyze("粮食增产。\n" * 12_000))


def test_an_empty_report_is_a_page(analyzer: Analyzer) -> None:
    seen = Reader(page(analyzer.analyze("")))
    assert not seen.rows
    assert not seen.paragraphs


def test_without_themes_there_is_no_filter_of_themes() -> None:
    seen = Reader(page(Analyzer(tokenizer="jieba", themes=False).analyze("一、工作回顾\n粮食增产5%。")))
    assert "theme" not in seen.ids
    assert {"filters", "go", "r0", "m0"} <= set(seen.ids)


def test_row_shows_what_decided(analyzer: Analyzer) -> None:
    report = analyzer.analyze("云岭市2024年政府工作报告\n力争粮食产量达到80.50亿斤以上。")
    (row,) = Reader(page(report)).rows.values()
    more = dict(line.split("=", 1) for line in (row["data-more"] or "").split("\n"))
    (claim,) = report.claims
    assert more["value"] == "8,050,000,000"
    assert more["status_rule"] == claim.status_rule
    assert "<td>soft</td>" in page(report)
    assert more["offsets"] == f"{claim.start}–{claim.end}"
    assert row["data-s"] == "target"
    assert '<td class="v">≥ 80.50亿斤</td>' in page(report)


def test_a_number_keeps_its_zeros(analyzer: Analyzer) -> None:
    report = analyzer.analyze("建成大厅12个。")
    for value, shown in (("8E+4", "80,000"), ("1200", "1,200"), ("1.50", "1.5"), ("0.0", "0")):
        number = replace(report, claims=(replace(report.claims[0], value=Decimal(value)),))
        assert f"value={shown}" in str(Reader(page(number)).rows["r0"]["data-more"]).split("\n")


def test_mentions_of_one_campaign_are_counted(analyzer: Analyzer) -> None:
    html = page(analyzer.analyze("开展“清朗”行动。“清朗”专项行动成效明显。"))
    assert html.count("mentions=2") == html.count('data-c="1"') == 2


def whole(report: Report) -> Report:
    """A report whose text is one paragraph, with the breaks of its lines inside."""
    only = replace(report.paragraphs[0], start=0, end=len(report.document.text), themes=())
    return replace(report, paragraphs=(only,))


def test_a_broken_line_is_no_space(analyzer: Analyzer) -> None:
    report = whole(analyzer.analyze("粮食产\r\n　　量增长5%\nof GDP", name="a"))
    html = page(report)
    seen = Reader(html)
    assert seen.paragraphs["p0"] == report.document.text
    assert seen.visible.strip() == "粮食产量增长5%\nof GDP"


def test_joints_of_repair_are_marked(analyzer: Analyzer) -> None:
    text = "全市农村居民人均可支配收入增长7.5%，城乡差距缩小。\n“十四五”稳步推进。"
    at = text.index("入增长")
    report = analyzer.analyze(make_document(text, joints=(at, text.index("7.5%") + 1, text.index("。\n"))))
    html = page(report)
    marked = re.findall(r'<span class="joint" title="[^"<>]+">(.)</span>', html)
    assert marked == ["入", ".", "。"]
    seen = Reader(html)
    assert list(seen.paragraphs.values()) == text.split("\n")
    assert seen.marks["0"] == "7.5%"
    assert "crosses_join=yes" in str(seen.rows["r0"]["data-more"])
    assert 'class="joint"' not in page(analyzer.analyze(text))


def test_text_outside_of_the_paragraphs_is_shown(analyzer: Analyzer) -> None:
    report = analyzer.analyze("第1页\n粮食增产5%。\n\u200b第2页")
    seen = Reader(page(replace(report, paragraphs=report.paragraphs[1:2])))
    assert seen.outside == "第1页\u200b第2页"
    assert seen.marks == {"0": "5%"}
    assert not Reader(page(analyzer.analyze("\ufeff\u200b\n粮食增产5%。\n\u200b \u200d\n"))).outside


def test_a_record_over_two_sentences_and_a_record_inside_a_record(analyzer: Analyzer) -> None:
    report = analyzer.analyze("开展百日行动。成效好。建成大厅12个。")
    text = report.document.text
    (claim,) = report.claims

    def at(start: int, end: int) -> Claim:
        return replace(claim, start=start, end=end, text=text[start:end])

    crossing = replace(report, claims=(at(2, 9), at(3, 5), at(4, 12), claim), campaigns=())
    seen = Reader(page(crossing))
    assert [seen.marks[str(n)] for n in range(4)] == [text[2:9], text[3:5], text[4:12], "12个"]
    assert seen.paragraphs["p0"] == text
    assert len(seen.ids) == len(set(seen.ids))


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=8)


@given(text=st.text(alphabet="<>&\"'/ab。𠮷", min_size=10, max_size=10), spans=SPANS)
def test_woven_spans_are_nested_and_complete(text: str, spans: list[tuple[int, int]]) -> None:
    made = [
        Span(start=s, end=e, tag="i", attributes=f' data-n="{n}"', once=f' id="x{n}"')
        for n, (s, e) in enumerate(spans)
    ]
    html = woven(text, 1, 9, made)
    found: dict[str, str] = defaultdict(str)
    ids: list[str] = []
    inside: list[str] = []
    plain = ""
    for piece in re.split(r"(<[^>]*>)", html):
        if piece.startswith("</"):
            inside.pop()
        elif piece.startswith("<"):
            inside.append(re.findall(r'data-n="(\d+)"', piece)[0])
            ids += re.findall(r' id="(x\d+)"', piece)
        else:
            plain += unescape(piece)
            for n in inside:
                found[n] += unescape(piece)
    assert not inside
    assert plain == text[1:9]
    expected = {str(n): text[max(s, 1) : min(e, 9)] for n, (s, e) in enumerate(spans)}
    assert {n: t for n, t in expected.items() if t} == found
    assert len(ids) == len(set(ids)) == len(found)


def test_metadata_is_shown(analyzer: Analyzer) -> None:
    text = "2024年云岭<市>政府工作报告\n——2024年1月8日在云岭市第五届人民代表大会上\n粮食增产5%。"
    document = make_document(text, name="file-1", mapped=MappedText(text, (0,), (100,)))
    report = analyzer.analyze(document)
    html = page(report)
    assert "<title>2024年云岭&lt;市&gt;政府工作报告</title>" in html
    assert '<p class="about">云岭市 · 2024-01-08 · year 2024' in html
    place = text.index("5%")
    assert f"\noffsets={place + 100}–{place + 102}" in html
    assert "<title>file-1</title>" in page(analyzer.analyze("粮食增产5%。", name="file-1"))


def srcdoc(html: str) -> str:
    found = re.search(r'srcdoc="([^"]*)"', html)
    assert found is not None
    return unescape(found[1])


def test_fragment_is_the_page_in_a_sealed_frame(analyzer: Analyzer) -> None:
    report = analyzer.analyze(HOSTILE, name="<b>")
    html = fragment(report)
    assert srcdoc(html) == page(report)
    assert 'sandbox="allow-scripts allow-downloads"' in html
    around = html.replace(re.search(r'srcdoc="[^"]*"', html)[0], "")  # type: ignore[index]
    assert re.findall(r"<\w+", around) == ["<p", "<iframe"]
    assert "&lt;script&gt;" in around


def test_fragment_of_a_long_report_shows_its_beginning_and_says_so(analyzer: Analyzer) -> None:
    report = analyzer.analyze("建成大厅12个。\n" * 100)
    inside = srcdoc(fragment(report, characters=85))
    seen = Reader(inside)
    assert len(seen.paragraphs) == len(seen.rows) == 9
    assert "first 80 of 900 characters and 9 of 100 records" in inside
    assert (
        "first"
        not in srcdoc(fragment(report, characters=900)).partition("<article")[2].partition("</main>")[0]
    )
    assert not Reader(srcdoc(fragment(report, characters=3))).paragraphs


def test_several_reports_are_on_one_page(analyzer: Analyzer) -> None:
    texts = ("云岭市2024年政府工作报告\n建成大厅12个。", "平安县2025年工作总结\n开展“清朗”行动。修路5公里。")
    reports = [analyzer.analyze(text) for text in texts]
    html = page(reports)
    seen = Reader(html)
    assert "".join(seen.paragraphs.values()) == "".join(text.replace("\n", "") for text in texts)
    assert [seen.marks[str(n)] for n in range(3)] == ["12个", "清朗", "5公里"]
    assert list(seen.rows) == ["r0", "r1", "r2"]
    assert len(seen.ids) == len(set(seen.ids))
    assert {"reports", "d0", "d1"} <= set(seen.ids)
    assert "<title>2 reports</title>" in html
    assert html.count('<tbody lang="zh" hidden>') == 1
    assert "reports" not in Reader(page(reports[:1])).ids
    with pytest.raises(UsageError, match="a page needs a report"):
        page([])


def test_headings_skip_no_level(analyzer: Analyzer) -> None:
    report = analyzer.analyze("（一）抓粮食\n增产5%。\n一、工业\n1.抓项目\n建成12个。")
    for reports, top in (([report], 2), ([report, report], 3)):
        levels = [int(tag[1]) for tag in Reader(page(reports)).tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        assert top in levels


def test_chinese_labels(analyzer: Analyzer) -> None:
    report = analyzer.analyze("云岭市2024年政府工作报告\n力争粮食产量达到80.50亿斤以上。", name="x")
    html = page(report, language="zh")
    assert "<td>水平</td><td>目标</td><td>柔性</td><td>2024</td>" in html
    assert "1条数据 · 0项行动与荣誉" in html
    assert '<html lang="zh">' in html
    assert "relation=不低于" in html
    assert report.to_html(language="zh") == html
    with pytest.raises(UsageError, match="no labels in 'fr': use en or zh"):
        page(report, language="fr")


def test_every_phrase_of_the_page_has_a_chinese_label(analyzer: Analyzer, samples: pathlib.Path) -> None:
    known = labels("zh", "view")
    source = pathlib.Path(view.__file__).parent
    phrases = set(re.findall(r"\[\[(.+?)\]\]", _file("page.html")))
    for path in source.glob("*.py"):
        phrases |= set(re.findall(r'\bsay\("([^"]+)"\)', path.read_text(encoding="utf-8")))
    assert len(phrases) > 40
    assert phrases - set(known) == set()
    script = _file("page.js")
    assert set(re.findall(r'say\["([^"]+)"\]', script)) | {"Copied"} <= set(known)
    report = analyzer.analyze(read(samples / "annual-government-report.txt"))
    more = "\n".join(row["data-more"] or "" for row in Reader(page(report)).rows.values())
    names = set(re.findall(r"^(\w+)=", more, re.MULTILINE))
    assert names - set(labels("zh", "fields")) == set()


class Found(NamedTuple):
    start: int
    end: int
    title: str


def test_findings_are_marked(analyzer: Analyzer) -> None:
    report = analyzer.analyze("建成大厅12个，修路5公里。")
    at = report.document.text.index("12个")
    html = report.to_html(findings=[Found(at, at + 3, "parts <of> whole: 5 + 6 = 11, stated 12")])
    seen = Reader(html)
    assert '<span class="finding" title="parts &lt;of&gt; whole: 5 + 6 = 11, stated 12">' in html
    assert ["data-f" in row for row in seen.rows.values()] == [True, False]
    assert "audit=parts <of> whole: 5 + 6 = 11, stated 12" in str(seen.rows["r0"]["data-more"])
    assert 'name="found" value="audit"' in html
    assert 'class="finding"' not in report.to_html()
