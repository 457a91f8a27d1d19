"""Everything this program asks the platform to do or to tell: through the app where there is one, else through the bot.

Nothing here is recognised by the platform when it is repeated, except a group by the id that we give it. So a text that
needs several messages remembers how many of them went out.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from adapters._hardened_json import JsonTable
from adapters._http import HttpClient
from adapters._members import text
from adapters.wecom.api import READ_PAUSE, Api
from adapters.wecom.bot import Bot
from adapters.wecom.chats import Chats
from adapters.wecom.codes import Codes
from adapters.wecom.errors import NO_GROUP_CODES
from adapters.wecom.event import PLATFORM, direct_chat
from adapters.wecom.hints import hint
from adapters.wecom.membership import Membership
from adapters.wecom.people import People
from adapters.wecom.pictures import pictures
from adapters.wecom.probe import Probe, look
from adapters.wecom.progress import Progress
from adapters.wecom.render import (
    Call,
    card_call,
    edit_call,
    group_of,
    picture_call,
    task_of,
    text_calls,
    user_of,
)
from adapters.wecom.settings import WeComSettings
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.errors import FailureKind, PlatformError, StoreUnavailable
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
    Target,
    Text,
    ToChat,
    ToPerson,
    Urge,
)
from bot.ports import DirectorySnapshot, Housing, Receipt

log = structlog.get_logger(__name__)

#: an encrypted id of a person, as bots of ordinary members deliver it
_ENCRYPTED, _ENCRYPTED_LENGTH = "wo", 20


class WeComClient:
    """One app and one bot of one company, or one of the two."""

    def __init__(
        self,
        settings: WeComSettings,
        housing: Housing,
        *,
        http: HttpClient | None = None,
        read_pause: timedelta = READ_PAUSE,
    ) -> None:
        self._settings = settings
        self._clock = housing.clock
        self._notebook = housing.notebook
        self._api = Api(settings, clock=housing.clock, http=http, read_pause=read_pause)
        self.bot = Bot(settings.bot, settings, api=self._api, housing=housing) if settings.bot is not None else None
        self._progress = Progress(housing.notebook)
        self.codes = Codes(housing.notebook)
        self.chats = Chats(housing.notebook)
        self._membership = Membership(self._api, has_bot=settings.bot is not None)
        self._people = People(self._api)
        self._pictures = pictures(self._api, clock=self._clock)

    async def send(self, outbound: AnyOutbound, *, key: str) -> Receipt:
        """Make one call. Raises PlatformError."""
        match outbound:
            case SendText():
                return await self._say(outbound, key=key)
            case SendCard():
                return await self._show_card(outbound, key=key)
            case EditCard():
                return await self._edit_card(outbound)
            case SendPicture():
                return await self._show_picture(outbound)
            case CreateGroup():
                receipt = await self._membership.create(outbound, key=self._app(key))
                if receipt.chat is not None:
                    await self.chats.made(receipt.chat.chat)
                return receipt
            case AddMembers():
                return await self._membership.add(outbound)
            case ReadMembers():
                return await self._membership.members(outbound.chat)
            case LinkChats():
                return await self._link(outbound)
            case Urge() | LeaveChat():
                raise PlatformError(FailureKind.PERMANENT, code="no_such_call", operation=type(outbound).__name__)

    async def directory(self) -> DirectorySnapshot:
        """Read the whole visible address book. Raises PlatformError."""
        self._app("")
        return await self._people.snapshot(now=self._clock.now())

    async def probe(self) -> Probe:
        """Ask what this app may do."""
        return await look(self._api, self._people, self._settings)

    async def tell(self, user: str, words: str) -> None:
        """A word to somebody who pressed a button of which nothing came; the platform has no other way to say that."""
        target = ToPerson(account=direct_account(user))
        body = (Text(words),)
        try:
            if self._settings.has_app:
                for call in text_calls(target, body, settings=self._settings):
                    await self._api.call(call)
            elif self.bot is not None:
                await self.bot.say_words(body, target=target)
        except PlatformError as problem:
            log.info("a word about a press did not arrive", action="press_untold", code=problem.code)

    async def person_of(self, user: str) -> str:
        """The person's id behind an encrypted one, the given one where there is nothing to decrypt or no way to."""
        if not is_encrypted(user) or not self._settings.has_app:
            return user
        key = f"person:{user}"
        try:
            known = await self._notebook.read(key)
            if known is None:
                known = await self._decrypted(user)
                if known:
                    await self._notebook.write(key, known, keep=timedelta(days=366))
        except (PlatformError, StoreUnavailable):
            return user
        return known or user

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    # ------------------------------------------------------------ messages

    async def _say(self, outbound: SendText, *, key: str) -> Receipt:
        group = group_of(outbound.target)
        if group and (through := await self._bot_for(group)) is not None:
            return await through[0].say(outbound, key=key, target=through[1])
        if not self._settings.has_app:
            return await self._bot(outbound.target).say(outbound, key=key, target=outbound.target)
        if self.bot is not None and await self.bot.greets(outbound.body, target=outbound.target):
            return Receipt(chat=_chat(outbound.target))
        calls = text_calls(outbound.target, outbound.body, settings=self._settings)
        try:
            return await self._send_all(calls, outbound.target, key=key)
        except PlatformError as problem:
            name = await self.chats.bot_name_of(group) if group and problem.code in NO_GROUP_CODES else ""
            if not name or self.bot is None:
                raise
            await self.chats.foreign(group)
        return await self.bot.say(outbound, key=key, target=_group(name))

    async def _bot_for(self, group: str) -> tuple[Bot, Target] | None:
        """The bot, for a group that only it knows."""
        if self.bot is None or (self._settings.has_app and not await self.chats.is_foreign(group)):
            return None
        return self.bot, _group(await self.chats.bot_name_of(group) or group)

    def _bot(self, target: Target) -> Bot:
        if self.bot is None:
            operation = "message/send" if user_of(target) else "appchat/send"
            raise PlatformError(FailureKind.PERMANENT, code="no_app", operation=operation, hint=hint("credentials"))
        return self.bot

    async def _send_all(self, calls: list[Call], target: Target, *, key: str) -> Receipt:
        """Several messages of one text, each once: a later try goes on where the last one stopped."""
        done = await self._progress.done(key) if len(calls) > 1 else 0
        receipt = Receipt(chat=_chat(target))
        for number, call in enumerate(calls):
            if number < done:
                continue
            receipt = await self._sent(call, target)
            if len(calls) > 1:
                await self._progress.note(key, number + 1)
        return receipt

    async def _sent(self, call: Call, target: Target) -> Receipt:
        answer = await self._api.call(call)
        user = user_of(target)
        if user and user.lower() in text(answer, "invaliduser").lower().split("|"):
            raise PlatformError(FailureKind.GONE, code="81013", operation=call.operation, hint=hint("visible_range"))
        if user and user.lower() in text(answer, "unlicenseduser").lower().split("|"):
            raise PlatformError(FailureKind.GONE, code="unlicensed", operation=call.operation, hint=hint("licence"))
        message = text(answer, "msgid")
        return Receipt(message=MessageKey(PLATFORM, message) if message else None, chat=_chat(target))

    async def _show_picture(self, outbound: SendPicture) -> Receipt:
        group = group_of(outbound.target)
        if not self._settings.has_app or (group and await self._bot_for(group) is not None):
            raise PlatformError(FailureKind.DEGRADE, code="no_pictures", operation="media/upload")
        media = await self._pictures.id_of(outbound.chart)
        return await self._sent(picture_call(outbound.target, media, settings=self._settings), outbound.target)

    # ------------------------------------------------------------ cards

    async def _show_card(self, outbound: SendCard, *, key: str) -> Receipt:
        if not self._settings.has_app:
            return await self._bot(outbound.target).show(outbound, key=key, target=outbound.target)
        call = card_call(outbound.target, outbound.card, key=key, settings=self._settings)
        answer = await self._api.call(call)
        user, task = user_of(outbound.target), task_of(key)
        if user and user.lower() in text(answer, "invaliduser").lower().split("|"):
            raise PlatformError(FailureKind.GONE, code="81013", operation=call.operation, hint=hint("visible_range"))
        await self.codes.keep(task, user, text(answer, "response_code"))
        return Receipt(message=MessageKey(PLATFORM, task), chat=_chat(outbound.target))

    async def _edit_card(self, outbound: EditCard) -> Receipt:
        if not self._settings.has_app:
            return await self._bot(outbound.target).replace(outbound)
        user, task = user_of(outbound.target), outbound.message.message
        code = await self.codes.take(task, user)
        if not code and not outbound.card.buttons:
            # nothing is asked any more: whoever presses the card as it stands is told who was faster, and when
            return Receipt(message=outbound.message)
        if not code:
            raise PlatformError(FailureKind.GONE, code="no_code", operation="message/update_template_card")
        call = edit_call(user, outbound.card, task=task, code=code, settings=self._settings)
        try:
            answer = await self._api.call(call)
        except PlatformError as problem:
            if problem.kind in {FailureKind.RETRY, FailureKind.ADMINISTRATOR, FailureKind.REFRESH}:
                await self.codes.keep(task, user, code)  # nothing happened: the code is still good
            raise
        await self.codes.keep(task, user, text(answer, "response_code"))
        return Receipt(message=outbound.message)

    # ------------------------------------------------------------ groups and people

    async def _link(self, outbound: LinkChats) -> Receipt:
        try:
            await self.chats.link(outbound.chat.chat, heard_as=outbound.heard_as.chat)
        except StoreUnavailable:
            raise PlatformError(FailureKind.RETRY, code="store", operation="link_chats") from None
        return Receipt(chat=outbound.chat)

    def _app(self, key: str) -> str:
        """The key, where there is an app to make the call. Raises PlatformError."""
        if not self._settings.has_app:
            raise PlatformError(FailureKind.PERMANENT, code="no_app", operation="app", hint=hint("credentials"))
        return key

    async def _decrypted(self, user: str) -> str:
        body: JsonTable = {"open_userid_list": [user]}
        answer = await self._api.call(Call(operation="batch/openuserid_to_userid", body=body))
        listed = answer.get("userid_list")
        first = listed[0] if isinstance(listed, list) and listed else {}
        return text(first, "userid") if isinstance(first, dict) else ""


def is_encrypted(user: str) -> bool:
    """Whether this looks like an encrypted id (wecom.md 3.1)."""
    return user.startswith(_ENCRYPTED) and len(user) >= _ENCRYPTED_LENGTH


def direct_account(user: str) -> AccountKey:
    """The account of a person."""
    return AccountKey(PLATFORM, user)


def _group(name: str) -> Target:
    return ToChat(chat=ChatKey(PLATFORM, name))


def _chat(target: Target) -> ChatKey:
    user = user_of(target)
    return direct_chat(user) if user else ChatKey(PLATFORM, group_of(target))
