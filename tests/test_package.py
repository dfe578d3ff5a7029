"""The package itself: what it offers, imported when first asked for."""

import ast
import inspect
import subprocess
import sys

import pytest

import zhreport


def test_every_name_is_imported_from_where_the_type_checker_looks() -> None:
    stated = {
        name.name: node.module
        for node in ast.walk(ast.parse(inspect.getsource(zhreport)))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("zhreport.")
        for name in node.names
    }
    assert sorted(stated) == sorted(zhreport.__all__)
    for name, module in stated.items():
        assert getattr(zhreport, name) is getattr(sys.modules[module or ""], name), name
        assert name in dir(zhreport)


def test_functions_stay_functions_beside_subpackages_of_their_names() -> None:
    code = (
        "import zhreport.audit.findings, zhreport.corpus, zhreport.panel; import zhreport; "
        "assert callable(zhreport.audit) and callable(zhreport.corpus) and callable(zhreport.panel); "
        "assert zhreport.errors.UsageError is zhreport.UsageError and zhreport.__version__"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'analyse'"):
        _ = zhreport.analyse  # type: ignore[attr-defined]


def test_import_loads_nothing_that_is_not_asked_for() -> None:
    code = (
        "import sys, zhreport; assert 'numpy' not in sys.modules and 'zhreport.report' not in sys.modules; "
        "zhreport.analyze; assert 'zhreport.audit' not in sys.modules and 'doctest' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
