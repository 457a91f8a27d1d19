"""Tables of the engine: accepted updates, outgoing calls and their lanes, budgets, timers, leader rows."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.base import Base
from storage.types import AutoId, Bytes, KeyText, Number

_PENDING = text("state = 'pending'")
_WAITING = text("due_at IS NOT NULL")


class InboxRow(Base, table=True):
    """An update that was acknowledged."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "app", "business_id"),
        Index("ix_inbox_pending", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_inbox_lane", "lane", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_inbox_state", "state", "received_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=AutoId)
    platform: str = Field(sa_type=KeyText)
    app: str = Field(sa_type=KeyText)
    business_id: str = Field(sa_type=KeyText)
    lane: str = Field(sa_type=KeyText)
    state: str = Field(sa_type=KeyText)
    #: JSON of the update; emptied once it is handled
    body: bytes = Field(sa_type=Bytes)
    received_at: int = Field(sa_type=Number)
    not_before: int = Field(sa_type=Number)
    #: claimed until then; 0 when nobody has it
    leased_until: int = Field(sa_type=Number)
    attempts: int = Field(sa_type=Number)
    token: int = Field(sa_type=Number)
    error: str = Field(sa_type=Text)


class OutboxRow(Base, table=True):
    """An outgoing call. Its place in its lane is its id."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_lane", "lane", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_outbox_coalesce", "coalesce", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_outbox_state", "state", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=AutoId)
    key: str = Field(sa_type=KeyText)
    lane: str = Field(sa_type=KeyText)
    platform: str = Field(sa_type=KeyText)
    kind: str = Field(sa_type=KeyText)
    state: str = Field(sa_type=KeyText)
    body: bytes = Field(sa_type=Bytes)
    priority: int = Field(sa_type=Number)
    coalesce: str = Field(sa_type=KeyText)
    recheck: str = Field(sa_type=KeyText)
    ref: str = Field(sa_type=KeyText)
    repeat_unknown: bool = Field(sa_type=Boolean)
    created_at: int = Field(sa_type=Number)
    not_before: int | None = Field(sa_type=Number, nullable=True)
    #: when it may go next; moves with every retry
    due_at: int = Field(sa_type=Number)
    attempts: int = Field(sa_type=Number)
    #: token of the claim under which it was last handed to the platform
    tried_token: int = Field(sa_type=Number)
    first_tried_at: int | None = Field(sa_type=Number, nullable=True)
    error: str = Field(sa_type=Text)
    #: epoch of the restore that holds it back, empty when nothing does (F24)
    held: str = Field(sa_type=KeyText)


class LaneRow(Base, table=True):
    """One conversation's line: who is at its head and when the head may go. Idle while `due_at` is NULL."""

    __tablename__ = "lane"
    __table_args__ = (
        Index("ix_lane_order", "platform", "priority", "head_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_lane_due", "platform", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    lane: str = Field(primary_key=True, sa_type=KeyText)
    platform: str = Field(sa_type=KeyText)
    head_id: int | None = Field(sa_type=Number, nullable=True)
    priority: int = Field(sa_type=Number)
    #: creation of the head: age within a priority
    head_at: int = Field(sa_type=Number)
    #: when the head may be claimed; while it is claimed, the end of the lease
    due_at: int | None = Field(sa_type=Number, nullable=True)
    #: nothing of this lane goes before
    free_at: int = Field(sa_type=Number)
    #: the head while somebody has it
    claimed_id: int | None = Field(sa_type=Number, nullable=True)
    #: grows with every claim and settlement: the fence
    token: int = Field(sa_type=Number)


class EpochRow(Base, table=True):
    """A restore that nobody confirmed yet: what is older than `before` makes no calls by itself (F24)."""

    __tablename__ = "epoch"

    epoch: str = Field(primary_key=True, sa_type=KeyText)
    before: int = Field(sa_type=Number)


class BudgetRow(Base, table=True):
    """A rate limit: the theoretical arrival time of the next call (GCRA)."""

    __tablename__ = "budget"

    name: str = Field(primary_key=True, sa_type=KeyText)
    arrival_at: int = Field(sa_type=Number)


class TimerRow(Base, table=True):
    """Something to look at again."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index("ix_timer_due", "due_at", "id"),
        Index("ix_timer_ref", "ref"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=AutoId)
    kind: str = Field(sa_type=KeyText)
    ref: str = Field(sa_type=KeyText)
    due_at: int = Field(sa_type=Number)
    #: how often its handler failed since it was armed
    attempts: int = Field(sa_type=Number)


class LeaseRow(Base, table=True):
    """Who does a duty that only one replica may do."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, sa_type=KeyText)
    holder: str = Field(sa_type=KeyText)
    fence: int = Field(sa_type=Number)
    until: int = Field(sa_type=Number)
