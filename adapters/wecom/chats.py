"""Which groups the app made, which the bot hears, and which two ids are one group (wecom.md 5).

The platform does not say whether the app and the bot know a group by the same id. So each id is remembered by where it came
from, and a person's word in the group (`绑定`) joins two of them; after that both are one chat to everybody else.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.errors import StoreUnavailable
from bot.ports import Notebook

log = structlog.get_logger(__name__)

_KEPT = timedelta(days=3 * 366)


class Chats:
    """Remembers by the notebook; what was read once stays in memory."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._known: dict[str, str] = {}

    async def made(self, chat: str) -> None:
        """The app made this group."""
        await self._write(f"made:{chat}", "app")

    async def heard(self, chat: str) -> None:
        """The bot hears this group."""
        if await self._read(f"heard:{chat}") is None:
            await self._write(f"heard:{chat}", chat)

    async def link(self, chat: str, *, heard_as: str) -> None:
        """What is heard in one belongs to the other. Raises StoreUnavailable."""
        await self._notebook.write(f"heard:{heard_as}", chat, keep=_KEPT)
        await self._notebook.write(f"said:{chat}", heard_as, keep=_KEPT)
        self._known[f"heard:{heard_as}"], self._known[f"said:{chat}"] = chat, heard_as

    async def chat_of(self, heard_as: str) -> str:
        """The chat to which a group that the bot hears belongs; itself while nobody has joined them."""
        return await self._read(f"heard:{heard_as}") or heard_as

    async def foreign(self, chat: str) -> None:
        """The app was told that it did not make this group."""
        await self._write(f"made:{chat}", "others")

    async def is_foreign(self, chat: str) -> bool:
        """Whether the app may not write into this group, as far as anybody knows."""
        return await self._read(f"made:{chat}") == "others"

    async def bot_name_of(self, chat: str) -> str:
        """The id under which the bot knows a group, empty where it does not hear it."""
        if (said := await self._read(f"said:{chat}")) is not None:
            return said
        return chat if await self._read(f"heard:{chat}") is not None else ""

    async def _read(self, key: str) -> str | None:
        if key in self._known:
            return self._known[key]
        try:
            found = await self._notebook.read(key)
        except StoreUnavailable:
            return None
        if found is not None:
            self._known[key] = found
        return found

    async def _write(self, key: str, value: str) -> None:
        self._known[key] = value
        try:
            await self._notebook.write(key, value, keep=_KEPT)
        except StoreUnavailable:
            log.warning("a group could not be written down", action="chat_unwritten")
