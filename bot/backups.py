"""A copy of the SQLite database every day, checked before it counts; the newest few are kept (B9, F5).

Nothing old is thrown away before a new copy is known to be whole. PostgreSQL has tools of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

import storage
from bot.clock import Clock
from bot.errors import HuiyinError
from storage.engine import kind_of, sqlite_path

log = structlog.get_logger(__name__)

#: how old the newest copy may become
EVERY = timedelta(hours=24)
#: a copy is made only where this many times its size is free, so that it cannot fill the disk
_ROOM = 3
_PATTERN = "huiyin-*.db"


@dataclass(frozen=True, slots=True)
class DailyBackup:
    """Copies beside one database. `keep` of 0 makes none."""

    url: str
    keep: int
    clock: Clock

    @property
    def folder(self) -> Path | None:
        """Where the copies are; None where none are made."""
        return folder_of(self.url) if self.keep else None

    async def make_if_due(self) -> Path | None:
        """Make a copy when the newest is a day old; None when it is not due or could not be made (which is logged)."""
        folder, now = self.folder, self.clock.now()
        if folder is None or not await asyncio.to_thread(self._is_due, folder, now):
            return None
        target = folder / f"huiyin-{now:%Y-%m-%d}.db"
        fresh = target.with_suffix(".new")
        try:
            await storage.backup(self.url, fresh)
            problems = await storage.check(f"sqlite:///{fresh}")
        except (HuiyinError, OSError) as problem:
            problems = [str(problem)]
        if problems:
            log.error("the daily backup failed", action="backup_failed", problem=problems[0])
            await asyncio.to_thread(_forget, fresh)
            return None
        await asyncio.to_thread(self._keep, fresh, target)
        log.info("backup made", action="backup_made", file=str(target))
        return target

    def _is_due(self, folder: Path, now: datetime) -> bool:
        database = sqlite_path(self.url)
        if not database.exists():
            return False
        newest = newest_copy(folder)
        if newest is not None and now - newest < EVERY:
            return False
        size = database.stat().st_size
        if shutil.disk_usage(database.parent).free < _ROOM * size:
            log.warning("no room for the daily backup", action="backup_no_room", size=size)
            return False
        return True

    def _keep(self, fresh: Path, target: Path) -> None:
        """The new copy takes its name, private; the oldest beyond `keep` go."""
        fresh.chmod(0o600)
        fresh.replace(target)
        for old in sorted(target.parent.glob(_PATTERN))[: -self.keep]:
            old.unlink(missing_ok=True)


def _forget(fresh: Path) -> None:
    with contextlib.suppress(OSError):
        fresh.unlink()


def folder_of(url: str) -> Path | None:
    """`backups` beside a SQLite file; None for other databases."""
    return sqlite_path(url).parent / "backups" if kind_of(url) == "sqlite" else None


def newest_copy(folder: Path) -> datetime | None:
    """When the newest copy was written; None when there is none."""
    written = [copy.stat().st_mtime for copy in folder.glob(_PATTERN)]
    return datetime.fromtimestamp(max(written), UTC) if written else None
