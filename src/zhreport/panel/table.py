"""The panel as a table: a row for each statement, or a row for each region and year."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from zhreport.panel.indicators import MEASURES, Catalogue, Indicator
from zhreport.panel.rows import PANEL, PanelRow
from zhreport.tables import Column, Rows, Table

if TYPE_CHECKING:
    pass

__all__ = ["Panel", "list_indicators"]

_WHERE: Final = tuple(column for column in PANEL if column.name in ("region", "region_code", "level", "year"))
_CONFLICTS: Final = Column("conflicts", "texts", "the columns about which statements disagree")


class Panel(Rows[PanelRow]):
    """The rows of a panel in their order, and the tables that are made of them.

    Args:
        rows: the rows.
        catalogue: the indicators that they are about.
    """

    def __init__(self, rows: Iterable[PanelRow], catalogue: Catalogue) -> None:
        super().__init__(rows)
        self._catalogue = catalogue

    def __repr__(self) -> str:
        regions = len({(row.region_code, row.region) for row in self._rows})
        return f"Panel({len(self)} rows, {regions} regions, {len({row.year for row in self._rows})} years)"

    def table(self) -> Table:
        """One row for each statement; `KEY` tells the rows apart."""
        values = {column.name: [getattr(row, column.name) for row in self._rows] for column in PANEL}
        return Table("panel", PANEL, values)

    def wide(self) -> Table:
        """One row for each region and year, a column for each indicator and measure, ready for a regression.

        A column is called like `gdp_growth`, its target `gdp_growth_target`. Of several statements the one of
        the latest report counts, and of those the first; `conflicts` names the columns about which they
        disagree. A range is its middle, a bound (`at least 6`) its number. Second targets (`stretch`) and
        figures of other places are left out.
        """
        cells: dict[tuple[Any, ...], dict[str, PanelRow]] = {}
        conflicts: dict[tuple[Any, ...], set[str]] = {}
        for row in self._rows:
            if row.state not in ("found", "conflict") or row.tone == "stretch":
                continue
            if row.scope and not row.measure.endswith("rank"):
                continue
            where = (row.region, row.region_code, row.level, row.year)
            name = _column(row.indicator, row.measure, row.status)
            kept = cells.setdefault(where, {}).get(name)
            if kept is None or (row.report_year or 0) > (kept.report_year or 0):
                cells[where][name] = row
            if row.state == "conflict":
                conflicts.setdefault(where, set()).add(name)
        found = {name for of_place in cells.values() for name in of_place}
        columns = tuple(column for column in self._columns() if column.name in found)
        values: dict[str, list[Any]] = {
            column.name: [where[at] for where in cells] for at, column in enumerate(_WHERE)
        }
        for column in columns:
            values[column.name] = [_number(of_place.get(column.name)) for of_place in cells.values()]
        values[_CONFLICTS.name] = [
            [column.name for column in columns if column.name in conflicts.get(where, ())] for where in cells
        ]
        return Table("panel", (*_WHERE, *columns, _CONFLICTS), values)

    def _columns(self) -> Iterable[Column]:
        """Every column that a wide table may have, in the order of the catalogue."""
        for one in self._catalogue.indicators.values():
            for measure in MEASURES:
                for status in ("actual", "target"):
                    unit = one.unit if measure in ("level", "change") else ""
                    said = f"{one.name} ({one.english}), {measure}, {status}"
                    meaning = f"{said}, {unit}" if unit else said
                    yield Column(_column(one.id, measure, status), "number", meaning)


def _column(indicator: str, measure: str, status: str) -> str:
    return f"{indicator}_{measure}" + ("_target" if status == "target" else "")


def _number(row: PanelRow | None) -> Decimal | None:
    if row is None:
        return None
    if row.low is not None and row.high is not None:
        return (row.low + row.high) / 2
    return row.value if row.value is not None else row.low if row.low is not None else row.high


_INDICATORS: Final = (
    Column("id", "text", "its name in ASCII"),
    Column("name", "text", "its full name"),
    Column("english", "text", "the name in English"),
    Column("unit", "text", "levels and changes are converted to it; empty: as written"),
    Column("measures", "texts", "what is taken of it"),
    Column("wordings", "texts", "how reports call it"),
)
_COUNTS: Final = (
    Column("rows", "int", "how many rows of the panel are about it"),
    Column("reports", "int", "how many reports these are from"),
)


def list_indicators(
    indicators: Iterable[Indicator], counts: Mapping[str, tuple[int, int]] | None = None
) -> Table:
    """Indicators as a table.

    Args:
        indicators: in the order of the table.
        counts: id → rows and reports in which it was found.

    >>> from zhreport.panel import default_catalogue
    >>> made = list_indicators([default_catalogue().indicators["gdp"]])
    >>> made.to_dicts()[0]["name"], made.to_dicts()[0]["measures"]
    ('地区生产总值', ['level', 'growth', 'change', 'rank', 'growth_rank'])
    """
    shown = list(indicators)
    values: dict[str, list[Any]] = {
        name: [getattr(one, name) for one in shown] for name in ("id", "name", "english", "unit")
    }
    values["measures"] = [[measure for measure in MEASURES if measure in one.measures] for one in shown]
    values["wordings"] = [list(one.wordings) for one in shown]
    if counts is None:
        return Table("indicators", _INDICATORS, values)
    values["rows"], values["reports"] = ([counts[one.id][at] for one in shown] for at in (0, 1))
    return Table("indicators", (*_INDICATORS, *_COUNTS), values)
