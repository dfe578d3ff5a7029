"""The documentation: `python -m sphinx -W -n docs site`."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))
from generate import expanded

project, author = "zhreport", "The zhreport developers"
release = version = installed("zhreport")
project_copyright = "The zhreport developers, Apache-2.0"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["README.md"]
html_theme = "furo"
html_title = f"zhreport {release}"
html_search_language = "zh"  # cuts Chinese into words; Latin words are searched as in English
myst_heading_anchors = 3
default_role = "code"  # docstrings are written in Markdown
highlight_language = "none"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_display_short_literal_types = True
napoleon_use_ivar = True
toc_object_entries_show_parents = "hide"


def _expand(_: Sphinx, __: str, source: list[str]) -> None:
    source[0] = expanded(source[0])


def setup(app: Sphinx) -> None:
    """Put what is generated into the pages as they are read."""
    app.connect("source-read", _expand)
