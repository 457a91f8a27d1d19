"""What adapters have to know again after a restart, as rows; they see it as `bot.ports.Notebook`.

Nothing of the business stands here: codes that update a card, two names of one group, how much of a quota is used.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.records import Keepsake
from bot.errors import AlreadyExists, StaleVersion
from bot.ports import Store, UnitOfWork

#: how often a note is written anew that another process changed meanwhile
_TRIES = 5


class StoreNotebook:
    """The notebook of one platform, in the store."""

    def __init__(self, store: Store, clock: Clock, *, platform: str) -> None:
        self._store = store
        self._clock = clock
        self._platform = platform

    async def read(self, key: str) -> str | None:
        now = self._clock.now()
        note = await self._store.read(lambda uow: uow.keepsakes.get(self._key(key)))
        return note.value if note is not None and note.until > now else None

    async def write(self, key: str, value: str, *, keep: timedelta) -> None:
        until = self._clock.now() + keep
        for _ in range(_TRIES - 1):
            try:
                await self._store.run(lambda uow: self._write(uow, key, value, until))
            except (StaleVersion, AlreadyExists):
                continue
            return
        await self._store.run(lambda uow: self._write(uow, key, value, until))

    async def forget(self, key: str) -> None:
        await self._store.run(lambda uow: uow.keepsakes.remove(self._key(key)))

    def _write(self, uow: UnitOfWork, key: str, value: str, until: datetime) -> None:
        known = uow.keepsakes.get(self._key(key))
        if known is None:
            uow.keepsakes.add(Keepsake(key=self._key(key), value=value, until=until))
        else:
            uow.keepsakes.put(replace(known, value=value, until=until))

    def _key(self, key: str) -> str:
        return f"{self._platform}:{key}"


class LooseNotebook:
    """A notebook that ends with the process, for programs that have no store."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._notes: dict[str, tuple[str, datetime]] = {}

    async def read(self, key: str) -> str | None:
        value, until = self._notes.get(key, ("", None))
        return value if until is not None and until > self._clock.now() else None

    async def write(self, key: str, value: str, *, keep: timedelta) -> None:
        self._notes[key] = value, self._clock.now() + keep

    async def forget(self, key: str) -> None:
        self._notes.pop(key, None)
