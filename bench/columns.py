"""Write the lists of columns into docs/tables.md.

python bench/columns.py docs/tables.md
"""

import pathlib
import re
import sys

from zhreport.tables import COLUMNS


def main(path: pathlib.Path) -> None:
    """Replace the rows of each list by those of the code."""
    text = path.read_text(encoding="utf-8")
    for kind, found in COLUMNS.items():
        head, section = text.split(f"\n### {kind}\n", 1)
        section, *rest = re.split(r"(?=\n#)", section, maxsplit=1)
        rows = "\n".join(f"| `{c.name}` | {c.type} | {c.meaning} |" for c in found)
        section = re.sub(r"(?:^\| `.*\|$\n?)+", lambda _, rows=rows: rows + "\n", section, flags=re.MULTILINE)
        text = f"{head}\n### {kind}\n{section}{''.join(rest)}"
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
