"""How often every rule decides, what changes without it, and the counts in docs/rules.csv.

    python bench/rules.py usage FOLDER... [--rule NAME]... [--examples 5]

prints a line for every rule: how often it decides over the texts of the folders, and how many fields of
claims or campaigns are found otherwise without it, with examples of what changes (`needed`: the last of a
tuple, which decides always). A rule that decides nothing, or nothing that another would not decide alike, may
go. All texts are read once for each rule: name a few rules, or a few texts.

    python bench/rules.py count REPORTS [--gold GOLD.jsonl FOLDER]... -o docs/rules.csv

writes how often every rule decides over a corpus, and how often it is right on gold; the page of rules in
the documentation shows both. REPORTS is a folder of `.txt` reports. Each GOLD file holds annotated
paragraphs in the format of `corpora/samples/*.gold.jsonl`, FOLDER the texts that they are from.
Precision of a rejection: quantities it rejects that are no gold claim. Of a kind rule: claims whose
kind and direction are right; of a status or period rule: whose status or period is right. Only gold
paragraphs count; they say nothing of the tone.
"""

import argparse
import collections
import csv
import json
import pathlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import golden
from zhreport import Document, read
from zhreport.campaigns import NOT_CAMPAIGNS, CampaignDecision, CampaignExtractor
from zhreport.claims import ACTIONS, KINDS, REJECTIONS, SOURCES, Claim, ClaimExtractor, Decision
from zhreport.clause import default_grammar
from zhreport.quantities import Scan
from zhreport.report import Analyzer
from zhreport.territory import OWNERS
from zhreport.timeframe import PERIODS, STATUSES, TONES

