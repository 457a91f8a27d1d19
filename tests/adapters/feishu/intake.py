"""An intake that keeps what it is given, as the inbox would: durable, and once per business id."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.errors import StoreUnavailable
from bot.ports import Answer
from bot.updates import AnyUpdate, Ignored, decode_update, encode_update

U = TypeVar("U")


class RecordingIntake:
    """Implements `bot.ports.Intake`. `is_away` is the store being away; `answer` is what clicks are answered with."""

    def __init__(self) -> None:
        self.kept: list[AnyUpdate] = []
        self.ignored: list[Ignored] = []
        #: everything that was brought, repetitions included
        self.brought: list[str] = []
        self.is_away = False
        #: cleared: whatever is brought is stored when it is set again
        self.may_store = asyncio.Event()
        self.may_store.set()
        self.answer: Callable[[AnyUpdate], Answer | None] = lambda _: Answer(toast="好的")
        self._ids: set[tuple[str, str, str]] = set()
        self._news = asyncio.Condition()

    async def accept(self, updates: Sequence[AnyUpdate]) -> None:
        await self.may_store.wait()
        if self.is_away:
            raise StoreUnavailable("away")
        for update in updates:
            source = update.source
            self.brought.append(source.business_id)
            if isinstance(update, Ignored):
                self.ignored.append(update)
            elif (key := (source.platform, source.app, source.business_id)) not in self._ids:
                self._ids.add(key)
                self.kept.append(decode_update(encode_update(update)))
        async with self._news:
            self._news.notify_all()

    async def accept_click(self, update: AnyUpdate, *, within: float) -> Answer | None:
        is_new = update.source.business_id not in {one.source.business_id for one in self.kept}
        await self.accept([update])
        return self.answer(update) if is_new else None

    def of(self, kind: type[U]) -> list[U]:
        """What was kept of one kind, in order."""
        return [one for one in self.kept if isinstance(one, kind)]

    async def has(self, count: int, *, seconds: float = 30.0) -> None:
        """Return when that many were kept; an AssertionError names those that were."""
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: len(self.kept) >= count)
        except TimeoutError:
            raise AssertionError(f"only {[type(one).__name__ for one in self.kept]}") from None

    async def was_brought(self, count: int, *, seconds: float = 30.0) -> None:
        """Return when that many were brought, kept or not."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.brought) >= count)
