"""The two files beside a SQLite database: the lock that keeps a second process out, and the ballast for a full disk."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from pathlib import Path

from bot.errors import StoreUnavailable

#: given back to the file system when the disk is full, so that what is under way can be finished (F4)
BALLAST_BYTES = 64 * 1024 * 1024


class ProcessLock:
    """A SQLite database belongs to one process (F19). Raises StoreUnavailable when another one has it."""

    def __init__(self, database: Path) -> None:
        path = beside(database, ".lock")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            os.close(self._file)
            if problem.errno not in {errno.EAGAIN, errno.EACCES}:
                raise
            raise StoreUnavailable(
                f"{database} 正被另一个进程使用，SQLite 只允许一个进程 / {database} is in use by another process; "
                "SQLite serves one process, PostgreSQL several"
            ) from None

    def release(self) -> None:
        """Let another process have it; safe to call twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class Ballast:
    """Disk space set aside. While it is spent, no new updates are taken in."""

    def __init__(self, database: Path, size: int) -> None:
        self._path = beside(database, ".ballast")
        self._size = size
        self._is_spent = False

    @property
    def is_spent(self) -> bool:
        """True from a full disk on until there is room again."""
        return self._is_spent

    def fill(self) -> bool:
        """Set the space aside; True when it is there. Not having the room is no error."""
        if not self._size:
            self._is_spent = False
            return True
        try:
            with self._path.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, self._size)
        except OSError:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
            return False
        self._is_spent = False
        return True

    def drop(self) -> bool:
        """Give the space back; True when there was any to give."""
        had_any = bool(self._size) and self._path.exists()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._is_spent = self._is_spent or bool(self._size)
        return had_any


def prepare_file(path: Path) -> None:
    """Make the folder and, readable by the owner only, the file, so that no other account reads what people wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def beside(database: Path, suffix: str) -> Path:
    """A file next to the database with the database's name in front."""
    return database.with_name(database.name + suffix)
