"""What reaches the robot, and what it sends (dingtalk.md 2.1, 4.1, 4.2)."""

from __future__ import annotations

import json

import pytest

from adapters._emulator.wire_json import Json, as_rows, compact, table, text
from adapters.dingtalk.emulator import ClickRefused, DingTalkEmulator, Mention, MentionBot
from bot.clock import VirtualClock, to_ms
from tests.adapters.dingtalk_emulator.rig import APP, ROBOT, Api, Line, advance


class TestIncoming:
    """In groups what mentions the bot, in private chats everything."""

    async def test_a_group_message_arrives_only_when_it_mentions_the_bot(
        self, emulator: DingTalkEmulator, line: Line, group: str
    ) -> None:
        await emulator.says("u1001", "大家好", group)
        await emulator.says("u1001", [MentionBot(), " 请 ", Mention("u1002"), " 看"], group)
        await emulator.settled()
        [message] = line.of(ROBOT)
        assert text(table(message, "text"), "content") == " 请  看"
        assert (message["conversationType"], message["conversationId"], message["isInAtList"]) == ("2", group, True)
        assert as_rows(message["atUsers"])[1:] == [{"dingtalkId": "$:LWCP_v1:$u1002", "staffId": "u1002"}]
        assert (message["senderStaffId"], message["senderNick"]) == ("u1001", "李四")

    async def test_in_the_private_chat_everything_arrives_files_too(
        self, emulator: DingTalkEmulator, line: Line, group: str
    ) -> None:
        file: Json = {"fileName": "a.pdf", "downloadCode": "c1"}
        await emulator.says("u1002", "在吗")
        await emulator.posts("u1002", "file", file)
        await emulator.posts("u1002", "file", file, group, mentions_bot=True)
        await emulator.settled()
        said, sent = line.of(ROBOT)
        assert (said["conversationType"], text(table(said, "text"), "content")) == ("1", "在吗")
        assert (sent["msgtype"], sent["content"]) == ("file", file)

    async def test_people_of_other_companies_have_no_staff_id(
        self, emulator: DingTalkEmulator, line: Line, group: str
    ) -> None:
        emulator.joins("x1", group)
        await emulator.says("x1", "你好", group, mentions=[APP.bot_id])
        await emulator.settled()
        [message] = line.of(ROBOT)
        assert ("senderStaffId" in message, message["senderCorpId"]) == (False, "dingother")

    async def test_an_answer_names_the_message_it_answers(
        self, emulator: DingTalkEmulator, line: Line, api: Api, group: str
    ) -> None:
        sent = await api.send(group, {"content": "请回复"})
        [asked] = emulator.chat_as_seen("u1001", group).messages
        await emulator.says("u1001", [MentionBot(), " 好"], group, reply_to=asked.id)
        await emulator.settled()
        [message] = line.of(ROBOT)
        assert table(message, "text")["isReplyMsg"] is True
        assert text(table(table(message, "text"), "repliedMsg"), "msgId") == asked.id
        assert message["originalProcessQueryKey"] == sent.body["processQueryKey"]

    async def test_before_a_version_is_published_nobody_is_named_by_his_staff_id(
        self, emulator: DingTalkEmulator, line: Line, group: str
    ) -> None:
        emulator.change_options(is_published=False)
        await emulator.says("u1001", [MentionBot(), " ", Mention("u1002")], group)
        await emulator.settled()
        [message] = line.of(ROBOT)
        assert "senderStaffId" not in message
        assert as_rows(message["atUsers"])[1:] == [{"dingtalkId": "$:LWCP_v1:$u1002"}]

    @pytest.mark.parametrize("shows", [True, False])
    async def test_an_answer_to_a_card_carries_its_words_or_nothing(
        self, emulator: DingTalkEmulator, line: Line, api: Api, group: str, shows: bool
    ) -> None:
        emulator.change_options(quotes_show_cards=shows)
        await api.card(group, "t-1")
        [card] = emulator.chat_as_seen("u1001", group).messages
        await emulator.says("u1001", [MentionBot(), " 好"], group, reply_to=card.id)
        await emulator.settled()
        replied = table(table(line.of(ROBOT)[0], "text"), "repliedMsg")
        assert ("待回复" in compact(replied), replied["msgType"]) == (shows, "interactiveCard")

    async def test_a_picture_is_fetched_by_its_code_for_a_while(
        self, emulator: DingTalkEmulator, line: Line, api: Api, clock: VirtualClock
    ) -> None:
        await emulator.sends_image("u1001", content=b"PNG!")
        await emulator.settled()
        [message] = line.of(ROBOT)
        code = text(table(message, "content"), "downloadCode")
        asked: Json = {"downloadCode": code, "robotCode": APP.robot}
        link = text((await api.call("POST", "/v1.0/robot/messageFiles/download", asked)).body, "downloadUrl")
        assert (await api.call("GET", link)).status == 200
        advance(clock, 601)
        assert (await api.call("GET", link)).status == 403

    async def test_when_the_month_is_used_up_messages_come_without_words(
        self, emulator: DingTalkEmulator, line: Line
    ) -> None:
        emulator.change_options(monthly_pushes=1)
        await emulator.says("u1001", "一")
        await emulator.says("u1001", "二")
        await emulator.settled()
        first, second = line.of(ROBOT)
        assert ("text" in first, "text" in second, second["code"]) == (True, False, 20001)

    async def test_nobody_speaks_in_a_group_without_being_in_it(
        self, emulator: DingTalkEmulator, line: Line, group: str
    ) -> None:
        with pytest.raises(ValueError, match="not in this chat"):
            await emulator.says("u1003", "你好", group, mentions=[APP.bot_id])
        emulator.dissolves(group)
        with pytest.raises(ValueError, match="not in this chat"):
            await emulator.says("u1001", "你好", group, mentions=[APP.bot_id])
        await emulator.settled()
        assert line.of(ROBOT) == []

    async def test_messages_are_not_edited_here(self, emulator: DingTalkEmulator) -> None:
        said = await emulator.says("u1001", "一")
        with pytest.raises(ClickRefused):
            await emulator.edits(said, "二")


