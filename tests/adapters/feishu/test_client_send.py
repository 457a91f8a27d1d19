"""What goes out, against the emulated platform over real HTTP: once, to the right place, and mended where it can be."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from adapters.feishu.client import FeishuClient
from adapters.feishu.emulator import FaultKind
from bot.domain.ids import ChatKey, MessageKey
from bot.errors import FailureKind, PlatformError
from bot.messages import AnyOutbound, At, EditCard, LeaveChat, SendCard, SendText, Text, ToChat, ToPerson, Urge
from tests.adapters.feishu.outgoing import BOB, CARD, Tenant, account, settings_of, tenant
from tests.adapters.feishu_emulator.rig import advance
from tests.support.figures import Figures

TOKEN = "auth.v3.tenant_access_token.internal"
CREATE = "im.v1.message.create"
TO_BOB = SendText(target=ToPerson(account("ou_bob")), body=(Text("早上好"),))


def group(company: Tenant, *members: str) -> ChatKey:
    """A group with the bot in it."""
    return ChatKey("feishu", company.emulator.add_group("g", list(members or ("ou_alice", "ou_bob", "ou_carol"))))


async def refusal(company: Tenant, outbound: AnyOutbound, *, key: str = "k") -> PlatformError:
    with pytest.raises(PlatformError) as refused:
        await company.client.send(outbound, key=key)
    return refused.value


class TestDelivery:
    """The plain cases."""

    async def test_a_text_arrives_where_it_should_and_the_receipt_names_it(self) -> None:
        async with tenant() as company:
            receipt = await company.client.send(TO_BOB, key="k")
            assert receipt.message is not None
            seen = company.emulator.message_as_seen(receipt.message.message, by="ou_bob")
            assert (seen.text, seen.is_from_bot) == ("早上好", True)
            assert receipt.chat == ChatKey("feishu", company.emulator.direct_chat("ou_bob"))

    async def test_a_card_arrives_with_its_buttons_and_is_edited_in_place(self) -> None:
        async with tenant() as company:
            chat = group(company)
            sent = await company.client.send(SendCard(target=ToChat(chat), card_id="c", card=CARD), key="k")
            assert sent.message is not None
            seen = company.emulator.message_as_seen(sent.message.message)
            assert seen.card is not None
            assert [one.text for one in seen.card.buttons] == ["收到", "不用回了", "详情"]
            assert seen.card.rows == (("提问人", "李四（市场部）"), ("截止", "15:34 前"))
            assert [one.name for one in seen.card.fields] == ["answer", "detail", "level", "due"]
            later = EditCard(target=ToChat(chat), card_id="c", message=sent.message, card=replace(CARD, state="已回复"))
            assert (await company.client.send(later, key="k2")).message == sent.message
            seen = company.emulator.message_as_seen(sent.message.message)
            assert seen.card is not None
            assert seen.card.tags == ("已回复",)

    async def test_an_answer_hangs_under_its_message(self) -> None:
        async with tenant() as company:
            chat = group(company)
            asked = await company.emulator.says("ou_bob", "什么时候给？", chat.chat)
            outbound = SendText(target=ToChat(chat), body=(Text("收到"),), reply_to=MessageKey("feishu", asked))
            receipt = await company.client.send(outbound, key="k")
            assert receipt.message is not None
            assert company.emulator.message_as_seen(receipt.message.message).reply_to == asked

    async def test_an_urge_rings_and_says_for_whom_it_cannot(self) -> None:
        async with tenant() as company:
            chat = group(company, "ou_alice", "ou_bob")
            sent = await company.client.send(SendText(target=ToChat(chat), body=(Text("重大"),)), key="k")
            assert sent.message is not None
            receipt = await company.client.send(
                Urge(message=sent.message, accounts=(account("ou_bob"), account("ou_dave"))), key="u"
            )
            assert company.emulator.message_as_seen(sent.message.message, by="ou_bob").is_urgent
            assert (receipt.members, receipt.refused) == ((account("ou_bob"),), {"ou_dave": "reason_invalid"})

    async def test_leaving_a_group_twice_is_no_error(self) -> None:
        async with tenant() as company:
            chat = group(company)
            for _ in range(2):
                assert (await company.client.send(LeaveChat(chat=chat), key="k")).chat == chat


class TestOnce:
    """Nothing is seen twice, nothing is lost, whatever becomes of the answers (P3, F7)."""

    async def test_executed_but_timed_out_is_unknown_and_the_same_key_makes_no_second_message(self) -> None:
        async with tenant(seconds=0.2) as company:
            company.emulator.faults.add(CREATE, FaultKind.EXECUTED_THEN_TIMEOUT, nth=1, seconds=5)
            assert (await refusal(company, TO_BOB)).kind is FailureKind.UNKNOWN
            receipt = await company.client.send(TO_BOB, key="k")
            assert receipt.message is not None
            assert company.emulator.visible_duplicates() == []
            assert [one.text for one in company.emulator.what_sees("ou_bob")[0].messages] == ["早上好"]

    @pytest.mark.slow
    async def test_of_two_hundred_sends_with_bad_luck_each_is_seen_once(self, figures: Figures) -> None:
        async with tenant(seconds=0.1, enforces_rates=False) as company:
            company.emulator.faults.add(CREATE, FaultKind.EXECUTED_THEN_TIMEOUT, rate=0.05, seconds=5)
            company.emulator.faults.add(CREATE, FaultKind.BAD_JSON, rate=0.05)
            company.emulator.faults.add(CREATE, FaultKind.RESET, rate=0.05)
            company.emulator.faults.add(CREATE, FaultKind.HTTP_500, rate=0.05)
            failures = [
                failure
                for number in range(200)
                for failure in await until_sent(company, text_to_bob(f"第 {number} 条"), key=f"key-{number}")
            ]
            assert set(failures) == {FailureKind.UNKNOWN, FailureKind.RETRY}
            seen = [one.text for one in company.emulator.what_sees("ou_bob")[0].messages]
            assert sorted(seen) == sorted(f"第 {number} 条" for number in range(200))
            assert len(failures) > 20
            figures("feishu sends with 20 % faults", f"200 sent, {len(failures)} repeated, 0 lost, 0 duplicates")

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (FaultKind.BAD_JSON, FailureKind.UNKNOWN),
            (FaultKind.RESET, FailureKind.UNKNOWN),
            (FaultKind.HTTP_500, FailureKind.RETRY),
            (FaultKind.HTTP_429, FailureKind.RETRY),
        ],
    )
    async def test_each_accident_has_its_kind(self, fault: FaultKind, kind: FailureKind) -> None:
        async with tenant() as company:
            company.emulator.faults.add(CREATE, fault, nth=1, seconds=7)
            found = await refusal(company, TO_BOB)
            assert found.kind is kind
            assert found.retry_after_ms == (7_000 if fault is FaultKind.HTTP_429 else None)
            await company.client.send(TO_BOB, key="k")


class TestToken:
    """Renewed once for all, by whoever notices first (F9, F10)."""

    async def test_fifty_calls_at_expiry_make_one_renewal_and_none_fails(self, figures: Figures) -> None:
        async with tenant(enforces_rates=False) as company:
            await company.client.send(TO_BOB, key="first")
            for round_number in range(10):
                company.emulator.expires_tokens()
                company.emulator.recorder.clear()
                sends = [company.client.send(TO_BOB, key=f"{round_number}/{n}") for n in range(50)]
                receipts = await asyncio.gather(*sends)
                assert len({one.message for one in receipts}) == 50
                assert len(company.emulator.recorder.calls_of(TOKEN)) == 1
            figures("token expiry under 50 concurrent sends", "10 rounds: 1 renewal each, 0 failed")

    @pytest.mark.parametrize("status", [200, 400])
    async def test_a_token_error_is_known_by_its_code_whatever_the_status(self, status: int) -> None:
        async with tenant() as company:
            company.emulator.change_options(token_error_status=status)
            await company.client.send(TO_BOB, key="a")
            company.emulator.expires_tokens()
            await company.client.send(TO_BOB, key="b")

    async def test_a_token_that_is_refused_twice_is_delivery_s_business(self) -> None:
        async with tenant() as company:
            company.emulator.faults.add(CREATE, FaultKind.TOKEN_EXPIRED)
            found = await refusal(company, TO_BOB)
            assert found.kind is FailureKind.REFRESH
            assert company.operations().count(CREATE) == 2

    async def test_a_token_is_fetched_once_for_its_whole_life(self) -> None:
        async with tenant() as company:
            for number in range(5):
                await company.client.send(TO_BOB, key=str(number))
                advance(company.clock, 1200)
            assert company.operations().count(TOKEN) == 1

    async def test_a_wrong_secret_is_shown_once_and_says_where_to_look(self) -> None:
        async with tenant() as company:
            client = FeishuClient(settings_of(company.emulator, app_secret="wrong"), clock=company.clock)
            for _ in range(20):
                with pytest.raises(PlatformError) as refused:
                    await client.send(TO_BOB, key="k")
                assert refused.value.kind is FailureKind.ADMINISTRATOR
                assert "凭证与基础信息" in refused.value.hint
            assert company.operations().count(TOKEN) == 1
            await client.close()


class TestRefusals:
    """What the platform says no to."""

    async def test_a_missing_scope_is_named_with_the_place_to_add_it(self) -> None:
        async with tenant() as company:
            company.emulator.revokes("im:message")
            found = await refusal(company, TO_BOB)
            assert found.kind is FailureKind.ADMINISTRATOR
            assert "im:message" in found.hint
            assert "权限管理" in found.hint

    async def test_a_disabled_app_needs_an_administrator(self) -> None:
        async with tenant() as company:
            company.emulator.disables_app()
            assert (await refusal(company, TO_BOB)).kind is FailureKind.ADMINISTRATOR

    async def test_who_cannot_be_reached_is_gone_to_us(self) -> None:
        async with tenant() as company:
            company.emulator.makes_unavailable("ou_bob")
            found = await refusal(company, TO_BOB)
            assert (found.kind, found.code) == (FailureKind.GONE, "230013")
            assert "可用范围" in found.hint

    async def test_a_group_without_the_bot_and_one_that_is_dissolved_are_gone(self) -> None:
        async with tenant() as company:
            left, ended = group(company), group(company)
            company.emulator.removes_bot(left.chat)
            company.emulator.dissolves(ended.chat)
            for chat in (left, ended):
                assert (await refusal(company, replace_target(chat))).kind is FailureKind.GONE

    async def test_a_group_of_several_companies_is_closed_and_nothing_else_is(self) -> None:
        """230027 once stood for a missing scope, and one such group held up every message of the company."""
        async with tenant() as company:
            company.emulator.add_person("ou_guest", "客户", "", guest_of="tk2")
            chat = company.emulator.add_group("客户群", ["ou_alice", "ou_guest"], is_external=True)
            found = await refusal(company, replace_target(ChatKey("feishu", chat)))
            assert (found.kind, found.code) == (FailureKind.PERMANENT, "230027")
            assert "外部人员" in found.hint
            stranger = SendText(target=ToPerson(account("ou_guest")), body=TO_BOB.body)
            assert (await refusal(company, stranger)).kind is FailureKind.GONE

    async def test_too_fast_for_one_group_waits_a_second(self) -> None:
        async with tenant() as company:
            chat = group(company)
            for number in range(5):
                await company.client.send(replace_target(chat), key=str(number))
            found = await refusal(company, replace_target(chat), key="6")
            assert found.kind is FailureKind.RETRY
            assert (found.retry_after_ms or 0) >= 1_000
            advance(company.clock, (found.retry_after_ms or 0) / 1000)
            await company.client.send(replace_target(chat), key="6")

    async def test_a_card_too_old_to_edit_and_one_recalled_are_gone(self) -> None:
        async with tenant() as company:
            chat = group(company)
            sent = await company.client.send(SendCard(target=ToChat(chat), card_id="c", card=CARD), key="k")
            assert sent.message is not None
            advance(company.clock, timedelta(days=14, seconds=1).total_seconds())
            edit = EditCard(target=ToChat(chat), card_id="c", message=sent.message, card=CARD)
            assert (await refusal(company, edit)).kind is FailureKind.GONE
            gone = replace_message(edit, "om_none")
            assert (await refusal(company, gone)).kind is FailureKind.GONE


class TestRemedies:
    """What is mended at once, within the same attempt and under the same key."""

    async def test_an_answer_to_a_message_that_is_gone_is_sent_on_its_own(self) -> None:
        async with tenant() as company:
            chat = group(company)
            asked = await company.emulator.says("ou_bob", "?", chat.chat)
            await company.emulator.recalls(asked)
            outbound = SendText(target=ToChat(chat), body=(Text("收到"),), reply_to=MessageKey("feishu", asked))
            receipt = await company.client.send(outbound, key="k")
            assert receipt.message is not None
            seen = company.emulator.message_as_seen(receipt.message.message)
            assert (seen.text, seen.reply_to) == ("收到", "")

    async def test_a_card_that_mentions_somebody_unknown_names_everybody_instead(self) -> None:
        async with tenant() as company:
            chat = group(company)
            card = replace(CARD, body=(At(account("ou_stranger"), "路人"), Text(" 和 "), BOB))
            receipt = await company.client.send(SendCard(target=ToChat(chat), card_id="c", card=card), key="k")
            assert receipt.message is not None
            seen = company.emulator.message_as_seen(receipt.message.message)
            assert seen.card is not None
            assert seen.card.texts[0] == "@路人 和 @张三"
            assert seen.mentions == ()
            assert company.operations().count(CREATE) == 2

    async def test_a_card_that_cannot_be_made_is_left_to_delivery_as_one_to_degrade(self) -> None:
        async with tenant() as company:
            chat = group(company)
            buttons = tuple(replace(CARD.buttons[0], id=f"b{n}", params={"x": "y" * 10_000}) for n in range(4))
            card = replace(CARD, buttons=buttons)
            found = await refusal(company, SendCard(target=ToChat(chat), card_id="c", card=card))
            assert found.kind is FailureKind.DEGRADE
            assert CREATE not in company.operations()


async def test_secrets_are_in_no_log_no_error_and_nothing_printed() -> None:
    words = "机密内容-7f3a"
    async with tenant() as company:
        with structlog.testing.capture_logs() as logs:
            outbound = SendText(target=ToPerson(account("ou_bob")), body=(Text(words),))
            await company.client.send(outbound, key="a")
            company.emulator.makes_unavailable("ou_bob")
            found = await refusal(company, outbound, key="b")
            company.emulator.revokes("im:message")
            refused = await refusal(company, outbound, key="c")
        said = json.dumps(logs, default=str) + repr(vars(found)) + repr(vars(refused)) + repr(company.client)
        assert logs
        for secret in (words, company.emulator.app.app_secret, "Bearer", "t-"):
            assert secret not in said


def text_to_bob(words: str) -> SendText:
    return SendText(target=ToPerson(account("ou_bob")), body=(Text(words),))


async def until_sent(company: Tenant, outbound: SendText, *, key: str) -> list[FailureKind]:
    """Send until it works, always under the same key; the failures on the way."""
    failures: list[FailureKind] = []
    while True:
        try:
            await company.client.send(outbound, key=key)
        except PlatformError as problem:
            failures.append(problem.kind)
        else:
            return failures


def replace_target(chat: ChatKey) -> SendText:
    """The morning's greeting into a group."""
    return SendText(target=ToChat(chat), body=TO_BOB.body)


def replace_message(edit: EditCard, message: str) -> EditCard:
    """The same edit of another message."""
    return EditCard(target=edit.target, card_id=edit.card_id, message=MessageKey("feishu", message), card=edit.card)
