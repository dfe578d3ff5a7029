"""What the columns of a table file are, for the formats whose cells hold no lists."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from zhreport.report import Report
from zhreport.tables import COLUMNS, Column, check_kind, columns, metadata_names
from zhreport.tables.record_kinds import valid

__all__ = ["Shape", "flat"]


class Shape:
    """A table's columns: its own, then those of the metadata table.

    Args:
        kind: of the records, and the name of the table.
        names: columns of the metadata table.
        own: its own columns, those of the kind by default.

    Raises:
        UsageError: an unknown kind without columns of its own.
    """

    def __init__(self, kind: str, names: Iterable[str] = (), own: Sequence[Column] | None = None) -> None:
        self._made_of = kind, tuple(names), own
        self.kind = kind
        self.own = COLUMNS[check_kind(kind)] if own is None else tuple(own)
        self._carried = metadata_names(self._made_of[1])
        self.header = [*(column.name for column in self.own), *self._carried.values()]

    def __reduce__(self) -> tuple[Any, ...]:
        """What it was made of; the columns of a kind hold functions, which cannot be pickled."""
        return Shape, self._made_of

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the metadata table as they are called there."""
        return tuple(self._carried)

    def row(self, extra: Mapping[str, str]) -> dict[str, str]:
        """The cells of a metadata row by the names of their columns."""
        return {new: extra[old] for old, new in self._carried.items() if old in extra}

    def columns(self, report: Report, extra: Mapping[str, str]) -> list[list[Any]]:
        """The values column by column, lists as JSON, since a cell holds no list."""
        found = flat(columns(report, self.kind))
        return found + [[valid(extra.get(old))] * len(found[0]) for old in self._carried]


def flat(values: Mapping[str, Sequence[Any]]) -> list[list[Any]]:
    """The values of a table column by column, lists as JSON."""
    return [list(map(_cell, column)) for column in values.values()]


def _cell(value: Any) -> Any:  # noqa: ANN401
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value
