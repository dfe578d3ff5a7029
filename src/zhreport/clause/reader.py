"""Clauses: the words before and after a quantity, read by the grammar for noun, verb and head.

The words of a clause become a string of signs, the levels of the grammar find chunks in it, and the chunks
are the roles of a reading. What was found for a string of signs holds for every clause that is built alike.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from zhreport.clause.grammar import Grammar, Rule
from zhreport.clause.tagging import Tagger
from zhreport.errors import UsageError
from zhreport.words.compiling import Pattern, compiled, quick
from zhreport.words.lexicon import Lexicon
from zhreport.words.tokens import Tokenizer

__all__ = ["DATE_SIGN", "DEEDS", "MAY_BE_DEEDS", "ClauseReader", "Left", "Right"]


class Left(NamedTuple):
    """What stands before a quantity, inside one segment.

    Attributes:
        noun: the noun phrase, "" if the segment has none.
        noun_start: where it begins in the segment.
        head: the segment's verb before the noun (`建成` in `建成基站`), else "".
        subject: the words before that verb.
        verb: the verb between the noun and the quantity (`达到`), else "".
        verb_class: class of `verb`, or of `head` where there is no `verb`; "" if none.
        distributed: 分别 or 各 stands between.
        from_base: the segment ends with 由 or 从: the quantity is the start of a change.
        reference: the quantity is compared with something named (`快于全国`).
        listed: the noun ends with 等: what is counted follows the quantity.
        bound: the noun phrase begins where the segment begins.
        content: the segment has words beside fillers.
        rules: the rules of the grammar that decided, in order.
    """

    noun: str
    noun_start: int
    head: str
    subject: str
    verb: str
    verb_class: str
    distributed: bool
    from_base: bool
    reference: bool
    listed: bool
    bound: bool
    content: bool
    rules: tuple[str, ...]


class Right(NamedTuple):
    """What stands after a quantity, inside one segment.

    Attributes:
        noun: the noun phrase that follows directly, "" if a verb or nothing follows.
        linked: 的 stands between.
        verb: the verb after the noun phrase, or the first word if it is a verb.
        verb_class: its class.
        object: the noun phrase after `verb`.
        open: the noun phrase runs to the end of the segment.
        rules: the rules of the grammar that decided, in order.
    """

    noun: str
    linked: bool
    verb: str
    verb_class: str
    object: str
    open: bool
    rules: tuple[str, ...]


#: Stands for a calendar expression in a segment; a private-use character, so that no word contains it.
DATE_SIGN: Final = "\ue000"
#: Classes of verbs that name a deed, and stand as nouns too: 改造, 搬迁.
DEEDS: Final = frozenset(("act", "weak"))
#: Features of words that may name a deed: the same, and those that only the dictionary calls verbs.
MAY_BE_DEEDS: Final = frozenset(("deed", "verbal", "deverbal"))
_BRACKETS: Final = frozenset("“《‘「（")
_EDGES: Final = "—-– ：:·"
_QUOTED: Final = compiled(r"[“《‘「（）]").search  # only these are kept whole
_LONGEST: Final = 400  # characters of a clause: what stands farther from the quantity is not looked at
_PIECES: Final = ("trim", "first", "last", "begin", "end", "hollow", "from", "each", "special", "compares")
_VERB_AND_OBJECT: Final = 4  # characters
_FARTHEST: Final = 9  # words between a base and the noun

States = frozenset[str]


class _Verb(NamedTuple):
    """The verb before a quantity: its place in the words, its class, and where what stands before it ends."""

    start: int
    stop: int
    kind: str
    end: int
    reference: bool = False


class _Chunks(NamedTuple):
    """The parts of a clause before a quantity, as places in its words; the verb with its class."""

    verb: int
    verb_stop: int
    kind: str
    noun: int
    noun_stop: int
    head: int
    subject: int
    reference: bool
    distributed: bool
    from_base: bool
    hollow: bool
    bound: bool
    listed: bool
    rules: tuple[str, ...]


class _Decider(NamedTuple):
    """A rule in a pattern, and role → the groups of the pattern that hold its words."""

    rule: Rule
    roles: Mapping[str, tuple[int, ...]]

    def group(self, role: str, found: "re.Match[str]") -> int:
        """The group with the last words of a role, -1 if there are none."""
        last = place = -1
        for group in self.roles.get(role, ()):
            if (start := found.start(group)) > place:
                last, place = group, start
        return last


_Hit = tuple[_Decider, "re.Match[str]"]
_Deciders = dict[int, _Decider]  # by the number of the group that closes last


class _ByStates(dict[States, tuple[tuple[Pattern, _Deciders], ...]]):
    """What is known when a level is read → the patterns of its rules, compiled when first asked for.

    Neighbours share a pattern, with a mark at the end of each rule; a rule that only `regex` can read has one
    of its own, for it is slower.
    """

    def __init__(self, rules: Sequence[Rule], tagger: Tagger) -> None:
        super().__init__()
        self._rules = rules
        self._sources = {rule.name: tagger.source(rule.pattern, rule.name) for rule in rules}

    def __missing__(self, states: States) -> tuple[tuple[Pattern, _Deciders], ...]:
        asked = [rule for rule in self._rules if not rule.when or rule.when in states]
        return self.setdefault(states, tuple(map(self._pattern, self._together(asked))))

    def _together(self, rules: list[Rule]) -> Iterator[list[Rule]]:
        """The rules that share a pattern: in most levels all of them."""
        if rules and quick(self._joined(rules)):
            yield rules
            return
        for _, some in groupby(rules, lambda rule: bool(quick(self._sources[rule.name])) or rule.name):
            yield list(some)

    def _joined(self, rules: Iterable[Rule]) -> str:
        return "|".join(f"(?:{self._sources[rule.name]})(?P<end_{rule.name}>)" for rule in rules)

    def _pattern(self, rules: list[Rule]) -> tuple[Pattern, _Deciders]:
        """The pattern of rules, and which of them each of its last groups is."""
        pattern = compiled(self._joined(rules))
        deciders = {}
        for rule in rules:
            roles: dict[str, tuple[int, ...]] = {}
            for name, group in pattern.groupindex.items():
                role, _, of = name.partition("_")
                if role != "end" and of.partition("_")[2] == rule.name:
                    roles[role] = (*roles.get(role, ()), group)
            deciders[pattern.groupindex[f"end_{rule.name}"]] = _Decider(rule, roles)
        return pattern, deciders


class _Level:
    """The rules of one level."""

    def __init__(self, rules: Sequence[Rule], tagger: Tagger) -> None:
        self._tagger = tagger
        self._by_states = _ByStates(rules, tagger)

    def first(self, signs: str, states: States = frozenset(), at: int = 0) -> _Hit | None:
        """The first rule that fits at a place."""
        for pattern, deciders in self._by_states[states]:
            if (found := pattern.match(signs, at)) is not None:
                return deciders[found.lastindex or 0], found
        return None

    def next(self, signs: str, states: States = frozenset(), at: int = 0) -> _Hit | None:
        """The first place from `at` on where a rule fits, and the first rule that fits there."""
        best = None
        for pattern, deciders in self._by_states[states]:
            found = pattern.search(signs, at)
            if found is not None and (best is None or found.start() < best[1].start()):
                best = deciders[found.lastindex or 0], found
        return best

    def moved(self, signs: str, states: States, used: list[str]) -> str:
        """The signs, those that a rule finds in the class that it gives."""
        at, whole = 0, signs
        while (hit := self.next(whole, states, at)) is not None:
            rule, place = hit[0].rule, hit[1].start()
            signs = signs[:place] + self._tagger.moved(signs[place], rule.gives) + signs[place + 1 :]
            used.append(rule.name)
            at = max(hit[1].end(), place + 1)
        return signs


class ClauseReader:
    """Reads segments; what it has read it remembers, a bounded number of them.

    Args:
        lexicon: word classes.
        tokenizer: cuts segments into words.
        grammar: how they are read.

    Raises:
        UsageError: a rule of the grammar is not fit to be one.
    """

    def __init__(self, lexicon: Lexicon, tokenizer: Tokenizer, grammar: Grammar) -> None:
        self._classes, self._sets, self._units = lexicon.words, lexicon.sets, lexicon.units
        self._tokenizer = tokenizer
        self._without: Callable[[str], ClauseReader]
        self._without = lambda name: ClauseReader(lexicon, tokenizer, grammar.without(name))
        texts = {name: compiled(looks) for name, looks in grammar.texts.items()}
        self._names_more, self._no_noun = texts["names"].fullmatch, texts["no_noun"].fullmatch
        self._circumstances = tuple(sorted(grammar.words["circumstance"]))
        self._notes, self._cells = texts["footnotes"], texts["cells"]
        self._whole = compiled(f"({texts['whole'].pattern})")
        self.words: Callable[[str], tuple[str, ...]] = lru_cache(maxsize=16384)(self._words)
        self.class_of: Callable[[str], str] = lru_cache(maxsize=65536)(self._class_of)
        tagger = self._tagger = Tagger(lexicon, grammar, self._names)
        self._sign, self._features_of = tagger.sign, tagger.features_of
        self._level, self._after = (
            {level: _Level(grammar.of_level(level), tagger) for level in levels}
            for levels in (_BEFORE, _AFTER)
        )
        pieces = {name: tagger.pattern(f"<{name}>") for name in _PIECES}
        self._piece = {name: pieces[name].match for name in ("trim", "first", "last", "begin", "end")}
        self._special, self._from, self._each, self._compares = (
            pieces[name].search for name in ("special", "from", "each", "compares")
        )
        self._hollow = pieces["hollow"].match
        self.left: Callable[[str], Left] = lru_cache(maxsize=4096)(self._left)
        self.right: Callable[..., Right] = lru_cache(maxsize=4096)(self._right)
        self.attribute: Callable[[str], bool] = lru_cache(maxsize=4096)(self._attribute)
        self._chunks: Callable[[str], _Chunks] = lru_cache(maxsize=16384)(self._parse)
        self._counted: Callable[[str, States], tuple[int, int, int, tuple[str, ...]]]
        self._counted = lru_cache(maxsize=16384)(self._parse_right)

    def _words(self, text: str) -> tuple[str, ...]:
        """Words, quoted names kept whole."""
        if not _QUOTED(text):
            return tuple(self._tokenizer.words(text))
        found: list[str] = []
        for piece in self._whole.split(text):
            if piece and piece[0] in _BRACKETS and len(piece) > 1:
                found.append(piece)
            elif piece:
                found.extend(self._tokenizer.words(piece))
        return tuple(found)

    def _class_of(self, word: str) -> str:
        """The class of a word, `time` for numbers and date words, "" for other words."""
        kind = self._tagger.kind(self._tagger.sign(word)) if word else ""
        return "" if kind == "noun" else kind

    def _names(self, note: str) -> bool:
        """Do words in brackets name more of the same kind, and do not say when, how or in which unit?"""
        return (
            self._names_more(note) is not None
            and note not in self._units
            and not any(self.class_of(word) in ("time", "up", "down", "level") for word in self.words(note))
        )

    def _attribute(self, noun: str) -> bool:
        """Is the noun a bare attribute that needs an owner (`增速`, `总投资`, `占GDP比重`)?"""
        known = (
            noun in self._sets["attributes"] or noun in self._sets["growth_heads"] or noun.startswith("占")
        )
        return known or (len(noun) > 2 and noun[-1] == "率" and self.class_of(noun[:-1]) in DEEDS)  # 答复率

    def check(self, rules: Sequence[Rule]) -> None:
        """Try the hits and misses of rules.

        Raises:
            UsageError: a rule does not decide its hit, or decides its miss, or its hit is read alike without
                it, so that it is not needed; names file and rule.
        """
        for rule in rules:
            after, clause = rule.level in self._after, str(rule.hit["clause"])
            read = partial(_reading_of, after, rule.when if rule.when in _CLAUSES else "verb")
            reading = read(self, clause)
            if rule.name not in reading.rules:
                decided = ", ".join(reading.rules)
                raise UsageError(f"{rule.place} does not decide its hit {clause!r}; there decide {decided}")
            for name, wanted in rule.hit.items():
                if name != "clause" and (found := getattr(reading, name, None)) != wanted:
                    raise UsageError(
                        f"{rule.place}: in its hit {clause!r} {name} is {found!r}, not {wanted!r}"
                    )
            if rule.name in read(self, rule.miss).rules:
                raise UsageError(f"{rule.place} decides its miss {rule.miss!r} too")
            other = read(self._without(rule.name), clause)
            if other._replace(rules=()) == reading._replace(rules=()):
                decided = ", ".join(other.rules) or "no rule"
                raise UsageError(
                    f"{rule.place} is not needed: without it its hit {clause!r} is read alike ({decided}); "
                    "show a clause that only it reads so, or leave it out"
                )

    # -- before the quantity

    def _left(self, text: str) -> Left:
        passed = max(0, len(text) - _LONGEST)
        words = self.words(text[passed:])
        if "比" in text:
            words = self._cut(words)
        if words and len(words[-1]) == _VERB_AND_OBJECT:
            words = (*words[:-1], *self._halves(words))
        signs = self._tagger.tags(words)
        chunks = self._chunks(signs)
        noun, start, verb, kind = self._named(words, signs, chunks)
        head = words[chunks.head] if chunks.head >= 0 else ""
        if head and not kind:  # what a rule found to be the head acts, though no list may know it
            kind = self.class_of(head) or "act"
        return Left(
            noun,
            passed + sum(map(len, words[:start])),
            head,
            "".join(words[: chunks.subject]),
            verb,
            kind,
            chunks.distributed or verb.startswith("分别"),
            chunks.from_base,
            chunks.reference,
            chunks.listed,
            chunks.bound,
            bool(noun or head),
            chunks.rules,
        )

    def _named(self, words: tuple[str, ...], signs: str, chunks: _Chunks) -> tuple[str, int, str, str]:
        """Noun, its place in the words, verb and class of the verb, as the words themselves have it."""
        start, has = chunks.noun, self._tagger.has
        noun = self._plain("".join(words[start : chunks.noun_stop]).replace(DATE_SIGN, ""))
        verb, kind = "".join(words[chunks.verb : chunks.verb_stop]), chunks.kind
        alone = signs[start] if chunks.noun_stop - start == 1 else ""
        head = signs[chunks.head] if chunks.head >= 0 else ""
        if chunks.hollow or self._is_none(noun, alone) or self._is_receiver(signs, chunks):
            return "", start, verb, kind
        if chunks.subject and self.attribute(noun):
            noun, start = self._owned(words, noun, chunks)
        if alone and not verb and self._is_verb(alone, head):
            if not has(alone, "compared"):
                return "", start, verb, kind
            return "", start, noun, "down" if self.has(noun, "less") else "up"
        return noun, start, verb, kind

    def _is_receiver(self, signs: str, chunks: _Chunks) -> bool:
        """Does 给 stand behind the head: 返还给企业 | 40万元?"""
        return (
            chunks.head >= 0 and chunks.noun < len(signs) and self._tagger.has(signs[chunks.noun], "helped")
        )

    def _is_verb(self, alone: str, head: str) -> bool:
        """Is a lone word a verb: of the head, with the noun said before, or of a comparison?"""
        if head and self._tagger.has(head, "light") and self._tagger.kind(alone) == "weak":
            return True  # 完成整改 | 51处
        return self._tagger.has(alone, "compared")  # 比全国、全省分别高 | 1.4个百分点

    def _is_none(self, noun: str, alone: str) -> bool:
        """Is it no noun: a number, a circumstance (`…的基础上`), or a word that cannot stand alone?"""
        if not noun or noun.endswith(self._circumstances) or self._no_noun(noun) is not None:
            return True
        return bool(alone) and self._tagger.has(alone, "whole")

    def has(self, word: str, feature: str) -> bool:
        """Has a word a feature of the grammar?"""
        return bool(word) and feature in self._features_of[self._sign(word)]

    def has_any(self, word: str, features: frozenset[str]) -> bool:
        """Has a word one of some features?"""
        return bool(word) and not features.isdisjoint(self._features_of[self._sign(word)])

    def _plain(self, noun: str) -> str:
        """A noun without signs at its edges, numbers of footnotes and further cells of its row."""
        noun = self._notes.sub("", noun.strip(_EDGES))
        return self._cells.sub("", noun) if " " in noun else noun

    def _cut(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Words whose last sign belongs to what follows: 产量比 | 上年, one word in the dictionary."""
        for i, (word, after) in enumerate(pairwise(words)):
            if word[-1] == "比" and len(word) > 1 and self.class_of(after) == "time":
                if not (self.class_of(word) or self.has(word, "compares")):
                    return (*words[:i], word[:-1], "比", *words[i + 1 :])
        return words

    def _halves(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The last word as a verb and its object, where the dictionary has them as one: 引进 | 外资."""
        word = words[-1]
        verb, noun = word[:2], word[2:]
        if self._classes.get(verb) == "act" and not (word in self._classes or noun in self._classes):
            first = not any(self.has(other, "verb") and not self.has(other, "for") for other in words[:-1])
            if first and not self._sets["terms"] & {word, noun}:
                return verb, noun
        return (word,)

    def _owned(self, words: tuple[str, ...], noun: str, chunks: _Chunks) -> tuple[str, int]:
        """A bare attribute with the subject that owns it: 科创债募集资金."""
        subject, start = chunks.subject, chunks.noun
        first = next((i for i in range(subject) if not self.has(words[i], "filler")), subject)
        if (
            first == subject
            or self.has(words[first], "verb")
            or self.class_of(words[first]) == "prepositions"
        ):
            return noun, start
        if self.has(words[chunks.head], "light"):  # 重大项目投资, where it is 完成
            while subject > first and self.class_of(words[subject - 1]) in ("adverbs", "time"):
                subject -= 1
            return "".join((*words[first:subject], noun)), first
        return "".join(words[first : chunks.noun_stop]), first

    def _parse(self, signs: str) -> _Chunks:
        """The parts of a clause, from the quantity outwards."""
        used: list[str] = []
        signs = self._level["context"].moved(signs, _NONE, used)
        back = signs[::-1]
        verb = self._verb(back, used)
        passed, hollow, from_base, each = verb.end, False, False, False
        if special := self._special(signs) is not None:
            hollow = not verb.kind and self._hollow(signs, passed) is not None
            from_base = self._from(signs, verb.stop or passed) is not None
        verb = self._tail(signs, back, verb, used)
        states, size = _STATES.get(verb.kind, _VERB), len(signs)
        end = size - self._after_piece("trim", back, size - verb.end)
        if special:
            each = bool(self._each(signs, passed) or self._each(signs, end, verb.end))
        front = self._level["phrase"].moved(signs[:end], states, used)
        start, head, subject = self._front(front, states, used)
        stop = max(start, size - self._after_piece("last", back, size - end))
        bound = start == 0
        if (hit := self._level["list"].first(front[start:stop])) is not None:
            start, bound = start + hit[1].end(), False
            used.append(hit[0].rule.name)
        start += self._after_piece("first", front[start:stop])
        return _Chunks(
            verb.start,
            verb.stop,
            verb.kind,
            start,
            stop,
            head,
            subject,
            verb.reference,
            each,
            from_base,
            hollow,
            bound,
            end > 0 and self._tagger.has(signs[end - 1], "etc"),
            tuple(used),
        )

    def _verb(self, back: str, used: list[str]) -> _Verb:
        """The verb before the quantity."""
        size = len(back)
        if (hit := self._level["verb"].first(back)) is None:
            return _Verb(0, 0, "", size)
        (rule, _), found = hit
        used.append(rule.name)
        if (group := hit[0].group("verb", found)) < 0:
            return _Verb(0, 0, "", size - found.end())
        start, stop = size - found.end(group), size - found.start(group)
        return _Verb(start, stop, rule.gives or self._tagger.kind(back[size - 1 - start]), size - found.end())

    def _tail(self, signs: str, back: str, verb: _Verb, used: list[str]) -> _Verb:
        """The verb with a field or a base that stands before it."""
        size = len(signs)
        if (
            hit := self._level["tail"].first(back, _STATES.get(verb.kind, _VERB), size - verb.end)
        ) is not None:
            (rule, _), found = hit
            at = size - found.end(hit[0].group("verb", found))
            over = rule.gives == "over"
            verb = _Verb(at, at + 1, self._way(signs[at]) if over else rule.gives, at, over)
            used.append(rule.name)
        if self._compares(signs) and (hit := self._level["base"].first(back)) is not None:
            end = size - hit[1].end()
            if verb.end - _FARTHEST <= end < verb.end:
                verb = verb._replace(end=end)
                used.append(hit[0].rule.name)
                if not verb.kind and self._tagger.has(signs[-1], "compared"):  # 比预算低 | 0.4个百分点
                    verb = verb._replace(start=size - 1, stop=size, kind=self._way(signs[-1]))
        return verb

    def _way(self, sign: str) -> str:
        """Which way a comparison goes."""
        return "down" if self._tagger.has(sign, "less") else "up"

    def _front(self, front: str, states: States, used: list[str]) -> tuple[int, int, int]:
        """Where the noun begins, its head (-1 for none), and where the subject before the head ends."""
        start, head, subject = 0, -1, 0
        if (hit := self._level["front"].first(front, states)) is not None:
            used.append(hit[0].rule.name)
            start = hit[1].end()
            if (group := hit[0].group("head", hit[1])) >= 0:
                head = hit[1].start(group)
            if (group := hit[0].group("subject", hit[1])) >= 0:
                subject = hit[1].end(group)
        pivot = head >= 0 and self._tagger.has(front[head], "pivot")
        hit = self._level["inner"].first(front[start:], _PIVOT if pivot else _NONE)
        if hit is not None:
            used.append(hit[0].rule.name)
            subject = start + hit[1].end(hit[0].group("subject", hit[1]))
            head = (
                subject if hit[0].rule.gives == "act" or self._tagger.kind(front[subject]) == "act" else head
            )
            start += hit[1].end()
        return start, head, subject

    def _after_piece(self, name: str, signs: str, at: int = 0) -> int:
        """Where what a piece finds at a place ends; the place, if it finds nothing."""
        found = self._piece[name](signs, at)
        return found.end() if found else at

    # -- after the quantity

    def _right(self, text: str, when: str = "verb") -> Right:
        """What stands after a quantity.

        Args:
            text: the segment.
            when: `verb` if one stands before the quantity, `amount` the same if it counts nothing, `no_verb`
                if none does, `pivot` if a preposition there announces one behind it: 向8家企业….
        """
        linked = text.startswith("的")
        words = self.words(text[linked : _LONGEST + linked])
        begin, cut, verb, rules = self._counted(self._tagger.tags(words), _LINK[linked, when])
        noun = "".join(words[begin:cut]) if cut and words[0][0] != "（" else ""
        noun = self._notes.sub("", noun).strip(_EDGES)
        whole = cut == len(words) and bool(words)
        if verb < 0:
            return Right(noun, linked, "", "", "", whole, rules)
        said, kind = words[verb], self.class_of(words[verb])
        return Right(noun, linked, said, kind, "".join(words[verb + 1 :]).removeprefix("了"), whole, rules)

    def _parse_right(self, signs: str, states: States) -> tuple[int, int, int, tuple[str, ...]]:
        """Where the noun after a quantity begins and ends, its verb (-1 for none), and the rules."""
        used: list[str] = []
        begin, cut, main = 0, 0, -1
        hit = self._after["opening"].first(signs, states)
        if hit is not None:
            used.append(hit[0].rule.name)
            if hit[0].rule.gives == "again":
                begin = hit[1].end()
        if signs and (hit is None or hit[0].rule.gives != "nothing"):
            begin, cut, main = self._noun(signs, begin, states, used)
        if begin >= cut:
            begin = 0
        verb = main
        if (hit := self._after["said"].first(signs, at=cut)) is not None:
            used.append(hit[0].rule.name)
            at = hit[1].start(hit[0].group("verb", hit[1]))
            verb = at if main < 0 or hit[0].rule.gives else min(main, at)
        cut -= self._after_piece("end", signs[:cut][::-1])
        return begin, cut, verb, tuple(used)

    def _noun(self, signs: str, at: int, states: States, used: list[str]) -> tuple[int, int, int]:
        """Where the noun behind a place begins and ends, and the verb that no list may know (-1: none)."""
        begin = self._after_piece("begin", signs, at)
        while (hit := self._after["stop"].next(signs, states, at + 1)) is not None:
            rule, at = hit[0].rule, hit[1].start()
            used.append(rule.name)
            if rule.gives == "out":
                return begin, at, at if "verb" in hit[0].roles else -1
            if rule.gives == "again":
                begin = at + 1
        return begin, len(signs), -1


def _reading_of(after: bool, when: str, reader: ClauseReader, clause: str) -> Left | Right:
    return reader.right(clause, when) if after else reader.left(clause)


_NONE: Final[States] = frozenset()
_VERB: Final[States] = frozenset(("verb",))
#: What rules may ask of the verb before the quantity, by its class; `_VERB` for other classes.
_STATES: Final[dict[str, States]] = {
    "": frozenset(("no_verb", "open")),
    "rank": frozenset(("verb", "open")),
    "up": frozenset(("verb", "moves")),
    "down": frozenset(("verb", "moves")),
}
_PIVOT: Final[States] = frozenset(("pivot",))
#: The same after it, by whether 的 follows it and what stands before it.
_CLAUSES: Final = ("verb", "no_verb", "pivot", "amount")
_SAID: Final = {"verb": ("verb", "counted"), "amount": ("verb",)}
_LINK: Final[dict[tuple[bool, str], States]] = {
    (linked, when): frozenset(("linked" if linked else "unlinked", *_SAID.get(when, (when,))))
    for linked in (True, False)
    for when in _CLAUSES
}
#: The levels before and after a quantity.
_BEFORE: Final = ("context", "verb", "tail", "base", "phrase", "front", "inner", "list")
_AFTER: Final = ("opening", "stop", "said")
