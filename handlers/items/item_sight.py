"""Who may see how much of an item (P-53; domain.md 2.5): everything, the summary columns, or not even that it exists."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import Any

from bot.domain import confidentiality
from bot.domain.action import Action
from bot.domain.item import Item
from bot.domain.permissions import Grant, Limit, may
from bot.domain.relation import Relation, of_item
from bot.domain.roles import Actor
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.access import actor
from handlers.deeds import Deed, DeedHandler, Done


class Sight(IntEnum):
    """How much of it."""

    NOTHING = 0
    SUMMARY = 1
    DETAIL = 2


def relation_of(item: Item) -> Relation:
    """How the item stands to people; whoever asked for it has an own part in it."""
    return replace(of_item(item), owners=frozenset({item.created_by} if item.created_by is not None else ()))


def sight(context: Context, relation: Relation) -> Sight:
    """The most that any post of the person allows: a head is an employee too, and sees what heads see."""
    who = actor(context)
    if who is None or not confidentiality.may_know(who, relation):
        return Sight.NOTHING
    found = [_by_one(replace(who, holdings=(holding,)), relation) for holding in who.holdings]
    best = max(found, default=Sight.NOTHING)
    if best is Sight.NOTHING or confidentiality.may_read(who, relation):
        return best
    return Sight.SUMMARY


def _by_one(who: Actor, relation: Relation) -> Sight:
    answer = may(Action.SEE_PROGRESS_LEDGER, who, relation)
    if not isinstance(answer, Grant):
        return Sight.NOTHING
    return Sight.SUMMARY if answer.limit is Limit.SUMMARY else Sight.DETAIL


def require_detail(context: Context, relation: Relation) -> None:
    """Raises RuleViolation `not_found_or_no_right` for people who see less than everything (EC-73)."""
    if sight(context, relation) is not Sight.DETAIL:
        raise RuleViolation("not_found_or_no_right")


def require_known(context: Context, relation: Relation) -> None:
    """Raises RuleViolation `not_found_or_no_right` for people who may not know of it (2.5)."""
    who = actor(context)
    if who is None or not confidentiality.may_know(who, relation):
        raise RuleViolation("not_found_or_no_right")


def in_private(handler: DeedHandler) -> DeedHandler:
    """The same deed; in a group a confidential object does not exist, whoever asks (EC-70)."""

    def guarded(deed: Deed, thing: Any) -> Done | str:
        if thing.secrecy >= confidentiality.Secrecy.CONFIDENTIAL and not deed.is_private:
            raise RuleViolation("not_found_or_no_right")
        return handler(deed, thing)

    return guarded
