"""The older name of `zhreport.writing`, for programs that import it."""

from zhreport.writing import ENDINGS, FORMATS, make_writer, write

__all__ = ["ENDINGS", "FORMATS", "make_writer", "write"]
