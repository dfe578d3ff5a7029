"""Model files: named arrays and a description in one file, the same bytes for the same arrays."""

import io
import json
import warnings
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from zhreport.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["check_share", "import_numpy", "logistic", "read_bytes", "read_model", "write_arrays"]

Model = TypeVar("Model")
#: Kinds of arrays of numbers: bool, integers, floats.
_NUMBERS: Final = "biuf"
#: No fraction of a model is larger, by far; products of such ones stay finite.
_LARGEST: Final = 1e6
_EXPONENT: Final = 700.0  # beyond which its exponential is no number


@cache
def import_numpy() -> ModuleType:
    """numpy, without the filters for warnings that its import would leave behind."""
    with warnings.catch_warnings():
        import numpy as np  # noqa: PLC0415 - see above

    return np


def write_arrays(stream: IO[bytes], meta: Mapping[str, Any], arrays: "Mapping[str, NDArray[Any]]") -> None:
    """Write arrays with a description, as numpy's `.npz`."""
    np = import_numpy()
    described = json.dumps(meta, ensure_ascii=False, sort_keys=True)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in ({"meta": np.frombuffer(described.encode(), np.uint8)} | dict(arrays)).items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            # a fixed date, or the same arrays would not give the same bytes
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue(), zipfile.ZIP_DEFLATED, 9)


def read_bytes(path: Path, kind: str) -> bytes:
    """The bytes of a model file, for `read_model`.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: the {kind} cannot be read ({error.strerror})") from error


def read_model(
    data: bytes,
    name: str,
    make: "Callable[[dict[str, Any], dict[str, NDArray[Any]]], Model]",
    *,
    kind: str,
    form: str,
    largest: int,
) -> Model:
    """Make a model of the bytes of its file.

    Args:
        data: the bytes.
        name: what errors call the file.
        make: makes it of description and arrays; what it raises tells of damage.
        kind: what errors call such a model (`theme model`).
        form: the `format` that the description must name.
        largest: bytes that the arrays may have together.

    Raises:
        InputError: it is damaged, or no model of this kind and format.
    """
    np = import_numpy()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size <= largest:
            with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                arrays = {key: _finite(key, stored[key]) for key in stored.files}
            meta = json.loads(arrays.pop("meta").tobytes())
            if meta["format"] == form:
                return make(meta, arrays)
    except Exception as error:  # no list of what damage makes its readers raise is complete
        raise InputError(
            f"{name}: the {kind} is damaged, or is not a {kind} ({error}); train it or install zhreport again"
        ) from error
    raise InputError(f"{name}: is not a {kind} in the format {form!r}")


def _finite(name: str, array: "NDArray[Any]") -> "NDArray[Any]":
    """The array, if it is one of finite numbers."""
    if array.dtype.kind not in _NUMBERS or not import_numpy().isfinite(array).all():
        raise ValueError(f"the array {name} is not of finite numbers")
    if array.dtype.kind == "f" and float(abs(array).max(initial=0.0)) > _LARGEST:
        raise ValueError(f"the array {name} has a number beyond {_LARGEST:,.0f}")
    return array


def logistic(x: "NDArray[Any]") -> "NDArray[Any]":
    """The probability of log odds, however far from 0 these are."""
    np = import_numpy()
    result: NDArray[Any] = 1.0 / (1.0 + np.exp(np.clip(-x, -_EXPONENT, _EXPONENT)))
    return result


def check_share(name: str, value: object) -> None:
    """Check that a number of a description is a probability or a threshold of one.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{name} is {value!r}, no number from 0 to 1")
