"""The dedicated group of an item (domain.md 3.15, R-41, R-42): who must be in it, who may, who is missing.

State and composition are rules; making the group is a saga whose steps are rows and whose calls go through the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.domain.decision import Decision
from bot.domain.ids import AccountKey, ChatKey, Code, PersonId
from bot.errors import RuleViolation


class GroupState(StrEnum):
    """States of 3.15, plus the two the saga needs before a chat exists."""

    #: the platform was asked to make the group
    CREATING = "creating"
    #: the platform refused or nobody can be added; said to the person who asked
    FAILED = "failed"
    CHECKING = "checking"
    COMPLIANT = "compliant"
    NONCOMPLIANT = "noncompliant"
    LOST = "lost"
    BOT_REMOVED = "bot_removed"
    RETIRED = "retired"


class GroupPurpose(StrEnum):
    """A dedicated group belongs to an item; a registered cross-department group to nobody in particular."""

    DEDICATED = "dedicated"
    CROSS_DEPARTMENT = "cross_department"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationResult:
    """What became of one invitation. `reason` is a key of the text catalogue, empty when the person is in."""

    person: PersonId
    joined: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group that the bot looks after. `id` is stable from the first request on; `chat` comes with creation."""

    id: str
    purpose: GroupPurpose
    state: GroupState
    name: str
    platform: str
    item: Code | None = None
    chat: ChatKey | None = None
    requested_by: PersonId | None = None
    #: step of the creation saga: `create`, `invite`, `announce`, `done`
    step: str = "done"
    #: people the creation still has to invite, in order
    pending: tuple[PersonId, ...] = ()
    invitations: tuple[InvitationResult, ...] = ()
    #: everybody the platform last said is in the group, the bot left out
    members: tuple[AccountKey, ...] = ()
    missing: tuple[PersonId, ...] = ()
    outsiders: tuple[AccountKey, ...] = ()
    checked_at: datetime | None = None
    lost_at: datetime | None = None
    #: the bot that hears it has to be added by hand, and nobody has said yet that it is in
    wants_bot: bool = False
    version: int = 0


class GroupMove(StrEnum):
    """What can happen to a group."""

    #: the platform made the chat
    CREATED = "created"
    #: the platform refused
    REFUSED = "refused"
    #: member change, role change, the daily check
    RECHECK = "recheck"
    #: equal or superset of the rule
    FOUND_COMPLIANT = "found_compliant"
    #: somebody required is missing, or an outsider is in
    FOUND_NONCOMPLIANT = "found_noncompliant"
    DISSOLVED = "dissolved"
    BOT_REMOVED = "bot_removed"
    BOT_RETURNED = "bot_returned"
    #: the item was archived or terminated
    RETIRED = "retired"


_LIVING = (GroupState.CHECKING, GroupState.COMPLIANT, GroupState.NONCOMPLIANT)


def _table() -> dict[tuple[GroupState, GroupMove], GroupState]:
    table = {
        (GroupState.CREATING, GroupMove.CREATED): GroupState.CHECKING,
        (GroupState.CREATING, GroupMove.REFUSED): GroupState.FAILED,
        # a second try of a failed creation
        (GroupState.FAILED, GroupMove.CREATED): GroupState.CHECKING,
        (GroupState.CHECKING, GroupMove.FOUND_COMPLIANT): GroupState.COMPLIANT,
        (GroupState.CHECKING, GroupMove.FOUND_NONCOMPLIANT): GroupState.NONCOMPLIANT,
        (GroupState.BOT_REMOVED, GroupMove.BOT_RETURNED): GroupState.CHECKING,
        (GroupState.BOT_REMOVED, GroupMove.DISSOLVED): GroupState.LOST,
        (GroupState.BOT_REMOVED, GroupMove.RETIRED): GroupState.RETIRED,
        (GroupState.LOST, GroupMove.RETIRED): GroupState.RETIRED,
        (GroupState.CREATING, GroupMove.RETIRED): GroupState.RETIRED,
        (GroupState.FAILED, GroupMove.RETIRED): GroupState.RETIRED,
    }
    for state in _LIVING:
        table[state, GroupMove.RECHECK] = GroupState.CHECKING
        table[state, GroupMove.DISSOLVED] = GroupState.LOST
        table[state, GroupMove.BOT_REMOVED] = GroupState.BOT_REMOVED
        table[state, GroupMove.RETIRED] = GroupState.RETIRED
    return table


#: 3.15 with the two states of the creation; what is not in it is refused and changes nothing
TABLE: Mapping[tuple[GroupState, GroupMove], GroupState] = MappingProxyType(_table())


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """The group went from one state to another; who is told is decided by the move (3.15)."""

    group: str
    move: GroupMove
    before: GroupState
    after: GroupState


def moved(group: Group, move: GroupMove, *, now: datetime) -> Decision[Group, GroupMoved]:
    """The group after the move. Raises RuleViolation `group_state` for a move that the table does not have."""
    after = TABLE.get((group.state, move))
    if after is None:
        raise RuleViolation("group_state", {"state": group.state.value, "move": move.value})
    changed = replace(
        group,
        state=after,
        lost_at=now if move in {GroupMove.DISSOLVED, GroupMove.BOT_REMOVED} else group.lost_at,
    )
    return Decision(changed, (GroupMoved(group.id, move, group.state, after),))


def checked(
    group: Group,
    *,
    members: tuple[AccountKey, ...],
    missing: tuple[PersonId, ...],
    outsiders: tuple[AccountKey, ...],
    now: datetime,
) -> Decision[Group, GroupMoved]:
    """The group after a composition check: through `checking` to what was found. No event when nothing changed.

    Raises RuleViolation `group_state` when the group can no longer be checked.
    """
    if (group.state, GroupMove.RECHECK) not in TABLE:
        raise RuleViolation("group_state", {"state": group.state.value, "move": GroupMove.RECHECK.value})
    move = GroupMove.FOUND_NONCOMPLIANT if missing or outsiders else GroupMove.FOUND_COMPLIANT
    after = TABLE[GroupState.CHECKING, move]
    is_news = after is not group.state or (missing, outsiders) != (group.missing, group.outsiders)
    changed = replace(group, state=after, members=members, missing=missing, outsiders=outsiders, checked_at=now)
    return Decision(changed, (GroupMoved(group.id, move, group.state, after),) if is_news else ())