class TestSessionWebhook:
    """Answers to a message, for ninety minutes."""

    async def asked(self, emulator: DingTalkEmulator, line: Line, group: str) -> Json:
        await emulator.says("u1001", [MentionBot(), " 状态"], group)
        await emulator.settled()
        return line.of(ROBOT)[-1]

    async def test_it_mentions_whom_both_the_text_and_the_list_name(
        self, emulator: DingTalkEmulator, line: Line, api: Api, group: str
    ) -> None:
        url = text(await self.asked(emulator, line, group), "sessionWebhook")
        body: Json = {
            "msgtype": "text",
            "text": {"content": "@u1002 请看 @u1001 @u1003"},
            "at": {"atUserIds": ["u1002", "u1003"]},  # the second is not in the group
        }
        assert (await api.call("POST", url, body)).body["errcode"] == 0
        seen = emulator.chat_as_seen("u1002", group).messages[-1]
        assert (seen.text, seen.mentions) == ("@张三 请看 @u1001 @王芳", ("u1002",))

    async def test_it_ends_after_ninety_minutes(
        self, emulator: DingTalkEmulator, line: Line, api: Api, clock: VirtualClock, group: str
    ) -> None:
        message = await self.asked(emulator, line, group)
        body: Json = {"msgtype": "text", "text": {"content": "好"}}
        assert message["sessionWebhookExpiredTime"] == to_ms(clock.now()) + 5_400_000
        advance(clock, 5399)
        assert (await api.call("POST", text(message, "sessionWebhook"), body)).code == 0
        advance(clock, 1)
        assert (await api.call("POST", text(message, "sessionWebhook"), body)).code == 300001


