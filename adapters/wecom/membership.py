"""Groups of the app and who is in them (wecom.md 5). The id is ours, so that a group asked for twice is made once.

One unknown person spoils the whole call here: then each is asked about, and the group is made with those who are known.
The app's groups do not hear anything; where there is a bot, a person has to add it, and the receipt says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from adapters._hardened_json import JsonTable
from adapters._members import table, text, texts
from adapters.wecom.api import Api
from adapters.wecom.errors import PEOPLE_CODES
from adapters.wecom.escape import is_user
from adapters.wecom.event import PLATFORM
from adapters.wecom.render import (
    LEAST_MEMBERS,
    MOST_MEMBERS,
    Call,
    add_call,
    chat_of,
    group_call,
    members_call,
)
from bot.domain.ids import AccountKey, ChatKey
from bot.errors import FailureKind, PlatformError
from bot.messages import AddMembers, CreateGroup
from bot.ports import Receipt

log = structlog.get_logger(__name__)

#: reason keys of the text catalogue
INVALID, NOT_IN_TENANT, UNKNOWN = "reason_invalid", "reason_not_in_tenant", "reason_unknown"
_PASSING = frozenset({FailureKind.RETRY, FailureKind.REFRESH, FailureKind.UNKNOWN, FailureKind.ADMINISTRATOR})
#: the address book answers so for somebody whom the app does not see
_ABSENT = frozenset({"60111", "40003", "46004", "60011", "301002"})


class Membership:
    """Makes groups, adds people, lists them."""

    def __init__(self, api: Api, *, has_bot: bool) -> None:
        self._api = api
        self._has_bot = has_bot

    async def create(self, outbound: CreateGroup, *, key: str) -> Receipt:
        """Make the group with everybody in it. Raises PlatformError when there is no group."""
        wanted = [one for one in (outbound.owner, *outbound.members) if one is not None]
        people = list(dict.fromkeys(one.account for one in wanted if is_user(one.account)))[:MOST_MEMBERS]
        refused = {one.account: INVALID for one in wanted if one.account not in people}
        chat = chat_of(key)
        try:
            await self._make(outbound, chat, people)
        except PlatformError as problem:
            if problem.code not in PEOPLE_CODES:
                if problem.kind in _PASSING or not await self._exists(chat):
                    raise
            else:
                people = await self._known(people, refused)
                await self._make(outbound, chat, people)
        return Receipt(
            chat=ChatKey(PLATFORM, chat),
            members=tuple(AccountKey(PLATFORM, one) for one in people),
            refused=refused,
            wants_bot=self._has_bot,
        )

    async def _make(self, outbound: CreateGroup, chat: str, people: Sequence[str]) -> None:
        if len(people) < LEAST_MEMBERS:
            raise PlatformError(FailureKind.PERMANENT, code="too_few", operation="appchat/create")
        owner = outbound.owner if outbound.owner is not None and outbound.owner.account in people else None
        await self._api.call(group_call(outbound, chat=chat, owner=owner, members=people))

    async def _exists(self, chat: str) -> bool:
        """Whether the group was made by an earlier try whose answer got lost."""
        try:
            return bool(_info(await self._api.call(members_call(chat))))
        except PlatformError as problem:
            if problem.kind in _PASSING:
                raise
            return False

    async def _known(self, people: Sequence[str], refused: dict[str, str]) -> list[str]:
        """Those whom the app sees; the others get a reason."""
        known: list[str] = []
        for one in people:
            try:
                await self._api.call(Call(operation="user/get", method="GET", query=(("userid", one),)))
            except PlatformError as problem:
                if problem.code not in _ABSENT:
                    raise
                refused[one] = NOT_IN_TENANT
            else:
                known.append(one)
        return known

    async def add(self, outbound: AddMembers) -> Receipt:
        """Add people; whoever could not be added has a reason. Raises PlatformError."""
        people = [one.account for one in outbound.members if is_user(one.account)]
        refused = {one.account: INVALID for one in outbound.members if not is_user(one.account)}
        if people:
            try:
                await self._api.call(add_call(outbound.chat, people))
            except PlatformError as problem:
                if problem.code not in PEOPLE_CODES:
                    raise
                people = await self._known(people, refused)
                if people:
                    await self._api.call(add_call(outbound.chat, people))
        return Receipt(chat=outbound.chat, members=tuple(AccountKey(PLATFORM, one) for one in people), refused=refused)

    async def members(self, chat: ChatKey) -> Receipt:
        """Who is in the group. Raises PlatformError."""
        info = _info(await self._api.call(members_call(chat.chat)))
        return Receipt(chat=chat, members=tuple(AccountKey(PLATFORM, one) for one in texts(info, "userlist")))


def _info(answer: JsonTable) -> JsonTable:
    info = table(answer, "chat_info")
    return info if text(info, "chatid") else {}
