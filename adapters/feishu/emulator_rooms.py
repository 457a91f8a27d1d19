"""Groups and private chats of the emulated tenant: made, joined, left, renamed, dissolved, with the events of each."""

from __future__ import annotations

from adapters._emulator.wire_json import Json
from adapters.feishu import emulator_events as events
from adapters.feishu.emulator_codes import ApiError
from adapters.feishu.emulator_people import Emit
from adapters.feishu.emulator_state import EmulatedChat, PersonStatus, State

#: people a group may hold by default
MEMBER_LIMIT = 5000


class Rooms:
    """The chats. `operator` is the open_id of who does it; the bot's own open_id for the bot."""

    def __init__(self, state: State, emit: Emit) -> None:
        self._state = state
        self._emit = emit

    def make(
        self,
        *,
        name: str,
        members: list[str],
        owner: str,
        with_bot: bool,
        chat_id: str | None = None,
        description: str = "",
        is_made_by_bot: bool = False,
        is_external: bool = False,
        settings: dict[str, str] | None = None,
    ) -> EmulatedChat:
        """A new group. People who add the bot while making it cause the bot-added event."""
        chat = EmulatedChat(
            id=chat_id or self._state.new_id("oc_"),
            name=name,
            is_group=True,
            created_at=self._state.now(),
            members=list(dict.fromkeys(members)),
            owner=owner,
            description=description,
            has_bot=with_bot,
            is_made_by_bot=is_made_by_bot,
            is_external=is_external,
            settings=dict(settings or {}),
        )
        self._state.chats[chat.id] = chat
        if with_bot and (not is_made_by_bot or self._state.options.tells_of_own_groups):
            operator = self._state.app.bot_open_id if is_made_by_bot else owner
            self._tell_bot(chat, "im.chat.member.bot.added_v1", operator=operator)
        self._state.changes.touch()
        return chat

    def private(self, account: str) -> EmulatedChat:
        """The private chat of that person with the bot, made on first use."""
        for chat in self._state.chats.values():
            if not chat.is_group and chat.members == [account]:
                return chat
        chat = EmulatedChat(
            id=self._state.new_id("oc_"),
            name=self._state.name_of(account),
            is_group=False,
            created_at=self._state.now(),
            members=[account],
        )
        self._state.chats[chat.id] = chat
        self._state.changes.touch()
        return chat

    def enter(self, chat: EmulatedChat, account: str) -> None:
        """A person opens the private chat."""
        last = next(reversed(list(self._state.messages_of(chat.id))), None)
        event = events.direct_chat_entered(self._state, chat, account=account, last=last)
        self._emit("im.chat.access_event.bot_p2p_chat_entered_v1", event, chat.id)

    def press_menu(self, account: str, key: str) -> None:
        """A person presses an entry of the menu that the console has."""
        event = events.menu_pressed(self._state, account=account, key=key, at=self._state.now())
        self._emit("application.bot.menu_v6", event, self.private(account).id)

    def add_members(self, chat: EmulatedChat, accounts: list[str], *, operator: str) -> None:
        """Let people in; those inside already are not mentioned again. Raises ApiError 232044 when it is full."""
        new = [account for account in dict.fromkeys(accounts) if account not in chat.members]
        if len(chat.members) + len(new) > MEMBER_LIMIT:
            raise ApiError(232044)
        if not new:
            return
        chat.members.extend(new)
        if chat.has_bot:
            event = events.members_changed(self._state, chat, operator=operator, accounts=new)
            self._emit("im.chat.member.user.added_v1", event, chat.id)
        self._state.changes.touch()

    def remove_members(self, chat: EmulatedChat, accounts: list[str], *, operator: str) -> None:
        """Put people out, or let one leave. The owner stays: 232076."""
        if chat.owner in accounts and operator != chat.owner:
            raise ApiError(232076)
        gone = [account for account in accounts if account in chat.members]
        if not gone:
            return
        for account in gone:
            chat.members.remove(account)
            if account in chat.managers:
                chat.managers.remove(account)
        if chat.owner in gone:
            chat.owner = next(iter(chat.members), self._state.app.app_id if chat.has_bot else "")
        if chat.has_bot:
            event = events.members_changed(self._state, chat, operator=operator, accounts=gone)
            self._emit("im.chat.member.user.deleted_v1", event, chat.id)
        self._state.changes.touch()

    def add_bot(self, chat: EmulatedChat, *, operator: str) -> None:
        """A person adds the bot; nothing happens when it is inside."""
        if chat.has_bot:
            return
        chat.has_bot = True
        self._tell_bot(chat, "im.chat.member.bot.added_v1", operator=operator)

    def remove_bot(self, chat: EmulatedChat, *, operator: str) -> None:
        """The bot is put out or leaves; it learns of it unless it left by itself."""
        if not chat.has_bot:
            return
        chat.has_bot = False
        if operator != self._state.app.bot_open_id:
            self._tell_bot(chat, "im.chat.member.bot.deleted_v1", operator=operator)
        self._state.changes.touch()

    def dissolve(self, chat: EmulatedChat, *, operator: str, keeps_history: bool = False) -> None:
        """End the group. No event when the history is kept for the members (feishu.md 3.3)."""
        if chat.is_dissolved:
            return
        chat.is_dissolved, chat.keeps_history = True, keeps_history
        if chat.has_bot and not keeps_history:
            self._tell_bot(chat, "im.chat.disbanded_v1", operator=operator)
        self._state.changes.touch()

    def update(
        self, chat: EmulatedChat, *, operator: str, name: str | None = None, description: str | None = None
    ) -> None:
        """Change the name or the description; one event with what changed."""
        before: Json = {}
        after: Json = {}
        for key, value in (("name", name), ("description", description)):
            if value is not None and value != getattr(chat, key):
                before[key], after[key] = getattr(chat, key), value
                setattr(chat, key, value)
        if not after:
            return
        if chat.has_bot:
            event = events.chat_updated(self._state, chat, operator=operator, before=before, after=after)
            self._emit("im.chat.updated_v1", event, chat.id)
        self._state.changes.touch()

    def hand_over(self, chat: EmulatedChat, account: str, *, operator: str) -> None:
        """Somebody else owns the group from now on."""
        before, chat.owner = chat.owner, account
        if chat.has_bot and before != account:
            old, new = (events.ids_of(self._state, one) for one in (before, account))
            event = events.chat_updated(
                self._state, chat, operator=operator, before={"owner_id": old}, after={"owner_id": new}
            )
            self._emit("im.chat.updated_v1", event, chat.id)
        self._state.changes.touch()

    def invitable(self, accounts: list[str]) -> tuple[list[str], list[str], list[str], list[str]]:
        """Split accounts into (good, unknown, unavailable, resigned)."""
        good: list[str] = []
        unknown: list[str] = []
        unavailable: list[str] = []
        resigned: list[str] = []
        for account in accounts:
            person = self._state.people.get(account)
            if person is None:
                unknown.append(account)
            elif person.status is PersonStatus.RESIGNED:
                resigned.append(account)
            elif not person.is_available:
                unavailable.append(account)
            else:
                good.append(account)
        return good, unknown, unavailable, resigned

    def _tell_bot(self, chat: EmulatedChat, event_type: str, *, operator: str) -> None:
        self._emit(event_type, events.chat_event(self._state, chat, operator=operator), chat.id)
        self._state.changes.touch()