class TestSending:
    """groupMessages/send, batchSend and what comes after."""

    async def test_a_group_and_a_person_see_what_the_robot_sends(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        await api.send(
            group, {"title": "周报", "text": "### 未结\n\n- **3** 项[迟到](https://a.example/1)"}, kind="sampleMarkdown"
        )
        await api.send("u1002", {"content": "请回复"})
        shown = emulator.chat_as_seen("u1001", group).messages[0]
        assert (shown.kind, shown.text) == ("markdown", "未结\n- 3 项迟到")
        [private] = [chat for chat in emulator.what_sees("u1002") if not chat.is_group]
        assert [message.text for message in private.messages] == ["请回复"]

    async def test_a_plain_line_break_of_markdown_collapses(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        await api.send(group, {"title": "t", "text": "一\n二  \n三\n\n四"}, kind="sampleMarkdown")
        assert emulator.chat_as_seen("u1001", group).messages[0].text == "一 二\n三\n四"

    async def test_people_who_can_not_be_reached_are_named(self, emulator: DingTalkEmulator, api: Api) -> None:
        emulator.makes_unavailable("u1003")
        emulator.floods("u1002")
        body: Json = {
            "robotCode": APP.robot,
            "userIds": ["u1001", "u1002", "u1003", "nobody", "x1"],
            "msgKey": "sampleText",
            "msgParam": compact({"content": "好"}),
        }
        reply = await api.call("POST", "/v1.0/robot/oToMessages/batchSend", body)
        assert reply.body["invalidStaffIdList"] == ["u1003", "nobody", "x1"]
        assert reply.body["flowControlledStaffIdList"] == ["u1002"]
        assert [len(emulator.what_sees(account)) for account in ("u1001", "u1002", "u1003")] == [1, 0, 0]

    async def test_how_many_people_one_call_reaches_depends_on_the_reading(
        self, emulator: DingTalkEmulator, api: Api
    ) -> None:
        body: Json = {
            "robotCode": APP.robot,
            "userIds": [f"c{number}" for number in range(21)],
            "msgKey": "sampleText",
            "msgParam": compact({"content": "好"}),
        }
        path = "/v1.0/robot/oToMessages/batchSend"
        assert (await api.call("POST", path, body)).code == "invalidParameter.userIds.tooMany"
        emulator.change_options(batch_people=100)
        assert (await api.call("POST", path, body)).status == 200

    async def test_an_emoji_comes_and_goes(self, emulator: DingTalkEmulator, api: Api, line: Line, group: str) -> None:
        said = await emulator.says("u1001", "好", group)
        await emulator.reacts("u1002", said, "赞")
        body: Json = {
            "robotCode": APP.robot,
            "openConversationId": group,
            "openMsgId": said,
            "emotionType": 2,
            "emotionName": "OK",
        }
        await api.call("POST", "/v1.0/robot/emotion/reply", body)
        assert emulator.message_as_seen(said).reactions == (("赞", "u1002"), ("OK", ""))
        await api.call("POST", "/v1.0/robot/emotion/recall", body)
        await emulator.settled()
        assert (emulator.message_as_seen(said).reactions, line.frames) == ((("赞", "u1002"),), [])

    async def test_who_takes_back_a_message_of_the_robot_is_told(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        said = await emulator.says("u1001", "好", group)
        key = text((await api.send(group, {"content": "1"})).body, "processQueryKey")
        await emulator.recalls(said)
        await emulator.recalls(emulator.chat_as_seen("u1001", group).messages[-1].id, by="u1002")
        await emulator.settled()
        [event] = line.events("robot_msg_recall")
        assert (event["processQueryKey"], event["userId"], len(line.frames)) == (key, "u1002", 1)

    async def test_the_links_of_an_action_card_open(self, emulator: DingTalkEmulator, api: Api, group: str) -> None:
        card: Json = {"title": "t", "text": "x", "singleTitle": "打开", "singleURL": "https://a.example/1"}
        await api.send(group, card, kind="sampleActionCard")
        [message] = emulator.chat_as_seen("u1001", group).messages
        assert (await emulator.clicks("u1001", message.id, "打开")).opened_url == "https://a.example/1"

    async def test_a_picture_is_sent_by_the_id_of_its_upload(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        media = text((await api.upload(b"PNG!")).body, "media_id")
        assert (await api.send(group, {"photoURL": media}, kind="sampleImageMsg")).status == 200
        assert (await api.send(group, {"photoURL": "@nothing"}, kind="sampleImageMsg")).status == 400

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"msgKey": "sampleCard"}, "invalidParameter.msgKey.invalid"),
            ({"msgParam": "{"}, "invalidParameter.msgParam.invalid"),
            ({"msgParam": json.dumps({"text": "x"})}, "invalidParameter.msgParam.invalid"),
            ({"msgParam": json.dumps({"content": 7})}, "invalidParameter.msgParam.invalid"),
            ({"msgParam": json.dumps({"content": "x" * 15_000})}, "invalidParameter.msgParam.tooLong"),
            ({"robotCode": "dingother"}, "invalidParameter.robotCode.auth"),
            ({"openConversationId": "cidnothing"}, "invalid.openConversationId"),
            ({"conversationId": "cid"}, "InvalidParameter"),
        ],
    )
    async def test_a_wrong_call_is_refused_by_name(self, api: Api, group: str, change: Json, code: str) -> None:
        body: Json = {
            "robotCode": APP.robot,
            "openConversationId": group,
            "msgKey": "sampleText",
            "msgParam": json.dumps({"content": "x"}),
        }
        assert (await api.call("POST", "/v1.0/robot/groupMessages/send", body)).status == 200
        reply = await api.call("POST", "/v1.0/robot/groupMessages/send", body | change)
        assert (reply.status, reply.code) == (400, code)

    async def test_conversation_ids_tell_capitals_from_small_letters(self, api: Api, group: str) -> None:
        assert (await api.send(group.lower(), {"content": "x"})).code == "invalid.openConversationId"

    async def test_the_robot_sends_only_where_it_is(self, emulator: DingTalkEmulator, api: Api, group: str) -> None:
        emulator.removes_bot(group)
        assert (await api.send(group, {"content": "x"})).code == "invalidParameter.robotCode.notExsit"
        emulator.adds_bot(group)
        emulator.dissolves(group)
        assert (await api.send(group, {"content": "x"})).code == "group.disbanded"

    @pytest.mark.parametrize("is_shown", [True, False])
    async def test_mentions_of_a_robot_message_work_under_one_reading_only(
        self, emulator: DingTalkEmulator, api: Api, group: str, is_shown: bool
    ) -> None:
        emulator.change_options(robot_messages_mention=is_shown)
        body: Json = {
            "robotCode": APP.robot,
            "openConversationId": group,
            "msgKey": "sampleText",
            "msgParam": json.dumps({"content": "@u1002 请看"}),
            "atUserIds": ["u1002"],
        }
        await api.call("POST", "/v1.0/robot/groupMessages/send", body)
        [message] = emulator.chat_as_seen("u1001", group).messages
        assert message.mentions == (("u1002",) if is_shown else ())

    async def test_what_was_sent_is_taken_back_within_a_day(
        self, emulator: DingTalkEmulator, api: Api, clock: VirtualClock, group: str
    ) -> None:
        keys = [text((await api.send(group, {"content": word})).body, "processQueryKey") for word in "12"]
        body: Json = {"robotCode": APP.robot, "openConversationId": group}
        reply = await api.call(
            "POST", "/v1.0/robot/groupMessages/recall", body | {"processQueryKeys": [keys[0], "none"]}
        )
        assert reply.body["successResult"] == keys[:1]
        assert list(table(reply.body, "failedResult")) == ["none"]
        advance(clock, 86_401)
        await api.log_in()
        reply = await api.call("POST", "/v1.0/robot/groupMessages/recall", body | {"processQueryKeys": [keys[1]]})
        assert reply.body["successResult"] == []
        assert [one.is_recalled for one in emulator.chat_as_seen("u1001", group).messages] == [True, False]

    async def test_who_read_it_is_told_when_asked_and_in_an_event(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        key = text((await api.send(group, {"content": "1"})).body, "processQueryKey")
        await emulator.reads("u1002", group)
        await emulator.settled()
        body: Json = {"robotCode": APP.robot, "openConversationId": group, "processQueryKey": key}
        assert (await api.call("POST", "/v1.0/robot/groupMessages/query", body)).body["readUserIds"] == ["u1002"]
        [event] = line.events("robot_msg_read")
        assert (event["processQueryKey"], event["userId"]) == (key, "u1002")

    async def test_a_ding_rings_for_those_it_names(self, emulator: DingTalkEmulator, api: Api) -> None:
        body: Json = {
            "robotCode": APP.robot, "remindType": 1, "receiverUserIdList": ["u1002", "nobody"], "content": "超时",
        }  # fmt: skip
        reply = await api.call("POST", "/v1.0/robot/ding/send", body)
        assert table(reply.body, "failedList") == {"nobody": "miss.staffId"}
        [message] = emulator.chat_as_seen("u1002", emulator.direct_chat("u1002")).messages
        assert (message.kind, message.is_urgent) == ("ding", True)
        emulator.change_options(allows_ding=False)
        assert (await api.call("POST", "/v1.0/robot/ding/send", body)).code == "ding.serverquota.insufficient"
