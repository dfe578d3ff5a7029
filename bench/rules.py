"""Write docs/rules.md: every rule with its docstring, its hits on a corpus and its precision on gold.

    python bench/rules.py REPORTS GOLD.jsonl... -o docs/rules.md

REPORTS is a folder of `.txt` reports. Each GOLD file holds annotated paragraphs in the format of
`corpora/samples/*.gold.jsonl`; its documents are looked for in REPORTS and beside the gold file.
Precision of a rejection: quantities it rejects that are no gold claim. Of a kind rule: claims whose
kind and direction are right; of a status or period rule: whose status or period is right. Only gold
paragraphs count; they say nothing of the tone.
"""

import argparse
import collections
import inspect
import json
import pathlib
from collections.abc import Callable, Iterable
from typing import Any

from zhreport import read
from zhreport.campaigns import NOT_CAMPAIGNS, CampaignDecision
from zhreport.claims import KINDS, REJECTIONS, Decision
from zhreport.report import Analyzer
from zhreport.timeframe import PERIODS, STATUSES, TONES

GROUPS: tuple[tuple[str, str, Iterable[Callable[..., Any]]], ...] = (
    ("What is no claim", "In this order; the first rule that says yes rejects the quantity.", REJECTIONS),
    ("Kind", "In this order; the first verdict wins.", KINDS),
    ("Status", "In this order; the first verdict wins.", STATUSES),
    ("Period", "In this order; the first verdict wins.", PERIODS),
    ("Tone of a target", "In this order; the first verdict wins.", TONES),
    ("What is no campaign", "In this order; the first rule that says yes rejects the name.", NOT_CAMPAIGNS),
)


def names(decision: Decision | CampaignDecision) -> list[str]:
    """The rules that decided about a quantity or a name."""
    if isinstance(decision, CampaignDecision):
        return [decision.campaign.rule if decision.campaign else decision.rejected_by]
    if decision.claim is None:
        return [decision.rejected_by]
    timing = decision.timing
    timed = (timing.status_rule, timing.period_rule, timing.tone_rule) if timing else ()
    return [decision.claim.rule, *filter(None, timed)]


def inside(decision: CampaignDecision, paragraph: dict[str, Any]) -> bool:
    """Does a name stand in a paragraph?"""
    start: int = paragraph["start"]
    end: int = paragraph["end"]
    return start <= decision.start < end


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=pathlib.Path)
    parser.add_argument("gold", type=pathlib.Path, nargs="+")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    args = parser.parse_args()
    analyzer = Analyzer()
    hits: collections.Counter[str] = collections.Counter()
    files = sorted(args.reports.rglob("*.txt"))
    for path in files:
        for decision in analyzer.explain(read(path)):
            hits.update(names(decision))
    right: collections.Counter[str] = collections.Counter()
    judged: collections.Counter[str] = collections.Counter()
    paragraphs = 0
    for gold_file in args.gold:
        by_doc = collections.defaultdict(list)
        for line in gold_file.read_text(encoding="utf-8").splitlines():
            paragraph = json.loads(line)
            by_doc[paragraph["doc"]].append(paragraph)
        for doc, wanted in by_doc.items():
            paragraphs += len(wanted)
            places = (args.reports / f"{doc}.txt", gold_file.parent / f"{doc}.txt")
            path = next(place for place in places if place.is_file())
            decisions = analyzer.explain(read(path, year=wanted[0]["year"]))
            for paragraph in wanted:
                gold = {(c["start"], c["end"]): c for c in paragraph["claims"]}
                named = [(c["start"], c["end"]) for c in paragraph.get("campaigns", [])]
                for decision in decisions:
                    if isinstance(decision, CampaignDecision):
                        if decision.campaign is None and inside(decision, paragraph):
                            judged[decision.rejected_by] += 1
                            right[decision.rejected_by] += (decision.start, decision.end) not in named
                        continue
                    if not paragraph["start"] <= decision.quantity.start < paragraph["end"]:
                        continue
                    claim, known = decision.claim, gold.get((decision.quantity.start, decision.quantity.end))
                    judged.update(names(decision))
                    if claim is None:
                        right[decision.rejected_by] += known is None
                    elif known is not None:
                        kind = (claim.kind, claim.direction) == (known["kind"], known["direction"])
                        right[claim.rule] += kind
                        right[claim.status_rule] += claim.status == known["status"]
                        right[claim.period_rule] += claim.period in known.get("periods", [known["period"]])
    lines = [
        "# The rules",
        "",
        f"Generated by `bench/rules.py` from {len(files)} reports and {paragraphs} annotated paragraphs.",
        "Hits are quantities (or possible names) of the reports that the rule decided; precision is over",
        "the paragraphs.",
    ]
    for title, order, rules in GROUPS:
        lines += ["", f"## {title}", "", order, ""]
        for rule in rules:
            name = rule.__name__
            share = f"{right[name] / judged[name]:.3f} of {judged[name]}" if judged[name] else "no example"
            share = "not annotated" if rule in TONES else share
            lines += [f"### `{name}`", "", f"Hits {hits[name]}, precision on gold {share}.", ""]
            lines += ["```text", inspect.cleandoc(rule.__doc__ or ""), "```", ""]
    args.output.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
