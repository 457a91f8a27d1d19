"""Everything this program asks the platform to do or to tell. The adapter's only way out.

Cards have an id of our own, so a repetition is recognised; a text has none, and its unknown outcome stays unknown. What
is quoted later is known by the id of its carrier, which is written down with the card.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from adapters._hardened_json import JsonTable
from adapters._http import HttpClient
from adapters._members import flag, ident, table, tables, text, texts
from adapters._settling import Settling
from adapters.dingtalk.api import READ_PAUSE, Api
from adapters.dingtalk.budget import Budget
from adapters.dingtalk.errors import BUDGET_CODES, DONE_ALREADY, FORM_CODES
from adapters.dingtalk.event import PLATFORM, direct_chat
from adapters.dingtalk.hints import hint
from adapters.dingtalk.membership import Membership
from adapters.dingtalk.people import People
from adapters.dingtalk.pictures import pictures
from adapters.dingtalk.probe import Probe, look
from adapters.dingtalk.render import (
    TIGHT_VALUE_BYTES,
    VALUE_BYTES,
    Call,
    action_call,
    card_call,
    edit_call,
    is_track,
    mention_call,
    picture_call,
    route_call,
    text_call,
    track_of,
    user_of,
    webhook_body,
)
from adapters.dingtalk.render_card import mentions_of
from adapters.dingtalk.settings import DingTalkSettings
from adapters.dingtalk.stream import StreamEndpoint
from adapters.dingtalk.tracks import Tracks
from adapters.dingtalk.webhooks import Webhooks
from bot.clock import Clock
from bot.domain.ids import ChatKey, MessageKey
from bot.errors import FailureKind, PlatformError
from bot.messages import (
    AddMembers,
    AnyOutbound,
    CreateGroup,
    EditCard,
    LeaveChat,
    LinkChats,
    ReadMembers,
    SendCard,
    SendPicture,
    SendText,
    Text,
    ToChat,
    Urge,
)
from bot.ports import DirectorySnapshot, Housing, Receipt

log = structlog.get_logger(__name__)

#: how long one chat hears no second time what is missing
EXPLAIN_PAUSE = timedelta(minutes=10)
_OPEN = "gateway.connections.open"
_USER_AGENT: Final = "huiyin"


class DingTalkClient:
    """One app of one organisation."""

    def __init__(
        self,
        settings: DingTalkSettings,
        housing: Housing,
        *,
        http: HttpClient | None = None,
        read_pause: timedelta = READ_PAUSE,
    ) -> None:
        self._settings = settings
        self._clock: Clock = housing.clock
        self._bot_name = housing.bot_name
        self.budget = Budget(
            calls=settings.monthly_calls,
            deliveries=settings.monthly_deliveries,
            clock=housing.clock,
            notebook=housing.notebook,
        )
        #: where answers to messages that came lately can go
        self.webhooks = Webhooks(settings)
        #: what is known about cards that went out
        self.tracks = Tracks(housing.notebook)
        #: how long one text of a card may be, as far as this platform has shown
        self._value_bytes = VALUE_BYTES
        #: cards that were just made or just pressed
        self.settling = Settling(housing.clock, seconds=housing.settle_seconds)
        #: when a chat was told what keeps us from answering
        self._explained: dict[ChatKey, datetime] = {}
        self._api = Api(settings, clock=housing.clock, budget=self.budget, http=http, read_pause=read_pause)
        self._membership = Membership(self._api, settings=settings, notebook=housing.notebook)
        self._people = People(self._api)
        self._pictures = pictures(self._api, clock=self._clock)

    async def send(self, outbound: AnyOutbound, *, key: str) -> Receipt:
        """Make one call. Raises PlatformError."""
        await self.budget.check(outbound)
        match outbound:
            case SendText():
                return await self._say(outbound, key=key)
            case SendCard():
                return await self._show_card(outbound, key=key)
            case EditCard():
                return await self._repaint(outbound)
            case SendPicture():
                media = await self._pictures.id_of(outbound.chart)
                call = picture_call(outbound.target, media, settings=self._settings)
                return await self._sent(call)
            case CreateGroup():
                return await self._membership.create(outbound, key=key)
            case AddMembers():
                return await self._membership.add(outbound)
            case ReadMembers():
                return await self._membership.members(outbound.chat)
            case Urge() | LinkChats() | LeaveChat():
                raise PlatformError(FailureKind.PERMANENT, code="no_such_call", operation=type(outbound).__name__)

    async def directory(self) -> DirectorySnapshot:
        """Read the whole visible address book. Raises PlatformError."""
        return await self._people.snapshot(now=self._clock.now())

    async def probe(self) -> Probe:
        """Ask what this app may do."""
        return await look(self._api, self._people, self._settings)

    async def stream_endpoint(self, *, topics: tuple[tuple[str, str], ...] = ()) -> StreamEndpoint:
        """Where to open the long connection; good for one connection. Raises PlatformError."""
        body: JsonTable = {
            "clientId": self._settings.client_id,
            "clientSecret": self._settings.client_secret,
            "ua": _USER_AGENT,
            "localIp": "127.0.0.1",
            "subscriptions": [{"type": kind, "topic": topic} for kind, topic in topics],
        }
        answer = await self._api.unauthenticated(
            Call(operation=_OPEN, method="POST", path="/v1.0/gateway/connections/open", body=body)
        )
        url, ticket = text(answer, "endpoint"), text(answer, "ticket")
        if not url.startswith(("wss://", "ws://")) or not ticket:
            raise PlatformError(FailureKind.RETRY, code="no_address", operation=_OPEN)
        return StreamEndpoint(url, ticket)

    async def learn_group(self, chat: ChatKey, older: str) -> None:
        """An event named a group by both of its ids; the older one is what members are read by."""
        await self._membership.learn(chat, older)

    async def register_route(self, url: str) -> None:
        """Have clicks come to this address. Raises PlatformError."""
        await self._api.call(route_call(url, settings=self._settings))

    async def explain(self, chat: ChatKey) -> None:
        """What is missing, to somebody whom no call can reach because the platform does not say who it is; once in a while."""
        now = self._clock.now()
        self._explained = {one: at for one, at in self._explained.items() if now - EXPLAIN_PAUSE < at <= now}
        if chat in self._explained:
            return
        self._explained[chat] = now
        outbound = SendText(target=ToChat(chat=chat), body=(Text(hint("unpublished")),))
        try:
            await self._answer(outbound, chat)
        except PlatformError as problem:
            log.info("what is missing could not be said", action="unpublished_untold", code=problem.code)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    # ------------------------------------------------------------ messages

    async def _say(self, outbound: SendText, *, key: str) -> Receipt:
        """A text. In a group a mention rings only on a card or through the address of a fresh message."""
        chat = outbound.target.chat if isinstance(outbound.target, ToChat) else None
        if chat is not None and mentions_of(outbound.body):
            rung = await self._ring(outbound, chat, key=key)
            if rung is not None:
                return rung
        try:
            return await self._sent(text_call(outbound.target, outbound.body, settings=self._settings))
        except PlatformError as problem:
            # answers there are no calls of the month, and whoever asked waits for one
            answered = await self._answer(outbound, chat) if problem.code in BUDGET_CODES and chat is not None else None
            if answered is None:
                raise
            return answered

    async def _ring(self, outbound: SendText, chat: ChatKey, *, key: str) -> Receipt | None:
        """Say it where the mention is heard; None where there is no such way."""
        if user_of(outbound.target):
            return None
        if self._settings.card_template_id:
            try:
                return await self._shortened(
                    lambda size: self._delivered(self._mentioning(outbound, key, size), key=key)
                )
            except PlatformError as problem:
                if problem.kind is not FailureKind.DEGRADE:
                    raise
        return await self._answer(outbound, chat)

    async def _answer(self, outbound: SendText, chat: ChatKey) -> Receipt | None:
        """At the address that came with a message of this chat; None where there is none, or it is closed."""
        url = self.webhooks.of(chat, now=self._clock.now())
        if not url:
            return None
        await self.budget.delivered()
        try:
            await self._api.post(url, webhook_body(outbound.body), operation="robot.sendBySession")
        except PlatformError as problem:
            if problem.kind is FailureKind.UNKNOWN:
                raise
            log.info("the address for answers is closed", action="reply_closed", code=problem.code)
            self.webhooks.forget(chat)
            return None
        return Receipt(chat=chat)

    async def _sent(self, call: Call) -> Receipt:
        answer = await self._api.call(call)
        user = call.body.get("userIds") if call.body is not None else None
        if user is not None and texts(answer, "flowControlledStaffIdList"):
            raise PlatformError(FailureKind.RETRY, code="flow_control", operation=call.operation, retry_after_ms=5_000)
        if user is not None and texts(answer, "invalidStaffIdList"):
            raise PlatformError(
                FailureKind.GONE, code="invalid_staff", operation=call.operation, hint=hint("contact_range")
            )
        message = ident(answer, "processQueryKey")
        if not message:
            raise PlatformError(FailureKind.UNKNOWN, code="no_message", operation=call.operation)
        return Receipt(message=MessageKey(PLATFORM, message), chat=_chat(call))

    # ------------------------------------------------------------ cards

    async def _show_card(self, outbound: SendCard, *, key: str) -> Receipt:
        if self._settings.card_template_id:
            await self.tracks.shown(track_of(key), outbound.card)
            return await self._shortened(
                lambda size: self._delivered(
                    card_call(outbound, key=key, settings=self._settings, value_bytes=size), key=key
                )
            )
        link, card = outbound.card.link, outbound.card
        if link is None or card.buttons or not card.fallback:
            raise PlatformError(FailureKind.DEGRADE, code="no_template", operation="card.createAndDeliver")
        receipt = await self._sent(action_call(outbound.target, card, link, settings=self._settings))
        return Receipt(message=receipt.message, chat=receipt.chat, degraded=True)

    def _mentioning(self, outbound: SendText, key: str, value_bytes: int) -> Call:
        return mention_call(
            outbound.target,
            outbound.body,
            title=self._bot_name,
            key=key,
            settings=self._settings,
            value_bytes=value_bytes,
        )

    async def _shortened(self, show: Callable[[int], Awaitable[Receipt]]) -> Receipt:
        """Show a card; one that is refused for its texts once more, with texts as short as the documents want them.

        A refused call has made nothing, so no second card can come of it.
        """
        try:
            return await show(self._value_bytes)
        except PlatformError as problem:
            is_about_texts = problem.code.startswith("param.") and problem.code not in FORM_CODES
            if problem.kind is not FailureKind.DEGRADE or not is_about_texts or self._value_bytes == TIGHT_VALUE_BYTES:
                raise
        receipt = await show(TIGHT_VALUE_BYTES)
        log.info("this platform takes short texts on cards only", action="cards_shortened")
        self._value_bytes = TIGHT_VALUE_BYTES
        return receipt

    async def _delivered(self, call: Call, *, key: str) -> Receipt:
        """Create and deliver; that it is there already is as good. HTTP 200 may hide that it was not delivered."""
        track = track_of(key)
        try:
            with self.settling.answering(track):
                answer = await self._api.call(call)
        except PlatformError as problem:
            if problem.code != DONE_ALREADY:
                raise
            return Receipt(message=MessageKey(PLATFORM, track), chat=_chat(call))
        results = tables(table(answer, "result"), "deliverResults")
        failed = [one for one in results if not flag(one, "success")]
        if failed or not results:
            code = text(failed[0], "errorMsg")[:40] if failed else "no_result"
            # the card exists and nobody sees it; its words may still arrive, or say exactly why not
            kind = FailureKind.DEGRADE if failed else FailureKind.UNKNOWN
            log.warning("a card was not delivered", action="card_undelivered", code=code)
            raise PlatformError(kind, code="undelivered", operation=call.operation, hint=hint("not_in_group"))
        await self.tracks.sent(track, ident(results[0], "carrierId"))
        return Receipt(message=MessageKey(PLATFORM, track), chat=_chat(call))

    async def _repaint(self, outbound: EditCard) -> Receipt:
        """Show a card's present state to everybody, not before whoever pressed on it has the answer."""
        track = outbound.message.message
        if not is_track(track):
            raise PlatformError(FailureKind.GONE, code="no_card", operation="card.update")
        await self.settling.settled(track)
        await self.tracks.shown(track, outbound.card)

        async def repaint(value_bytes: int) -> Receipt:
            await self._api.call(edit_call(outbound, value_bytes=value_bytes))
            return Receipt(message=outbound.message)

        return await self._shortened(repaint)


def _chat(call: Call) -> ChatKey | None:
    """Where it went, as updates name it."""
    body = call.body or {}
    users = texts(body, "userIds")
    if users:
        return direct_chat(users[0])
    group = text(body, "openConversationId")
    if group:
        return ChatKey(PLATFORM, group)
    space = text(body, "openSpaceId").removeprefix("dtv1.card//")
    kind, _, name = space.partition(".")
    if not name:
        return None
    return direct_chat(name) if kind == "IM_ROBOT" else ChatKey(PLATFORM, name)
