"""The WeCom platform on loopback: the other side of the adapter's wire, for tests, the playground and drills.

It speaks the documented protocols of the self-built app and of the intelligent bot, with limits, codes and attempts, on an
injected clock. It is no back door: the program under test runs unchanged with its addresses pointing here, and nothing here
imports the code that verifies, decodes or renders.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from adapters._emulator.changes import Changes
from adapters._emulator.clicked import ClickRefused, ClickResult, FormValue
from adapters._emulator.faults import FaultPlan
from adapters._emulator.handover import CapturedRequest, Handover
from adapters._emulator.onlooker import Onlooker
from adapters._emulator.recorder import Recorder
from adapters._emulator.said import Mention, MentionAll, MentionBot, Part
from adapters._emulator.seen import SeenChat, SeenMessage
from adapters._emulator.wire_json import Json, text
from adapters.wecom.emulator_api import Api
from adapters.wecom.emulator_cards import pressable, seen_card
from adapters.wecom.emulator_courier import BOT, Courier, stamp
from adapters.wecom.emulator_posts import Posts
from adapters.wecom.emulator_socket import PATH, Sockets
from adapters.wecom.emulator_state import (
    ROOT,
    EmulatedApp,
    EmulatedChat,
    EmulatedDepartment,
    EmulatedMessage,
    EmulatedPerson,
    EmulatorOptions,
    State,
    Tokens,
    Transport,
    Voice,
)
from adapters.wecom.emulator_view import seen_message, visible_duplicates, what_sees, words_of
from bot.clock import Clock

Said = str | Sequence[Part]
#: how long an address for one answer of the bot is good
_ADDRESS_LIFE = timedelta(hours=1)


class WeComEmulator(Onlooker):
    """One company on the platform."""

    courier: Courier

    def __init__(
        self,
        *,
        clock: Clock,
        app: EmulatedApp | None = None,
        options: EmulatorOptions | None = None,
        seed: int = 0,
    ) -> None:
        self.clock = clock
        self.app = app or EmulatedApp()
        self.recorder = Recorder()
        self.faults = FaultPlan(seed=seed)
        self.state = State(app=self.app, options=options or EmulatorOptions(), clock=clock, seed=seed)
        self.tokens = Tokens(state=self.state)
        self._posts = Posts(self.state)
        self.sockets = Sockets(self.state, self._posts, self.faults)
        self.courier = Courier(
            state=self.state,
            sockets=self.sockets,
            recorder=self.recorder,
            faults=self.faults,
            changes=self.state.changes,
        )
        self._api = Api(
            self.state,
            self.tokens,
            self._posts,
            recorder=self.recorder,
            faults=self.faults,
            extra=[(PATH, self.sockets.connect)],
        )
        self.base_url = ""

    async def start(self, *, port: int = 0) -> str:
        """Listen on loopback and begin to push; returns the base URL."""
        self.base_url = await self._api.start(port=port)
        await self.courier.sender.start()
        self.courier.start()
        return self.base_url

    async def stop(self) -> None:
        """Close everything; the company's data stay, waiting pushes are forgotten."""
        await self.courier.stop()
        await self.sockets.disconnect()
        await self.courier.sender.stop()
        await self._api.stop()

    @property
    def api_url(self) -> str:
        """What stands as `base_url` in the bot's settings."""
        return f"{self.base_url}/cgi-bin"

    @property
    def ws_url(self) -> str:
        """What stands as `ws_url` in the bot's settings."""
        return f"{self.base_url.replace('http', 'ws', 1)}{PATH}"

    def change_options(self, **options: object) -> None:
        """Read something differently from now on."""
        self.state.options = replace(self.state.options, **options)  # type: ignore[arg-type]  # names are checked by dataclasses

    async def sets_app_url(self, url: str) -> bool:
        """Save the app's address in the console, if it answers as it must."""
        is_right = await self.courier.check(url, is_bot=False)
        if is_right:
            self.courier.app_url = url
        return is_right

    async def sets_bot_url(self, url: str) -> bool:
        """The same for the bot."""
        is_right = await self.courier.check(url, is_bot=True)
        if is_right:
            self.courier.bot_url = url
        return is_right

    # ------------------------------------------------------------------ the company

    def add_department(self, department: int, name: str, parent: int = ROOT, leader: str = "") -> None:
        """Add or change a department."""
        self.state.departments[department] = EmulatedDepartment(id=department, name=name, parent=parent, leader=leader)
        self._contact("create_party", {"Id": department, "Name": name})

    def add_person(
        self, account: str, name: str, department: int | Sequence[int], title: str = "", *, leader: str = ""
    ) -> None:
        """Hire somebody."""
        departments = [department] if isinstance(department, int) else list(department)
        self.state.people[account] = EmulatedPerson(
            account=account, name=name, departments=departments, title=title, leader=leader
        )
        self._contact("create_user", {"UserID": account, "Name": name})

    def remove_person(self, account: str) -> None:
        """Somebody leaves the company."""
        self.state.people.pop(account)
        for chat in self.state.chats.values():
            if account in chat.members and chat.is_group:
                chat.members.remove(account)
        self._contact("delete_user", {"UserID": account})

    def _contact(self, change: str, more: Json) -> None:
        if self.courier.is_running:
            self._event("sys", "change_contact", {"ChangeType": change, **more})

    # ------------------------------------------------------------------ groups

    def add_group(
        self,
        name: str,
        members: Sequence[str],
        with_bot: bool = True,
        chat_id: str | None = None,
        *,
        owner: str | None = None,
        is_of_app: bool = False,
    ) -> str:
        """A group that people make; with `is_of_app` the self-built app made it. Returns its id."""
        people = list(members)
        found = chat_id or self.state.new_id("wr")
        self.state.chats[found] = EmulatedChat(
            id=found,
            name=name,
            members=people,
            is_group=True,
            owner=owner or people[0],
            is_of_app=is_of_app,
            has_bot=with_bot,
            bot_chat=found if not is_of_app else self._posts.bot_chat_of(found),
        )
        self.state.changes.touch()
        return found

    def direct_chat(self, account: str, voice: Voice = Voice.APP) -> str:
        """The id of a person's private chat with the app, or with the bot."""
        return self.state.private(account, voice).id

    def joins(self, account: str, chat: str) -> None:
        """Somebody comes into a group; nobody is told."""
        room = self.state.chats[chat]
        if account not in room.members:
            room.members.append(account)
        self.state.changes.touch()

    def leaves(self, account: str, chat: str) -> None:
        """Somebody goes."""
        self.state.chats[chat].members.remove(account)
        self.state.changes.touch()

    def adds_bot(self, chat: str) -> None:
        """Somebody adds the intelligent bot by hand; nobody is told."""
        self.state.chats[chat].has_bot = True
        self.state.changes.touch()

    def removes_bot(self, chat: str) -> None:
        """Somebody puts it out."""
        self.state.chats[chat].has_bot = False
        self.state.changes.touch()

    def dissolves(self, chat: str) -> None:
        """Somebody ends a group; nobody is told."""
        self.state.chats[chat].is_dissolved = True
        self.state.changes.touch()

    def renames(self, chat: str, name: str) -> None:
        """Somebody gives a group another name; nobody is told."""
        self.state.chats[chat].name = name
        self.state.changes.touch()

    # ------------------------------------------------------------------ people's messages

    async def says(self, account: str, said: Said, chat: str | None = None, *, reply_to: str | None = None) -> str:
        """A text message, into the private chat with the app unless `chat` is given; returns its id.

        Raises KeyError for unknown accounts and chats, ValueError for a chat the person is not in.
        """
        room = self.state.chats[chat] if chat is not None else self.state.private(account, Voice.APP)
        if account not in room.members:
            raise ValueError(f"{account} is not in {room.id}")
        parts = [said] if isinstance(said, str) else list(said)
        message = EmulatedMessage(
            id=self._message_id(room),
            chat=room.id,
            sender=account,
            kind="text",
            text="".join(self._spoken(part) for part in parts).strip(),
            at=self.state.now(),
            mentions=tuple(part.account for part in parts if isinstance(part, Mention)),
            mentions_bot=any(isinstance(part, MentionBot) for part in parts),
            parent=reply_to or "",
        )
        self.state.keep(message)
        self._tell(room, message)
        return message.id

    def _message_id(self, room: EmulatedChat) -> str:
        """The app is told numbers of 64 bits, the bot words."""
        is_of_app = not room.is_group and room.voice is Voice.APP
        return self.state.new_number() if is_of_app else self.state.new_id("msg")

    def _spoken(self, part: Part) -> str:
        match part:
            case str():
                return part
            case Mention(account):
                return f"@{self.state.name_of(account)} "
            case MentionBot():
                return f"@{self.app.name} "
            case MentionAll():
                return "@所有人 "

    def _tell(self, room: EmulatedChat, message: EmulatedMessage) -> None:
        """What is heard: everything in private, in groups only what mentions the bot that is there."""
        if not room.is_group and room.voice is Voice.APP:
            more: Json = {"Content": message.text, "MsgId": message.id}
            self._push_app(message.sender, "text", more, event_id=message.id)
            return
        if room.is_group and not (room.has_bot and message.mentions_bot):
            return
        room.knows_bot = True
        body = self._bot_body(room, message.sender, "text", message.id)
        body["text"] = {"content": message.text}
        quoted = self.state.messages.get(message.parent)
        if quoted is not None:
            body["quote"] = {"msgtype": "text", "text": {"content": self.words(quoted)}}
        self.courier.queue(f"{BOT}text", message.id, body, body, lane=f"{BOT}{room.id}")

    def words(self, message: EmulatedMessage) -> str:
        """The words of a message as they are quoted."""
        return seen_card(message.card).text if message.card is not None else words_of(self.state, message)

    async def enters(self, account: str, voice: Voice = Voice.APP) -> None:
        """Somebody opens the private chat with the app, or with the bot."""
        if voice is Voice.APP:
            self._event(account, "enter_agent", {"EventKey": ""})
            return
        room = self.state.private(account, Voice.BOT)
        body = self._bot_body(room, account, "event", self.state.new_id("evt"))
        body |= {"create_time": stamp(self.state.now()), "event": {"eventtype": "enter_chat"}}
        self.courier.queue(f"{BOT}enter_chat", text(body, "msgid"), body, body, lane=f"{BOT}{room.id}")

    async def recalls(self, message_id: str) -> None:
        """The sender takes a message back; nobody is told."""
        self.state.messages[message_id].is_recalled = True
        self.state.changes.touch()

    async def sends_image(self, account: str, chat: str | None = None, *, content: bytes = b"\x89PNG") -> str:
        """A picture into the private chat with the app; groups deliver none."""
        room = self.state.chats[chat] if chat is not None else self.state.private(account, Voice.APP)
        key = self.state.new_id("media")
        self.state.resources[key] = content
        message = EmulatedMessage(
            id=self._message_id(room), chat=room.id, sender=account, kind="image", text=key, at=self.state.now()
        )
        self.state.keep(message)
        if not room.is_group and room.voice is Voice.APP:
            self._push_app(account, "image", {"PicUrl": "", "MediaId": key, "MsgId": message.id}, event_id=message.id)
        return message.id

    # ------------------------------------------------------------------ clicks

    async def clicks(
        self, account: str, message_id: str, button: str, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """Press a button of a card by its text or key. Raises ClickRefused, LookupError."""
        message = self.state.messages[message_id]
        card = seen_card(message.card) if message.card is not None and not message.is_recalled else None
        if card is None:
            raise ClickRefused("there is no card")
        found = next((one for one in card.buttons if button in {one.text, one.name}), None)
        if found is None:
            raise LookupError(button)
        return await self._press(account, message, found.name, form or {})

    def button_values(self, message_id: str) -> dict[str, Json]:
        """What each button of a card sends along, by the words on it."""
        card = self.state.messages[message_id].card
        if card is None:
            return {}
        return {text(one, "text"): {"key": text(one, "key")} for one in pressable(card)}

    async def clicks_value(
        self, account: str, message_id: str, value: Json, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """A press from a client that shows an older card, or that lies about what was pressed."""
        return await self._press(account, self.state.messages[message_id], text(value, "key"), form or {})

    async def _press(
        self, account: str, message: EmulatedMessage, key: str, form: Mapping[str, FormValue]
    ) -> ClickResult:
        room = self.state.chats[message.chat]
        if account not in room.members:
            raise ClickRefused("not in this chat")
        before = message.versions
        card = message.card or {}
        handover = await (
            self._press_app(account, card, key, form)
            if message.voice is Voice.APP
            else self._press_bot(account, room, card, key, form)
        )
        return ClickResult(card_changed=message.versions != before, error=0 if handover.is_acked else 1)

    async def _press_app(self, account: str, card: Json, key: str, form: Mapping[str, FormValue]) -> Handover:
        task = text(card, "task_id")
        body = self._app_body(account, "event")
        body |= {
            "Event": "template_card_event",
            "EventKey": key,
            "TaskId": task,
            "CardType": text(card, "card_type"),
            "ResponseCode": self.state.new_code(task),
        }
        if form:
            body["SelectedItems"] = {
                "SelectedItem": [
                    {"QuestionKey": name, "OptionIds": {"OptionId": [value] if isinstance(value, str) else value}}
                    for name, value in form.items()
                ]
            }
        return await self.courier.call_once("template_card_event", self.state.new_id("evt"), body, body)

    async def _press_bot(
        self, account: str, room: EmulatedChat, card: Json, key: str, form: Mapping[str, FormValue]
    ) -> Handover:
        body = self._bot_body(room, account, "event", self.state.new_id("evt"))
        inner: Json = {"card_type": text(card, "card_type"), "event_key": key, "task_id": text(card, "task_id")}
        if form:
            inner["selected_items"] = {
                "selected_item": [
                    {"question_key": name, "option_ids": {"option_id": [value] if isinstance(value, str) else value}}
                    for name, value in form.items()
                ]
            }
        body |= {
            "create_time": stamp(self.state.now()),
            "event": {"eventtype": "template_card_event", "template_card_event": inner},
        }
        return await self.courier.call_once(f"{BOT}template_card_event", text(body, "msgid"), body, body)

    # ------------------------------------------------------------------ pushes

    def _event(self, account: str, name: str, more: Json) -> None:
        body = self._app_body(account, "event")
        body |= {"Event": name, **more}
        self.courier.queue(name, self.state.new_id("evt"), body, body, lane=f"app.{account}")

    def _push_app(self, account: str, kind: str, more: Json, *, event_id: str) -> None:
        body = self._app_body(account, kind)
        body |= more
        self.courier.queue(kind, event_id, body, body, lane=f"app.{account}")

    def _app_body(self, account: str, kind: str) -> Json:
        return {
            "ToUserName": self.app.corp_id,
            "FromUserName": account,
            "CreateTime": stamp(self.state.now()),
            "MsgType": kind,
            "AgentID": self.app.agent_id,
        }

    def _bot_body(self, room: EmulatedChat, account: str, kind: str, event_id: str) -> Json:
        person = self.state.people.get(account)
        named = person.encrypted if person is not None and self.state.options.encrypted_ids else account
        body: Json = {
            "msgid": event_id,
            "aibotid": self.app.bot_id,
            "chattype": "group" if room.is_group else "single",
            "from": {"userid": named},
            "msgtype": kind,
        }
        if room.is_group:
            body["chatid"] = room.bot_chat
        if self.state.options.delivery is Transport.WEBHOOK:
            code = self.state.new_id("resp")
            self.state.addresses[code] = (room.id, self.state.now() + _ADDRESS_LIFE)
            body["response_url"] = f"{self.api_url}/aibot/response?response_code={code}"
        return body

    # ------------------------------------------------------------------ looking

    def what_sees(self, account: str) -> list[SeenChat]:
        """The chats of a person with their messages as rendered."""
        return what_sees(self.state, account)

    def message_as_seen(self, message_id: str, *, by: str = "") -> SeenMessage:
        """One message as rendered."""
        return seen_message(self.state, self.state.messages[message_id], by=by)

    def visible_duplicates(self) -> list[tuple[str, ...]]:
        """Ids of the program's messages that a person sees more than once in a chat with the same content."""
        return visible_duplicates(self.state)

    @property
    def changed(self) -> Changes:
        """Revisions of everything visible, to wait on."""
        return self.state.changes

    # ------------------------------------------------------------------ attacks and drills

    def capture(self) -> tuple[CapturedRequest, ...]:
        """Every HTTP push so far, byte for byte."""
        return self.courier.sender.captured

    def seals(self, body: Json, *, is_bot: bool = False) -> CapturedRequest:
        """A genuine push of anything, signed now and not sent."""
        return self.courier.seal(body, event_type=BOT if is_bot else "")

    async def replays(self, request: CapturedRequest) -> Handover:
        """Send a captured (or altered) request as it is."""
        return await self.courier.post(request, is_kept=False)

    async def disconnects(self, seconds: float = 0.0) -> None:
        """Close the long connection and let none in for `seconds` of the clock."""
        await self.sockets.disconnect(seconds)

    def silences_sockets(self) -> int:
        """The long connection stands, and nothing comes through any more; returns how many."""
        return self.sockets.silence()

    def speaks_again(self) -> None:
        """The end of a silence."""
        self.sockets.speaks_again()

    async def connected(self, *, at_most: float = 5.0) -> None:
        """Return when the bot's connection stands. Raises TimeoutError after so many real seconds."""
        async with asyncio.timeout(at_most):
            while not self.sockets.connected:
                await self.changed.wait(after=self.changed.revision, at_most=0.05)
