"""Which of several processes has the one connection that a platform allows (F19, F20); adapters see `bot.ports.Leadership`."""

from __future__ import annotations

import secrets

from bot.clock import Clock
from bot.errors import StaleVersion
from bot.ports import Store


class StoreLeadership:
    """A leader row in the store; every process has a name of its own that nobody else ever has."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._name = secrets.token_hex(8)

    async def lead(self, duty: str, *, seconds: float) -> int | None:
        now = self._clock.now()
        try:
            return await self._store.run(lambda uow: uow.leases.take(duty, holder=self._name, now=now, seconds=seconds))
        except StaleVersion:
            return None

    async def release(self, duty: str) -> None:
        await self._store.run(lambda uow: uow.leases.release(duty, holder=self._name))


class Alone:
    """There is no other process."""

    async def lead(self, duty: str, *, seconds: float) -> int | None:  # noqa: ARG002 - nobody to agree with
        return 1

    async def release(self, duty: str) -> None:
        pass
