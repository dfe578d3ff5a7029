"""Reports as one self-contained HTML page: their texts with the records marked, beside a table of them.

The page needs no network and holds its style and script, which its content security policy names by hash:
nothing that a report contains can run. Without the script it is still texts with highlights and a table.
"""

from zhreport.view.page import NOTEBOOK_CHARACTERS, fragment, page
from zhreport.view.viewable import Finding, Viewable, ViewableParagraph

__all__ = ["NOTEBOOK_CHARACTERS", "Finding", "Viewable", "ViewableParagraph", "fragment", "page"]
