"""Sort the lists of the vocabulary files, ten words to a line, so that a change is a difference one can read.

    python tests/vocabulary.py            # writes the files of src/zhreport/data anew
    python tests/vocabulary.py mine.toml  # or others of the same form

Comments stay where they are; a word that stands twice in a list is kept once, and named. A word of two
classes is an error, which ends the command.
"""

import pathlib
import re
import sys
from collections.abc import Iterator
from typing import Final

from zhreport.errors import DataFileError
from zhreport.words.lexicon import default_lexicon

__all__ = ["FILES", "sorted_lists"]

DATA: Final = pathlib.Path(__file__).resolve().parent.parent / "src" / "zhreport" / "data"
#: The files whose lists are sets.
FILES: Final = tuple(
    DATA / f"{name}.toml"
    for name in ("words", "claims", "not_claims", "measures", "time", "campaigns", "furniture", "paragraphs")
)
#: Sections in which the order of the words tells something, or the characters are the words.
_ORDERED: Final = frozenset(("dual", "in_word"))
_PER_LINE: Final = 10
_LISTED: Final = re.compile(r'(?P<key>[^\s=#]+) = (?:"""(?P<long>.*?)"""|"(?P<short>[^"\n]*)")\n', re.DOTALL)


def sorted_lists(text: str) -> str:
    """The text of a vocabulary file with its lists sorted."""
    return "".join(_sections(text))


def _sections(text: str) -> Iterator[str]:
    for part in re.split(r"(?m)^(?=\[)", text):
        name = part[1 : part.find("]")] if part.startswith("[") else ""
        yield part if name in _ORDERED else _LISTED.sub(_sorted, part)


def _sorted(match: re.Match[str]) -> str:
    listed = (match["long"] or match["short"] or "").split()
    words = sorted(set(listed))
    if double := sorted(word for word in words if listed.count(word) > 1):
        sys.stderr.write(f"{match['key']}: twice in the list, kept once: {' '.join(double)}\n")
    if len(words) <= _PER_LINE:
        return f'{match["key"]} = "{" ".join(words)}"\n'
    lines = [" ".join(words[at : at + _PER_LINE]) for at in range(0, len(words), _PER_LINE)]
    return "\n".join((f'{match["key"]} = """', *lines, '"""\n'))


if __name__ == "__main__":
    for path in map(pathlib.Path, sys.argv[1:] or FILES):
        path.write_text(sorted_lists(path.read_text(encoding="utf-8")), encoding="utf-8")
    try:
        default_lexicon()
    except DataFileError as error:
        sys.exit(str(error))
