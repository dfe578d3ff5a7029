"""Stata."""

import re
import warnings
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any, Final

from zhreport.errors import MissingExtraError
from zhreport.writing.output import Writer
from zhreport.writing.shape import Shape

__all__ = ["DtaWriter"]

_DATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the same records give the same bytes
_STR: Final = 2045  # bytes; a longer text is a strL


_RESERVED: Final = frozenset(
    "_all _b byte _coef _cons double float if in int long _n _N _pi _pred _rc _skip strL using with".split()
)


def stata_names(names: Iterable[str]) -> list[str]:
    """Names as Stata has them: letters, digits and `_`, 32 characters, none reserved, none twice.

    >>> stata_names(["doc", "in", "GDP (亿元)", "2023年", "str9", "GDP_(亿元)"])
    ['doc', 'in_', 'GDP__亿元_', '_2023年', 'str9_', 'GDP__亿元_2']
    """
    found: list[str] = []
    for name in names:
        base = re.sub(r"\W|[\x80-\xbf×÷]", "_", name)
        base = f"_{base}"[:32] if not base or base[0].isdigit() else base[:32]
        if base in _RESERVED or re.fullmatch(r"str[0-9]+", base):
            base += "_"
        new, number = base, 1
        while new in found:
            number += 1
            new = f"{base[: 32 - len(str(number))]}{number}"
        found.append(new)
    return found


class DtaWriter(Writer):
    """Stata 14 and later (file version 118); all rows are in memory until the end.

    Stata has no exact decimals: `value` is a double, `value_exact` has all digits. Missing numbers are `.`,
    missing texts empty, truth values 0 and 1. A variable is named as near to the column as Stata allows; its
    label is the meaning of the column, or the name that it had in the metadata table.
    """

    def __init__(self, stream: IO[bytes], shape: Shape, *, provenance: Mapping[str, str]) -> None:
        try:
            import pandas as pd  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise MissingExtraError("Stata needs pandas: pip install 'zhreport[tables]'") from error
        self._pandas, self._stream = pd, stream
        self._shape = shape
        self.render = shape.columns
        self._label = " ".join(filter(None, ("zhreport", provenance.get("version", ""), shape.kind)))
        self._values: list[list[Any]] = [[] for _ in self._shape.header]

    def put(self, rendered: Iterable[Iterable[Any]]) -> None:
        """Take the rows of a report, given column by column."""
        for column, more in zip(self._values, rendered, strict=True):
            column.extend(more)

    def close(self) -> None:
        """Write the file."""
        own = {column.name: column for column in self._shape.own}
        data, labels = {}, {}
        header = self._shape.header
        for name, old, values in zip(stata_names(header), header, self._values, strict=True):
            column = own.get(old)
            data[name] = self._variable(values, column.type if column else "text")
            labels[name] = (column.meaning if column else old)[:80]
        texts = {name: values for name, values in data.items() if values.dtype == object}
        with warnings.catch_warnings():  # pandas renames some more, words of Mata, and says so
            warnings.simplefilter("ignore", self._pandas.errors.InvalidColumnName)
            self._pandas.DataFrame(data).to_stata(
                self._stream,
                write_index=False,
                version=118,
                time_stamp=_DATED,
                data_label=self._label[:80],
                variable_labels=labels,
                convert_strl=[n for n, values in texts.items() if max(map(_bytes, values), default=0) > _STR],
            )

    def _variable(self, values: list[Any], type_: str) -> Any:  # noqa: ANN401
        series = self._pandas.Series
        if type_ in ("number", "float") or (type_ in ("int", "bool") and None in values):
            return series([None if v is None else float(v) for v in values], dtype="float64")
        if type_ in ("int", "bool"):
            return series(values, dtype="int32" if type_ == "int" else "int8")
        # a text ends at a zero byte in Stata
        return series([(v or "").replace("\0", "\ufffd") for v in values], dtype="object")


def _bytes(text: str) -> int:
    return len(text.encode())
