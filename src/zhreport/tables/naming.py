"""Names for files and documents that are short and differ from each other."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath

__all__ = ["doc_names", "file_names", "lengthened", "parts_of"]


def parts_of(path: str | os.PathLike[str]) -> tuple[str, ...]:
    r"""The parts of the full path of a file; bytes of a name that are no UTF-8 are written as `\xff`.

    Links stay what they are called.
    """
    full = PurePath(os.path.abspath(path))  # noqa: PTH100 - `resolve` follows links
    root, *parts = (os.fsencode(part).decode("utf-8", "backslashreplace") for part in full.parts)
    return (root.rstrip("/\\"), *parts)


def _differing(parts: Sequence[tuple[str, ...]], least: Sequence[int]) -> list[str]:
    """The last parts of each, `least` of them or as many more as no other one ends in."""
    taken = list(least)
    while True:
        names = ["/".join(one[-n:]) for one, n in zip(parts, taken, strict=True)]
        often = Counter(names)
        short = [i for i, name in enumerate(names) if often[name] > 1 and taken[i] < len(parts[i])]
        if not short:
            return names
        for i in short:
            taken[i] += 1


def file_names(files: Sequence[tuple[Path, Path]]) -> list[str]:
    """What the files of a run are called: their paths as seen from the folder that was given, with `/`.

    Where two folders have files of one such path, as much of the path above is taken as tells them apart.

    Args:
        files: each file, and the folder that it is seen from.

    >>> a, b = Path("a"), Path("b")
    >>> file_names([(a / "甲" / "1.txt", a), (a / "2.txt", a), (b / "2.txt", b)])
    ['甲/1.txt', 'a/2.txt', 'b/2.txt']
    """
    parts = [parts_of(path) for path, _ in files]
    seen = [len(parts_of(root)) for _, root in files]
    return _differing(parts, [max(1, len(one) - above) for one, above in zip(parts, seen, strict=True)])


def doc_names(documents: Sequence[tuple[tuple[str, ...], str]]) -> list[str]:
    """What the documents of a run are called: their own names, with as much before as tells them apart.

    Args:
        documents: of each the parts of the path of its file and, for a row of a table, its name.

    A file is called without its ending, unless another one differs from it in nothing else; of rows of one
    name in one table the later ones get a number.

    >>> doc_names([(("甲", "1.txt"), ""), (("乙", "1.txt"), ""), (("乙", "2.txt"), ""), (("乙", "2.md"), "")])
    ['甲/1', '乙/1', '2.txt', '2.md']
    >>> doc_names([(("t.csv",), "总结"), (("t.csv",), "总结"), (("u.csv",), "总结")])
    ['t/总结', '总结 (2)', 'u/总结']
    """
    bare = [(*path[:-1], PurePath(path[-1]).stem) for path, _ in documents]
    endings: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for (path, _), short in zip(documents, bare, strict=True):
        endings[short].add(path[-1])
    full: list[tuple[str, ...]] = []
    rows: set[tuple[str, ...]] = set()
    for (path, row), short in zip(documents, bare, strict=True):
        one = path if len(endings[short]) > 1 else short
        if row:
            new = (*one, row)
            number = 1
            while new in rows:
                number += 1
                new = (*one, f"{row} ({number})")
            rows.add(new)
            one = new
        full.append(one)
    return _differing(full, [1] * len(full))


def lengthened(name: str, path: str, taken: Callable[[str], bool]) -> str:
    """A name that is not taken: itself, else with more of the path before it, at last with a number.

    >>> lengthened("1", "a/乙/1.txt", {"1"}.__contains__), lengthened("1", "1.txt", {"1"}.__contains__)
    ('乙/1', '1 (2)')
    """
    above, new, number = list(PurePath(path).parent.parts), name, 1
    del above[len(above) - min(len(above), name.count("/")) :]
    while taken(new):
        if above:
            new = f"{above.pop()}/{new}"
        else:
            number += 1
            new = f"{name} ({number})"
    return new
