"""Make the table of traditional characters from the Unicode Han database.

    python bench/traditional.py Unihan_Variants.txt[.bz2] -o src/zhreport/data/traditional.csv

A row for every character that has exactly one simplified variant (kSimplifiedVariant) in GB 2312 and is
not a simplified character itself (乾 and 著 are: the database names them among their own variants).
"""

import argparse
import bz2
import pathlib

HEADER = "traditional,simplified\n"


def in_gb2312(char: str) -> bool:
    """Is a character one of the 6,763 of GB 2312?"""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _char(code: str) -> str:
    """The character of `U+9580`."""
    return chr(int(code.removeprefix("U+"), base=16))


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("variants", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    args = parser.parse_args()
    data = args.variants.read_bytes()
    text = (bz2.decompress(data) if args.variants.suffix == ".bz2" else data).decode("utf-8")
    rows: list[str] = []
    for line in text.splitlines():
        code, _, rest = line.partition("\tkSimplifiedVariant\t")
        variants = [_char(v) for v in rest.split()]
        char = _char(code) if variants else ""
        common = [variant for variant in variants if in_gb2312(variant)]
        if char not in variants and len(common) == 1:
            rows.append(f"{char},{common[0]}\n")
    args.output.write_text(HEADER + "".join(sorted(rows)), encoding="utf-8")
    print(f"{args.output}: {len(rows)} characters")


if __name__ == "__main__":
    main()
