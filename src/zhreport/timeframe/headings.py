"""Headings: the part that a heading begins."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from zhreport.rules import rule
from zhreport.timeframe.scopes import Scope, plan_span
from zhreport.timeframe.time_words import TimeWord, time_words
from zhreport.timeframe.years import Year, years_in

__all__ = ["HEADINGS", "Heading", "scope_of"]

HeadingRule = Callable[["Heading"], Scope | None]

_LAST_SIGNS: Final = 1  # characters behind the last word of a heading


@dataclass(frozen=True)
class Heading:
    """A heading with what it says of time.

    Attributes:
        text: the folded heading.
        current: the scope of the part before it.
        year: of the document.
    """

    text: str
    current: Scope
    year: Year

    @cached_property
    def words(self) -> list[TimeWord]:
        """The words of time in it."""
        return list(time_words(self.text))

    def of(self, name: str) -> list[TimeWord]:
        """Its words of a class of the section `section` in `data/time.toml`."""
        return [word for word in self.words if f"section.{name}" in word.classes]

    @cached_property
    def years(self) -> list[int]:
        """The years named in it."""
        return years_in(self.text)

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The years of the five-year plan named in it."""
        return plan_span(self.text)

    @cached_property
    def dated(self) -> bool:
        """Does it name a year, in a document whose own year is known?"""
        return bool(self.years) and self.year.speaks is not None

    @cached_property
    def coming(self) -> bool:
        """Does it name a year to come, or its own as one that is planned?"""
        own, reviewed, planned = self.year.speaks, self.year.reviewed, self.year.planned
        plans = bool(self.of("plan"))
        return any(y > (reviewed or own or y) or (plans and y == own == planned) for y in self.years)

    @cached_property
    def of_work(self) -> bool:
        """Does it name work or a budget, which its year makes a look back or ahead?"""
        return "工作" in self.text or bool(self.of("budget"))

    def scope(self, mode: str, first: int | None, last: int | None) -> Scope:
        """The scope that it sets."""
        return Scope(mode=mode, first=first, last=last, why=self.text, rule="heading")

    def plan(self) -> Scope:
        """The scope of a plan, over the years that it names."""
        years, span, planned = self.years, self.span, self.year.planned
        if years and not (span and span[1] >= max(years)):
            return self.scope("plan", max(years), max(years))
        if self.of("current"):
            return self.scope("plan", planned, planned)
        if span and self.year.speaks is not None and span[1] >= self.year.speaks:
            return self.scope("plan", *span)
        years_on = 4 if self.of("long") else 0
        return self.scope("plan", planned, planned + years_on if planned is not None else None)

    def review(self) -> Scope:
        """The scope of a review, over the years that it names."""
        years, span, reviewed = self.years, self.span, self.year.reviewed
        if years:
            if span is None and self.of("long"):
                return self.scope("review", max(years) - 4, max(years))
            return self.scope("review", span[0] if span and len(years) > 1 else min(years), max(years))
        if reviewed is None:
            return self.scope("review", None, None)
        if span:
            return self.scope("review", span[0], min(span[1], reviewed))
        return self.scope("review", reviewed - 4 if self.of("long") else reviewed, reviewed)


@rule
def review_before_plan(heading: Heading) -> Scope | None:
    """Where one heading names a review and a plan with their years, the review comes first.

    >>> headed(review_before_plan, "2023年预算执行情况和2024年预算草案")
    [('review', 2023, 2023)]
    >>> headed(review_before_plan, "2024年预算草案")
    []
    """
    both = heading.of("review") and (heading.of("plan") or heading.of("budget"))
    reviewed = heading.year.reviewed
    if not (heading.dated and heading.coming and both and min(heading.years) <= (reviewed or 0)):
        return None
    return heading.scope("review", reviewed, reviewed)


@rule
def coming_year(heading: Heading) -> Scope | None:
    """A year to come with the word of a plan, or with work that is not said to be reviewed.

    >>> headed(coming_year, "2024年政府工作")
    [('plan', 2024, 2024)]
    >>> headed(coming_year, "2023年政府工作")
    []
    """
    plans = heading.of("plan") or heading.of("budget") or (not heading.of("review") and heading.of_work)
    return heading.plan() if heading.dated and heading.coming and plans else None


@rule
def past_year(heading: Heading) -> Scope | None:
    """A year that is over makes a review, whatever is said of it; not the old plan of a plan.

    >>> headed(past_year, "2023年工作任务")
    [('review', 2023, 2023)]
    >>> headed(past_year, "2024年工作任务")
    []
    """
    if not heading.dated:
        return None
    plans, reviews = heading.of("plan"), heading.of("review")
    in_plan = plans and heading.current.mode == "plan" and max(heading.years) < (heading.year.speaks or 0)
    if in_plan and not reviews and not heading.coming:
        return None
    said = reviews or (not heading.coming and (plans or heading.of_work))
    return heading.review() if said else None


@rule
def past_and_plan(heading: Heading) -> Scope | None:
    """What has been achieved and what is to do, without a year, in one heading: the sentences decide.

    >>> headed(past_and_plan, "一年来的成就和今后的任务")
    [('', 2023, 2023)]
    >>> headed(past_and_plan, "今后的任务")
    []
    """
    if heading.dated or not (heading.of("plan") and heading.of("past")):
        return None
    if any(word.text == "总结" for word in heading.of("review")):
        return None
    return heading.scope("", heading.year.reviewed, heading.year.reviewed)


@rule
def plan_named(heading: Heading) -> Scope | None:
    """The word of a plan without that of a review, or as the last word.

    >>> headed(plan_named, "今年的重点工作"), headed(plan_named, "工作回顾和下一步打算")
    ([('plan', 2024, 2024)], [('plan', 2024, 2024)])
    >>> headed(plan_named, "工作回顾")
    []
    """
    plans = [] if heading.dated else heading.of("plan")
    if not plans:
        return None
    last = plans[-1].end >= len(heading.text) - _LAST_SIGNS
    return heading.plan() if last or not heading.of("review") else None


@rule
def review_named(heading: Heading) -> Scope | None:
    """The word of a review.

    >>> headed(review_named, "过去五年工作回顾")
    [('review', 2019, 2023)]
    >>> headed(review_named, "今年的重点工作")
    []
    """
    return heading.review() if not heading.dated and heading.of("review") else None


@rule
def draft_budget(heading: Heading) -> Scope | None:
    """A draft of a budget.

    >>> headed(draft_budget, "财政收支预算草案")
    [('plan', 2024, 2024)]
    >>> headed(draft_budget, "财政收支预算")
    []
    """
    drafts = not heading.dated and any("草案" in word.text for word in heading.of("budget"))
    return heading.plan() if drafts else None


#: In this order.
HEADINGS: Final[tuple[HeadingRule, ...]] = (
    review_before_plan,
    coming_year,
    past_year,
    past_and_plan,
    plan_named,
    review_named,
    draft_budget,
)


def scope_of(heading: Heading) -> Scope | None:
    """The scope that a heading sets for what follows; None if it sets none."""
    return next((scope for decide in HEADINGS if (scope := decide(heading)) is not None), None)
