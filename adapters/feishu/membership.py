"""Groups and who is in them: made so that one person out of reach never spoils the call (feishu.md 6.1, 6.2).

A group is made with its owner alone, then people are added with `succeed_type=1`; everybody who could not be added has
a reason. Repeating the whole under the same key is safe: the creation is recognised, adding again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import structlog

from adapters.feishu.api import Api, data_of, tables_of, text_of, texts_of
from adapters.feishu.escape import is_id
from adapters.feishu.people import users_call
from adapters.feishu.render import MEMBERS_AT_ONCE, add_call, group_call, leave_call, members_call
from bot.domain.ids import AccountKey, ChatKey
from bot.errors import FailureKind, PlatformError
from bot.messages import AddMembers, CreateGroup
from bot.ports import Receipt

log = structlog.get_logger(__name__)

#: reason keys of the text catalogue
NOT_IN_TENANT, INVALID, REFUSED = "reason_not_in_tenant", "reason_invalid", "reason_refused"
RESIGNED, OUT_OF_SCOPE, UNKNOWN = "reason_resigned", "reason_out_of_scope", "reason_unknown"
#: people whom a whole call can be refused for (feishu.md 6.1, 6.2), and what it says about them
_BY_CODE = {
    "232022": RESIGNED, "230029": RESIGNED, "232024": OUT_OF_SCOPE, "230013": OUT_OF_SCOPE, "232043": OUT_OF_SCOPE,
    "99992351": NOT_IN_TENANT, "99992361": NOT_IN_TENANT, "230034": INVALID,
}  # fmt: skip
#: failures after which the call may simply be made again; everything else says what becomes of the people
_PASSING = frozenset({FailureKind.RETRY, FailureKind.REFRESH, FailureKind.UNKNOWN})


class Membership:
    """Makes groups, adds people, lists them, leaves."""

    def __init__(self, api: Api, *, platform: str) -> None:
        self._api = api
        self._platform = platform

    async def create(self, outbound: CreateGroup, *, key: str) -> Receipt:
        """Make the group and invite everybody. Raises PlatformError when there is no group."""
        owner, refused = outbound.owner, dict[str, str]()
        if owner is not None and not is_id(owner.account):
            refused[owner.account] = INVALID
            owner = None
        try:
            answer = await self._api.call(group_call(outbound, owner=owner, key=key))
        except PlatformError as problem:
            if owner is None or problem.code not in _BY_CODE:
                raise
            refused[owner.account] = _BY_CODE[problem.code]
            owner = None
            answer = await self._api.call(group_call(outbound, owner=None, key=key))
        chat = ChatKey(self._platform, text_of(data_of(answer), "chat_id"))
        if not is_id(chat.chat):
            raise PlatformError(FailureKind.UNKNOWN, code="no_chat", operation="im.v1.chat.create")
        invited = [one for one in outbound.members if one != owner and one.account not in refused]
        added = await self._invite(chat, invited, refused)
        return Receipt(chat=chat, members=(*((owner,) if owner is not None else ()), *added), refused=refused)

    async def _invite(
        self, chat: ChatKey, people: Sequence[AccountKey], refused: dict[str, str]
    ) -> tuple[AccountKey, ...]:
        """Add people to a group that exists by now, so that only a passing failure may spoil the whole."""
        try:
            receipt = await self.add(AddMembers(chat=chat, members=tuple(people)))
        except PlatformError as problem:
            if problem.kind in _PASSING:
                raise
            log.warning(
                "nobody could be invited", action="invite_failed", code=problem.code, hint=problem.hint, chat=str(chat)
            )
            refused.update({one.account: REFUSED for one in people})
            return ()
        refused.update(receipt.refused)
        return receipt.members

    async def add(self, outbound: AddMembers) -> Receipt:
        """Invite people; the receipt says who came in and why the others did not."""
        known = {one.account: one for one in outbound.members}
        refused = {account: INVALID for account in known if not is_id(account)}
        able = [account for account in known if account not in refused]
        for batch in _batches(able, MEMBERS_AT_ONCE):
            refused.update(await self._add(outbound.chat, batch))
        members = tuple(key for account, key in known.items() if account not in refused)
        return Receipt(chat=outbound.chat, members=members, refused=await self._explained(refused))

    async def _add(self, chat: ChatKey, accounts: Sequence[str]) -> dict[str, str]:
        """Add some; refused account -> reason. A call that is refused for one of them is halved until it is found."""
        try:
            data = data_of(await self._api.call(add_call(chat, accounts)))
        except PlatformError as problem:
            if problem.code not in _BY_CODE:
                raise
            if len(accounts) == 1:
                return {accounts[0]: _BY_CODE[problem.code]}
            half = len(accounts) // 2
            return {**await self._add(chat, accounts[:half]), **await self._add(chat, accounts[half:])}
        refused = dict.fromkeys(texts_of(data, "pending_approval_id_list"), REFUSED)
        refused.update(dict.fromkeys(texts_of(data, "invalid_id_list"), UNKNOWN))
        refused.update(dict.fromkeys(texts_of(data, "not_existed_id_list"), NOT_IN_TENANT))
        return {account: reason for account, reason in refused.items() if account in accounts}

    async def _explained(self, refused: dict[str, str]) -> dict[str, str]:
        """The platform says only that somebody is invalid; the address book may know why."""
        asked = [account for account, reason in refused.items() if reason == UNKNOWN]
        found: dict[str, str] = {}
        try:
            for batch in _batches(asked, MEMBERS_AT_ONCE):
                found.update(await self._standing(batch))
        except PlatformError as problem:
            log.info("the address book gives no reasons", action="reasons_unknown", code=problem.code)
            return refused
        return {account: found.get(account, reason) for account, reason in refused.items()}

    async def _standing(self, accounts: Sequence[str]) -> dict[str, str]:
        """Why these may be refused: they have left, or the app must not reach them."""
        reasons = dict.fromkeys(accounts, OUT_OF_SCOPE)
        for user in tables_of(await self._api.read(users_call(accounts)), "items"):
            status = user.get("status")
            has_left = isinstance(status, dict) and (
                status.get("is_resigned") is True or status.get("is_exited") is True
            )
            if has_left:
                reasons[text_of(user, "open_id")] = RESIGNED
        return reasons

    async def list(self, chat: ChatKey) -> Receipt:
        """Everybody in a group, without bots."""
        members: list[AccountKey] = []
        async for data in self._api.pages(members_call(chat)):
            ids = [text_of(one, "member_id") for one in tables_of(data, "items")]
            members.extend(AccountKey(self._platform, one) for one in ids if one)
        return Receipt(chat=chat, members=tuple(dict.fromkeys(members)))

    async def leave(self, chat: ChatKey) -> Receipt:
        """Go out of a group; no error when the bot is out already."""
        try:
            await self._api.call(leave_call(chat, app_id=self._api.app_id))
        except PlatformError as problem:
            if problem.kind is not FailureKind.GONE:
                raise
        return Receipt(chat=chat)


def _batches(accounts: Iterable[str], size: int) -> Iterator[list[str]]:
    whole = list(accounts)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
