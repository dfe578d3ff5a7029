"""Frozen records, made faster than their own constructors make them."""

from dataclasses import field, fields, make_dataclass
from typing import Any

__all__ = ["open_twin"]


def open_twin(cls: type) -> Any:  # noqa: ANN401 - a class that is made here
    """A class with the slots of a frozen dataclass, whose instances are filled and then become its own.

    A frozen dataclass sets each field through `object.__setattr__`, which takes more than twice the time, and
    tens of thousands of records are made for a hundred reports.

    >>> from dataclasses import FrozenInstanceError, dataclass
    >>> @dataclass(frozen=True, slots=True, kw_only=True)
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> point = open_twin(Point)(x=1)
    >>> point.__class__ = Point
    >>> point == Point(x=1, y=0)
    True
    >>> try:
    ...     point.x = 2
    ... except FrozenInstanceError:
    ...     print("frozen")
    frozen
    """
    columns = [(f.name, Any, field(default=f.default)) for f in fields(cls)]
    return make_dataclass(cls.__name__, columns, slots=True, kw_only=True, eq=False, repr=False)
