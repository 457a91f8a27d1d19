"""Tables of the work itself: items, obligations, reply clocks, what happened, digests, settings."""

from __future__ import annotations

from sqlalchemy import Boolean, Index
from sqlmodel import Field

from storage.tables.base import EntityRow
from storage.types import KeyText, Number


class ItemRow(EntityRow, table=True):
    """A collaboration item."""

    __tablename__ = "item"

    state: str = Field(sa_type=KeyText, index=True)
    lead: str = Field(sa_type=KeyText)


class ObligationRow(EntityRow, table=True):
    """An open deadline."""

    __tablename__ = "obligation"

    code: str = Field(sa_type=KeyText, index=True)
    kind: str = Field(sa_type=KeyText)
    holder: str | None = Field(sa_type=KeyText, nullable=True, index=True)
    department: str | None = Field(sa_type=KeyText, nullable=True, index=True)
    due_at: int = Field(sa_type=Number, index=True)
    item: str = Field(sa_type=KeyText)


class ClockRow(EntityRow, table=True):
    """A reply clock."""

    __tablename__ = "clock"
    __table_args__ = (Index(None, "chat", "state"), Index(None, "chat", "ended_at"), Index(None, "state", "due_at"))

    state: str = Field(sa_type=KeyText)
    chat: str = Field(sa_type=KeyText)
    thread: str = Field(sa_type=KeyText)
    department: str = Field(sa_type=KeyText)
    asking_department: str = Field(sa_type=KeyText)
    asker: str = Field(sa_type=KeyText)
    message: str = Field(sa_type=KeyText, index=True)
    answer: str | None = Field(sa_type=KeyText, nullable=True, index=True)
    due_at: int = Field(sa_type=Number)
    started_at: int = Field(sa_type=Number, index=True)
    verdict_at: int | None = Field(sa_type=Number, nullable=True, index=True)
    ended_at: int | None = Field(sa_type=Number, nullable=True)
    closed_for_counting: bool = Field(sa_type=Boolean)


class FactRow(EntityRow, table=True):
    """Something that happened and that reports count."""

    __tablename__ = "fact"
    __table_args__ = (Index(None, "kind", "at"),)

    kind: str = Field(sa_type=KeyText)
    code: str = Field(sa_type=KeyText, index=True)
    at: int = Field(sa_type=Number, index=True)


class DigestRow(EntityRow, table=True):
    """A digest that was sent; the key is its date."""

    __tablename__ = "digest"

    issued_at: int = Field(sa_type=Number, index=True)


class SettingRow(EntityRow, table=True):
    """A named value of the company."""

    __tablename__ = "setting"
