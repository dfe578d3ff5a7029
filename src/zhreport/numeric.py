"""numpy, imported without a trace in the caller's process."""

import warnings
from types import ModuleType

__all__ = ["import_numpy"]


def import_numpy() -> ModuleType:
    """numpy, without the filters for warnings that its import would leave behind."""
    with warnings.catch_warnings():
        import numpy as np  # noqa: PLC0415 - see above

    return np
