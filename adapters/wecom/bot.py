"""The intelligent bot: what it hears in groups and privately, and what it can say there (wecom.md 3).

It has one long connection, or a callback over HTTP. Whatever it says goes into a conversation that has talked to it before;
over HTTP only through the address that came with somebody's message, once and within an hour. What came to one process may be
answered by another one: addresses and presses stand in the notebook.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from adapters._hardened_json import JsonTable
from adapters._members import table, text
from adapters.wecom.api import Api
from adapters.wecom.decode_bot import is_in_group, sender_of
from adapters.wecom.envelope import Gate
from adapters.wecom.escape import parts
from adapters.wecom.event import PLATFORM, direct_chat
from adapters.wecom.frames import SEND, UPDATE, WELCOME, Frame
from adapters.wecom.hints import hint
from adapters.wecom.progress import Progress
from adapters.wecom.render import group_of, task_of, user_of
from adapters.wecom.render_card import BOT, card_json, changed_json
from adapters.wecom.render_text import bot_markdown, tidy
from adapters.wecom.settings import BotSettings, WeComSettings
from adapters.wecom.stream import Stream
from bot.domain.ids import ChatKey, MessageKey
from bot.errors import FailureKind, PlatformError, StoreUnavailable
from bot.messages import Card, EditCard, Rich, SendCard, SendText, Target
from bot.ports import Housing, Receipt

log = structlog.get_logger(__name__)

#: bytes of one text, with air
TEXT_BYTES = 18_000
#: a card can be replaced, and whoever opens the chat be welcomed, for so long after the push that told of it
_ANSWERABLE = timedelta(seconds=4)
_ENTERED = "enter_chat"
#: for how long an address is good for an answer
_ADDRESS_LIFE = timedelta(minutes=55)
#: milliseconds until a process without the connection tries again; by then the one with it has come to it
_ELSEWHERE_MS, _PRESSED_ELSEWHERE_MS = 1_000, 200
#: failures after which an address is as good as before
_WITHOUT_EFFECT = frozenset({FailureKind.RETRY, FailureKind.ADMINISTRATOR, FailureKind.REFRESH})
_HOST = re.compile(r"(?:[a-z0-9\-]+\.)*weixin\.qq\.com")
_PATH = "/cgi-bin/aibot/response"


class Bot:
    """One bot of one company."""

    def __init__(self, bot: BotSettings, settings: WeComSettings, *, api: Api, housing: Housing) -> None:
        self.settings = bot
        self._settings = settings
        self._api = api
        self._clock = housing.clock
        self._notebook = housing.notebook
        self._progress = Progress(housing.notebook)
        self.gate = Gate(receiver="", window=settings.replay_window, is_json=True)
        self.stream = Stream(bot, clock=housing.clock, leadership=housing.leadership)
        #: what this connection brought a moment ago and can be answered on it: the request, and until when
        self._open: dict[str, tuple[str, datetime]] = {}

    async def run(self, take: Callable[[JsonTable, str], Awaitable[None]]) -> None:
        """Keep the long connection up where there is one."""

        async def took(frame: Frame) -> None:
            await take(frame.body, frame.request)

        if not self.settings.is_webhook:
            await self.stream.run(took)

    async def learn(self, body: JsonTable, *, request: str) -> None:
        """What a genuine push says about how it can be answered. Raises StoreUnavailable."""
        now, event = self._clock.now(), table(body, "event")
        task = text(table(event, "template_card_event") or event, "task_id")
        chat = text(body, "chatid") if is_in_group(body) else direct_chat(sender_of(body)).chat
        answered = f"pressed:{task}" if task else f"entered:{chat}" if text(event, "eventtype") == _ENTERED else ""
        if answered and request:
            self._open = {key: one for key, one in self._open.items() if one[1] > now}
            self._open[answered] = request, now + _ANSWERABLE
            if task:
                await self._notebook.write(answered, request, keep=_ANSWERABLE)
        url = text(body, "response_url")
        if url and self._is_theirs(url):
            await self._notebook.write(f"address:{chat}", url, keep=_ADDRESS_LIFE)

    # ------------------------------------------------------------ out

    async def say(self, outbound: SendText, *, key: str, target: Target) -> Receipt:
        """A text into a conversation that knows the bot. Raises PlatformError."""
        return await self.say_words(outbound.body, key=key, target=target)

    async def say_words(self, body: Rich, *, target: Target, key: str = "") -> Receipt:
        """The same for a body alone. What needs several messages goes on where the last try stopped, if it has a key."""
        said = parts(bot_markdown(tidy(body)), TEXT_BYTES)
        if self.settings.is_webhook and len(said) > 1:
            log.warning("a text was cut: an address is good for one message", action="answer_cut", parts=len(said))
            said = [f"{said[0]}\n…"]
        done = await self._progress.done(key) if key and len(said) > 1 else 0
        for number, one in enumerate(said[done:], done + 1):
            if number > 1 or not await self._welcome(one, target):
                await self._push(target, {"msgtype": "markdown", "markdown": {"content": one}})
            if key and len(said) > 1:
                await self._progress.note(key, number)
        return Receipt(chat=_chat(target))

    async def greets(self, body: Rich, *, target: Target) -> bool:
        """The first word to somebody who has just opened the chat with the bot, who would else read it in the app's; False
        for anybody else. Raises PlatformError when nobody knows whether it arrived."""
        if f"entered:{_chat(target).chat}" not in self._open:
            return False
        said = parts(bot_markdown(tidy(body)), TEXT_BYTES)
        return len(said) == 1 and await self._welcome(said[0], target)

    async def _welcome(self, words: str, target: Target) -> bool:
        """The first word to somebody who has just opened the chat, which no push may say yet (wecom.md 3.3)."""
        request = self._take_open(f"entered:{_chat(target).chat}")
        line = self.stream.line
        if not request or line is None:
            return False
        try:
            await line.call(WELCOME, {"msgtype": "text", "text": {"content": words}}, request=request)
        except PlatformError as problem:
            if problem.kind is FailureKind.UNKNOWN:
                raise
            return False
        return True

    async def show(self, outbound: SendCard, *, key: str, target: Target) -> Receipt:
        """A card into a conversation that knows the bot. Raises PlatformError."""
        task = task_of(key)
        content = card_json(outbound.card, task=task, measures=BOT)
        await self._push(target, {"msgtype": "template_card", "template_card": content})
        return Receipt(message=MessageKey(PLATFORM, task), chat=_chat(target))

    async def replace(self, outbound: EditCard) -> Receipt:
        """The present state of a card that was pressed a moment ago; later there is no way. Raises PlatformError."""
        task = outbound.message.message
        request = self._take_open(f"pressed:{task}")
        line = self.stream.line
        if not request or line is None:
            raise await self._not_here(task)
        await line.call(UPDATE, self._changed(outbound.card, task), request=request)
        return Receipt(message=outbound.message)

    async def _not_here(self, task: str) -> PlatformError:
        """Too late, or a matter for the process that was told of the press."""
        is_elsewhere = False
        if not self.stream.leads:
            try:
                is_elsewhere = await self._notebook.read(f"pressed:{task}") is not None
            except StoreUnavailable:
                is_elsewhere = True
        if is_elsewhere:
            return PlatformError(
                FailureKind.RETRY, code="elsewhere", operation=UPDATE, retry_after_ms=_PRESSED_ELSEWHERE_MS
            )
        return PlatformError(FailureKind.GONE, code="not_replaceable", operation=UPDATE)

    def _take_open(self, key: str) -> str:
        """The request of a push that can still be answered, empty for none; it is good once."""
        now = self._clock.now()
        request, until = self._open.pop(key, ("", now))
        return request if now < until else ""

    @staticmethod
    def _changed(card: Card, task: str) -> JsonTable:
        content = changed_json(card, task=task, measures=BOT, can_disable=False)
        return {"response_type": "update_template_card", "template_card": content}

    async def _push(self, target: Target, body: JsonTable) -> None:
        line = self.stream.line
        if line is not None:
            user, group = user_of(target), group_of(target)
            where: JsonTable = {"chatid": user or group, "chat_type": 1 if user else 2}
            await line.call(SEND, {**where, **body})
            return
        if not self.settings.is_webhook:
            raise PlatformError(FailureKind.RETRY, code="not_connected", operation=SEND, retry_after_ms=_ELSEWHERE_MS)
        await self._answer(target, body)

    async def _answer(self, target: Target, body: JsonTable) -> None:
        """Through the address that came with the last message; it is good once."""
        key, operation = f"address:{_chat(target).chat}", "aibot/response"
        try:
            url = await self._notebook.read(key)
            if url:
                await self._notebook.forget(key)
        except StoreUnavailable:
            raise PlatformError(FailureKind.RETRY, code="store", operation=operation) from None
        if not url:
            raise PlatformError(FailureKind.GONE, code="no_address", operation=operation, hint=hint("bot_not_in_group"))
        try:
            await self._api.post(url, body, operation=operation)
        except PlatformError as problem:
            if problem.kind in _WITHOUT_EFFECT:
                with contextlib.suppress(StoreUnavailable):
                    await self._notebook.write(key, url, keep=_ADDRESS_LIFE)
            raise

    def _is_theirs(self, url: str) -> bool:
        try:
            parts_ = urlsplit(url)
            port = parts_.port
        except ValueError:
            return False
        if parts_.username or parts_.password or parts_.fragment or parts_.path != _PATH:
            return False
        if self._settings.is_local:
            own = urlsplit(self._settings.base_url)
            return (parts_.scheme, parts_.netloc) == (own.scheme, own.netloc)
        return parts_.scheme == "https" and port in (None, 443) and bool(_HOST.fullmatch(parts_.hostname or ""))


def _chat(target: Target) -> ChatKey:
    user = user_of(target)
    return direct_chat(user) if user else ChatKey(PLATFORM, group_of(target))
