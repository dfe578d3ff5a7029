"""What the columns of a table file are, for the formats whose cells hold no lists."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from zhreport.report import Report
from zhreport.tables import COLUMNS, check_kind, columns, metadata_names
from zhreport.tables.record_kinds import valid

__all__ = ["Shape"]


class Shape:
    """A table's columns: those of its kind, then those of the metadata table."""

    def __init__(self, kind: str, names: Iterable[str]) -> None:
        self.kind = check_kind(kind)
        self._carried = metadata_names(names)
        self.header = [*(column.name for column in COLUMNS[kind]), *self._carried.values()]

    def row(self, extra: Mapping[str, str]) -> dict[str, str]:
        """The cells of a metadata row by the names of their columns."""
        return {new: extra[old] for old, new in self._carried.items() if old in extra}

    def columns(self, report: Report, extra: Mapping[str, str]) -> list[list[Any]]:
        """The values column by column, lists as JSON, since a cell holds no list."""
        found = [list(map(_flat, column)) for column in columns(report, self.kind).values()]
        return found + [[valid(extra.get(old))] * len(found[0]) for old in self._carried]


def _flat(value: Any) -> Any:  # noqa: ANN401
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value
