"""Tables of what stands in conversations: groups, cards, messages that clocks need, open questions, undoable actions."""

from __future__ import annotations

from sqlalchemy import Boolean, Index
from sqlmodel import Field

from storage.tables.base import EntityRow
from storage.types import KeyText, Number


class GroupRow(EntityRow, table=True):
    """A group that the bot looks after."""

    __tablename__ = "chat_group"

    chat: str | None = Field(sa_type=KeyText, nullable=True, index=True)
    item: str | None = Field(sa_type=KeyText, nullable=True, index=True)
    state: str = Field(sa_type=KeyText)
    platform: str = Field(sa_type=KeyText)


class CardRow(EntityRow, table=True):
    """A card that stands in a chat."""

    __tablename__ = "card"

    card_id: str = Field(sa_type=KeyText, index=True)
    code: str = Field(sa_type=KeyText, index=True)
    message: str | None = Field(sa_type=KeyText, nullable=True, index=True)
    is_live: bool = Field(sa_type=Boolean)


class SeenMessageRow(EntityRow, table=True):
    """A message, as far as clocks need it."""

    __tablename__ = "seen_message"
    __table_args__ = (Index(None, "chat", "sent_at"), Index(None, "sender", "sent_at"))

    chat: str = Field(sa_type=KeyText)
    sender: str | None = Field(sa_type=KeyText, nullable=True)
    sent_at: int = Field(sa_type=Number, index=True)


class QuestionRow(EntityRow, table=True):
    """A missing argument that was asked for."""

    __tablename__ = "question"

    person: str = Field(sa_type=KeyText, index=True)
    expires_at: int = Field(sa_type=Number, index=True)


class KeepsakeRow(EntityRow, table=True):
    """What an adapter has to know again after a restart."""

    __tablename__ = "keepsake"

    until: int = Field(sa_type=Number, index=True)


class UndoableRow(EntityRow, table=True):
    """An own action that can be taken back for a while."""

    __tablename__ = "undoable"

    person: str = Field(sa_type=KeyText, index=True)
    done_at: int = Field(sa_type=Number, index=True)
