"""Groups and who is in them (dingtalk.md 5). A group from a template is made once however often it is asked for; a plain one is not.

The platform changes members only of groups that this program made, and by another id than the one that messages use;
both are written down. Where the robot cannot be put into a group by a call, the receipt says that a person has to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import structlog

from adapters._hardened_json import JsonTable
from adapters._members import ident, table, texts
from adapters.dingtalk.api import Api
from adapters.dingtalk.escape import is_id, is_user
from adapters.dingtalk.event import PLATFORM
from adapters.dingtalk.hints import hint
from adapters.dingtalk.render import (
    MEMBERS_AT_ONCE,
    MOST_MEMBERS,
    add_bot_call,
    group_call,
    members_call,
    plain_add_call,
    scene_add_call,
    scene_call,
)
from adapters.dingtalk.settings import DingTalkSettings
from bot.domain.ids import AccountKey, ChatKey
from bot.errors import FailureKind, PlatformError, StoreUnavailable
from bot.messages import AddMembers, CreateGroup
from bot.ports import Notebook, Receipt

log = structlog.get_logger(__name__)

#: reason keys of the text catalogue
INVALID, REFUSED, OUT_OF_SCOPE, TOO_MANY = "reason_invalid", "reason_refused", "reason_out_of_scope", "reason_unknown"
_KEPT = timedelta(days=3 * 366)
#: failures after which the call may simply be made again; everything else says what becomes of the people
_PASSING = frozenset({FailureKind.RETRY, FailureKind.REFRESH, FailureKind.UNKNOWN})


class Membership:
    """Makes groups, adds people, lists them."""

    def __init__(self, api: Api, *, settings: DingTalkSettings, notebook: Notebook) -> None:
        self._api = api
        self._settings = settings
        self._notebook = notebook

    async def create(self, outbound: CreateGroup, *, key: str) -> Receipt:
        """Make the group with everybody in it. Raises PlatformError when there is no group."""
        people = [one for one in outbound.members if is_user(one.account)]
        owner = outbound.owner if outbound.owner is not None and is_user(outbound.owner.account) else None
        owner = owner or next(iter(people), None)
        if owner is None:
            raise PlatformError(FailureKind.PERMANENT, code="no_owner", operation="im.group.create")
        refused = {one.account: INVALID for one in outbound.members if not is_user(one.account)}
        refused.update({one.account: TOO_MANY for one in people[MOST_MEMBERS - 1 :]})
        members = tuple(one for one in people if one.account not in refused)
        made = msgspec.structs.replace(outbound, owner=owner, members=members)
        is_scene = bool(self._settings.group_template_id)
        answer, is_whole = await self._make(made, owner, key=key, is_scene=is_scene)
        group = ident(answer, "open_conversation_id") or ident(answer, "openConversationId")
        if not is_id(group):
            raise PlatformError(FailureKind.UNKNOWN, code="no_chat", operation="im.group.create")
        chat = ChatKey(PLATFORM, group)
        older = ident(answer, "chat_id") or ident(answer, "chatid")
        await self._keep(chat, older, is_scene=is_scene)
        if not is_whole:
            others = [one for one in members if one != owner]
            members = tuple(await self._invite(chat, (older, is_scene), others, refused))
        return Receipt(
            chat=chat,
            members=tuple(dict.fromkeys((owner, *members))),
            refused=refused,
            wants_bot=not await self._bring_bot(chat),
        )

    async def _make(self, made: CreateGroup, owner: AccountKey, *, key: str, is_scene: bool) -> tuple[JsonTable, bool]:
        """The group with everybody, or, where one of them spoils the call, with its owner alone; False then."""
        try:
            return await self._create(made, owner, key=key, is_scene=is_scene), True
        except PlatformError as problem:
            others = [one for one in made.members if one != owner]
            if problem.kind not in {FailureKind.PERMANENT, FailureKind.GONE} or not others:
                raise
            log.info("a group is made with its owner alone", action="group_halved", code=problem.code)
        return await self._create(msgspec.structs.replace(made, members=()), owner, key=key, is_scene=is_scene), False

    async def _create(self, made: CreateGroup, owner: AccountKey, *, key: str, is_scene: bool) -> JsonTable:
        if not is_scene:
            return await self._api.call(group_call(made, owner=owner))
        try:
            return await self._api.call(scene_call(made, owner=owner, key=key, settings=self._settings))
        except PlatformError as problem:
            if problem.kind is not FailureKind.UNKNOWN:
                raise
            # asked for twice under one key it is made once (dingtalk.md 5.2)
            raise PlatformError(FailureKind.RETRY, code=problem.code, operation=problem.operation) from None

    async def _invite(
        self, chat: ChatKey, known: tuple[str, bool], people: Sequence[AccountKey], refused: dict[str, str]
    ) -> list[AccountKey]:
        """Add people to a group that exists by now: no failure may make the whole be asked for again."""
        added: list[AccountKey] = []
        for start in range(0, len(people), MEMBERS_AT_ONCE):
            some = people[start : start + MEMBERS_AT_ONCE]
            try:
                added.extend(await self._add_some(chat, known, some, refused))
            except PlatformError as problem:
                log.warning("some could not be invited", action="invite_failed", code=problem.code, chat=str(chat))
                refused.update({one.account: REFUSED for one in some})
        return added

    async def add(self, outbound: AddMembers) -> Receipt:
        """Add people, forty at a time; whoever could not be added has a reason. Raises PlatformError."""
        known = await self._known(outbound.chat)
        people = [one for one in outbound.members if is_user(one.account)]
        refused = {one.account: INVALID for one in outbound.members if not is_user(one.account)}
        added: list[AccountKey] = []
        for start in range(0, len(people), MEMBERS_AT_ONCE):
            some = people[start : start + MEMBERS_AT_ONCE]
            added.extend(await self._add_some(outbound.chat, known, some, refused))
        return Receipt(chat=outbound.chat, members=tuple(added), refused=refused)

    async def _add_some(
        self, chat: ChatKey, known: tuple[str, bool], some: Sequence[AccountKey], refused: dict[str, str]
    ) -> Sequence[AccountKey]:
        """One call for all of them; one that is refused for one of them is halved until it is found."""
        try:
            await self._add_call(chat, known, [one.account for one in some])
        except PlatformError as problem:
            if problem.kind in _PASSING or problem.kind is FailureKind.ADMINISTRATOR:
                raise
            if len(some) == 1:
                is_scope = problem.code == "permession.checkFailed"
                refused[some[0].account] = OUT_OF_SCOPE if is_scope else REFUSED
                return ()
            half = len(some) // 2
            return [
                one for part in (some[:half], some[half:]) for one in await self._add_some(chat, known, part, refused)
            ]
        return some

    async def _add_call(self, chat: ChatKey, known: tuple[str, bool], accounts: Sequence[str]) -> None:
        older, is_scene = known
        if is_scene:
            await self._api.call(scene_add_call(chat, accounts))
        else:
            await self._api.call(plain_add_call(older, accounts))

    async def members(self, chat: ChatKey) -> Receipt:
        """Who is in the group, as far as the platform tells: of groups that others made, often nothing. Raises PlatformError."""
        try:
            older, _ = await self._known(chat)
            answer = await self._api.call(members_call(older))
        except PlatformError as problem:
            if problem.kind is not FailureKind.PERMANENT:
                raise
            log.info("who is in a group is not told", action="members_untold", code=problem.code)
            return Receipt(chat=chat, members_untold=True)
        people = texts(table(answer, "chat_info"), "useridlist")
        return Receipt(chat=chat, members=tuple(AccountKey(PLATFORM, one) for one in people))

    async def learn(self, chat: ChatKey, older: str) -> None:
        """An event named the older id of a group, which it may be that others made."""
        try:
            if is_id(older) and await self._notebook.read(_key(chat)) is None:
                await self._keep(chat, older, is_scene=False)
        except StoreUnavailable:
            log.warning("the older id of a group could not be written down", action="group_unwritten")

    async def _bring_bot(self, chat: ChatKey) -> bool:
        """Put the robot into a group; False where a person has to. That it is there already is as good."""
        try:
            await self._api.call(add_bot_call(chat, settings=self._settings))
        except PlatformError as problem:
            log.info("the robot has to be added by hand", action="bot_by_hand", code=problem.code)
            return False
        return True

    async def _keep(self, chat: ChatKey, older: str, *, is_scene: bool) -> None:
        try:
            await self._notebook.write(_key(chat), json.dumps([older, is_scene]), keep=_KEPT)
        except StoreUnavailable:
            log.warning("the older id of a group could not be written down", action="group_unwritten")

    async def _known(self, chat: ChatKey) -> tuple[str, bool]:
        """The older id of a group, and whether it was made from a template. Raises PlatformError."""
        try:
            kept = await self._notebook.read(_key(chat))
        except StoreUnavailable:
            raise PlatformError(FailureKind.RETRY, code="store", operation="im.group.update") from None
        if kept is None:
            raise PlatformError(
                FailureKind.PERMANENT, code="foreign_group", operation="im.group.update", hint=hint("foreign_group")
            )
        older, is_scene = json.loads(kept)
        return str(older), bool(is_scene)


def _key(chat: ChatKey) -> str:
    return f"group:{chat.chat}"
