"""The page in a browser: filters, rows and highlights, keys, hostile text, requests, dark mode.

Needs Chromium or Chrome and its driver (Debian: `apt-get install chromium chromium-driver`).
"""

import csv
import importlib.util
import io
import json
import pathlib
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from zhreport import Analyzer
from zhreport.view import fragment, page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    BROWSER is None or DRIVER is None,
    reason="no Chromium with its driver here: apt-get install chromium chromium-driver",
)

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync --window-size=1300,800"
)

TEXT = """云岭市2024年政府工作报告
一、2023年工作回顾
地区生产总值1862.4亿元、增长7.5%、居全省第3位。粮食产量达到80亿斤。建成5G基站860个，开通812个。
"""
FILLER = "全市上下团结一心、克难前行，各项事业取得新的进展，为今后发展打下坚实基础。" * 6 + "\n"
REPORT = (
    TEXT
    + FILLER * 12
    + """二、2024年重点工作
力争城镇、农村居民人均可支配收入分别增长5.2%、6.8%以上。
开展“护苗2024”专项整治行动9次。承办第五届云岭网络安全技能大赛，荣获“全省网络安全工作先进单位”称号。
"""
)

HOSTILE = (
    "云岭市<script>window.hacked=1</script>工作总结\n"
    '建成"一站式"<img src=x onerror="window.hacked=2">大厅12个，'
    "开展“</script><script>window.hacked=3</script>清风”专项行动３次。\n"
    "A&B项目增长5%&lt;以上，\u2028𠮷野家𝟙号楼完成投资2亿元，占比'30%'。<!-- 不是注释 -->\n"
)


class Page:
    """A page in the browser."""

    def __init__(self, driver: webdriver.Chrome, path: pathlib.Path) -> None:
        self.driver = driver
        self.path = path

    def open(self, html: str, *, width: int = 1300, scheme: str = "light", anchor: str = "") -> None:
        self.path.write_bytes(html.encode("utf-8"))
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        self.driver.get("about:blank")
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)  # type: ignore[no-untyped-call]
        self.driver.get(self.path.as_uri() + anchor)

    def js(self, code: str, *arguments: object) -> Any:
        return self.driver.execute_script(code, *arguments)

    def until(self, code: str) -> None:
        """Wait for what the page does when it comes to it."""
        WebDriverWait(self.driver, 10).until(lambda driver: driver.execute_script(f"return {code}"))

    def click(self, selector: str) -> None:
        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def rows(self) -> list[str]:
        """The second column of the visible rows."""
        code = """return [...document.querySelectorAll("tbody tr")]
            .filter(r => r.offsetParent).map(r => r.cells[1].innerText)"""
        found: list[str] = self.js(code)
        return found

    def marked(self) -> list[str]:
        """The highlights that look like highlights."""
        code = """return [...document.querySelectorAll("#text mark")].filter(m => {
            const s = getComputedStyle(m);
            return s.backgroundColor !== "rgba(0, 0, 0, 0)" || s.boxShadow !== "none";
        }).map(m => m.innerText)"""
        found: list[str] = self.js(code)
        return found

    def selected(self) -> tuple[str, str, str]:
        """The selected row's first cell, the selected highlight and the marked sentence."""
        code = """const one = (s) => { const all = document.querySelectorAll(s);
            if (all.length > 1) throw new Error(`${all.length} of ${s}`);
            return all.length ? all[0].textContent : ""; };
            return [one("tr[aria-selected=true] td:first-child"), one("mark.on"), one(".s.on")]"""
        row, mark, sentence = self.js(code)
        return row, mark, sentence

    def in_view(self, selector: str) -> bool:
        code = """const e = document.querySelector(arguments[0]), r = e.getBoundingClientRect();
            const at = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
            return e.contains(at)"""
        return bool(self.js(code, selector))

    def focused(self) -> str:
        return str(self.js("return document.activeElement.id || document.activeElement.tagName"))

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def requests(self) -> list[str]:
        """The addresses that the page asked for, itself left out."""
        found = []
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                params = message["params"]
                found.append(params.get("url") or params["request"]["url"])
        return [url for url in found if not url.startswith(("data:", "about:", self.path.as_uri()))]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with pytest.MonkeyPatch.context() as patch:
        for name in ("no_proxy", "NO_PROXY"):  # the driver is on this machine
            patch.setenv(name, "localhost,127.0.0.1")
        started = webdriver.Chrome(options=options, service=Service(executable_path=str(DRIVER)))
        yield started
        started.quit()


