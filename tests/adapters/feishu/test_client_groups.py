"""Groups: made whatever becomes of single people, once per key, with a reason for everybody who is not in (R-41)."""

from __future__ import annotations

import pytest

from adapters.feishu import membership
from adapters.feishu.emulator import FaultKind
from bot.domain.ids import ChatKey
from bot.errors import FailureKind, PlatformError
from bot.messages import AddMembers, CreateGroup, ReadMembers
from handlers.texts.groups import TEXTS
from tests.adapters.feishu.outgoing import Tenant, account, tenant

ADD = "im.v1.chat.members.create"
CREATE = "im.v1.chat.create"


def making(*members: str, owner: str | None = "ou_alice") -> CreateGroup:
    return CreateGroup(
        platform="feishu",
        name="618 协同群\n第二行",
        description="由回音创建 <at id=all></at>",
        owner=account(owner) if owner is not None else None,
        members=tuple(map(account, members)),
    )


async def made(company: Tenant, outbound: CreateGroup, *, key: str = "g") -> tuple[ChatKey, list[str], dict[str, str]]:
    receipt = await company.client.send(outbound, key=key)
    assert receipt.chat is not None
    return receipt.chat, [one.account for one in receipt.members], dict(receipt.refused)


def inside(company: Tenant, chat: ChatKey) -> set[str]:
    return set(company.emulator.state.chats[chat.chat].members)


async def test_everybody_who_can_be_reached_is_in_the_group() -> None:
    async with tenant() as company:
        chat, members, refused = await made(company, making("ou_bob", "ou_carol", "ou_alice", "ou_bob"))
        assert (members, refused) == (["ou_alice", "ou_bob", "ou_carol"], {})
        assert inside(company, chat) == {"ou_alice", "ou_bob", "ou_carol"}
        seen = company.emulator.chat_as_seen("ou_bob", chat.chat)
        assert (seen.name, seen.owner, seen.has_bot) == ("618 协同群 第二行", "ou_alice", True)


async def test_people_who_cannot_be_reached_have_their_reasons_and_stop_nobody() -> None:
    async with tenant() as company:
        company.emulator.makes_unavailable("ou_carol")
        company.emulator.remove_person("ou_dave")
        chat, members, refused = await made(company, making("ou_bob", "ou_carol", "ou_dave", "ou_none", "not an id"))
        assert members == ["ou_alice", "ou_bob"]
        assert refused == {
            "ou_carol": "reason_out_of_scope",
            "ou_dave": "reason_resigned",
            "ou_none": "reason_not_in_tenant",
            "not an id": "reason_invalid",
        }
        assert inside(company, chat) == {"ou_alice", "ou_bob"}


@pytest.mark.parametrize("owner", ["ou_none", "ou_carol", "ou_dave", "no id"])
async def test_a_group_whose_owner_cannot_be_reached_belongs_to_the_bot(owner: str) -> None:
    async with tenant() as company:
        company.emulator.makes_unavailable("ou_carol")
        company.emulator.remove_person("ou_dave")
        chat, members, refused = await made(company, making("ou_bob", owner=owner))
        assert (members, list(refused)) == (["ou_bob"], [owner])
        assert inside(company, chat) == {"ou_bob"}


async def test_without_an_owner_and_without_members_there_still_is_a_group() -> None:
    async with tenant() as company:
        chat, members, refused = await made(company, making(owner=None))
        assert (members, refused, inside(company, chat)) == ([], {}, set())


async def test_a_hundred_and_twenty_people_come_in_fifty_at_a_time() -> None:
    async with tenant() as company:
        people = [f"ou_p{number}" for number in range(120)]
        for one in people:
            company.emulator.add_person(one, one, "od-dev")
        chat, members, refused = await made(company, making(*people))
        assert (len(members), refused) == (121, {})
        assert len(inside(company, chat)) == 121
        assert company.operations().count(ADD) == 3
        listed = await company.client.send(ReadMembers(chat=chat), key="r")
        assert {one.account for one in listed.members} == inside(company, chat)
        assert len(listed.members) == 121


@pytest.mark.parametrize("operation", [CREATE, ADD])
async def test_a_creation_that_was_cut_off_is_finished_under_the_same_key(operation: str) -> None:
    async with tenant(seconds=0.2) as company:
        company.emulator.faults.add(operation, FaultKind.EXECUTED_THEN_TIMEOUT, nth=1, seconds=5)
        with pytest.raises(PlatformError) as lost:
            await company.client.send(making("ou_bob"), key="g")
        assert lost.value.kind is FailureKind.UNKNOWN
        chat, members, _ = await made(company, making("ou_bob"))
        assert members == ["ou_alice", "ou_bob"]
        assert list(company.emulator.state.chats) == [chat.chat]


async def test_a_group_into_which_nobody_may_be_invited_is_still_reported() -> None:
    async with tenant() as company:
        company.emulator.faults.add(ADD, FaultKind.HTTP_500, nth=1)
        with pytest.raises(PlatformError) as busy:
            await company.client.send(making("ou_bob"), key="g")
        assert busy.value.kind is FailureKind.RETRY
        company.emulator.faults.clear()
        chat, members, _ = await made(company, making("ou_bob"))
        assert members == ["ou_alice", "ou_bob"]
        company.emulator.removes_bot(chat.chat)
        again, _, refused = await made(company, making("ou_bob"))
        assert (again, refused) == (chat, {"ou_bob": "reason_refused"})


async def test_inviting_says_who_came_in_and_who_did_not() -> None:
    async with tenant() as company:
        company.emulator.remove_person("ou_dave")
        chat = ChatKey("feishu", company.emulator.add_group("g", ["ou_alice"]))
        members = tuple(map(account, ("ou_alice", "ou_bob", "ou_dave", "ou_none")))
        receipt = await company.client.send(AddMembers(chat=chat, members=members), key="k")
        assert receipt.members == (account("ou_alice"), account("ou_bob"))
        assert receipt.refused == {"ou_dave": "reason_resigned", "ou_none": "reason_not_in_tenant"}


async def test_reasons_stay_unknown_where_the_address_book_does_not_answer() -> None:
    async with tenant() as company:
        company.emulator.revokes("contact:contact.base:readonly")
        company.emulator.makes_unavailable("ou_carol")
        chat = ChatKey("feishu", company.emulator.add_group("g", ["ou_alice"]))
        receipt = await company.client.send(AddMembers(chat=chat, members=(account("ou_carol"),)), key="k")
        assert receipt.refused.keys() == {"ou_carol"}
        assert receipt.refused["ou_carol"] in {"reason_unknown", "reason_out_of_scope"}


async def test_inviting_nobody_asks_nobody() -> None:
    async with tenant() as company:
        chat = ChatKey("feishu", company.emulator.add_group("g", ["ou_alice"]))
        receipt = await company.client.send(AddMembers(chat=chat, members=()), key="k")
        assert (receipt.members, receipt.refused) == ((), {})
        assert company.operations() == []


async def test_a_group_without_the_bot_cannot_be_read() -> None:
    async with tenant() as company:
        chat = ChatKey("feishu", company.emulator.add_group("g", ["ou_alice"], with_bot=False))
        with pytest.raises(PlatformError) as refused:
            await company.client.send(ReadMembers(chat=chat), key="k")
        assert refused.value.kind is FailureKind.GONE


def test_reasons_are_keys_of_the_text_catalogue() -> None:
    reasons = {value for name, value in vars(membership).items() if name.isupper() and str(value).startswith("reason_")}
    assert len(reasons) == 6
    assert reasons <= TEXTS.keys()
