"""When the secretary may raise the grade of an issue whose limit has passed (domain.md 3.7: T-12, T-13)."""

from __future__ import annotations

from bot.domain.issue import Grade, IssueState
from bot.domain.obligation import Obligation, ObligationKind
from bot.routing import Context

#: before a solution is under way; afterwards a higher grade changes nothing
_OPEN = frozenset({IssueState.NEGOTIATING, IssueState.COORDINATING})


def is_possible(context: Context, one: Obligation) -> bool:
    """Is this the limit of an issue that may be raised?"""
    issue = context.uow.issues.get(one.code) if one.kind is ObligationKind.ISSUE else None
    return issue is not None and issue.state in _OPEN and issue.grade in {Grade.GENERAL, Grade.IMPORTANT}


def is_on_card(context: Context, one: Obligation) -> bool:
    """Does the passing of this limit bring the secretary a card? One of a secret issue could not say why."""
    return not one.secrecy and is_possible(context, one)
