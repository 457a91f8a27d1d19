"""Everything this program asks the platform to do or to tell. The adapter's only way out.

Each call has a time limit, a retry rule and a name in the log. What can be mended at once is mended here (a token that
ran out, a mention of somebody unknown, an answer to a message that is gone); everything else is delivery's business.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from adapters._hardened_json import JsonTable
from adapters._http import HttpClient
from adapters.feishu.api import READ_PAUSE, Api, data_of, table_of, text_of, texts_of
from adapters.feishu.errors import BAD_IMAGE_CODES, STREAM_CODES
from adapters.feishu.history import History
from adapters.feishu.membership import INVALID, Membership
from adapters.feishu.people import People
from adapters.feishu.pictures import pictures
from adapters.feishu.probe import BOT_INFO, Probe, look, look_at_scopes
from adapters.feishu.remedies import remedy
from adapters.feishu.render import URGED_AT_ONCE, Call, edit_call, message_call, picture_call, urge_call
from adapters.feishu.render_text import PLAIN, Manner
from adapters.feishu.settings import FeishuSettings
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
    Urge,
)
from bot.ports import DirectorySnapshot, Receipt

PLATFORM = "feishu"
_STREAM = Call(operation="callback.ws.endpoint", method="POST", path="/callback/ws/endpoint")


class StreamEndpoint(NamedTuple):
    """Where to open the long connection, and what the platform wishes for it (`ClientConfig`, as sent)."""

    url: str
    config: JsonTable


class FeishuClient:
    """One app of one tenant."""

    def __init__(
        self,
        settings: FeishuSettings,
        *,
        clock: Clock,
        http: HttpClient | None = None,
        read_pause: timedelta = READ_PAUSE,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._api = Api(settings, clock=clock, http=http, read_pause=read_pause)
        self._membership = Membership(self._api, platform=PLATFORM)
        self._people = People(self._api, platform=PLATFORM)
        self._pictures = pictures(self._api, clock=self._clock)
        self._bot_open_id = ""
        #: what was said while nobody listened
        self.history = History(self._api)

    async def send(self, outbound: AnyOutbound, *, key: str) -> Receipt:
        """Make one call. The same key twice within the platform's window has one effect. Raises PlatformError."""
        match outbound:
            case SendText() | SendCard() | EditCard():
                return await self._say(outbound, key=key)
            case SendPicture():
                return await self._show(outbound, key=key)
            case Urge():
                return await self._urge(outbound)
            case CreateGroup():
                return await self._membership.create(outbound, key=key)
            case AddMembers():
                return await self._membership.add(outbound)
            case ReadMembers():
                return await self._membership.list(outbound.chat)
            case LinkChats():
                raise PlatformError(FailureKind.PERMANENT, code="one_name", operation="link_chats")
            case LeaveChat():
                return await self._membership.leave(outbound.chat)

    async def directory(self) -> DirectorySnapshot:
        """The whole visible address book. Raises PlatformError."""
        return await self._people.snapshot(now=self._clock.now())

    async def probe(self) -> Probe:
        """How the app is set up. Never raises PlatformError."""
        found = await look(self._api, self._people)
        self._bot_open_id = found.bot_open_id or self._bot_open_id
        return found

    async def sees_all_group_messages(self) -> bool | None:
        """Whether it may see messages that do not mention it; None without an answer. Never raises PlatformError."""
        return await look_at_scopes(self._api)

    async def bot_open_id(self) -> str:
        """The bot's own id, by which a mention of it is known; asked for once. Raises PlatformError."""
        if not self._bot_open_id:
            self._bot_open_id = text_of(table_of(await self._api.call(BOT_INFO), "bot"), "open_id")
        return self._bot_open_id

    async def stream_endpoint(self) -> StreamEndpoint:
        """Where to open the long connection; good for one connection. Raises PlatformError."""
        body: JsonTable = {"AppID": self._settings.app_id, "AppSecret": self._settings.app_secret}
        call = Call(operation=_STREAM.operation, method=_STREAM.method, path=_STREAM.path, body=body)
        answer = await self._api.unauthenticated(call, headers={"locale": "zh"}, codes=STREAM_CODES)
        data = data_of(answer)
        url = text_of(data, "URL")
        if not url.startswith(("wss://", "ws://")):
            raise PlatformError(FailureKind.RETRY, code="no_address", operation=_STREAM.operation)
        return StreamEndpoint(url, table_of(data, "ClientConfig"))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    async def _say(self, outbound: SendText | SendCard | EditCard, *, key: str) -> Receipt:
        """Send or edit; what is refused for a reason that another manner avoids is said in that manner."""
        manner: Manner = PLAIN
        while True:
            try:
                return await self._say_once(outbound, key=key, manner=manner)
            except PlatformError as problem:
                other = remedy(problem, outbound, manner)
                if other is None:
                    raise
                manner = other

    async def _say_once(self, outbound: SendText | SendCard | EditCard, *, key: str, manner: Manner) -> Receipt:
        if isinstance(outbound, EditCard):
            await self._api.call(edit_call(outbound, manner=manner))
            return Receipt(message=outbound.message)
        return await self._sent(message_call(outbound, key=key, manner=manner))

    async def _show(self, outbound: SendPicture, *, key: str) -> Receipt:
        """Send a picture; one whose key the platform knows no more is uploaded anew."""
        is_known = self._pictures.knows(outbound.chart)
        image = await self._pictures.id_of(outbound.chart)
        try:
            return await self._sent(picture_call(outbound, image=image, key=key))
        except PlatformError as problem:
            if problem.code not in BAD_IMAGE_CODES:
                raise
        self._pictures.forget(outbound.chart)
        if is_known:
            return await self._show(outbound, key=key)
        raise PlatformError(FailureKind.DEGRADE, code="bad_image", operation="im.v1.message.create")

    async def _sent(self, call: Call) -> Receipt:
        data = data_of(await self._api.call(call))
        message, chat = text_of(data, "message_id"), text_of(data, "chat_id")
        if not message:
            raise PlatformError(FailureKind.UNKNOWN, code="no_message", operation=call.operation)
        return Receipt(message=MessageKey(PLATFORM, message), chat=ChatKey(PLATFORM, chat) if chat else None)

    async def _urge(self, outbound: Urge) -> Receipt:
        """Ring for everybody, 200 at a time; the receipt names those for whom it cannot ring."""
        refused: dict[str, str] = {}
        for start in range(0, len(outbound.accounts), URGED_AT_ONCE):
            call = urge_call(outbound.message, outbound.accounts[start : start + URGED_AT_ONCE])
            data = data_of(await self._api.call(call))
            refused.update(dict.fromkeys(texts_of(data, "invalid_user_id_list"), INVALID))
        members = tuple(one for one in outbound.accounts if one.account not in refused)
        return Receipt(message=outbound.message, members=members, refused=refused)
