"""The dedicated group of an item (domain.md 3.15, R-41, R-42): who must be in it, who may, who is missing.

State and composition are rules; making the group is a saga whose steps are rows and whose calls go through the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import AccountKey, ChatKey, Code, PersonId


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
    version: int = 0
