"""How tests and pages look at an emulated platform: chats by person, revisions to wait on, the end of all pushes."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters._emulator.changes import Changes
from adapters._emulator.pushes import Pushes
from adapters._emulator.seen import SeenChat


class Onlooker:
    """What every emulator shows in the same way; each says itself what a person sees."""

    #: what waits and what is on its way
    courier: Pushes

    def what_sees(self, account: str) -> list[SeenChat]:
        """The chats of a person with their messages as rendered."""
        raise NotImplementedError

    @property
    def changed(self) -> Changes:
        """Revisions of everything visible, to wait on."""
        raise NotImplementedError

    def chat_as_seen(self, account: str, chat: str) -> SeenChat:
        """One chat of a person. Raises LookupError when the person does not see it."""
        for seen in self.what_sees(account):
            if seen.id == chat:
                return seen
        raise LookupError(f"{account} does not see {chat}")

    async def subscribe(self, *, at_most: float = 15.0) -> AsyncIterator[int]:
        """The revision after each change, and every `at_most` real seconds as a sign of life."""
        revision = self.changed.revision
        while True:
            revision = await self.changed.wait(after=revision, at_most=at_most)
            yield revision

    async def settled(self, *, at_most: float = 30.0) -> None:
        """Return when no push is due or on its way at the present instant of the clock."""
        await self.courier.settled(at_most=at_most)
