"""The words of the page in the language of its reader."""

import json
from dataclasses import dataclass

from zhreport.labels import label, labels

__all__ = ["Wording"]

#: What the script of the page says, besides the names of fields.
_SCRIPT = (
    "{n} of {total}",
    "{n} in the text",
    "doc",
    "Copied",
    "sentence",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """Labels and counts in one language.

    >>> Wording("en").count(1, "claim"), Wording("en").count(1200, "claim"), Wording("zh").count(3, "claim")
    ('1 claim', '1,200 claims', '3条数据')
    """

    language: str

    def __call__(self, phrase: str) -> str:
        """An English phrase of the page."""
        return label(self.language, "view", phrase)

    def name(self, group: str, identifier: str) -> str:
        """An identifier of a group: a kind, a theme, a status."""
        return label(self.language, group, identifier) if identifier else ""

    def count(self, count: int, noun: str) -> str:
        """So many of something."""
        form = labels(self.language, "counts").get(noun, "{} " + noun + ("" if count == 1 else "s"))
        return form.format(f"{count:,}")

    def for_script(self) -> str:
        """What the script needs, as JSON: all phrases and names that it puts into the page."""
        said = {phrase: self(phrase) for phrase in _SCRIPT}
        said |= {"record": self.count(1, "record"), "records": self.count(2, "record").replace("2", "{}", 1)}
        fields = dict(labels(self.language, "fields"))
        return json.dumps({"say": said, "fields": fields}, ensure_ascii=False, sort_keys=True)
