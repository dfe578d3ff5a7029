"""Records of the texts in a data frame: `df.zhreport.claims(…)`, with pandas and with polars.

    >>> import pandas
    >>> import zhreport.frames
    >>> texts = pandas.DataFrame({"正文": ["建成粮库3座、晒场5个。", None], "年份": 2024}, index=["甲", "乙"])
    >>> found = texts.zhreport.claims(text="正文", year="年份")
    >>> list(found.index)
    ['甲', '甲', '乙']
    >>> [len(texts.join(found)), list(found["error"].dropna())]
    [3, ['no text']]

To import this module gives every data frame the accessor, of pandas and of polars, where they are installed.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from zhreport.extraction import Extraction
from zhreport.report import Analyzer
from zhreport.tables import COLUMNS, Table, import_arrow, import_pandas, import_polars

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["PandasRecords", "PolarsRecords"]

#: What the analyzer of a call is, or what it is made with; see `Analyzer`.
Options = Any
_ROW = "zhreport row"


class PandasRecords:
    """What `frame.zhreport` of a pandas data frame has.

    Each method gives a data frame of the records of all texts as `Report.to_pandas` does, and a column
    `error`: why a text has none. Its index is that of the texts, so that `frame.join(found)` puts them beside
    each other. A text without records has no row.

    Arguments of each: `text`, the column of texts; `year` and `name`, of the years of the reports and of
    what the records call them; `analyzer`, or options to make one. Errors as of `Extraction`.
    """

    def __init__(self, frame: "pd.DataFrame") -> None:
        self._frame = frame

    def claims(self, text: str = "text", **options: Options) -> "pd.DataFrame":
        """The numeric claims."""
        return self._records("claims", text, **options)

    def campaigns(self, text: str = "text", **options: Options) -> "pd.DataFrame":
        """The campaigns."""
        return self._records("campaigns", text, **options)

    def paragraphs(self, text: str = "text", **options: Options) -> "pd.DataFrame":
        """The paragraphs with their themes."""
        return self._records("paragraphs", text, **options)

    def documents(self, text: str = "text", **options: Options) -> "pd.DataFrame":
        """The documents."""
        return self._records("documents", text, **options)

    def _records(
        self,
        kind: str,
        text: str,
        *,
        year: str = "",
        name: str = "",
        analyzer: Analyzer | None = None,
        **options: Options,
    ) -> "pd.DataFrame":
        arrow = import_arrow()
        extract = Extraction(analyzer, records=kind, text=text, year=year, name=name, **options)
        used = [column for column in dict.fromkeys((text, year, name)) if column in self._frame.columns]
        texts = arrow.Table.from_pandas(self._frame[used], preserve_index=False)
        texts = texts.append_column(_ROW, arrow.array(range(len(texts)), arrow.int64()))
        found = extract(texts)
        values = {column.name: found[column.name].to_pylist() for column in COLUMNS[kind]}
        made = Table(kind, COLUMNS[kind], values).to_pandas()
        made["error"] = found["error"].to_pandas()
        return made.set_index(self._frame.index.take(found[_ROW].to_pylist()))


class PolarsRecords:
    """What `frame.zhreport` of a polars data frame has.

    Each method gives a data frame of the records of all texts as `Report.to_polars` does, the other columns
    of the frame carried through, and a column `error`: why a text has none. A text without records has no
    row. Arguments as of `PandasRecords`.
    """

    def __init__(self, frame: "pl.DataFrame") -> None:
        self._frame = frame

    def claims(self, text: str = "text", **options: Options) -> "pl.DataFrame":
        """The numeric claims."""
        return self._records("claims", text, **options)

    def campaigns(self, text: str = "text", **options: Options) -> "pl.DataFrame":
        """The campaigns."""
        return self._records("campaigns", text, **options)

    def paragraphs(self, text: str = "text", **options: Options) -> "pl.DataFrame":
        """The paragraphs with their themes."""
        return self._records("paragraphs", text, **options)

    def documents(self, text: str = "text", **options: Options) -> "pl.DataFrame":
        """The documents."""
        return self._records("documents", text, **options)

    def _records(
        self, kind: str, text: str, *, analyzer: Analyzer | None = None, **options: Options
    ) -> "pl.DataFrame":
        extract = Extraction(analyzer, records=kind, text=text, **options)
        return cast("pl.DataFrame", import_polars().from_arrow(extract(self._frame.to_arrow())))


with suppress(ImportError):
    import_pandas().api.extensions.register_dataframe_accessor("zhreport")(PandasRecords)
with suppress(ImportError):
    import_polars().api.register_dataframe_namespace("zhreport")(PolarsRecords)