@pytest.fixture
def view(driver: webdriver.Chrome, tmp_path: pathlib.Path) -> Page:
    return Page(driver, tmp_path / "page.html")


@pytest.fixture(scope="module")
def html() -> str:
    return page(Analyzer(tokenizer="jieba").analyze(REPORT, name="云岭市"))


def test_everything_is_shown_at_first(view: Page, html: str) -> None:
    view.open(html)
    written = ["1862.4亿元", "7.5% ↑", "第3位", "80亿斤", "860个", "812个", "≥ 5.2% ↑", "≥ 6.8% ↑"]
    assert view.rows()[:8] == written
    assert len(view.rows()) == len(view.marked()) >= 12
    assert view.js("return document.querySelector('#count').innerText") == f"{len(view.rows())} records"
    assert view.selected() == ("", "", "")
    assert view.errors() == []


def test_filters_hide_and_show(view: Page, html: str) -> None:
    view.open(html)
    everything = view.rows()
    view.click("input[value=change]")
    assert view.marked() == ["7.5%", "5.2%", "6.8%"]
    assert [row.strip("≥ ↑") for row in view.rows()] == ["7.5%", "5.2%", "6.8%"]
    view.click("input[value=rank]")
    assert view.marked() == ["7.5%", "第3位", "5.2%", "6.8%"]
    view.click("input[value=target]")
    assert view.marked() == ["5.2%", "6.8%"]
    assert view.js("return document.querySelector('#count').innerText") == f"2 of {len(everything)} records"
    view.click("#all")
    view.js("return new Promise(done => setTimeout(done, 50))")
    assert view.rows() == everything
    view.click("input[value=contest]")
    assert view.marked() == ["云岭网络安全技能大赛"]
    view.click("input[value=target]")
    assert view.rows() == []
    assert view.in_view("#none")
    view.keys(Keys.ESCAPE)
    view.js("return new Promise(done => setTimeout(done, 50))")
    assert view.rows() == everything
    assert view.errors() == []


def test_theme_filter_dims_other_paragraphs(view: Page, html: str) -> None:
    view.open(html)
    cyber = view.js(
        "return [...document.querySelectorAll('#theme option')].find(o => o.text.startsWith('cyber')).value"
    )
    view.click(f"#theme option[value='{cyber}']")
    assert 0 < len(view.rows()) < 12
    bright = view.js(
        "return [...document.querySelectorAll('#text p:not(.dim) .s')].map(s => s.innerText).join('')"
    )
    assert "网络安全技能大赛" in bright
    assert "粮食产量" not in bright
    view.click("#theme option[value='']")
    assert view.js("return document.querySelectorAll('.dim').length") == 0
    view.click(f".tags button[data-theme='{cyber}']")  # the name of a theme filters too
    assert view.js("return document.querySelector('#theme').value") == cyber


def test_search_finds_records(view: Page, html: str) -> None:
    view.open(html)
    everything = view.rows()
    view.keys("/", "基站")
    assert view.focused() == "find"
    assert view.rows() == ["860个", "812个"]
    view.keys(Keys.ENTER)
    assert view.selected()[:2] == ("5G基站", "860个")
    assert view.focused().startswith("r")
    view.keys("/", Keys.ESCAPE)
    assert view.rows() == everything
    view.keys("jkj/")  # letters are text in the field
    assert view.rows() == []


