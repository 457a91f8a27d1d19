"""The adapter on a real wire, in both modes: every event arrives, every click is answered, nothing is told too early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.feishu import create
from adapters.feishu.emulator import MentionAll, MentionBot
from bot.clock import VirtualClock
from bot.config import FeishuSection
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.errors import ConfigError, WebhookRejected
from bot.messages import EditCard, SendText, Text, ToChat
from bot.ports import Answer, PlatformAdapter, Receipt, Severity
from bot.updates import (
    AnyUpdate,
    BotJoinedChat,
    BotLeftChat,
    CardClicked,
    ChatDissolved,
    ChatMembersChanged,
    ChatRenamed,
    ContentKind,
    DirectChatOpened,
    DirectoryChanged,
    MessageRecalled,
    MessageReceived,
    ReactionAdded,
    ReactionRemoved,
    display_text,
)
from tests.adapters.feishu.callbacks import NOW, PATH, SETTINGS, event, push
from tests.adapters.feishu.intake import RecordingIntake
from tests.adapters.feishu.tenant import BUSY, CARD, Tenant, stream_tenant, until, webhook_tenant
from tests.adapters.feishu_emulator.rig import APP
from tests.support.housing import housing


@pytest.fixture(params=["webhook", "stream"])
async def tenant(request: pytest.FixtureRequest) -> AsyncIterator[Tenant]:
    async with webhook_tenant() if request.param == "webhook" else stream_tenant() as tenant:
        yield tenant


@pytest.fixture
async def hooked() -> AsyncIterator[Tenant]:
    async with webhook_tenant() as tenant:
        yield tenant


class TestEvents:
    """What people do in the client arrives in neutral words."""

    async def test_a_message_arrives_with_its_mentions_place_and_time(self, tenant: Tenant) -> None:
        asked = await tenant.emulator.says("ou_alice", ["请确认交期 ", MentionBot()], tenant.chat, mentions=["ou_bob"])
        await tenant.emulator.says("ou_bob", "周五前", tenant.chat, reply_to=asked)
        await tenant.emulator.settled()
        await tenant.emulator.says("ou_bob", "/帮助")
        await tenant.emulator.settled()
        question, answer, direct = tenant.intake.of(MessageReceived)
        assert display_text(question.text, question.mentions) == "@张三 请确认交期 @回音"
        assert [(one.account, one.is_bot) for one in question.mentions] == [
            (AccountKey("feishu", "ou_bob"), False),
            (AccountKey("feishu", "ou_bot"), True),
        ]
        assert question.source.business_id == question.message.message == asked
        assert (question.source.happened_at, question.source.app) == (tenant.clock.now(), APP.app_id)
        assert (question.chat, question.sender) == (ChatKey("feishu", tenant.chat), AccountKey("feishu", "ou_alice"))
        assert answer.reply_to == question.message
        assert (direct.chat_type, direct.text) == ("direct", "/帮助")

    async def test_every_kind_of_content_arrives(self, tenant: Tenant) -> None:
        emulator = tenant.emulator
        await emulator.says("ou_alice", [MentionAll(), " 盘点"], tenant.chat)
        await emulator.sends_image("ou_alice", tenant.chat)
        for kind, content in {
            "file": {"file_key": "f", "file_name": "a.xlsx"},
            "audio": {"file_key": "f", "duration": 1},
            "sticker": {"file_key": "f"},
            "post": {"title": "题", "content": [[{"tag": "text", "text": "文"}]]},
        }.items():
            await emulator.posts("ou_alice", kind, content, tenant.chat)  # type: ignore[arg-type]  # a narrower table
        await emulator.settled()
        found = tenant.intake.of(MessageReceived)
        kinds = [
            ContentKind.TEXT,
            ContentKind.IMAGE,
            ContentKind.FILE,
            ContentKind.VOICE,
            ContentKind.OTHER,
            ContentKind.TEXT,
        ]
        assert [one.content for one in found] == kinds
        assert found[0].mentions[0].is_everybody
        assert found[-1].text == "题\n文"

    async def test_what_happens_to_messages_arrives(self, tenant: Tenant) -> None:
        emulator = tenant.emulator
        said = await emulator.says("ou_alice", "x", tenant.chat)
        reaction = await emulator.reacts("ou_bob", said, "THUMBSUP")
        await emulator.removes_reaction(said, reaction)
        await emulator.recalls(said)
        await emulator.settled()
        added, removed, recalled = tenant.intake.kept[1:]
        assert isinstance(added, ReactionAdded)
        assert isinstance(removed, ReactionRemoved)
        assert isinstance(recalled, MessageRecalled)
        assert (added.emoji, added.operator.account) == ("👍", "ou_bob")
        assert recalled.message == added.message == removed.message

    async def test_what_happens_to_groups_arrives(self, tenant: Tenant) -> None:
        emulator, chat = tenant.emulator, tenant.chat
        emulator.joins("ou_carol", chat)
        emulator.leaves("ou_carol", chat)
        emulator.renames(chat, "物流 2 群")
        emulator.removes_bot(chat)
        emulator.adds_bot(chat)
        emulator.dissolves(chat)
        await emulator.settled()
        joined, left, renamed, bot_left, bot_joined, dissolved = tenant.intake.kept
        assert isinstance(joined, ChatMembersChanged)
        assert joined.joined == (AccountKey("feishu", "ou_carol"),)
        assert isinstance(left, ChatMembersChanged)
        assert left.left == (AccountKey("feishu", "ou_carol"),)
        assert isinstance(renamed, ChatRenamed)
        assert renamed.name == "物流 2 群"
        assert isinstance(bot_left, BotLeftChat)
        assert isinstance(bot_joined, BotJoinedChat)
        assert isinstance(dissolved, ChatDissolved)

    async def test_changes_of_the_directory_arrive(self, tenant: Tenant) -> None:
        emulator = tenant.emulator
        emulator.add_department("od-new", "新部门")
        emulator.add_person("ou_new", "新人", "od-new")
        emulator.change_person("ou_new", title="采购员")
        emulator.remove_person("ou_new")
        emulator.remove_department("od-new")
        await emulator.settled()
        found = tenant.intake.of(DirectoryChanged)
        assert [one.reason.split(".")[1] for one in found] == ["department", "user", "user", "user", "department"]
        assert {one.account for one in found} == {None, AccountKey("feishu", "ou_new")}

    async def test_opening_the_private_chat_and_a_changed_range_arrive_and_a_menu_is_nobodys_work(
        self, tenant: Tenant
    ) -> None:
        emulator = tenant.emulator
        await emulator.enters("ou_bob")
        await emulator.presses_menu("ou_bob", "todo")
        emulator.limits_contacts(["od-dev"])
        await emulator.settled()
        [opened] = tenant.intake.of(DirectChatOpened)
        assert (opened.account.account, opened.chat.chat) == ("ou_bob", emulator.direct_chat("ou_bob"))
        assert [one.reason for one in tenant.intake.of(DirectoryChanged)] == ["contact.scope.updated_v3"]
        assert [one.event_type for one in tenant.intake.ignored] == ["application.bot.menu_v6"]

    async def test_other_bots_and_other_companies_are_told_apart(self, tenant: Tenant) -> None:
        """Bots that answer each other for ever were met by real users (feishu.md 11)."""
        emulator = tenant.emulator
        emulator.grants("im:message.group_at_msg.include_bot:readonly")
        emulator.add_person("ou_guest", "客户", "", guest_of="tk2")
        outside = emulator.add_group("客户群", ["ou_alice", "ou_guest"], is_external=True)
        await emulator.bot_says("审批", [MentionBot(), " 催办"], tenant.chat)
        await emulator.says("ou_guest", "你好", outside)
        await emulator.says("ou_alice", "您好", outside)
        await emulator.settled()
        [joined] = tenant.intake.of(BotJoinedChat)
        assert (joined.chat.chat, joined.is_external) == (outside, True)
        kinds = {
            display_text(one.text, one.mentions): (one.sender_is_bot, one.sender_is_external)
            for one in tenant.intake.of(MessageReceived)
        }
        assert kinds == {"@回音 催办": (True, False), "你好": (False, True), "您好": (False, False)}

    async def test_a_read_receipt_is_acknowledged_and_nobodys_work(self, tenant: Tenant) -> None:
        chat = tenant.emulator.direct_chat("ou_bob")
        outbound = SendText(target=ToChat(ChatKey("feishu", chat)), body=(Text("您好"),))
        await tenant.adapter.send(outbound, key="hello")
        await tenant.emulator.reads("ou_bob")
        await tenant.emulator.settled()
        assert (len(tenant.intake.ignored), tenant.intake.kept) == (1, [])
        assert all(push.is_acked for push in tenant.emulator.recorder.pushes)


class TestStoring:
    """Nothing is acknowledged that is not stored; nothing is stored twice."""

    async def test_while_the_store_is_away_the_platform_keeps_trying_and_nothing_is_lost(self, tenant: Tenant) -> None:
        tenant.intake.is_away = True
        await tenant.emulator.says("ou_alice", "1", tenant.chat)
        await tenant.emulator.settled()
        tenant.advance(15)
        await tenant.emulator.settled()
        [record] = tenant.emulator.recorder.pushes
        assert (record.is_acked, len(record.attempts), tenant.intake.kept) == (False, 2, [])
        tenant.intake.is_away = False
        tenant.advance(300)
        await tenant.emulator.settled()
        assert (record.is_acked, [one.text for one in tenant.intake.of(MessageReceived)]) == (True, ["1"])

    async def test_no_acknowledgement_leaves_before_the_store_has_it(self, tenant: Tenant) -> None:
        tenant.emulator.change_options(ack_seconds=3.0)
        tenant.intake.may_store.clear()
        await tenant.emulator.says("ou_alice", "1", tenant.chat)
        for _ in range(20):
            await asyncio.sleep(0)
        [record] = tenant.emulator.recorder.pushes
        assert not record.is_acked
        tenant.intake.may_store.set()
        await tenant.emulator.settled()
        assert record.is_acked

    async def test_duplicates_and_lost_acknowledgements_change_nothing(self, tenant: Tenant) -> None:
        tenant.emulator.faults.add("push.*", "duplicate", nth=1, count=3)
        tenant.emulator.faults.add("push.*", "drop_ack", nth=2)
        await tenant.emulator.says("ou_alice", "1", tenant.chat)
        await tenant.emulator.says("ou_alice", "2", tenant.chat)
        await tenant.emulator.settled()
        tenant.advance(15)
        await tenant.emulator.settled()
        assert [one.text for one in tenant.intake.of(MessageReceived)] == ["1", "2"]
        assert all(record.is_acked for record in tenant.emulator.recorder.pushes)

    async def test_an_event_of_an_unknown_type_is_kept_and_acknowledged(self, hooked: Tenant) -> None:
        genuine = hooked.emulator.seals({**event("unknown_event")})
        assert (await hooked.emulator.replays(genuine)).is_acked
        assert hooked.intake.brought == ["ev-90"]


class TestClicks:
    """Whoever presses a button sees an answer at once."""

    async def test_the_answer_is_shown_and_the_click_says_what_and_who(self, tenant: Tenant) -> None:
        card = await tenant.sends_card()
        result = await tenant.emulator.clicks("ou_bob", card, "已收到")
        assert (result.toast, result.toast_kind, result.error) == ("好的", "info", 0)
        [click] = tenant.intake.of(CardClicked)
        assert (click.operator.account, click.action) == ("ou_bob", "acknowledge")
        assert click.params == {"code": "HF-2026-0031", "v": "1"}
        assert (click.message, click.chat) == (replace_message(click, card), ChatKey("feishu", tenant.chat))

    async def test_a_form_comes_with_the_click(self, tenant: Tenant) -> None:
        card = await tenant.sends_card()
        await tenant.emulator.clicks("ou_bob", card, "提交", {"line": "周五前到货", "due": "2026-03-06"})
        [click] = tenant.intake.of(CardClicked)
        assert (click.action, click.form) == ("answer", {"line": "周五前到货", "due": "2026-03-06"})

    @pytest.mark.parametrize(
        ("answer", "toast", "kind"),
        [
            (Answer(toast="已由王芳处理", is_error=True), "已由王芳处理", "error"),
            (Answer(toast=""), "", ""),
            (None, BUSY, "info"),
        ],
    )
    async def test_errors_silence_and_delay_have_their_own_answers(
        self, tenant: Tenant, answer: Answer | None, toast: str, kind: str
    ) -> None:
        tenant.intake.answer = lambda _: answer
        result = await tenant.emulator.clicks("ou_bob", await tenant.sends_card(), "已收到")
        assert (result.toast, result.toast_kind, result.error) == (toast, kind, 0)

    async def test_a_click_that_cannot_be_stored_is_not_said_to_be(self, tenant: Tenant) -> None:
        card = await tenant.sends_card()
        tenant.intake.is_away = True
        result = await tenant.emulator.clicks("ou_bob", card, "已收到")
        assert (result.toast, result.error, tenant.intake.kept) == ("", 200671, [])

    async def test_a_click_that_is_delivered_twice_is_one_update(self, tenant: Tenant) -> None:
        card = await tenant.sends_card()
        tenant.emulator.faults.add("push.card.action.trigger", "duplicate", count=2)
        result = await tenant.emulator.clicks("ou_bob", card, "已收到")
        assert (result.toast, result.error) == ("好的", 0)
        assert len(tenant.intake.brought) == 3
        assert len(tenant.intake.of(CardClicked)) == 1

    async def test_two_clicks_are_two_updates(self, tenant: Tenant) -> None:
        card = await tenant.sends_card()
        for person in ("ou_bob", "ou_alice"):
            await tenant.emulator.clicks(person, card, "已收到")
        assert [one.operator.account for one in tenant.intake.of(CardClicked)] == ["ou_bob", "ou_alice"]

    @pytest.mark.slow
    async def test_a_card_is_edited_when_the_answer_is_out_and_not_before(self, tenant: Tenant) -> None:
        """An edit in between is rolled back on the screen of whoever pressed (feishu.md 11)."""
        card = await tenant.sends_card()
        edit = EditCard(
            target=ToChat(ChatKey("feishu", tenant.chat)),
            card_id="c1",
            message=MessageKey("feishu", card),
            card=replace(CARD, state="已收到"),
        )
        edits: list[asyncio.Task[Receipt]] = []

        def answer(_: AnyUpdate) -> Answer:
            edits.append(asyncio.create_task(tenant.adapter.send(edit, key="e")))
            return Answer(toast="好的")

        tenant.intake.answer = answer
        shown = await tenant.emulator.clicks("ou_bob", card, "已收到")
        assert (shown.toast, edits[0].done()) == ("好的", False)
        await edits[0]
        seen = tenant.emulator.message_as_seen(card).card
        assert seen is not None
        assert "已收到" in seen.tags
        assert tenant.emulator.state.messages[card].updates_under_click == 0


def replace_message(click: CardClicked, message: str) -> object:
    """The key of a message on the platform of the click."""
    assert click.message is not None
    return replace(click.message, message=message)


class TestSelf:
    """The adapter learns who the bot is, and goes on without knowing."""

    async def test_without_an_answer_events_are_taken_and_it_is_asked_again_later(self, hooked: Tenant) -> None:
        hooked.emulator.disables_app()
        await hooked.emulator.says("ou_alice", "1", hooked.chat, mentions=["ou_bot"])
        await hooked.emulator.settled()
        await hooked.emulator.says("ou_alice", "2", hooked.chat)
        await hooked.emulator.settled()
        asked = len(hooked.emulator.recorder.calls)
        assert hooked.intake.of(MessageReceived)[0].mentions[0].is_bot  # by the platform's word
        hooked.emulator.disables_app(is_enabled=True)
        hooked.advance(61)
        await hooked.emulator.says("ou_alice", "3", hooked.chat, mentions=["ou_bot"])
        await hooked.emulator.settled()
        assert len(hooked.emulator.recorder.calls) > asked
        assert hooked.intake.of(MessageReceived)[2].mentions[0].is_bot

    async def test_a_probe_sets_what_the_app_can_see(self, tenant: Tenant) -> None:
        assert not tenant.adapter.capabilities.sees_all_group_messages
        findings = await tenant.adapter.probe()
        assert tenant.adapter.capabilities.sees_all_group_messages
        assert {one.severity for one in findings} == {Severity.OK}
        tenant.emulator.revokes("im:message.group_msg")
        findings = await tenant.adapter.probe()
        assert not tenant.adapter.capabilities.sees_all_group_messages
        assert any("im:message.group_msg" in one.message + one.hint for one in findings)

    async def test_a_probe_without_an_answer_is_a_finding_and_changes_nothing(self, hooked: Tenant) -> None:
        await hooked.adapter.probe()
        await hooked.emulator.stop()
        findings = await hooked.adapter.probe()
        assert {one.severity for one in findings} != {Severity.OK}
        assert hooked.adapter.capabilities.sees_all_group_messages

    async def test_an_answer_that_did_not_come_at_the_start_is_asked_for_until_it_does(self) -> None:
        """With the platform away when we start, the digest must not say for weeks that messages are not seen."""
        async with stream_tenant() as tenant:
            outage = tenant.emulator.faults.add("application.v6.scope.list", "http_500")
            await tenant.adapter.probe()
            assert not tenant.adapter.capabilities.sees_all_group_messages
            tenant.emulator.faults.remove(outage)
            tenant.advance(61)
            await until(lambda: tenant.adapter.capabilities.sees_all_group_messages)

    async def test_a_scope_that_is_granted_or_taken_away_is_noticed_within_hours(self) -> None:
        async with stream_tenant() as tenant:
            await tenant.adapter.probe()
            tenant.emulator.revokes("im:message.group_msg")
            await asyncio.sleep(0)
            tenant.advance(61)  # the pause began before the probe
            await until(lambda: not tenant.adapter.capabilities.sees_all_group_messages)
            tenant.emulator.grants("im:message.group_msg")
            tenant.advance(6 * 3600 + 1)
            await until(lambda: tenant.adapter.capabilities.sees_all_group_messages)

    async def test_a_message_that_names_nobody_proves_that_all_are_seen(self, tenant: Tenant) -> None:
        """Whatever the scopes are called: `im:message.group_msg:readonly` may mean the same (feishu.md 13)."""
        await tenant.emulator.says("ou_alice", "1", tenant.chat, mentions=["ou_bot"])
        await tenant.emulator.says("ou_alice", "2")
        await tenant.emulator.settled()
        assert not tenant.adapter.capabilities.sees_all_group_messages
        await tenant.emulator.says("ou_alice", "3", tenant.chat)
        await tenant.emulator.settled()
        assert tenant.adapter.capabilities.sees_all_group_messages


class TestFace:
    """What the app relies on."""

    async def test_it_is_a_platform_adapter_that_passes_calls_on(self, tenant: Tenant) -> None:
        adapter: PlatformAdapter = tenant.adapter
        outbound = SendText(target=ToChat(ChatKey("feishu", tenant.chat)), body=(Text("您好"),))
        receipt = await adapter.send(outbound, key="k")
        assert receipt.message == (await adapter.send(outbound, key="k")).message
        assert all(name.startswith("feishu") for name, _, _ in adapter.budgets(outbound))
        assert {person.account for person in (await adapter.directory()).people} >= {"ou_alice", "ou_bob"}
        assert (adapter.platform, adapter.connection.is_connected) == ("feishu", True)

    async def test_only_in_webhook_mode_a_callback_is_answered_at_all(self, tenant: Tenant) -> None:
        is_webhook = bool(tenant.adapter.hooks)
        assert tenant.adapter.hooks in ((("POST", PATH),), ())
        tenant.clock.move(NOW)
        request = push(event("message_text_with_mention"))
        with pytest.raises(WebhookRejected):
            await tenant.adapter.receive(replace(request, path="/hook/other"), tenant.intake)
        if is_webhook:
            assert (await tenant.adapter.receive(request, tenant.intake)).status == 200
        else:
            with pytest.raises(WebhookRejected):
                await tenant.adapter.receive(request, tenant.intake)

    async def test_in_webhook_mode_there_is_no_connection_to_keep(self, hooked: Tenant) -> None:
        running = asyncio.create_task(hooked.adapter.run(hooked.intake))
        await asyncio.sleep(0)
        assert (hooked.emulator.sockets.connected, hooked.emulator.recorder.calls_of("ws.endpoint")) == (0, [])
        assert hooked.adapter.connection.last_frame_at is None
        await hooked.emulator.says("ou_alice", "1", hooked.chat)
        await hooked.emulator.settled()
        assert hooked.adapter.connection.last_frame_at == hooked.clock.now()
        await hooked.adapter.close()
        assert running.done()

    async def test_it_is_made_from_the_section_of_the_settings(self) -> None:
        clock = VirtualClock(NOW)
        section = FeishuSection(
            app_id=SETTINGS.app_id,
            app_secret="s",
            encrypt_key=SETTINGS.encrypt_key,
            verification_token=SETTINGS.verification_token,
            base_url="http://127.0.0.1:9",  # nobody who could be asked who the bot is
            delivery="webhook",
        )
        adapter = create(section, housing(clock, busy_text=BUSY))
        intake = RecordingIntake()
        await adapter.receive(push(event("message_text_with_mention")), intake)
        await adapter.close()
        assert len(intake.kept) == 1

    def test_a_webhook_without_secrets_does_not_start_and_says_all_that_is_missing(self) -> None:
        with pytest.raises(ConfigError) as refused:
            create({"delivery": "webhook"}, housing(VirtualClock(NOW), busy_text=BUSY))
        keys = [problem.key.rsplit(".", 1)[1] for problem in refused.value.problems]
        assert keys == ["app_id", "app_secret", "encrypt_key", "verification_token"]


async def test_events_come_in_over_both_ways_at_once_while_an_administrator_switches(hooked: Tenant) -> None:
    """The platform may deliver an event on the old way after the switch; the business id makes it one."""
    other = create(
        {
            "app_id": APP.app_id,
            "app_secret": APP.app_secret,
            "base_url": hooked.emulator.base_url,
        },
        housing(hooked.clock, busy_text=BUSY),
    )
    running = asyncio.create_task(other.run(hooked.intake))
    await until(lambda: other.connection.is_connected)
    hooked.emulator.faults.add("push.*", "duplicate", nth=1, count=1, seconds=1)
    await hooked.emulator.says("ou_alice", "1", hooked.chat)
    await hooked.emulator.settled()
    hooked.emulator.change_options(delivery="stream")
    hooked.advance(1)
    await hooked.emulator.settled()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await other.close()
    assert len(hooked.intake.brought) == 2
    assert len(hooked.intake.kept) == 1
