"""The addresses that come with people's messages: for an hour and a half an answer may go there, and there a mention rings.

Only the platform's own hosts are believed, and nothing relies on an address: without one the answer goes the usual way
(dingtalk.md 2.1, 10).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from adapters._hardened_json import JsonTable
from adapters._members import instant, text
from adapters.dingtalk.settings import DingTalkSettings
from bot.domain.ids import ChatKey

#: chats whose newest address is remembered
CAPACITY = 2_000
#: an address is not used in its last moments
_AIR = timedelta(minutes=1)
#: longer than the platform ever said
_LONGEST = timedelta(hours=2)
_HOST = re.compile(r"(?:[a-z0-9\-]+\.)*dingtalk\.com")
_PATH = "/robot/sendBySession"


class Webhooks:
    """The newest address of each chat."""

    def __init__(self, settings: DingTalkSettings) -> None:
        self._settings = settings
        self._known: OrderedDict[ChatKey, tuple[str, datetime]] = OrderedDict()

    def learn(self, chat: ChatKey, body: JsonTable, *, now: datetime) -> None:
        """Keep what a genuine message says."""
        url, until = text(body, "sessionWebhook"), instant(body.get("sessionWebhookExpiredTime"))
        if until is None or not self._is_theirs(url):
            return
        self._known.pop(chat, None)
        self._known[chat] = (url, min(until, now + _LONGEST))
        while len(self._known) > CAPACITY:
            self._known.popitem(last=False)

    def of(self, chat: ChatKey, *, now: datetime) -> str:
        """An address that is good for a while, empty for none."""
        url, until = self._known.get(chat, ("", now))
        return url if url and now + _AIR < until else ""

    def forget(self, chat: ChatKey) -> None:
        """The platform does not take it any more."""
        self._known.pop(chat, None)

    def _is_theirs(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        if parts.username or parts.password or parts.fragment or parts.path != _PATH:
            return False
        if self._settings.is_local:
            own = urlsplit(self._settings.legacy_base_url)
            return (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        return parts.scheme == "https" and port in (None, 443) and bool(_HOST.fullmatch(parts.hostname or ""))