def test_search_finds_the_text_too(view: Page, html: str) -> None:
    view.open(html)
    view.keys("/", "一心")  # no record has it
    assert view.rows() == []
    assert view.js("return document.querySelector('#places').textContent") == "72 in the text"
    assert view.js("return CSS.highlights.get('found').size") == 72
    view.click("#hits [data-do=before]")
    assert view.js("return document.querySelector('#places').textContent") == "72 / 72"
    here = "const [r] = CSS.highlights.get('here'), b = r.getBoundingClientRect();"
    assert view.js(f"{here} return [r.toString(), b.top > 0 && b.bottom < innerHeight]") == ["一心", True]
    view.keys(Keys.ESCAPE)
    view.until("!CSS.highlights.has('found')")
    assert view.js("return document.querySelector('#hits').hidden") is True
    view.js("document.querySelector('#find').value = '克难前行，各项'")
    view.js("document.querySelector('#find').dispatchEvent(new Event('input'))")
    view.js("document.activeElement.blur()")
    view.keys("n", "n", "N")
    assert view.js("return document.querySelector('#places').textContent") == "1 / 72"
    assert view.errors() == []


TAKEN = "地区生产总值,7.5% ↑,change,actual,,2023,7.5,,,%,44,48"


def test_rows_shown_are_copied_and_saved(view: Page, html: str) -> None:
    view.open(html)
    view.click("input[value=change]")
    view.js(
        "window.put = []; document.addEventListener('copy',"
        "(e) => setTimeout(() => put.push(e.clipboardData ? 1 : 0)));"
        "const set = DataTransfer.prototype.setData;"
        "DataTransfer.prototype.setData = function (t, v) { put.push(v); return set.call(this, t, v); };"
        "URL.createObjectURL = (blob) => { window.blob = blob; return '#saved'; }"
    )
    view.click("#take [data-do=copy]")
    copied = view.js("return put[0]").split("\n")
    assert copied[1].split("\t")[1:-1] == TAKEN.split(",")
    assert len(copied) == 4
    assert view.js("return document.querySelector('#taken').textContent") == "Copied: 3 records"
    view.click("#take [data-do=csv]")
    saved = view.js(
        "return blob.arrayBuffer().then(b => new TextDecoder('utf-8', {ignoreBOM: true}).decode(b))"
    )
    assert saved.startswith("\ufeffdoc,Indicator or name,As written,Kind,Status,Tone,Period,value,low")
    lines = list(csv.reader(io.StringIO(saved)))
    assert lines[1] == copied[1].split("\t")
    assert [line[2] for line in lines[1:]] == ["7.5% ↑", "≥ 5.2% ↑", "≥ 6.8% ↑"]
    assert lines[1][-1].startswith("地区生产总值1862.4亿元、增长7.5%")
    assert view.errors() == []


def test_a_saved_cell_is_no_formula(view: Page) -> None:
    view.open(page(Analyzer(tokenizer="jieba").analyze("=1+1建成大厅12个。", name="@x")))
    view.js("URL.createObjectURL = (blob) => { window.blob = blob; return '#saved'; }")
    view.click("#take [data-do=csv]")
    (line,) = list(csv.reader(io.StringIO(view.js("return blob.text()"))))[1:]
    assert line[0] == "'@x"
    assert line[-1] == "'=1+1建成大厅12个。"


def test_several_reports(view: Page, html: str) -> None:
    one, two = (
        Analyzer(tokenizer="jieba").analyze(text, name=name)
        for text, name in ((REPORT, "a"), ("平安县2025年工作总结\n粮食产量达到93亿斤，增长3%。", "b"))
    )
    view.open(page([one, two]))
    assert view.rows()[0] == "1862.4亿元"
    listed = "return [...document.querySelectorAll('#reports .n')].map(e => e.textContent)"
    assert view.js(listed) == [str(html.count('<tr id="r')), "2"]
    view.click("#reports li:nth-child(2) a")
    assert view.rows() == ["93亿斤", "3% ↑"]
    assert view.js("return location.hash") == "#d1"
    assert view.js("return document.querySelector('#count').textContent") == "2 records"
    assert view.js("return document.querySelector('#reports [aria-current]').hash") == "#d1"
    view.keys("j")
    assert view.selected()[1] == "93亿斤"
    view.click("#reports li:first-child a")
    assert view.selected() == ("", "", "")
    view.click("input[value=change]")
    assert view.js(listed) == ["3", "1"]  # a filter counts in all of them
    assert view.rows() == ["7.5% ↑", "≥ 5.2% ↑", "≥ 6.8% ↑"]
    number = page([one, two]).count('<tr id="r') - 1
    view.open(page([one, two]), anchor=f"#m{number}")
    assert view.selected()[1] == "3%"
    assert view.errors() == []
    view.open(page([one, two]), width=420)
    assert view.js("return document.documentElement.scrollWidth") <= 420
    assert not view.in_view("#reports a")
    view.click("#to-list")
    view.click("#reports li:nth-child(2) a")
    assert view.rows() == ["93亿斤", "3% ↑"]
    assert not view.in_view("#reports a")


