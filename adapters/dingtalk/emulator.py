"""The DingTalk platform on loopback: the other side of the adapter's wire, for tests, the playground and drills.

It speaks the documented protocol (tokens, directory, groups, robot messages, cards, the Stream gateway, sealed and
signed pushes) with the documented limits, error codes and retry schedule, on an injected clock. It is no back door: the
bot under test runs unchanged with both base URLs pointing here, and nothing here imports the code that verifies,
decodes or renders. What the documents leave open is an option.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters._emulator.changes import Changes
from adapters._emulator.clicked import ClickRefused, ClickResult, FormValue
from adapters._emulator.faults import FaultKind, FaultPlan
from adapters._emulator.handover import CapturedRequest, Handover
from adapters._emulator.onlooker import Onlooker
from adapters._emulator.recorder import Recorder
from adapters._emulator.said import Mention, MentionAll, MentionBot, Part
from adapters._emulator.seen import SeenButton, SeenCard, SeenChat, SeenField, SeenMessage
from adapters._emulator.wire_json import Json
from adapters.dingtalk.emulator_api_app import AppApi
from adapters.dingtalk.emulator_api_chats import ChatsApi
from adapters.dingtalk.emulator_api_directory import DirectoryApi
from adapters.dingtalk.emulator_api_messages import MessagesApi
from adapters.dingtalk.emulator_api_webhooks import GroupWebhook, WebhooksApi
from adapters.dingtalk.emulator_budget import Budget
from adapters.dingtalk.emulator_cards import CardsApi
from adapters.dingtalk.emulator_clicks import Clicks
from adapters.dingtalk.emulator_console import Console
from adapters.dingtalk.emulator_courier import Courier
from adapters.dingtalk.emulator_people import People
from adapters.dingtalk.emulator_posts import Posts
from adapters.dingtalk.emulator_rooms import Rooms
from adapters.dingtalk.emulator_server import ApiServer
from adapters.dingtalk.emulator_socket import SOCKET_PATH, Sockets
from adapters.dingtalk.emulator_state import (
    ROOT,
    EmulatedApp,
    EmulatedChat,
    EmulatedDepartment,
    EmulatedMessage,
    EmulatedPerson,
    EmulatorOptions,
    PersonStatus,
    State,
    Transport,
)
from adapters.dingtalk.emulator_tokens import Tokens
from adapters.dingtalk.emulator_view import seen_message, visible_duplicates, what_sees
from adapters.dingtalk.emulator_webhook import Webhook
from bot.clock import Clock

__all__ = [
    "CapturedRequest",
    "ClickRefused",
    "ClickResult",
    "DingTalkEmulator",
    "EmulatedApp",
    "EmulatorOptions",
    "FaultKind",
    "Mention",
    "MentionAll",
    "MentionBot",
    "PersonStatus",
    "SeenButton",
    "SeenCard",
    "SeenChat",
    "SeenField",
    "SeenMessage",
    "Transport",
]

#: one text, or its parts
Said = str | Sequence[Part]


class DingTalkEmulator(Console, Onlooker):
    """One organisation with one app. Set people and groups up before `start`: only what happens later is pushed."""

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
        self.budget = Budget(self.state)
        self.webhook = Webhook(self.state)
        self.sockets = Sockets(self.state, self.faults)
        self.courier = Courier(
            state=self.state,
            recorder=self.recorder,
            faults=self.faults,
            budget=self.budget,
            webhook=self.webhook,
            sockets=self.sockets,
        )
        self.people = People(self.state, self.courier.emit)
        self._rooms = Rooms(self.state, self.courier.emit)
        self._posts = Posts(self.state, self.courier.emit, self.courier.emit_robot_message)
        self._clicks = Clicks(self.state, self.courier)
        self._app_api = AppApi(self.state, self.tokens)
        self._webhooks = WebhooksApi(self.state, self._posts, self.budget)
        self.courier.on_reply = self._webhooks.take_answer
        self._server = self._make_server()
        self.base_url = ""

    def _make_server(self) -> ApiServer:
        apis = (
            self._app_api,
            ChatsApi(self.state, self._rooms),
            MessagesApi(self.state, self._posts, self._rooms),
            CardsApi(self.state, self._posts, self._rooms),
            DirectoryApi(self.state),
            self._webhooks,
            self.sockets,
            self.courier,
        )
        return ApiServer(
            state=self.state,
            tokens=self.tokens,
            budget=self.budget,
            recorder=self.recorder,
            faults=self.faults,
            routes=[route for api in apis for route in api.routes()],
            extra=[(SOCKET_PATH, self.sockets.connect)],
        )

    async def start(self, *, port: int = 0) -> str:
        """Listen on loopback and begin to push; returns the base URL of both APIs."""
        self.base_url = await self._server.start(port=port)
        self.sockets.base_url = self._posts.base_url = self._app_api.base_url = self.base_url
        await self.webhook.start()
        self.courier.start()
        self.sockets.start()
        return self.base_url

    async def stop(self) -> None:
        """Close everything; the organisation's data stay, waiting pushes are forgotten."""
        await self.courier.stop()
        await self.sockets.stop()
        await self.webhook.stop()
        await self._server.stop()

    # ------------------------------------------------------------------ the company

    def add_department(self, department: str, name: str, parent: str | None = None, leader: str | None = None) -> None:
        """Add or change a department; its id is a number, written as text."""
        self.people.add_department(
            EmulatedDepartment(id=department, name=name, parent=parent or ROOT, leader=leader or "")
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
        """Hire somebody. `account` is the userid; the other ids follow from it.

        With `guest_of` it is somebody of another company, who has no userid here.
        """
        departments = [department] if isinstance(department, str) else list(department)
        self.people.add(
            EmulatedPerson(
                account=account,
                union_id=f"un{account}iEiE",
                dingtalk_id=f"$:LWCP_v1:${account}",
                name=name,
                departments=[one for one in departments if one],
                title=title,
                job_number=employee_no,
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
        """Put a person outside (or back inside) the app's visible range; there is no event for it."""
        self.state.people[account].is_available = is_available

    def floods(self, account: str, *, is_flooded: bool = True) -> None:
        """Others write so much to a person that the platform holds the bot's messages back, or it is over."""
        self.state.people[account].is_flooded = is_flooded

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
        """A group that people make; the first member owns it unless `owner` is given. Returns its openConversationId.

        The bot is put in by hand, and nothing tells it so.
        """
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
        """The conversation id of a person's private chat with the bot."""
        return self._rooms.private(account).id

    def joins(self, account: str, chat: str, *, operator: str | None = None) -> None:
        """Somebody comes into a group."""
        self._rooms.add_members(self._chat(chat), [account], operator=operator or account)

    def leaves(self, account: str, chat: str, *, operator: str | None = None) -> None:
        """Somebody goes, or is put out by `operator`."""
        self._rooms.remove_members(self._chat(chat), [account], operator=operator or account)

    def adds_bot(self, chat: str, *, operator: str | None = None) -> None:  # noqa: ARG002 - nobody is told who did it
        """Somebody adds the bot to a group; it is not told. Raises ClickRefused in a group with other companies."""
        self._rooms.add_bot(self._chat(chat))

    def removes_bot(self, chat: str, *, operator: str | None = None) -> None:  # noqa: ARG002 - nobody is told who did it
        """Somebody puts the bot out of a group; it is not told."""
        self._rooms.remove_bot(self._chat(chat))

    def dissolves(self, chat: str, *, operator: str | None = None) -> None:
        """Somebody ends a group."""
        self._rooms.dissolve(self._chat(chat), operator=operator or self._chat(chat).owner)

    def renames(self, chat: str, name: str, *, operator: str | None = None) -> None:
        """Somebody gives a group another name."""
        self._rooms.rename(self._chat(chat), name, operator=operator or self._chat(chat).owner)

    def hands_over(self, chat: str, account: str) -> None:
        """The owner makes somebody else the owner."""
        self._rooms.hand_over(self._chat(chat), account, operator=self._chat(chat).owner)

    def adds_webhook(self, chat: str) -> GroupWebhook:
        """Somebody adds a webhook robot to a group; its settings show address and secret."""
        return self._webhooks.add(self._chat(chat), base_url=self.base_url)

    # ------------------------------------------------------------------ people's messages

    async def says(
        self,
        account: str,
        said: Said,
        chat: str | None = None,
        *,
        mentions: Sequence[str] = (),
        reply_to: str | None = None,
    ) -> str:
        """A text message, into the private chat with the bot unless `chat` is given; returns its id.

        `mentions` are put in front of the text; `app.bot_id` mentions the bot, without which a group's message does not
        reach it. Returns at once: await `settled` for the push. Raises KeyError for unknown accounts, ValueError for a
        chat the person is not in.
        """
        parts: list[Part] = [part for one in mentions for part in (Mention(one), " ")]
        parts.extend([said] if isinstance(said, str) else said)
        room = self._chat(chat) if chat is not None else self._rooms.private(account)
        return self._posts.say(account, parts, chat=room, reply_to=reply_to or "").id

    async def posts(
        self,
        account: str,
        kind: str,
        content: Json,
        chat: str | None = None,
        *,
        mentions_bot: bool = False,
        reply_to: str | None = None,
    ) -> str:
        """A message of another kind (richText, picture, audio, video, file) with its content as given; returns its id."""
        room = self._chat(chat) if chat is not None else self._rooms.private(account)
        message = self._posts.post(
            account, kind, content, chat=room, mentions_bot=mentions_bot, reply_to=reply_to or ""
        )
        return message.id

    async def sends_image(self, account: str, chat: str | None = None, *, content: bytes = b"\x89PNG") -> str:
        """A picture, which mentions the bot where it is a group; returns the message's id."""
        code = self.state.new_id("code")
        self.state.resources[code] = content
        return await self.posts(account, "picture", {"downloadCode": code}, chat, mentions_bot=True)

    async def edits(self, message_id: str, said: Said) -> None:
        """The client has no way to change a message that was sent: ClickRefused."""
        raise ClickRefused(f"{message_id} can not be edited to {said!r}: this platform does not edit messages")

    async def recalls(self, message_id: str, *, by: str | None = None) -> None:
        """The sender takes a message back, or `by` takes back one of the bot's. The bot hears of its own only."""
        message = self._message(message_id)
        self._posts.recall(message, account=by or message.sender)

    async def reacts(self, account: str, message_id: str, emoji: str) -> None:
        """An emoji under a message; the bot is not told."""
        self._message(message_id).reactions.append((emoji, account))
        self.state.changes.touch()

    async def reads(self, account: str, chat: str | None = None) -> list[str]:
        """Somebody opens a chat; returns the bot's messages that became read."""
        room = self._chat(chat) if chat is not None else self._rooms.private(account)
        return self._posts.read(account, room)

    async def clicks(
        self, account: str, message_id: str, button: str, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """Press a button of a card by its words or id. Raises ClickRefused, LookupError."""
        return await self._clicks.press(account, self._message(message_id), button, form)

    def button_values(self, message_id: str) -> dict[str, Json]:
        """What each button of a card sends along, by the words on it."""
        return self._clicks.values(self._message(message_id))

    async def clicks_value(
        self, account: str, message_id: str, value: Json, form: Mapping[str, FormValue] | None = None
    ) -> ClickResult:
        """A press from a client that shows an older card, or that lies about what was pressed."""
        return await self._clicks.press_value(account, self._message(message_id), value, form)

    # ------------------------------------------------------------------ looking

    def what_sees(self, account: str) -> list[SeenChat]:
        """The chats of a person with their messages as rendered."""
        return what_sees(self.state, account)

    def message_as_seen(self, message_id: str, *, by: str = "") -> SeenMessage:
        """One message as rendered for `by`."""
        return seen_message(self.state, self._message(message_id), by=by)

    def named_in(self, message_id: str) -> tuple[tuple[str, ...], bool]:
        """Who is mentioned in a message, and whether everybody is."""
        message = self._message(message_id)
        return message.mentions, message.mentions_all

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

    def seals(self, payload: Json, *, url: str | None = None) -> CapturedRequest:
        """A genuine event of any JSON, sealed and signed now and not sent."""
        return self.webhook.seal_event(payload, url=url or self.webhook.event_url)

    def seals_robot_message(self, payload: Json, *, url: str | None = None) -> CapturedRequest:
        """A genuine robot message of any JSON, signed now and not sent."""
        return self.webhook.seal_robot(payload, url=url or self.webhook.robot_url)

    def seals_card_callback(self, payload: Json, *, route: str) -> CapturedRequest:
        """A genuine card callback of any JSON, signed now and not sent."""
        url, secret = self.state.card_routes[route]
        return self.webhook.seal_card(payload, url=url, secret=secret)

    async def replays(self, request: CapturedRequest) -> Handover:
        """Send a captured (or altered) request as it is."""
        return await self.webhook.post(request, seconds=self.state.options.event_seconds, is_kept=False)

    async def disconnects(self, seconds: float = 0.0) -> None:
        """Close all connections and let none in for `seconds` of the clock."""
        await self.sockets.disconnect(seconds)

    async def asks_to_reconnect(self) -> int:
        """Tell every connection that it is about to end, as the gateway does; returns how many were told."""
        return await self.sockets.ask_to_go()

    def silences_sockets(self) -> int:
        """The connections stand, and nothing comes through any more; returns how many."""
        return self.sockets.silence()

    # ------------------------------------------------------------------ inside

    def _chat(self, chat: str) -> EmulatedChat:
        return self.state.chats[chat]

    def _message(self, message_id: str) -> EmulatedMessage:
        return self.state.messages[message_id]
