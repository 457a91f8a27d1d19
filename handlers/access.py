"""Rights at the point of use: the permission matrix asked for the person behind an update (domain.md 2.2, 2.4)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.permissions import Grant, Reason, Refusal, may
from bot.domain.relation import Relation
from bot.domain.roles import Actor, actor_of
from bot.errors import RuleViolation
from bot.routing import Context

_ANYTHING = Relation()


def actor(context: Context) -> Actor | None:
    """The person behind the update with every post he or she may act in now; None for strangers."""
    if context.person is None:
        return None
    return actor_of(context.person.id, directory=context.world.directory, posts=context.world.posts)


def require(context: Context, action: Action, relation: Relation = _ANYTHING) -> Grant:
    """The right to do this; its ground goes into the audit trail.

    Raises RuleViolation: `unknown_person` for strangers, `not_found_or_no_right` where even the object is hidden, `no_right`.
    """
    who = actor(context)
    if who is None:
        raise RuleViolation("unknown_person")
    answer = may(action, who, relation)
    if isinstance(answer, Refusal):
        raise RuleViolation("not_found_or_no_right" if answer.reason is Reason.HIDDEN else "no_right")
    return answer


def allows(context: Context, action: Action, relation: Relation = _ANYTHING) -> bool:
    """Would `require` grant it?"""
    try:
        require(context, action, relation)
    except RuleViolation:
        return False
    return True