def test_chinese_page(view: Page) -> None:
    view.open(page(Analyzer(tokenizer="jieba").analyze(REPORT, name="云岭市"), language="zh"))
    view.click("input[value=target]")
    assert "／" in view.js("return document.querySelector('#count').innerText")
    view.click("tbody tr:not([hidden])")
    names = view.js("return [...document.querySelectorAll('#detail dt')].map(e => e.textContent)")
    assert names[:4] == ["类型", "状态", "语气", "时期"]
    assert not [name for name in names if name.isascii()]
    seen = view.js("document.querySelector('#text').remove(); return document.body.innerText")
    assert not re.findall(r"[A-Za-z]{4,}", re.sub(r"\b(?:Enter|[a-z]+(?:_[a-z]+)*)\b", "", seen))


AXE = next(
    (path for spec in [importlib.util.find_spec("axe_core_python")] if spec and spec.origin
     for path in pathlib.Path(spec.origin).parent.glob("axe*.js")),
    None,
)  # fmt: skip


@pytest.mark.skipif(AXE is None, reason="axe is not installed: pip install axe-core-python")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 420])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [1, 3])
def test_axe_finds_nothing(view: Page, count: int, language: str, width: int, scheme: str) -> None:
    report = Analyzer(tokenizer="jieba").analyze(REPORT, name="云岭市")
    view.open(page([report] * count, language=language), width=width, scheme=scheme)
    view.keys("j")
    assert AXE is not None
    view.js(AXE.read_text(encoding="utf-8"))
    found = view.js("return axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))")
    assert found == []


def test_click_on_a_row_scrolls_to_its_sentence(view: Page, html: str) -> None:
    view.open(html)
    last = "tbody tr:last-child"
    number = view.js(f"return document.querySelector('{last}').id.slice(1)")
    assert not view.in_view(f"#m{number}")
    view.click(f"{last} a")
    assert view.in_view(f"#m{number}")
    row, mark, sentence = view.selected()
    assert row == mark == "全省网络安全工作先进单位"
    assert sentence == "承办第五届云岭网络安全技能大赛，荣获“全省网络安全工作先进单位”称号。"
    assert view.in_view("#detail")
    assert "quoted" in view.js("return document.querySelector('#detail').innerText")
    view.click("tbody tr:first-child")
    assert view.selected()[1] == "1862.4亿元"
    assert view.errors() == []


def test_click_on_a_highlight_selects_its_row(view: Page, html: str) -> None:
    view.open(html, width=1100)
    view.js("document.querySelector('.scroll').style.maxHeight = '240px'")
    last = view.js("return document.querySelector('tbody tr:last-child').id.slice(1)")
    assert not view.in_view(f"#r{last}")
    view.click(f"#m{last}")
    assert view.selected()[:2] == ("全省网络安全工作先进单位", "全省网络安全工作先进单位")
    assert view.in_view(f"#r{last}")
    view.click("#detail [data-do=close]")
    assert view.selected() == ("", "", "")


def test_second_click_goes_to_the_campaign_around(view: Page) -> None:
    text = "承办第五届云岭3000人马拉松大赛。"
    report = Analyzer(tokenizer="jieba").analyze(text)
    view.open(page(report))
    inner = view.js("return document.querySelector('mark.campaign mark.claim').id")
    view.click(f"#{inner}")
    assert view.selected()[1] == "3000人"
    view.click(f"#{inner}")
    assert view.selected()[1] == "云岭3000人马拉松大赛"


