"""Plots: the data that is drawn, the texts, and a glyph for every character of them."""

import math
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from zhreport import Analyzer, InputError, Report, UsageError, corpus, plots
from zhreport.campaigns import KINDS as CAMPAIGN_KINDS
from zhreport.labels import label
from zhreport.themes import TAXONOMIES, Theme, crosswalk

CHARACTERS = sorted(
    {
        c
        for path in Path(plots.__file__).parent.parent.glob("data/labels.toml")
        for c in path.read_text("utf-8")
    }
    | set("地区生产总值云岭市昭宁市元亿万位粮食产量斤吨第（）%abcdefghijklmnopqrstuvwxyzABC0123456789.- ")
)


def make_font(path: Path, characters: Iterable[str], family: str = "Boxes for Tests") -> Path:
    """A font whose every glyph is a box, which is enough to be drawn without a complaint."""
    pen = TTGlyphPen(None)
    for step, point in enumerate(((100, 0), (100, 700), (600, 700), (600, 0))):
        (pen.lineTo if step else pen.moveTo)(point)
    pen.closePath()
    box = pen.glyph()
    names = {ord(c): f"u{ord(c):x}" for c in characters if c.isprintable()}
    order = [".notdef", *names.values()]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(names)
    font.setupGlyf(dict.fromkeys(order, box))
    font.setupHorizontalMetrics(dict.fromkeys(order, (700, 100)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(path)
    return path


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_font(tmp_path_factory.mktemp("font") / "boxes.ttf", CHARACTERS)


def report(analyzer: Analyzer, year: int, past: str, plan: str = "") -> Report:
    return analyzer.analyze(
        f"{year}年云岭市政府工作报告\n一、{year - 1}年工作回顾\n{past}\n二、{year}年工作安排\n{plan}\n",
        name=f"云岭{year}",
    )


@pytest.fixture(scope="module")
def growth(analyzer: Analyzer) -> list[Report]:
    return [
        report(analyzer, 2019, "地区生产总值增长6.2%。", "预期目标是：地区生产总值增长6.5%左右。"),
        report(analyzer, 2020, "地区生产总值增长6.4%。", "预期目标是：地区生产总值增长6%以上。"),
        report(analyzer, 2021, "地区生产总值下降1.5%。", "预期目标是：地区生产总值增长7%—8%。"),
        report(
            analyzer, 2024, "地区生产总值增长5.1%，其中三季度增长4%。", "预期目标是：地区生产总值增长5%。"
        ),
    ]


def xs(line: Line2D) -> list[float]:
    return [float(x) for x in np.asarray(line.get_xdata(), dtype=float)]


def ys(line: Line2D) -> list[float]:
    return [float(y) for y in np.asarray(line.get_ydata(), dtype=float)]


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    assert found is not None
    return [text.get_text() for text in found.get_texts()]


def draw(ax: Axes) -> None:
    """Draw, and fail if a glyph is missing: matplotlib warns of that."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax.figure.canvas.draw()


def rows(region: str, values: dict[int, float], **more: Any) -> list[dict[str, Any]]:
    common = {"region": region, "indicator": "gdp", "name": "地区生产总值", "measure": "growth", "unit": "%"}
    return [
        {
            **common,
            "year": year,
            "value": value,
            "low": None,
            "high": None,
            "relation": "eq",
            "status": "actual",
        }
        | more
        for year, value in values.items()
    ]


def test_results_and_targets(growth: list[Report], font: Path) -> None:
    ax = plots.plot_indicator(growth, "地区生产总值", font=font)
    line, *others = ax.lines[::-1]
    assert xs(line) == [2018, 2019, 2020, 2020.5, 2023]
    assert ys(line)[:3] == [6.2, 6.4, -1.5]
    assert math.isnan(ys(line)[3])  # no line over the years that are missing
    assert ys(line)[4] == 5.1
    bars = sorted((xs(o), ys(o)[0], o.get_linestyle()) for o in others if len(xs(o)) == 2)
    assert bars == [
        ([2018.65, 2019.35], 6.5, "--"),
        ([2019.65, 2020.35], 6.0, "-"),
        ([2023.65, 2024.35], 5.0, "-"),
    ]
    assert [(xs(o), o.get_marker()) for o in others if len(xs(o)) == 1] == [([2020], "^")]
    (band,) = ax.patches
    assert band.get_extents().transformed(ax.transData.inverted()).bounds == pytest.approx(
        (2020.65, 7.0, 0.7, 1.0)
    )
    assert legend(ax) == ["实际", "目标", "目标下限", "目标（左右）", "目标区间"]
    assert ax.get_title(loc="left") == "地区生产总值"
    assert ax.get_ylabel() == "增减（%）"
    draw(ax)


def of_years(first: int, last: int) -> list[dict[str, Any]]:
    return rows("云岭市", {year: 5.0 + year % 3 for year in range(first, last + 1)})


def test_an_id_is_titled_by_its_name() -> None:
    ax = plots.plot_indicator(of_years(2020, 2024), "gdp", language="en")
    assert ax.get_title(loc="left") == "gross regional product"


def test_years_do_not_overlap_in_a_narrow_figure() -> None:
    figure = Figure(figsize=(4.2, 3.5), layout="constrained")
    ax = plots.plot_indicator(of_years(2018, 2024), "gdp", ax=figure.add_subplot(), language="en")
    draw(ax)
    shown = [label for label in ax.get_xticklabels() if 2018 <= label.get_position()[0] <= 2024]
    boxes = sorted((label.get_window_extent() for label in shown), key=lambda box: box.x0)
    assert len(boxes) > 1
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))


def test_colours_are_seen_on_dark_axes() -> None:
    found = set()
    for face in ("white", "black"):
        axes = Figure(facecolor=face).add_subplot(facecolor=face)
        ax = plots.plot_indicator(of_years(2020, 2024), "gdp", ax=axes, language="en")
        found.add(to_hex(ax.lines[0].get_color()))
    assert found == {"#332288", "#77aadd"}


def test_a_fall_of_at_least_is_a_change_of_at_most(analyzer: Analyzer, font: Path) -> None:
    one = report(analyzer, 2024, "", "单位地区生产总值能耗下降3%以上。")
    (claim,) = one.claims
    assert (claim.relation, claim.direction) == ("ge", "down")
    ax = plots.plot_indicator([one], lambda c: c.indicator.endswith("能耗"), title="A", font=font)
    marks = [(ys(line)[0], line.get_marker()) for line in ax.lines if len(xs(line)) == 1]
    assert marks == [(-3.0, "v")]
    assert legend(ax) == ["目标上限"]


def test_the_median_where_reports_differ(analyzer: Analyzer, font: Path) -> None:
    three = [report(analyzer, 2024, f"地区生产总值增长{n}%。") for n in (5, 9, 6)]
    ax = plots.plot_indicator(three, "地区生产总值", font=font)
    assert ys(ax.lines[0]) == [6.0]
    assert ys(ax.lines[1]) == [5.0, 6.0, 9.0]
    named = plots.plot_indicator(
        three, "地区生产总值", series=lambda r: "abc"[r.claims[0].value == 5], font=font
    )
    assert legend(named) == ["b", "a"]


def test_a_plan_for_several_years(analyzer: Analyzer, font: Path) -> None:
    one = report(analyzer, 2024, "地区生产总值增长5%。", "到2025年地区生产总值增长6%。")
    five = [
        one,
        analyzer.analyze("2021年云岭市政府工作报告\n“十四五”时期，地区生产总值年均增长7%。", name="b"),
    ]
    assert any(c.period == "2021/2025" for c in five[1].claims)
    ax = plots.plot_indicator(five, "地区生产总值", font=font)
    assert 7.0 not in [ys(line)[0] for line in ax.lines]
    ax = plots.plot_indicator(five, "地区生产总值", spans=True, font=font)
    assert [xs(line) for line in ax.lines if ys(line)[0] == 7.0] == [[2020.65, 2025.35]]


def test_levels_are_scaled_and_ranks_stand_on_their_head(analyzer: Analyzer, font: Path) -> None:
    years = [
        report(
            analyzer, y, f"地区生产总值{100 + y}亿元，居全省第{y - 2020}位。", "地区生产总值达到3000亿元。"
        )
        for y in (2022, 2023, 2024)
    ]
    ax = plots.plot_indicator(years, "地区生产总值", measure="level", font=font)
    assert ax.get_ylabel() == "水平（亿元）"
    assert ys(ax.lines[-1]) == [2122, 2123, 2124]
    ax = plots.plot_indicator(years, "地区生产总值", measure="rank", font=font)
    assert ys(ax.lines[-1]) == [2, 3, 4]
    plots.plot_indicator(years, "地区生产总值", measure="rank", ax=ax, font=font)  # a second one beside it
    low, high = ax.get_ylim()
    assert low > high


def test_rows_of_a_panel(font: Path) -> None:
    data = [
        *rows("云岭市", {2022: 6, 2023: 7}),
        *rows("昭宁市", {2022: 3.5, 2023: float("nan")}),
        *rows("云岭市", {2022: 6.5}, relation="ge", status="target"),
        *rows("云岭市", {2023: 0}, value=None, low=Decimal("6.5"), high=Decimal(7), status="target"),
        *rows("云岭市", {2023: 0}, value=None),  # not found in the report
        *rows("云岭市", {2022: 99}, measure="level"),
    ]
    by_id = plots.plot_indicator(data, "gdp", measure="growth", font=font)
    strings = [
        {k: "" if str(v) in ("None", "nan") else str(v) for k, v in row.items()} for row in data
    ]  # read from CSV
    of_csv = plots.plot_indicator(strings, "gdp", measure="growth", font=font)
    ax = plots.plot_indicator([type("Row", (), row)() for row in data], "地区生产总值", font=font)
    for drawn in (by_id, of_csv, ax):
        assert legend(drawn) == ["云岭市", "昭宁市", "目标下限", "目标区间"]
        assert ys(drawn.lines[-2]) == [6, 7]
        assert ys(drawn.lines[-1]) == [3.5]
        assert to_hex(drawn.lines[-2].get_color()) != to_hex(drawn.lines[-1].get_color())
    draw(ax)


def test_nothing_to_draw(growth: list[Report], analyzer: Analyzer) -> None:
    with pytest.raises(UsageError, match="no yearly values of 粮食产量"):
        plots.plot_indicator(growth, "粮食产量")
    with pytest.raises(UsageError, match="no change in 元"):
        plots.plot_indicator(growth, "地区生产总值", unit="元")
    with pytest.raises(UsageError, match="no labels in 'fr'"):
        plots.plot_indicator(growth, "地区生产总值", language="fr")
    with pytest.raises(UsageError, match="too many"):
        plots.plot_indicator([r for i in range(10) for r in rows(str(i), {2020: i})], "gdp")
    empty = analyzer.analyze("没有年份。")
    for plot in (plots.plot_themes, plots.plot_campaigns):
        with pytest.raises(UsageError, match="year"):
            plot([empty])
    with pytest.raises(UsageError, match="1 to 9"):
        plots.plot_themes(growth, most=10)
    with pytest.raises(UsageError, match="paragraphs or characters"):
        plots.plot_themes(growth, by="words")
    with pytest.raises(UsageError, match="campaigns or mentions"):
        plots.plot_campaigns(growth, count="heads")


@pytest.fixture(scope="module")
def yearly(analyzer: Analyzer) -> list[Report]:
    school = "扩大学前教育普惠资源，新建中小学12所，义务教育优质均衡发展，高校毕业生培养质量提升。"
    farm = "粮食播种面积稳定，高标准农田建设加快，农民合作社和家庭农场发展壮大，乡村振兴扎实推进。"
    clinic = "县级医院提标扩能，乡镇卫生院全部达标，公共卫生和疾病防控体系更加健全。"
    act = "开展“清朗”专项行动，“清朗”专项行动成效明显；举办云岭国际马拉松赛。"
    return [
        report(analyzer, 2022, f"{school}\n{farm}\n{farm}\n{clinic}", act),
        report(analyzer, 2023, f"{school}\n{school}"),
        report(analyzer, 2023, f"{farm}\n{act}"),
    ]


def test_shares_of_themes(yearly: list[Report], font: Path) -> None:
    shares = plots.theme_shares(yearly)
    assert list(shares) == [2022, 2023]
    assert all(sum(row.values()) == pytest.approx(1) for row in shares.values())
    assert shares[2022]["agriculture"] == pytest.approx(2 * shares[2022]["education"])
    assert shares[2023]["education"] == pytest.approx(2 * shares[2023]["agriculture"])
    longer = plots.theme_shares(yearly, by="characters")
    assert longer[2022]["agriculture"] > 2 * longer[2022]["health"]

    ax = plots.plot_themes(yearly, most=2, title="abc", font=font)
    assert legend(ax) == ["其他", label("zh", "themes", "agriculture"), label("zh", "themes", "education")]
    heights = [[patch.get_height() for patch in bars] for bars in ax.containers]
    assert heights[0] == pytest.approx([100 * shares[y]["education"] for y in shares])
    assert [sum(column) for column in zip(*heights, strict=True)] == pytest.approx([100, 100])
    assert ax.get_ylim() == (0, 100)
    draw(ax)
    assert len({to_hex(bars[0].get_facecolor()) for bars in ax.containers}) == 3

    # a theme of one's own that is called like the others together
    own = [
        replace(r, paragraphs=tuple(replace(p, themes=tuple(map(renamed, p.themes))) for p in r.paragraphs))
        for r in yearly
    ]
    ax = plots.plot_themes(own, most=2, font=font)
    assert legend(ax) == ["其他", label("zh", "themes", "agriculture"), "其他"]
    heights = [[patch.get_height() for patch in bars] for bars in ax.containers]
    assert [sum(column) for column in zip(*heights, strict=True)] == pytest.approx([100, 100])


def renamed(theme: Theme) -> Theme:
    return replace(theme, theme="其他") if theme.theme == "education" else theme


def test_campaigns_of_each_year(yearly: list[Report], font: Path) -> None:
    once = plots.campaigns_by_year(yearly)
    assert [(y, row["action"], row["contest"]) for y, row in once.items()] == [(2022, 1, 1), (2023, 1, 1)]
    assert plots.campaigns_by_year(yearly, count="mentions")[2022]["action"] == 2
    assert plots.campaigns_by_year(yearly, per_report=True)[2023]["action"] == 0.5
    ax = plots.plot_campaigns(yearly, per_report=True, font=font)
    assert legend(ax) == ["赛事", "专项行动"]
    assert [bar.get_height() for bar in ax.containers[0]] == [1, 0.5]
    assert [bar.get_y() for bar in ax.containers[1]] == [1, 0.5]
    draw(ax)


def drawn(ax: Axes) -> list[tuple[float, float]]:
    (line,) = [line for line in ax.lines if line.get_linestyle() == "-" and line.get_marker() == "o"]
    points: list[list[float]] = np.asarray(line.get_xydata(), dtype=float).tolist()
    return [(x, y) for x, y in points]


def test_tables_are_drawn_like_the_reports(yearly: list[Report]) -> None:
    made = corpus(yearly)

    def sources(kind: str) -> Iterator[Any]:
        arrow = made.rows(kind).to_arrow()
        yield from (made, made.rows(kind).to_dicts(), arrow, arrow.to_reader(), made.rows(kind).to_pandas())
        yield made.rows(kind).to_polars()

    shares, counts = plots.theme_shares(yearly), plots.campaigns_by_year(yearly)
    assert len(shares) == len(counts) > 1
    for source in sources("paragraphs"):
        assert plots.theme_shares(source) == shares
    for source in sources("campaigns"):
        assert plots.campaigns_by_year(source) == counts
    assert plots.theme_shares(made, by="characters") == plots.theme_shares(yearly, by="characters")
    mentions = plots.campaigns_by_year(yearly, count="mentions", per_report=True)
    assert plots.campaigns_by_year(made, count="mentions", per_report=True) == mentions


def test_tables_of_claims_are_drawn(analyzer: Analyzer, font: Path) -> None:
    texts = {
        year: f"{year}年云岭市政府工作报告\n{year - 1}年粮食产量{year - 1950}万吨。" for year in (2022, 2023)
    }
    reports = [analyzer.analyze(text, name=str(year)) for year, text in texts.items()]
    made = corpus(reports)
    expected = drawn(plots.plot_indicator(reports, "粮食产量", font=font))
    assert expected == [(2021.0, 72.0), (2022.0, 73.0)]
    claims = made.claims()
    panel = made.panel(indicators=["粮食产量"])
    for source in (
        made,
        claims,
        claims.to_pandas(),
        claims.to_polars(),
        claims.to_arrow(),
        claims.to_dicts(),
    ):
        assert drawn(plots.plot_indicator(source, "粮食产量", font=font)) == expected
    for source in (panel, panel.to_pandas(), panel.to_arrow()):
        assert drawn(plots.plot_indicator(source, "粮食产量", font=font)) == expected


def test_nothing_of_matplotlib_is_changed(growth: list[Report], yearly: list[Report], font: Path) -> None:
    import matplotlib.pyplot as plt

    assert plt.get_backend()  # asked for once, it is no longer `auto`
    before = mpl.rcParams.copy()
    fonts = list(font_manager.fontManager.ttflist)
    ax = Figure().add_subplot()
    assert plots.plot_indicator(growth, "地区生产总值", ax=ax, font=font) is ax
    plots.plot_themes(yearly, font=font)
    plots.plot_campaigns(yearly, font=font)
    assert dict(mpl.rcParams) == dict(before)
    assert plt.get_fignums() == []
    assert list(font_manager.fontManager.ttflist) == fonts


def test_english_labels_need_no_chinese_font(yearly: list[Report], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = [e for e in font_manager.fontManager.ttflist if e.name.startswith("DejaVu")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", plain)
    ax = plots.plot_themes(yearly, language="en", title="Themes")
    assert "agriculture" in legend(ax)
    draw(ax)


def test_a_font_is_found_by_its_glyphs(tmp_path: Path, font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def entry(path: Path, name: str) -> font_manager.FontEntry:
        return font_manager.FontEntry(fname=str(path), name=name, style="normal", weight=400)

    plain = [e for e in font_manager.fontManager.ttflist if e.name.startswith("DejaVu")]
    poor = entry(make_font(tmp_path / "poor.ttf", "地区"), "Noto Sans CJK SC")
    good, other = entry(font, "SimHei"), entry(font, "A Font of Its Own")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda *_, **__: [])
    for installed, expected in (
        ([poor, other, good], "SimHei"),  # the first of the list lacks characters
        ([poor, other], "A Font of Its Own"),
    ):
        monkeypatch.setattr(font_manager.fontManager, "ttflist", [*plain, *installed])
        assert plots.find_font("地区生产总值").get_family() == [expected]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*plain, poor])
    with pytest.raises(InputError, match=r"产值区地生.*Noto Sans CJK SC.*fonts-noto-cjk.*font=") as error:
        plots.find_font("地区生产值")
    assert "\n" not in str(error.value)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda *_, **__: [str(font)])  # installed since
    assert plots.find_font("地区生产总值").get_file() == str(font)
    assert plots.find_font("plain text").get_file() is None


def test_a_font_that_will_not_do(tmp_path: Path, growth: list[Report]) -> None:
    poor = make_font(tmp_path / "poor.otf", "地区")
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    for given, message in (
        (poor, "poor.otf: .*no glyph for"),
        (broken, "broken.ttf: cannot be read as a font"),
        (str(tmp_path / "none.ttf"), "no such font file"),
        ("No Such Family", "no installed font is called 'No Such Family'"),
        ("DejaVu Sans", "DejaVu Sans has no glyph for"),
    ):
        with pytest.raises(InputError, match=message):
            plots.plot_indicator(growth, "地区生产总值", font=given)


def test_an_installed_font_draws_chinese(growth: list[Report], yearly: list[Report]) -> None:
    try:
        plots.find_font("".join(CHARACTERS))
    except InputError as error:
        pytest.skip(str(error))
    draw(plots.plot_indicator(growth, "地区生产总值"))
    draw(plots.plot_themes(yearly, title="主题"))
    draw(plots.plot_campaigns(yearly))


def test_every_identifier_has_a_chinese_label() -> None:
    groups = {
        "themes": crosswalk(TAXONOMIES[0]),
        "campaigns": CAMPAIGN_KINDS,
        "kinds": ("level", "change", "share", "rank", "ratio"),
    }
    for group, names in groups.items():
        labels = [label("zh", group, name) for name in names]
        assert all(c > "\u2e80" for text in labels for c in text), group
        assert len(set(labels)) == len(labels)
