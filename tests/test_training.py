"""Training, evaluation and the corpus: small sets made of the paragraphs written for this project."""

import http.server
import itertools
import json
import pathlib
import re
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha1, sha256

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from zhreport import Analyzer, InputError, ThemeModel, UsageError, default_lexicon
from zhreport.cli import cli
from zhreport.themes import Theme, crosswalk, default_model
from zhreport.themes.passages import Passage, features
from zhreport.training import Labelled, already_seen, evaluate, fetch, public_reports, read_labels, train
from zhreport.training import fit as fitting
from zhreport.training.corpus import PublicReport
from zhreport.words.tokens import Tokenizer, make_tokenizer

ROOT = pathlib.Path(__file__).parent.parent
THEMES = ROOT / "corpora" / "themes"
SHARED = ROOT.parent / "shared" / "reports"
OWN = ("cyber", "publicity", "social_forces", "digital", "external")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return make_tokenizer("auto", default_lexicon().tokenizer_words())


@pytest.fixture(scope="module")
def labels_file(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The paragraphs of the five themes, with these labels only."""
    path = tmp_path_factory.mktemp("labels") / "labels.jsonl"
    rows = [json.loads(line) for line in (THEMES / "written.jsonl").read_text(encoding="utf-8").splitlines()]
    kept = []
    for row in rows:
        row["themes"] = [theme for theme in row["themes"] if theme in OWN]
        if row["themes"]:
            kept.append(row)
    # by theme the file would have whole folds of one theme
    kept.sort(key=lambda row: sha256(row["text"].encode()).hexdigest())
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in kept), encoding="utf-8")
    return path


def test_written_paragraphs() -> None:
    rows = [json.loads(line) for line in (THEMES / "written.jsonl").read_text(encoding="utf-8").splitlines()]
    mains = Counter(row["themes"][0] for row in rows)
    assert all(mains[theme] >= 30 for theme in OWN)
    assert all(set(row["themes"]) <= set(crosswalk("zhreport")) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    grams = [{row["text"][i : i + 5] for i in range(len(row["text"]) - 4)} for row in rows]
    for (i, a), (j, b) in itertools.combinations(enumerate(grams), 2):
        near = len(a & b) / len(a | b)
        assert near < 0.25, f"{rows[i]['id']} and {rows[j]['id']} are nearly the same"


def test_stand_off_labels_hold_no_text() -> None:
    names = {"doc", "start", "end", "sha1", "themes"}
    listed = {report.file.removesuffix(".txt") for report in public_reports()}
    for line in (THEMES / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert names <= set(row) <= names | {"mains"}
        assert row["doc"] in listed


def test_the_file_infers_what_scikit_learn_says(
    labels_file: pathlib.Path, tokenizer: Tokenizer, tmp_path: pathlib.Path
) -> None:
    labels = read_labels([labels_file])
    model = train(labels, tokenizer, order=OWN, taxonomy="own")
    path = tmp_path / "model.npz"
    model.save(path)
    stored = ThemeModel.load(path)
    found = [label.passage for label in labels[:60]]
    found += [Passage("前后都有", "标题", labels[0].passage.text, labels[1].passage.text), Passage("")]
    themes = list(model.themes)
    counted = features([label.passage for label in labels], tokenizer)
    pipeline = fitting._fit(counted, *fitting._targets(labels, themes), tokenizer)
    assert np.abs(stored.scores(found, tokenizer) - pipeline.decision_function(found)).max() < 1e-6
    assert stored.predict(found, tokenizer) == model.predict(found, tokenizer)
    again = tmp_path / "again.npz"
    train(read_labels([labels_file]), tokenizer, order=OWN, taxonomy="own").save(again)
    assert again.read_bytes() == path.read_bytes()
    assert model.meta["held_out"]["accuracy"] > 0.8
    report = Analyzer(themes=path).analyze("开展网络安全应急演练，处置漏洞隐患31处，清理网络谣言信息。")
    assert report.paragraphs[0].themes[0].theme == "cyber"


def test_too_little_to_learn_from(labels_file: pathlib.Path, tokenizer: Tokenizer) -> None:
    labels = read_labels([labels_file])
    with pytest.raises(UsageError, match="at least 5 are needed"):
        train(labels[:12], tokenizer)
    with pytest.raises(UsageError, match="two themes"):
        train([x for x in labels if x.themes == ("cyber",)], tokenizer)
    one = [Labelled(**{**{f: getattr(x, f) for f in x.__slots__}, "group": "a"}) for x in labels]
    with pytest.raises(UsageError, match="documents"):
        train(one, tokenizer)


def test_label_files_are_checked(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "labels.jsonl"
    report = tmp_path / "a.txt"
    report.write_text("一、教育\n新建学校6所。\n", encoding="utf-8")
    digest = sha1("新建学校6所。".encode()).hexdigest()  # noqa: S324 - no secret
    good = {"doc": "a", "start": 5, "end": 12, "sha1": digest, "themes": ["education"]}
    path.write_text(json.dumps(good), encoding="utf-8")
    (label,) = read_labels([path], tmp_path)
    assert label.passage == Passage("新建学校6所。", "一、教育", "一、教育", "")
    for change, match in (
        ({"sha1": "0"}, "not the text that was labelled"),
        ({"doc": "b"}, r"b\.txt is missing"),
        ({"themes": [""]}, "list of names"),
        ({"themes": 3}, "line 1: themes must be a list of names"),
        (
            {"themes": "green"},
            r"labels\.jsonl: line 1: themes must be a list of names such as .*, not 'green'",
        ),
        ({"themes": ["green", 1]}, "themes must be a list of names"),
        ({"mains": "green"}, "line 1: mains must be a list of names"),
        ({"mains": []}, "line 1: mains must be a list of names"),
        ({"optional": "green"}, "line 1: optional must be a list of names"),
        ({"start": float("inf")}, "line 1: no labelled paragraph"),
    ):
        path.write_text(json.dumps({**good, **change}), encoding="utf-8")
        with pytest.raises(InputError, match=match):
            read_labels([path], tmp_path)
    for change, match in (({"sha1": "0"}, "not the text"), ({"doc": "b"}, r"b\.txt is missing")):
        other = {**good, "doc": "a2", **change}
        (tmp_path / "a2.txt").write_bytes(report.read_bytes())
        path.write_text(f"{json.dumps(other)}\n{json.dumps(good)}", encoding="utf-8")
        named: list[Exception] = []
        (label,) = read_labels([path], tmp_path, named.append)  # one report harms no other
        assert label.group == "a"
        assert re.search(match, str(*named))
    path.write_text(json.dumps(good), encoding="utf-8")
    with pytest.raises(InputError, match="--reports"):
        read_labels([path])
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        read_labels([path], tmp_path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="no labelled paragraph"):
        read_labels([path])
    with pytest.raises(InputError, match="cannot be read"):
        read_labels([tmp_path / "none.jsonl"])


def test_labels_of_tables(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("openpyxl")
    header = ("doc", "Heading", "text", "themes", "mains", "optional", "comment")
    rows = [
        ("甲", "三、民生", "新建学校6所。", "education； livelihood", "", "livelihood", "好"),
        ("乙", "", "植树5万亩。", "environment", "", "", ""),
        ("乙", "", "还没有看过。", "", "", "", ""),
    ]
    lines = [dict(zip(header, row, strict=True)) for row in rows[:2]]
    plain = tmp_path / "labels.jsonl"
    listed = [
        {"doc": r["doc"], "heading": r["Heading"], "text": r["text"], "themes": r["themes"].split("； ")}
        | ({"optional": [r["optional"]]} if r["optional"] else {})
        for r in lines
    ]
    plain.write_text("\n".join(json.dumps(row) for row in listed), encoding="utf-8")
    table = tmp_path / "labels.csv"
    table.write_text("\n".join(",".join(row) for row in (header, *rows)), encoding="gb18030")
    book = tmp_path / "labels.xlsx"
    frame = pd.DataFrame(rows, columns=header)
    frame.to_excel(book, index=False)
    expected = [replace(x, place="", document="") for x in read_labels([plain])]
    assert [x.themes for x in expected] == [("education", "livelihood"), ("environment",)]
    for path in (table, book):
        assert [replace(x, place="", document="") for x in read_labels([path])] == expected
    assert [x.place for x in read_labels([table])] == [f"{table}: line 2", f"{table}: line 3"]
    report = tmp_path / "reports" / "press" / "a.txt"
    report.parent.mkdir(parents=True)
    report.write_text("新建学校6所。\n", encoding="utf-8")
    digest = sha1("新建学校6所。".encode()).hexdigest()  # noqa: S324 - no secret
    table.write_text(f"set,doc,start,end,sha1,themes\npress,a,0,7,{digest},education\n", encoding="utf-8")
    (label,) = read_labels([table], tmp_path / "reports")
    assert (label.passage.text, label.genre, label.group) == ("新建学校6所。", "press", "a")
    table.write_text("text,themes\n空,\n", encoding="utf-8")
    with pytest.raises(InputError, match="no labelled paragraph"):
        read_labels([table])


def test_figures_by_set() -> None:
    press = [replace(label("a"), genre="press"), replace(label("b"), genre="press")]
    none = replace(label(), genre="bulletins")
    scores = evaluate([*press, none], [found("a"), found("a"), ()])
    assert scores.accuracy == 2 / 3, "that there is no theme is right, too"
    assert {name: own.accuracy for name, own in scores.by_genre.items()} == {"press": 0.5, "bulletins": 1.0}
    assert evaluate(press, [found("a"), found("a")]).by_genre == {}, "one set is all"


def test_weights_of_sets(labels_file: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run = CliRunner().invoke
    for said in ("press", "press=", "press=0", "press=-1", "press=nan", "=2", "press=inf"):
        done = run(cli, ["train", str(labels_file), "-o", str(tmp_path / "m.npz"), "--weight", said])
        assert done.exit_code == 2, said
        assert "such as press=2" in done.output
    rows = [json.loads(line) for line in labels_file.read_text(encoding="utf-8").splitlines()]
    sets = tmp_path / "sets.jsonl"
    lines = [json.dumps({**row, "set": ("press", "bulletins")[n % 2]}) for n, row in enumerate(rows)]
    sets.write_text("\n".join(lines), encoding="utf-8")
    models = []
    for number, weight in enumerate(("press=1", "press=5")):
        path = tmp_path / f"{number}.npz"
        assert run(cli, ["train", str(sets), "-o", str(path), "--weight", weight]).exit_code == 0
        models.append(ThemeModel.load(path))
    assert not np.array_equal(models[0].weights["words"], models[1].weights["words"])


def label(*themes: str, mains: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> Labelled:
    return Labelled(
        passage=Passage(""), themes=themes, mains=mains or themes[:1], optional=optional, group="", place=""
    )


def found(*themes: str, p: float = 0.75) -> tuple[Theme, ...]:
    return tuple(Theme(theme=theme, probability=p) for theme in themes)


def test_examples_of_a_rare_theme_count_more() -> None:
    svm = pytest.importorskip("sklearn.svm")
    from zhreport.training.machines import RareCounted

    rows = np.random.default_rng(5).normal(size=(400, 3))
    for positive, factor in ((200, 1.0), (16, (0.086 * 400 / 16) ** 0.5), (2, 3.0)):
        said = (np.arange(400) < positive).astype(int)
        assert RareCounted.factor(said) == pytest.approx(factor)
        ours = RareCounted(random_state=0).fit(rows, said)
        same = svm.LinearSVC(random_state=0, class_weight={1: factor}).fit(rows, said)
        assert ours.coef_ == pytest.approx(same.coef_, rel=1e-3, abs=1e-4)


def test_figures_of_an_evaluation() -> None:
    labels = [
        label("a", "b"),
        label("a"),
        label("b", "a", mains=("b", "a")),
        label("c", "b", optional=("b",)),
    ]
    scores = evaluate(labels, [found("a", "b"), found("b"), found("a"), ()])
    assert scores.accuracy == 0.5  # the third has two mains
    assert scores.none == 1
    assert scores.by_theme["a"] == (1.0, 2 / 3, 0.8, 3)
    assert scores.confusions == (("a", "b", 1), ("c", "none", 1))
    # right pairs: a b | – | a | –; given 2 + 1 + 1; labelled 2 + 1 + 2 + 1
    assert scores.set_precision == 3 / 4
    assert scores.set_recall == 3 / 6
    assert abs(scores.calibration_error - abs(0.75 - 2 / 3)) < 1e-9
    assert evaluate([], []).accuracy == 0


@pytest.fixture
def mirror(tmp_path: pathlib.Path) -> Iterator[tuple[str, tuple[PublicReport, ...], list[str]]]:
    """A mirror with one repository that can continue downloads, and what was asked of it."""
    site = tmp_path / "site"
    site.mkdir()
    contents = {f"甲{i}.txt": f"第{i}份报告，增长{i}%。".encode() * 4000 for i in range(3)}
    with zipfile.ZipFile(site / "someone-reports.zip", "w") as archive:
        for name, data in contents.items():
            archive.writestr(f"reports-main/texts/{name}", data)
    wanted = tuple(
        PublicReport(
            file=f"report-{i}.txt", year=2024, level="city", region="甲", source="github.com/someone/reports",
            sha256=sha256(data).hexdigest(),
        )
        for i, data in enumerate(contents.values())
    )  # fmt: skip
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = site / self.path.lstrip("/")
            asked.append(self.headers.get("Range", ""))
            if not path.is_file():
                self.send_error(404)
                return
            data = path.read_bytes()
            start = int(asked[-1].removeprefix("bytes=").rstrip("-") or 0) if asked[-1] else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            self.wfile.write(data[start:])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", wanted, asked
    server.shutdown()
    server.server_close()


def test_fetch_from_a_mirror(
    tmp_path: pathlib.Path, mirror: tuple[str, tuple[PublicReport, ...], list[str]]
) -> None:
    address, wanted, asked = mirror
    to = tmp_path / "cache"
    sizes: list[int] = []
    result = fetch(to, source=address, wanted=wanted, progress=lambda _, done, _size: sizes.append(done))
    assert (result.present, result.added, result.missing, result.errors) == (0, 3, (), ())
    assert sizes
    assert sorted(path.name for path in to.iterdir()) == [f"report-{i}.txt" for i in range(3)]
    assert fetch(to, source=address, wanted=wanted).present == 3
    assert len(asked) == 1, "what is there is not fetched again"
    (to / "report-1.txt").write_text("changed", encoding="utf-8")
    assert fetch(to, source=address, wanted=wanted).added == 1


def test_a_broken_download_is_continued(
    tmp_path: pathlib.Path, mirror: tuple[str, tuple[PublicReport, ...], list[str]]
) -> None:
    address, wanted, asked = mirror
    whole = (tmp_path / "site" / "someone-reports.zip").read_bytes()
    to = tmp_path / "cache"
    to.mkdir()
    (to / ".someone-reports.zip.part").write_bytes(whole[:100])
    assert fetch(to, source=address, wanted=wanted).added == 3
    assert asked == ["bytes=100-"]


def test_fetch_says_what_is_missing(
    tmp_path: pathlib.Path, mirror: tuple[str, tuple[PublicReport, ...], list[str]]
) -> None:
    address, wanted, _ = mirror
    result = fetch(tmp_path / "a", source=f"{address}/elsewhere", wanted=wanted)
    assert len(result.missing) == 3
    assert "404" in result.errors[0]
    folder = tmp_path / "copies" / "deep"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "site" / "someone-reports.zip") as archive:
        (folder / "any name").write_bytes(archive.read("reports-main/texts/甲1.txt"))
    result = fetch(tmp_path / "b", source=str(tmp_path / "copies"), wanted=wanted)
    assert (result.added, result.missing) == (1, ("report-0.txt", "report-2.txt"))
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK not really")
    assert "damaged" in fetch(tmp_path / "c", source=str(broken), wanted=wanted).errors[0]
    assert broken.read_bytes() == b"PK not really"
    with pytest.raises(UsageError, match="neither a folder"):
        fetch(tmp_path / "d", source="no/such/place", wanted=wanted)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be made"):
        fetch(tmp_path / "file", source=address, wanted=wanted)


def test_the_commands(labels_file: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run = CliRunner().invoke
    model = tmp_path / "model.npz"
    done = run(cli, ["train", str(labels_file), "-o", str(model)])
    assert done.exit_code == 0, done.output
    assert "held out" in done.output
    done = run(cli, ["evaluate", str(labels_file), "--model", str(model)])
    assert done.exit_code == 0, done.output
    for figure in (
        "accuracy of the main theme",
        "macro-F1",
        "F1 of the sets",
        "calibration error",
        "confusions",
    ):
        assert figure in done.output or figure == "confusions"
    count = len(labels_file.read_text(encoding="utf-8").splitlines())
    assert f"{model} was trained on {count} of these {count} paragraphs" in done.stderr
    fresh = {"text": "开展网络安全演练，处置网络谣言。", "themes": ["cyber"]}
    half = tmp_path / "half.jsonl"
    lines = labels_file.read_text(encoding="utf-8").splitlines()[:10]
    half.write_text("\n".join([*lines, json.dumps(fresh)]), encoding="utf-8")
    done = run(cli, ["evaluate", str(half), "--model", str(model), "--json"])
    assert json.loads(done.stdout)["trained_on"] == 10
    assert "was trained on 10 of these 11 paragraphs" in done.stderr
    half.write_text(json.dumps(fresh), encoding="utf-8")
    done = run(cli, ["evaluate", str(half), "--model", str(model), "--json"])
    assert (json.loads(done.stdout)["trained_on"], done.stderr) == (0, "")
    done = run(cli, ["evaluate", str(labels_file), "--cross-validate", "--json"])
    assert json.loads(done.stdout)["paragraphs"] > 200
    assert "trained_on" not in json.loads(done.stdout)
    assert done.stderr == ""
    done = run(cli, ["train", str(tmp_path / "none.jsonl"), "-o", str(model)])
    assert done.exit_code == 1
    assert "none.jsonl" in done.output
    (tmp_path / "r.txt").write_text("开展网络安全演练，清理网络谣言。\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    done = run(cli, ["extract", str(tmp_path / "r.txt"), "--themes", str(model), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert '"theme":"cyber"' in out.read_text(encoding="utf-8")
    assert run(cli, ["extract", str(tmp_path / "r.txt"), "--themes", str(labels_file)]).exit_code == 1
    done = run(cli, ["corpus", "fetch", "--source", str(tmp_path), "--to", str(tmp_path / "cache")])
    assert done.exit_code == 1
    assert "164 not found" in done.output


def test_the_shipped_model_knows_what_it_was_trained_on() -> None:
    written = read_labels([THEMES / "written.jsonl"])
    assert already_seen(written, default_model()) == len(written)
    done = CliRunner().invoke(cli, ["evaluate", str(THEMES / "written.jsonl")])
    assert "the model of the package was trained on" in done.stderr


@pytest.mark.slow
def test_the_shipped_model_is_reproduced(tokenizer: Tokenizer) -> None:
    if not SHARED.is_dir():
        pytest.skip("the public reports are not beside the checkout")
    files = ("labels.jsonl", "written.jsonl", "labels-genres.jsonl")
    weights = {"press": 1.5, "summaries": 2.0, "bulletins": 1.5}
    found = read_labels([THEMES / name for name in files], SHARED.parent)
    labels = [replace(x, weight=weights.get(x.genre, 1.0)) for x in found]
    made, shipped = (
        train(labels, tokenizer, order=tuple(crosswalk("zhreport")), taxonomy="zhreport"),
        default_model(),
    )
    assert made.trained_on == shipped.trained_on
    assert {**made.meta, "versions": {}} == {**shipped.meta, "versions": {}}
    for block, names in shipped.names.items():
        assert list(made.names[block]) == list(names)
        assert (made.weights[block] == shipped.weights[block]).all()
        assert (made.idf[block] == shipped.idf[block]).all()
    assert all((made.arrays[name] == array).all() for name, array in shipped.arrays.items())
