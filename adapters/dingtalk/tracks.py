"""What has to be known about a card after it went out: which message shows it, and what its form submits.

A reply names the message that it answers by an id of the platform's, a click names the card by ours; and a form that the
platform's own button submits says nothing about what is to be done with it (dingtalk.md 2.1, 3.4). Notes only: where one
is lost, a reply is not recognised or a form has to be sent in as text, and nothing else happens.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from adapters._hardened_json import BadJson, JsonTable, parse_table, wire
from adapters.dingtalk.event import PLATFORM
from adapters.dingtalk.payload import button_params
from bot.domain.ids import MessageKey
from bot.errors import StoreUnavailable
from bot.messages import Card
from bot.ports import Notebook

log = structlog.get_logger(__name__)

#: cards that nobody touched for so long are answered no more
_KEPT = timedelta(days=60)


class Tracks:
    """Notes about cards that went out."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    async def sent(self, track: str, carrier: str) -> None:
        """A card stands in this message."""
        if carrier:
            await self._write(f"carrier:{carrier}", track)

    async def shown(self, track: str, card: Card) -> None:
        """A card's form submits what its first submitting button says."""
        submitting = next((button for button in card.buttons if button.submits_form), None)
        if submitting is not None and card.fields:
            pressed = button_params(submitting.action, submitting.params)
            await self._write(f"form:{track}", wire(pressed).decode("utf-8", "replace"))

    async def card_in(self, message: MessageKey) -> MessageKey:
        """The card that a message of ours shows, else the message itself."""
        track = await self._read(f"carrier:{message.message}")
        return MessageKey(PLATFORM, track) if track else message

    async def submitted(self, track: str) -> JsonTable:
        """What the form of a card submits, nothing when nobody knows."""
        kept = await self._read(f"form:{track}")
        try:
            return parse_table(kept.encode()) if kept else {}
        except BadJson:
            return {}

    async def _write(self, key: str, value: str) -> None:
        try:
            await self._notebook.write(key, value, keep=_KEPT)
        except StoreUnavailable:
            log.warning("a note about a card could not be written down", action="card_unnoted")

    async def _read(self, key: str) -> str:
        try:
            return await self._notebook.read(key) or ""
        except StoreUnavailable:
            return ""
