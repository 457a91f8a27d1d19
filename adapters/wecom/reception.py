"""Where all ways in meet: a genuine push becomes an update, and the update is stored before anybody is told.

Whatever raises here has not been stored, and must not be acknowledged. What the bot hears in a group that was joined to a
group of the app belongs to that one; a person behind an encrypted id is named by the plain one.
"""

from __future__ import annotations

import msgspec
import structlog

from adapters._hardened_json import JsonTable
from adapters._members import ident, text
from adapters.wecom.client import WeComClient, is_encrypted
from adapters.wecom.decode import decode, read_event, readable
from adapters.wecom.decode_bot import decode_push, is_in_group, is_misnamed, read_push, sender_of
from adapters.wecom.event import PLATFORM, Self
from bot.clock import Clock
from bot.domain.ids import ChatKey
from bot.ports import Intake
from bot.updates import AnyUpdate, CardClicked, MessageReceived, Unreadable

log = structlog.get_logger(__name__)

#: seconds in which a click is handled before its push is answered; the platform gives up after five
CLICK_SECONDS = 3.0


class Reception:
    """Reads for one company and puts into the intake."""

    def __init__(self, client: WeComClient, *, app: Self, bot: Self, clock: Clock) -> None:
        self._client = client
        self._app = app
        self._bot = bot
        self._clock = clock
        #: the bot delivers encrypted ids that nobody could decrypt
        self.has_strangers = False
        #: the bot was last mentioned under a name that we do not know
        self.is_misnamed = False

    async def take(self, body: JsonTable, intake: Intake) -> None:
        """Store a push of the app. Raises StoreUnavailable."""
        event = read_event(body, me=self._app, received_at=self._clock.now())
        # a press brings the code that changes the card, and the state that the press makes will want it
        await self._client.codes.keep(ident(body, "TaskId"), text(body, "FromUserName"), text(body, "ResponseCode"))
        await self._store(decode(event), intake)

    async def take_push(self, body: JsonTable, intake: Intake, *, request: str = "") -> None:
        """Store a push of the bot. Raises StoreUnavailable."""
        body = await self._with_person(body)
        if self._client.bot is not None:
            await self._client.bot.learn(body, request=request)
        if is_in_group(body):
            await self._client.chats.heard(ident(body, "chatid"))
            if text(body, "msgtype") == "text":
                self.is_misnamed = is_misnamed(body, name=self._bot.bot_name)
        event = read_push(body, me=self._bot, received_at=self._clock.now())
        await self._store(await self._in_its_chat(readable(event, decode_push)), intake)

    async def _with_person(self, body: JsonTable) -> JsonTable:
        user = sender_of(body)
        if not is_encrypted(user):
            return body
        plain = await self._client.person_of(user)
        self.has_strangers = self.has_strangers or plain == user
        return {**body, "from": {"userid": plain}}

    async def _in_its_chat(self, update: AnyUpdate) -> AnyUpdate:
        if not isinstance(update, MessageReceived | CardClicked) or update.chat is None:
            return update
        chat = await self._client.chats.chat_of(update.chat.chat)
        return update if chat == update.chat.chat else msgspec.structs.replace(update, chat=ChatKey(PLATFORM, chat))

    async def _store(self, update: AnyUpdate, intake: Intake) -> None:
        if isinstance(update, CardClicked):
            answer = await intake.accept_click(update, within=CLICK_SECONDS)
            if answer is not None and answer.toast and (answer.is_error or answer.is_refused):
                await self._client.tell(update.operator.account, answer.toast)
            return
        if isinstance(update, Unreadable):
            _tell(update)
        await intake.accept([update])


def _tell(update: Unreadable) -> None:
    log.warning(
        "an event could not be read; it is kept as it is",
        action="event_unreadable",
        platform=update.source.platform,
        business_id=update.source.business_id,
        event_type=update.event_type,
        problem=update.problem,
    )
