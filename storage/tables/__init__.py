"""Every table, so that importing this package fills the metadata."""

from __future__ import annotations

from storage.tables import chats, directory, ledger, matters, queues, work
from storage.tables.base import Base, EntityRow, table_of

METADATA = Base.metadata

__all__ = ["METADATA", "Base", "EntityRow", "chats", "directory", "ledger", "matters", "queues", "table_of", "work"]
