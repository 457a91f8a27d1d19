"""When a request looks special (A-02), and when one project looks split into several requests (EC-93). Both only point it out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bot.domain.company import Parameters
from bot.domain.folding import folded
from bot.domain.form import text_of
from bot.domain.request import Request, day_of

#: requests of one stem within so long belong together, it seems
SPLIT_WINDOW = timedelta(days=10)
KEY_PROJECT = "重点项目"
_SEPARATORS = re.compile(r"[\W_]+")
_PART = re.compile(r"(?:第?[0-9一二三四五六七八九十]+(?:期|批|次|段|版|阶段|部分)?|[上下]半?(?:期|部分))\Z")
_SHORTEST_STEM = 3


class Sign(StrEnum):
    """What makes a request look special."""

    COOP = "coop"
    DAYS = "days"
    BUDGET = "budget"
    KEY_PROJECT = "key_project"


@dataclass(frozen=True, slots=True)
class Measured:
    """One sign with what the request has and what counts as special."""

    sign: Sign
    value: int
    limit: int
    is_special: bool


def measured(request: Request, parameters: Parameters) -> tuple[Measured, ...]:
    """Every threshold of A-02 that applies, with what the request has (shown to reviewers, EC-93)."""
    coop, days, budget = len(request.coop), days_of(request), budget_of(request)
    found = [
        Measured(Sign.COOP, coop, parameters.request_special_coop, coop >= parameters.request_special_coop),
        Measured(Sign.DAYS, days, parameters.request_special_days, days > parameters.request_special_days),
    ]
    limit = parameters.request_special_budget
    if limit:
        found.append(Measured(Sign.BUDGET, int(budget), limit, budget > limit))
    is_key = text_of(request.content, "serves") == KEY_PROJECT
    found.append(Measured(Sign.KEY_PROJECT, int(is_key), 1, is_key))
    return tuple(found)


def looks_special(request: Request, parameters: Parameters) -> bool:
    """Does A-02 suggest the special level?"""
    return any(one.is_special for one in measured(request, parameters))


def days_of(request: Request) -> int:
    """Calendar days from start to end, both counted; 0 while one is missing."""
    start, end = day_of(request.content, "start_on"), day_of(request.content, "end_on")
    return max((end - start).days + 1, 0) if start is not None and end is not None else 0


def budget_of(request: Request) -> Decimal:
    """The estimate in yuan; 0 without one."""
    try:
        return Decimal(text_of(request.content, "budget") or "0")
    except InvalidOperation:
        return Decimal(0)


def stem(title: str) -> str:
    """A title without the part that numbers it: `展会搭建（二期）` and `展会搭建 第3批` are the same project."""
    plain = _SEPARATORS.sub("", folded(title))
    cut = _PART.sub("", plain)
    return cut if len(cut) >= _SHORTEST_STEM else plain


def splits(request: Request, others: Iterable[Request]) -> tuple[Request, ...]:
    """Requests of the same lead with the same stem that were submitted within ten days of this one, oldest first."""
    at = request.first_submitted_at
    if at is None or not stem(request.title):
        return ()
    found = [
        other
        for other in others
        if other.code != request.code
        and other.lead == request.lead
        and other.first_submitted_at is not None
        and abs(at - other.first_submitted_at) <= SPLIT_WINDOW
        and stem(other.title) == stem(request.title)
    ]
    return tuple(sorted(found, key=lambda other: other.code))
