"""The bench with a second platform beside the first: one company, one engine, two deliveries."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.delivery import Delivery
from bot.domain.directory import Person
from bot.ports import Capabilities
from tests.handlers.bench import EVERYTHING, Bench
from tests.handlers.deeds import PLATFORM
from tests.handlers.shown import shown_of
from tests.support.fake_adapter import FakeAdapter

OTHER = "wecom"


@dataclass
class TwoPlatforms(Bench):
    """People act on the first one, and on the other within `on(OTHER)`."""

    also: Capabilities = EVERYTHING

    def _wire(self) -> None:
        super()._wire()
        self.other = FakeAdapter(platform=OTHER, capabilities=self.also, now=self.clock.now)
        self.engine.capabilities = lambda: {PLATFORM: self.adapter.capabilities, OTHER: self.other.capabilities}
        self.other_delivery = Delivery(self.engine, self.other, seed=2)
        self._taken = 0

    async def _settle(self) -> None:
        for _ in range(10_000):
            await super()._settle()
            if not await self.other_delivery.send_some() + await self.other_delivery.idle():
                return
        raise AssertionError("the other platform never comes to rest")

    async def _take_in(self) -> None:
        await super()._take_in()
        people = await self.store.read(
            lambda uow: {p.account_on(OTHER): p.name for p in uow.people.find() if p.account_on(OTHER)}
        )
        new = [shown_of(sent, people) for sent in self.other.sent[self._taken :]]
        self._taken += len(new)
        self._unread.extend(shown for shown in new if self._is_read(shown))

    def has_also(self, who: str, account: str) -> None:
        """Somebody has an account on the other platform as well."""
        person = self.person(who)
        self._is_now(replace(person, accounts={**person.accounts, OTHER: account}))

    def moves(self, who: str, account: str) -> None:
        """Somebody is on the other platform only."""
        self._is_now(replace(self.person(who), accounts={OTHER: account}, prefer=OTHER))

    def prefers(self, who: str, platform: str) -> None:
        """Somebody wants to be told there from now on."""
        self._is_now(replace(self.person(who), prefer=platform))

    def _is_now(self, person: Person) -> None:
        self.transact(lambda uow: (uow.people.put(person), uow.bump("directory")))