def test_keys(view: Page, html: str) -> None:
    view.open(html)
    view.keys("j")
    assert (view.selected()[1], view.focused()) == ("1862.4亿元", "r0")
    view.keys("j", Keys.ARROW_DOWN)
    assert (view.selected()[1], view.focused()) == ("第3位", "r2")
    view.keys("k")
    assert view.selected()[1] == "7.5%"
    view.keys(Keys.ENTER)
    assert view.focused() == "m1"
    outline = view.js("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    view.keys("j")
    assert view.focused() == "m2"
    view.keys(Keys.ENTER)
    assert view.focused() == "r2"
    view.keys(Keys.END)
    assert view.selected()[1] == "全省网络安全工作先进单位"
    assert view.in_view("mark.on")
    view.keys("j")  # there is no further one
    assert view.selected()[1] == "全省网络安全工作先进单位"
    view.keys(Keys.HOME, Keys.ESCAPE)
    assert view.selected() == ("", "", "")
    view.click("input[value=change]")
    view.js("document.activeElement.blur()")
    view.keys("j", "j")  # only what is shown
    assert view.selected()[1] == "5.2%"


def test_tab_reaches_one_row(view: Page, html: str) -> None:
    view.open(html)
    stops = "return [...document.querySelectorAll('tbody [tabindex=\"0\"]')].map(e => e.id)"
    assert view.js(stops) == ["r0"]
    view.keys("j", "j")
    assert view.js(stops) == ["r1"]


def test_sorting(view: Page, html: str) -> None:
    view.open(html)
    before = view.rows()
    view.click("th[data-sort=kind] button")
    kinds = view.js("return [...document.querySelectorAll('tbody tr')].map(r => r.cells[2].innerText)")
    assert (
        kinds
        == sorted(kinds)
        != view.js("return [...document.querySelectorAll('mark')].map(m => m.dataset.k)")
    )
    assert view.js("return document.querySelector('th[data-sort=kind]').ariaSort") == "ascending"
    view.keys("j")
    assert view.js("return document.querySelector('tr[aria-selected=true]').rowIndex") == 1
    view.click("th[data-sort=value] button")
    view.click("th[data-sort=value] button")
    numbers = [row for row in view.rows() if row.endswith("个")]
    assert numbers == ["860个", "812个"]
    view.click("th[data-sort=value] button")
    assert view.rows() == before


def test_hostile_text_does_not_run(view: Page) -> None:
    report = Analyzer(tokenizer="jieba").analyze(HOSTILE, name='"><script>window.hacked=4</script>')
    text = report.document.text
    view.open(page(report))
    shown = view.js(
        "return [...document.querySelectorAll('#text article > [id]')].map(p => {"
        "const c = p.cloneNode(true);"
        "c.querySelector('.tags')?.remove(); return c.textContent })"
    )
    assert shown == [text[p.start : p.end] for p in report.paragraphs]
    assert view.driver.title == report.document.metadata.title.value
    assert "<script>" in view.driver.title
    for row in view.driver.find_elements(By.CSS_SELECTOR, "tbody tr"):
        row.click()
    assert view.js("return document.querySelectorAll('main script, main img').length") == 0
    assert view.js("return typeof window.hacked") == "undefined"
    assert view.errors() == []
    # What got in all the same would be stopped by the policy.
    view.js(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"window.hacked=5\">')"
    )
    view.js(
        "const s = document.createElement('script'); s.textContent = 'window.hacked=6';"
        "document.body.append(s)"
    )
    view.js("return new Promise(done => setTimeout(done, 100))")
    assert view.js("return typeof window.hacked") == "undefined"
    assert any("Content Security Policy" in error for error in view.errors())


def test_nothing_is_asked_from_outside(view: Page, html: str) -> None:
    view.open(html)
    view.click("tbody tr:last-child a")
    view.click("#mode")
    assert view.requests() == []
    view.js(
        "new Image().src = 'http://127.0.0.1:9/asked'"
    )  # the check sees requests, and the policy stops them
    assert any("Content Security Policy" in error for error in view.errors())


BACKGROUND = "return getComputedStyle(document.documentElement).backgroundColor"


def test_dark_mode(view: Page, html: str) -> None:
    view.open(html)
    view.js("localStorage.clear()")
    view.open(html)
    light = view.js(BACKGROUND)
    view.open(html, scheme="dark")
    dark = view.js(BACKGROUND)
    assert dark != light
    assert view.js("return document.querySelector('#mode').ariaPressed") == "true"
    view.click("#mode")
    assert view.js(BACKGROUND) == light
    view.open(html, scheme="dark")  # it is kept
    assert view.js(BACKGROUND) == light
    view.click("#mode")
    assert view.js(BACKGROUND) == dark
    view.js("localStorage.clear()")


def test_phone(view: Page, html: str) -> None:
    view.open(html, width=380)
    assert view.js("return document.documentElement.scrollWidth") <= 380
    below = (
        "return document.querySelector('#table').offsetTop >= document.querySelector('#text').offsetHeight"
    )
    assert view.js(below)
    assert not view.in_view("#filters")
    view.click("#more-filters")
    assert view.in_view("#filters")
    view.click("#more-filters")
    view.click("#m3")
    assert view.selected()[:2] == ("粮食产量", "80亿斤")
    assert view.in_view("#detail")
    assert view.in_view("#m3")  # the reader stays in the text
    view.click("#detail [data-do=close]")
    view.js("scrollBy(0, document.querySelector('#m8').getBoundingClientRect().top - 740)")
    view.click("#m8")  # the details open where it was
    assert view.in_view("#detail")
    assert view.in_view("#m8")
    view.click("#detail [data-do=row]")
    assert view.in_view("#r8")
    view.click("#r2 a")
    assert view.in_view("#m2")


def test_link_to_a_record(view: Page, html: str) -> None:
    number = html.count('<tr id="r') - 1
    view.open(html, anchor=f"#m{number}")
    assert view.selected()[1] == "全省网络安全工作先进单位"
    assert view.in_view("mark.on")
    view.keys("k")
    assert view.js("return location.hash") == f"#m{number - 1}"


def test_long_text_scrolls_to_the_right_place(view: Page) -> None:
    report = Analyzer(tokenizer="jieba", themes=False).analyze(TEXT + FILLER * 300 + "粮食产量达到93亿斤。")
    assert len(report.document.text) > 60_000
    view.open(page(report))
    assert view.js("return document.body.className") == "long"
    view.click("tbody tr:last-child")
    view.js("return new Promise(done => setTimeout(done, 100))")
    assert view.selected()[1] == "93亿斤"
    assert view.in_view("mark.on")


def test_print(view: Page, html: str) -> None:
    view.open(html, scheme="dark")
    view.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert view.js(BACKGROUND) == "rgb(255, 255, 255)"
    heights = view.js(
        "return [...document.querySelectorAll('#text, .scroll')].map(e => e.scrollHeight - e.clientHeight)"
    )
    assert max(heights) <= 0  # nothing is cut off
    assert not view.js("return document.querySelector('#mode').offsetParent")
    view.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_notebook_frame(view: Page) -> None:
    report = Analyzer(tokenizer="jieba").analyze(REPORT)
    view.open(f"<!doctype html><style>mark{{color:red}}</style><p id=own>mine</p>{fragment(report)}")
    before = view.js("return getComputedStyle(document.querySelector('#own')).fontSize")
    assert before == "16px"  # the style of the page stays inside
    view.driver.switch_to.frame(0)
    try:
        view.click("tbody tr:nth-child(3)")
        assert view.selected()[:2] == ("地区生产总值", "第3位")
        view.click("#mode")
        assert view.js("return document.documentElement.dataset.mode") == "dark"
        assert view.js("return getComputedStyle(document.querySelector('mark')).color") != "rgb(255, 0, 0)"
    finally:
        view.driver.switch_to.default_content()
    assert view.errors() == []
    assert view.requests() == []
