"""Rows. Nothing above this package knows a table; everything goes through `bot.ports`."""

from storage.archive import BadBackup
from storage.backup import backup, check, restore
from storage.engine import open_store
from storage.migrations import head_version, upgrade

__all__ = ["BadBackup", "backup", "check", "head_version", "open_store", "restore", "upgrade"]