#: The groups whose decisions gold can judge.
COMPARED = ("What is no claim", "Kind", "Status", "Period", "What is no campaign")
GROUPS: tuple[tuple[str, str, Iterable[Callable[..., Any]]], ...] = (
    ("What is no claim", "In this order; the first rule that says yes rejects the quantity.", REJECTIONS),
    ("Kind", "In this order; the first verdict wins.", KINDS),
    ("Indicator", "In this order; the first source that has a noun gives it.", SOURCES),
    ("Action", "In this order; the first source that has a verb gives it.", ACTIONS),
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
    claim = decision.claim
    own = (claim.rule, claim.indicator_rule, claim.action_rule, claim.place_rule)
    return [*filter(None, (*own, *timed)), *decision.reading]


def _says_nothing(*_: object) -> None:
    return None


@contextmanager
def silent(rule: Callable[..., Any]) -> Iterator[None]:
    """A rule says nothing inside, wherever it is called from."""
    code = rule.__code__
    rule.__code__ = _says_nothing.__code__
    try:
        yield
    finally:
        rule.__code__ = code


@dataclass(frozen=True)
class Text:
    """One text with what is found before the rules look at it."""

    name: str
    document: Document
    scan: Scan


class Trial:
    """Texts on which rules are tried.

    Args:
        folders: where they are.
    """

    def __init__(self, folders: Iterable[pathlib.Path]) -> None:
        analyzer = Analyzer(themes=False)
        self._lexicon, self._tokenizer = analyzer.lexicon, analyzer.tokenizer
        self.claims = ClaimExtractor(self._lexicon, self._tokenizer)
        self._campaigns = CampaignExtractor(self._lexicon, self._tokenizer)
        self.texts = [Text(n, d, self.claims.scan(d)) for n, d in golden.texts(folders)]

    def found(self, claims: ClaimExtractor | None) -> dict[str, golden.Records]:
        """The records of all texts: claims by an extractor, or campaigns without one."""
        records = {}
        for text in self.texts:
            args = text.document, text.scan, text.document.timeframe
            kind = "claims" if claims else "campaigns"
            rows = claims.claims(*args) if claims else self._campaigns.campaigns(*args)
            records[text.name] = {kind: golden.rows(text.document, rows)}
        return records

    def without(
        self, name: str, rule: Callable[..., Any] | None, *, of_claims: bool
    ) -> dict[str, golden.Records]:
        """The records without a rule, or without one of the clause grammar."""
        if rule is None:
            grammar = default_grammar().without(name)
            return self.found(ClaimExtractor(self._lexicon, self._tokenizer, grammar))
        with silent(rule):
            return self.found(self.claims if of_claims else None)

    def usage(self) -> collections.Counter[str]:
        """How often every rule decides."""
        hits: collections.Counter[str] = collections.Counter()
        for text in self.texts:
            args = text.document, text.scan, text.document.timeframe
            for decision in self.claims.decisions(*args):
                hits.update(names(decision))
            for name in self._campaigns.decisions(*args):
                hits.update(names(name))
        return hits


def usage(folders: list[pathlib.Path], only: list[str], examples: int) -> None:
    """Print what every rule decides, and what changes without it."""
    tried: list[tuple[str, str, Callable[..., Any] | None]]
    tried = [(rule.__name__, title, rule) for title, _, rules in GROUPS for rule in rules]
    tried += [(rule.name, f"Clause, {rule.level}", None) for rule in default_grammar().rules]
    known = {name for name, _, _ in tried}
    if unknown := sorted(set(only) - known):
        raise SystemExit(f"no rule is called {unknown[0]}; there are {', '.join(sorted(known))}")
    trial = Trial(folders)
    hits, whole = trial.usage(), {True: trial.found(trial.claims), False: trial.found(None)}
    print("rule\tgroup\tdecides\tchanged without it")
    for name, title, rule in tried:
        if only and name not in only:
            continue
        of_claims = rule not in NOT_CAMPAIGNS
        try:
            found = trial.without(name, rule, of_claims=of_claims)
        except AssertionError:
            print(f"{name}\t{title}\t{hits[name]}\tneeded", flush=True)
            continue
        changed = [
            d for doc, kept in whole[of_claims].items() for d in golden.compared(doc, kept, found[doc])
        ]
        print(f"{name}\t{title}\t{hits[name]}\t{len(changed)}", flush=True)
        for difference in changed[:examples]:
            print(f"    {difference.line()}")


def main(arguments: list[str] | None = None) -> None:
    """Try, or write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    try_them = commands.add_parser("usage", help="how often every rule decides, and what changes without it")
    try_them.add_argument("folders", type=pathlib.Path, nargs="+")
    try_them.add_argument("--rule", action="append", default=[], help="try this rule alone")
    try_them.add_argument("--examples", type=int, default=5, help="print so many changes of each rule (5)")
    counting = commands.add_parser("count", help="write docs/rules.csv")
    counting.add_argument("reports", type=pathlib.Path)
    counting.add_argument(
        "--gold",
        type=pathlib.Path,
        nargs=2,
        action="append",
        default=[],
        metavar=("GOLD.jsonl", "FOLDER"),
        help="annotated paragraphs and the folder of their texts; may be given again",
    )
    counting.add_argument("-o", "--output", type=pathlib.Path, required=True)
    args = parser.parse_args(arguments)
    if args.command == "usage":
        usage(args.folders, args.rule, args.examples)
    else:
        count(args.reports, args.gold, args.output)


class Judged:
    """How often each rule was right on annotated paragraphs."""

    def __init__(self) -> None:
        self.paragraphs = 0
        self.right: collections.Counter[str] = collections.Counter()
        self.judged: collections.Counter[str] = collections.Counter()

    def add(self, decisions: Iterable[Decision | CampaignDecision], paragraph: dict[str, Any]) -> None:
        """Judge what was decided in a paragraph."""
        self.paragraphs += 1
        wanted = {(c["start"], c["end"]): c for c in paragraph["claims"]}
        named = {(c["start"], c["end"]) for c in paragraph.get("campaigns", [])}
        for decision in decisions:
            if isinstance(decision, Decision):
                start, end = decision.quantity.start, decision.quantity.end
            else:
                start, end = decision.start, decision.end
            if not paragraph["start"] <= start < paragraph["end"]:
                continue
            if isinstance(decision, CampaignDecision):
                if decision.campaign is None:
                    self.judged[decision.rejected_by] += 1
                    self.right[decision.rejected_by] += (start, end) not in named
                continue
            self.judged.update(names(decision))
            known = wanted.get((start, end))
            if decision.claim is None:
                self.right[decision.rejected_by] += known is None
            elif known is not None:
                self.right.update(_right(decision.claim, known))


def _right(claim: Claim, known: dict[str, Any]) -> Iterator[str]:
    """The rules of a claim that decided as the annotation has it."""
    if (claim.kind, claim.direction) == (known["kind"], known["direction"]):
        yield claim.rule
    if claim.status == known["status"]:
        yield claim.status_rule
    if claim.period in known.get("periods", [known["period"]]):
        yield claim.period_rule


def _judge(judged: Judged, analyzer: Analyzer, gold: pathlib.Path, folder: pathlib.Path) -> None:
    by_doc = collections.defaultdict(list)
    for line in gold.read_text(encoding="utf-8").splitlines():
        paragraph = json.loads(line)
        by_doc[paragraph["doc"]].append(paragraph)
    for doc, paragraphs in by_doc.items():
        path = folder / f"{doc}.txt"
        if not path.is_file():
            raise SystemExit(f"{path} is missing; {gold} has paragraphs of it: name the folder of its texts")
        decisions = analyzer.explain(read(path, year=paragraphs[0]["year"]))
        for paragraph in paragraphs:
            judged.add(decisions, paragraph)


def count(reports: pathlib.Path, gold: list[tuple[pathlib.Path, pathlib.Path]], output: pathlib.Path) -> None:
    """Count, and write the table."""
    analyzer, hits, judged = Analyzer(), collections.Counter[str](), Judged()
    for gold_file, folder in gold:
        _judge(judged, analyzer, gold_file, folder)
    files = sorted(reports.rglob("*.txt"))
    for path in files:
        for decision in analyzer.explain(read(path)):
            hits.update(names(decision))
    # which noun or verb a rule chose, and the tone, are not compared with the annotation
    compared = {rule.__name__ for title, _, rules in GROUPS if title in COMPARED for rule in rules}
    with output.open("w", encoding="utf-8", newline="") as stream:
        stream.write(f"# Counted over {len(files)} reports and {judged.paragraphs} annotated paragraphs.\n")
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(("rule", "hits", "judged", "right"))
        known = [rule.__name__ for _, _, rules in GROUPS for rule in rules]
        known += [rule.__name__ for rule in OWNERS]  # of a report, not of a text alone
        for name in (*known, *(rule.name for rule in default_grammar().rules)):
            rows.writerow(
                (
                    name,
                    hits[name],
                    *((judged.judged[name], judged.right[name]) if name in compared else (0, 0)),
                )
            )


if __name__ == "__main__":
    main()
