"""Writing records to files: tables (CSV, Parquet, Feather, Excel, Stata), JSONL and text to read."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zhreport.writing.formats import ENDINGS, FORMATS, make_writer, write
    from zhreport.writing.table_file import TABLE_ENDINGS, check_table_ending, write_table

__all__ = [
    "ENDINGS", "FORMATS", "TABLE_ENDINGS", "check_table_ending", "make_writer", "write", "write_table",
]  # fmt: skip

#: Name → the module that has it.
_HOMES: Final = dict.fromkeys(__all__, "formats") | dict.fromkeys(
    ("TABLE_ENDINGS", "check_table_ending", "write_table"), "table_file"
)


def __getattr__(name: str) -> object:
    """What is offered here is imported when it is first asked for: it loads all that writes files."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
