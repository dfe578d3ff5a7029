"""Whose figure a claim is, scored against the labels of `corpora/places` where the texts are at hand."""

import pathlib
from types import ModuleType

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
#: Of the labels of each half: figures of other places, and of the own or of none.
LEAST = {
    ("development", "other"): 0.8,
    ("held out", "other"): 0.75,
    ("development", "own"): 0.95,
    ("held out", "own"): 0.95,
}


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    import places

    return places


def test_the_labels_hold_no_text(places: ModuleType) -> None:
    rows = [row for found in places.labels().values() for row in found]
    for row in rows:
        assert set(row) <= {"set", "doc", "start", "end", "place", "code", "or"}
        assert 0 <= row["start"] < row["end"]
        assert all(len(place["place"]) <= 15 for place in (row, *row.get("or", ())))
    assert len({(row["set"], row["doc"], row["start"]) for row in rows}) == len(rows) > 400


@pytest.mark.parametrize(
    ("place", "code", "label", "right"),
    [
        ("昆明", "530100", {"place": "昆明市", "code": "530100"}, True),
        ("全市", "530100", {"place": "昆明市", "code": "530100"}, True),
        ("全市", "", {"place": "昆明市", "code": "530100"}, False),
        ("昆明", "", {"place": "昆明市", "code": "530100"}, False),  # without its code
        ("云岭市松山镇", "", {"place": "松山镇", "code": ""}, True),
        ("", "", {"place": "松山镇", "code": ""}, False),
        ("松山镇", "", {"place": "", "code": ""}, False),
        ("", "", {"place": "", "code": ""}, True),
    ],
)
def test_what_is_right(places: ModuleType, place: str, code: str, label: dict[str, str], right: bool) -> None:
    assert places.is_right(place, code, label) == right


@pytest.mark.slow
def test_whose_figure_it_is(places: ModuleType) -> None:
    if not (SHARED / "press").exists():
        pytest.skip("the texts are not at hand")
    found = list(places.found_in(SHARED))
    assert len(found) > 420
    for (half, whose), least in LEAST.items():
        mine = [
            one.right
            for one in found
            if places.half_of(one.row["doc"]) == half and bool(one.row["place"]) == (whose == "other")
        ]
        assert sum(mine) / len(mine) >= least, (half, whose, sum(mine), len(mine))
