"""The Feishu platform on loopback: the other side of the adapter's wire, for tests, the playground and drills.

It speaks the documented protocol (tokens, directory, groups, messages, cards, signed and encrypted pushes, the long
connection) with the documented limits, error codes and retry schedule, on an injected clock. It is no back door: the
bot under test runs unchanged with three base URLs pointing here, and nothing here imports the code that verifies,
decodes or renders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters._emulator.changes import Changes
from adapters._emulator.clicked import ClickResult, FormValue
from adapters._emulator.faults import FaultKind, FaultPlan
from adapters._emulator.handover import CapturedRequest, Handover
from adapters._emulator.onlooker import Onlooker
from adapters._emulator.recorder import Recorder
from adapters._emulator.said import Mention, MentionAll, MentionBot, Part
from adapters._emulator.seen import SeenButton, SeenCard, SeenChat, SeenField, SeenMessage
from adapters._emulator.wire_json import Json, compact
from adapters.feishu.emulator_api_app import AppApi
from adapters.feishu.emulator_api_chats import ChatsApi
from adapters.feishu.emulator_api_directory import DirectoryApi
from adapters.feishu.emulator_api_messages import MessagesApi
from adapters.feishu.emulator_clicks import Clicks
from adapters.feishu.emulator_console import Console
from adapters.feishu.emulator_courier import Courier
from adapters.feishu.emulator_people import People
from adapters.feishu.emulator_posts import Posts
from adapters.feishu.emulator_rooms import Rooms
from adapters.feishu.emulator_server import ApiServer
from adapters.feishu.emulator_socket import SOCKET_PATH, Sockets
from adapters.feishu.emulator_state import (
    EmulatedApp,
    EmulatedChat,
    EmulatedDepartment,
    EmulatedMessage,
    EmulatedPerson,
    EmulatorOptions,
    PersonStatus,
    State,
)
from adapters.feishu.emulator_tokens import Tokens
from adapters.feishu.emulator_view import named_in, seen_message, visible_duplicates, what_sees
from adapters.feishu.emulator_webhook import Webhook
from bot.clock import Clock

__all__ = [
    "CapturedRequest",
    "ClickResult",
    "EmulatedApp",
    "EmulatorOptions",
    "FaultKind",
    "FeishuEmulator",
    "Mention",
    "MentionAll",
    "MentionBot",
    "PersonStatus",
    "SeenButton",
    "SeenCard",
    "SeenChat",
    "SeenField",
    "SeenMessage",
]

#: one text, or its parts
Said = str | Sequence[Part]


class FeishuEmulator(Console, Onlooker):
    """One tenant with one app. Set people and groups up before `start`: only what happens later is pushed."""

    courier: Courier

    def __init__(
        self,
        *,
        clock: Clock,
        app: EmulatedApp | None = None,
        options: EmulatorOptions | None = None,
        seed: int = 0,
    ) -> None:
        self.app = app or EmulatedApp()
        self.clock = clock
        self.recorder = Recorder()
        self.faults = FaultPlan(seed=seed)
        self.state = State(app=self.app, options=options or EmulatorOptions(), clock=clock, seed=seed)
        self.tokens = Tokens(self.state)
        self.webhook = Webhook(self.state)
        self.sockets = Sockets(self.state, self.faults)
        self.courier = Courier(
            state=self.state,
            recorder=self.recorder,
            faults=self.faults,
            webhook=self.webhook,
            sockets=self.sockets,
        )
        self.people = People(self.state, self.courier.emit)
        self._rooms = Rooms(self.state, self.courier.emit)
        self._posts = Posts(self.state, self.courier.emit)
        self._clicks = Clicks(self.state, self._posts, self.courier)
        self._server = self._make_server()
        self.base_url = ""

    def _make_server(self) -> ApiServer:
        apis = (
            AppApi(self.state, self.tokens),
            ChatsApi(self.state, self._rooms),
            MessagesApi(self.state, self._posts, self._rooms),
            DirectoryApi(self.state),
            self._clicks,
            self.sockets,
        )
        return ApiServer(
            state=self.state,
            tokens=self.tokens,
            recorder=self.recorder,
            faults=self.faults,
            routes=[route for api in apis for route in api.routes()],
            extra=[(SOCKET_PATH, self.sockets.connect)],
        )

    async def start(self, *, port: int = 0) -> str:
        """Listen on loopback and begin to push; returns the base URL."""
        self.base_url = await self._server.start(port=port)
        self.sockets.base_url = self.base_url
        await self.webhook.start()
        self.courier.start()
        return self.base_url

    async def stop(self) -> None:
        """Close everything; the tenant's data stay, waiting pushes are forgotten."""
        await self.courier.stop()
        await self.sockets.disconnect()
        await self.webhook.stop()
        await self._server.stop()

    # ------------------------------------------------------------------ the company

    def add_department(self, department: str, name: str, parent: str | None = None, leader: str | None = None) -> None:
        """Add or change a department; its id is the open_department_id."""
        self.people.add_department(
            EmulatedDepartment(id=department, name=name, parent=parent or "0", leader=leader or "")
        )

    def remove_department(self, department: str) -> None:
        """Delete a department."""
        self.people.remove_department(department)

    def add_person(
        self,
        account: str,
        name: str,
        department: str | Sequence[str],
        title: str = "",
        employee_no: str = "",
        *,
        leader: str = "",
        email: str = "",
        mobile: str = "",
        status: PersonStatus = PersonStatus.ACTIVE,
        is_available: bool = True,
        guest_of: str = "",
    ) -> None:
        """Hire somebody. `account` is the open_id; the other ids follow from it.

        With `guest_of` it is somebody of another company, whom only external groups know.
        """
        departments = [department] if isinstance(department, str) else list(department)
        stem = account.removeprefix("ou_")
        self.people.add(
            EmulatedPerson(
                account=account,
                union_id=f"on_{stem}",
                user_id=f"u_{stem}",
                name=name,
                departments=[one for one in departments if one],
                title=title,
                employee_no=employee_no,
                email=email,
                mobile=mobile,
                leader=leader,
                status=status,
                is_available=is_available,
                guest_of=guest_of,
            )
        )

    def change_person(
        self,
        account: str,
        *,
        name: str | None = None,
        department: str | None = None,
        title: str | None = None,
        leader: str | None = None,
        status: PersonStatus | None = None,
    ) -> None:
        """Change an employee's record."""
        departments = None if department is None else [department]
        self.people.change(account, name=name, departments=departments, title=title, leader=leader, status=status)

    def remove_person(self, account: str) -> None:
        """Somebody leaves the company."""
        self.people.dismiss(account)

    def makes_unavailable(self, account: str, *, is_available: bool = False) -> None:
        """Put a person outside (or back inside) the app's availability range; there is no event for it."""
        self.state.people[account].is_available = is_available

    # ------------------------------------------------------------------ groups

    def add_group(
        self,
        name: str,
        members: Sequence[str],
        with_bot: bool = True,
        chat_id: str | None = None,
        *,
        owner: str | None = None,
        is_external: bool = False,
    ) -> str:
        """A group that people make; the first member owns it unless `owner` is given. Returns its id."""
        people = list(members)
        chat = self._rooms.make(
            name=name,
            members=people,
            owner=owner or people[0],
            with_bot=with_bot,
            chat_id=chat_id,
            is_external=is_external,
        )
        return chat.id

    def direct_chat(self, account: str) -> str:
        """The id of a person's private chat with the bot."""
        return self._rooms.private(account).id

    def joins(self, account: str, chat: str, *, operator: str | None = None) -> None:
        """Somebody comes into a group."""
        self._rooms.add_members(self._chat(chat), [account], operator=operator or account)

    def leaves(self, account: str, chat: str, *, operator: str | None = None) -> None:
        """Somebody goes, or is put out by `operator`."""
        self._rooms.remove_members(self._chat(chat), [account], operator=operator or account)

    def adds_bot(self, chat: str, *, operator: str | None = None) -> None:
        """Somebody adds the bot to a group."""
        self._rooms.add_bot(self._chat(chat), operator=operator or self._chat(chat).owner)

    def removes_bot(self, chat: str, *, operator: str | None = None) -> None:
        """Somebody puts the bot out of a group."""
        self._rooms.remove_bot(self._chat(chat), operator=operator or self._chat(chat).owner)

    def dissolves(self, chat: str, *, operator: str | None = None, keeps_history: bool = False) -> None:
        """Somebody ends a group; with `keeps_history` the platform says nothing to the bot."""
        self._rooms.dissolve(self._chat(chat), operator=operator or self._chat(chat).owner, keeps_history=keeps_history)

    def renames(self, chat: str, name: str, *, operator: str | None = None) -> None:
        """Somebody gives a group another name."""
        self._rooms.update(self._chat(chat), operator=operator or self._chat(chat).owner, name=name)

    # ------------------------------------------------------------------ people's messages

    async def says(
        self,
        account: str,
        said: Said,
        chat: str | None = None,
        *,
        mentions: Sequence[str] = (),
        reply_to: str | None = None,
        thread: str | None = None,
    ) -> str:
        """A text message, into the private chat with the bot unless `chat` is given; returns its id.

        `mentions` are put in front of the text; the bot's own open_id mentions the bot. Returns at once: await
        `settled` for the push. Raises KeyError for unknown accounts, ValueError for a chat the person is not in.
        """
        parts: list[Part] = [part for one in mentions for part in (Mention(one), " ")]
        parts.extend([said] if isinstance(said, str) else said)
        room = self._chat(chat) if chat is not None else self._rooms.private(account)
        return self._posts.say(account, parts, chat=room, reply_to=reply_to or "", thread=thread or "").id

    async def bot_says(self, name: str, said: Said, chat: str, *, app_id: str = "cli_other") -> str:
        """The bot of another app writes into a group; ours hears of it only when it is mentioned, with a scope for it."""
        parts: list[Part] = [said] if isinstance(said, str) else list(said)
        return self._posts.say_as_bot(app_id, name, parts, chat=self._chat(chat)).id

    async def enters(self, account: str) -> None:
        """Somebody opens the private chat with the bot."""
        self._rooms.enter(self._rooms.private(account), account)

    async def presses_menu(self, account: str, key: str) -> None:
        """Somebody presses an entry of the bot's menu."""
        self._rooms.press_menu(account, key)

    async def edits(self, message_id: str, said: Said) -> None:
        """The sender edits a text; the bot is not told."""
        self._posts.edit(self._message(message_id), [said] if isinstance(said, str) else list(said))

    async def recalls(self, message_id: str, *, by_owner: bool = True) -> None:
        """The sender (or with `by_owner=False` the group's owner) takes a message back."""
        self._posts.recall(self._message(message_id), by_owner=by_owner)

    async def reacts(self, account: str, message_id: str, emoji_type: str) -> str:
        """An emoji under a message; returns the reaction's id."""
        return self._posts.react(self._message(message_id), account=account, emoji=emoji_type)

    async def removes_reaction(self, message_id: str, reaction_id: str) -> None:
        """The emoji goes away again."""
        self._posts.unreact(self._message(message_id), reaction_id)

    async def sends_image(self, account: str, chat: str | None = None, *, content: bytes = b"\x89PNG") -> str:
        """A picture; returns the message's id."""
        key = self.state.new_id("img_")
        self.state.resources[key] = content
        return await self.posts(account, "image", {"image_key": key}, chat)

    async def posts(
        self, account: str, kind: str, content: Json, chat: str | None = None, *, reply_to: str | None = None
    ) -> str:
        """A message of any other type with its content as given (file, sticker, vote, post …); returns its id."""
        room = self._chat(chat) if chat is not None else self._rooms.private(account)
        return self._posts.post(account, kind, compact(content), chat=room, reply_to=reply_to or "").id

    async def reads(self, account: str, chat: str | None = None) -> list[str]:
        """Somebody opens a chat; returns the bot's messages that became read."""
        room = self._chat(chat) if chat is not None else self._rooms.private(account)
        return self._posts.read(account, room)

    async def clicks(
        self, account: str, message_id: str, button: str, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """Press a button of a card by its text, name or element id. Raises ClickRefused, LookupError."""
        return await self._clicks.press(account, self._message(message_id), button, form)

    def button_values(self, message_id: str) -> dict[str, Json]:
        """What each button of a card sends along, by the words on it."""
        return self._clicks.values(self._message(message_id))

    async def clicks_value(
        self, account: str, message_id: str, value: Json, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """A press from a client that shows an older card, or that lies about what was pressed."""
        return await self._clicks.press_value(account, self._message(message_id), value, form)

    async def chooses(self, account: str, message_id: str, name: str, value: FormValue) -> ClickResult:
        """Use a select, picker or input that stands outside a form."""
        return await self._clicks.choose(account, self._message(message_id), name, value)

    # ------------------------------------------------------------------ looking

    def what_sees(self, account: str) -> list[SeenChat]:
        """The chats of a person with their messages as rendered."""
        return what_sees(self.state, account)

    def message_as_seen(self, message_id: str, *, by: str = "") -> SeenMessage:
        """One message as rendered for `by`."""
        return seen_message(self.state, self._message(message_id), by=by)

    def named_in(self, message_id: str) -> tuple[tuple[str, ...], bool]:
        """Who is mentioned in a message, and whether everybody is."""
        return named_in(self._message(message_id))

    def visible_duplicates(self) -> list[tuple[str, ...]]:
        """Ids of the bot's messages that a person sees more than once in a chat with the same content."""
        return visible_duplicates(self.state)

    @property
    def changed(self) -> Changes:
        """Revisions of everything visible, to wait on."""
        return self.state.changes

    # ------------------------------------------------------------------ attacks and drills

    def capture(self) -> tuple[CapturedRequest, ...]:
        """Every HTTP push so far, byte for byte."""
        return self.webhook.captured

    def seals(self, envelope: Json, *, url: str | None = None) -> CapturedRequest:
        """A genuine push of any JSON, signed now and not sent."""
        return self.webhook.seal(envelope, url=url or self.webhook.event_url)

    async def replays(self, request: CapturedRequest) -> Handover:
        """Send a captured (or altered) request as it is."""
        return await self.webhook.post(request, seconds=self.state.options.ack_seconds, is_kept=False)

    async def disconnects(self, seconds: float = 0.0) -> None:
        """Close all long connections and let none in for `seconds` of the clock."""
        await self.sockets.disconnect(seconds)

    def silences_sockets(self) -> int:
        """The long connections stand, and nothing comes through any more; returns how many."""
        return self.sockets.silence()

    # ------------------------------------------------------------------ inside

    def _chat(self, chat: str) -> EmulatedChat:
        return self.state.chats[chat]

    def _message(self, message_id: str) -> EmulatedMessage:
        return self.state.messages[message_id]
