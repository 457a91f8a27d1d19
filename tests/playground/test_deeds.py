"""Everything people can do on the page arrives at the platform, and what its client would not allow is said as such."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from adapters.feishu.emulator import SeenChat, SeenMessage
from bot.playground.demo import OPENING
from bot.stage import BOT
from tests.playground.rig import ALL, GU, HE, SU, X1, YIN, YUAN, Browser, Rig

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def chat_of(rig: Rig, account: str, chat: str) -> SeenChat:
    return rig.stage.emulator.chat_as_seen(account, chat)


def last(rig: Rig, account: str = SU, chat: str = X1) -> SeenMessage:
    return chat_of(rig, account, chat).messages[-1]


async def send(browser: Browser, content: bytes, *, name: str = "a.png", words: str = "") -> str:
    form = aiohttp.FormData()
    for key, value in {"me": SU, "chat": X1, "lang": "zh", "text": words}.items():
        form.add_field(key, value)
    form.add_field("picture", content, filename=name, content_type="image/png")
    async with browser.session.post(f"{browser.url}say", data=form, headers={"Accept": "application/json"}) as answer:
        toast = (await answer.json())["toast"]
        return str(toast["words"]) if toast else ""


# ---------------------------------------------------------------- messages


async def test_a_typed_name_is_a_real_mention(rig: Rig, browser: Browser) -> None:
    assert await browser.does("say", me=SU, chat=X1, text="@袁知行 检测夹具什么时候到位？") == ""
    said = last(rig)
    assert (said.text, said.mentions) == ("@袁知行 检测夹具什么时候到位？", (YUAN,))


async def test_the_bot_and_everybody_can_be_mentioned(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="@回音 帮助")
    assert last(rig).mentions == (rig.stage.emulator.app.bot_open_id,)
    await browser.does("say", me=SU, chat=X1, text="@所有人 明天请带样件")
    assert last(rig).mentions_all


async def test_somebody_outside_the_group_can_be_mentioned_and_is_marked_as_outside(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="@何沐晴 在吗")
    assert last(rig).mentions == (HE,)
    option = (await browser.sees(me=SU, chat=X1)).partition(f'data-account="{HE}"')[2].partition("</li>")[0]
    assert "不在群里" in option


@pytest.mark.parametrize("picks", ['{"某人": "ou_nobody"}', "[1]", "{", '"x"', "null", '{"": "ou_sample_e029"}'])
async def test_picks_that_make_no_sense_do_no_harm(rig: Rig, browser: Browser, picks: str) -> None:
    await browser.does("say", me=SU, chat=X1, text="@某人 你好", picks=picks)
    assert [message.text for message in chat_of(rig, SU, X1).messages] in ([], ["@某人 你好"])


async def test_quoting_answers_that_message(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="@袁知行 夹具图纸？")
    question = last(rig)
    await browser.does("say", me=YUAN, chat=X1, text="用第三版", quoting=question.id)
    assert last(rig).reply_to == question.id
    assert "苏念初：@袁知行 夹具图纸？" in await browser.log(me=SU, chat=X1)


async def test_an_emoji_goes_on_and_off_again(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="收到请回复")
    message = last(rig).id
    await browser.does("act", me=YUAN, chat=X1, emoji=f"{message} THUMBSUP")
    assert last(rig).reactions == (("THUMBSUP", YUAN),)
    await browser.does("act", me=YUAN, chat=X1, emoji=f"{message} THUMBSUP")
    assert last(rig).reactions == ()
    assert await browser.does("act", me=YUAN, chat=X1, emoji=f"{message} BOMB") == "没有这个表情。"


async def test_own_messages_can_be_recalled_and_only_own_ones(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="发错了")
    message = last(rig).id
    assert await browser.does("act", me=YUAN, chat=X1, recall=message) == "只能撤回自己的消息。"
    assert not last(rig).is_recalled
    await browser.does("act", me=SU, chat=X1, recall=message)
    assert last(rig).is_recalled
    assert await browser.log(me=YUAN, chat=X1) == "苏念初 撤回了一条消息"


async def test_a_picture_is_sent_and_shown(rig: Rig, browser: Browser) -> None:
    assert await send(browser, PNG, words="展位图") == ""
    picture, words = chat_of(rig, SU, X1).messages[-2:]
    assert (picture.kind, words.text) == ("image", "展位图")
    key = (await browser.sees(me=SU, chat=X1)).split('src="picture/')[1].split('"')[0]
    async with browser.session.get(f"{browser.url}picture/{key}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", PNG)
        assert answer.headers["Content-Security-Policy"] == "sandbox"


async def test_what_could_run_is_no_picture(rig: Rig, browser: Browser) -> None:
    said = await send(browser, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    assert said == "请选 PNG、JPEG、GIF 或 WebP 图片。"
    assert chat_of(rig, SU, X1).messages == ()
    async with browser.session.get(f"{browser.url}picture/img_nothing") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"me": HE, "chat": X1, "text": "让我看看"}, ""),
        ({"me": SU, "chat": X1, "text": "   "}, "先写点什么再发送。"),
        ({"me": SU, "chat": X1, "text": "字" * 5001}, "最多 5000 个字。"),
        ({"me": SU, "chat": X1, "text": "好", "quoting": "om_nothing"}, "这条消息已经不在了。"),
    ],
    ids=["elsewhere", "nothing", "too long", "quoting nothing"],
)
async def test_what_the_client_would_not_send_is_not_sent(
    rig: Rig, browser: Browser, fields: dict[str, str], said: str
) -> None:
    assert await browser.does("say", **fields) == said
    assert chat_of(rig, SU, X1).messages == ()


async def test_nobody_reads_or_writes_where_he_is_not(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="内部的事")
    message = last(rig).id
    assert "内部的事" not in await browser.log(me=GU, chat=X1)
    assert await browser.does("act", me=GU, chat=X1, emoji=f"{message} OK") == "您不在这个聊天里。"
    assert await browser.does("say", me=GU, text="好", quoting=message) == "您不在这个聊天里。"
    assert await browser.does("click", me=GU, press=f"{message} 已收到") == "您不在这个聊天里。"
    assert await browser.does("read", me=GU, chat=X1) == "您不在这个聊天里。"


async def test_a_button_of_no_card_says_so(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="没有卡片")
    said = await browser.does("click", me=SU, chat=X1, press=f"{last(rig).id} 同意")
    assert said.startswith("客户端不让这样做")


async def test_unread_counts_until_the_chat_is_opened(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=SU, chat=X1, text="一")
    await browser.does("say", me=SU, chat=X1, text="二")
    people = {person.account: person.unread for person in rig.stage.people()}
    assert (people[SU], people[YUAN], people[GU]) == (0, 2, 0)
    assert "2 条未读" in await browser.sees(me=YUAN, chat=ALL)
    await browser.does("read", me=YUAN, chat=X1)
    assert {person.account: person.unread for person in rig.stage.people()}[YUAN] == 0


# ---------------------------------------------------------------- groups


async def test_a_group_is_made_with_whom_was_chosen(rig: Rig, browser: Browser) -> None:
    said = await browser.does("group", me=SU, name=" 展会  碰头 ", members=[HE, YUAN], with_bot="yes")
    assert said.startswith("已建群")
    group = rig.stage.chats(HE)[0] if rig.stage.chats(HE)[0].is_group else rig.stage.chats(HE)[1]
    assert (group.name, {account for account, _ in group.members}) == ("展会 碰头", {SU, HE, YUAN})
    assert (group.owner, group.has_bot) == (SU, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "群"}, "至少选一位成员。"),
        ({"name": "   ", "members": HE}, "群名要有 1 到 60 个字。"),
        ({"name": "长" * 61, "members": HE}, "群名要有 1 到 60 个字。"),
    ],
    ids=["nobody", "no name", "long name"],
)
async def test_a_group_without_name_or_members_is_not_made(
    rig: Rig, browser: Browser, fields: dict[str, str], said: str
) -> None:
    before = len(rig.stage.emulator.state.chats)
    assert await browser.does("group", me=SU, **fields) == said
    assert len(rig.stage.emulator.state.chats) == before


async def test_people_and_the_bot_come_and_go(rig: Rig, browser: Browser) -> None:
    await browser.does("members", me=SU, chat=X1, add=[HE, GU], do="add")
    assert {HE, GU} <= {account for account, _ in chat_of(rig, SU, X1).members}
    await browser.does("members", me=SU, chat=X1, remove=HE)
    assert HE not in {account for account, _ in chat_of(rig, SU, X1).members}
    await browser.does("members", me=SU, chat=X1, bot="out")
    assert not chat_of(rig, SU, X1).has_bot
    await browser.does("members", me=SU, chat=X1, bot="in")
    assert chat_of(rig, SU, X1).has_bot
    assert await browser.does("members", me=SU, chat=X1, do="add") == "至少选一位成员。"
    assert await browser.does("members", me=SU, chat=X1, add="ou_nobody") == "没有这个人。"


async def test_the_platform_keeps_the_owner_inside(rig: Rig, browser: Browser) -> None:
    owner = chat_of(rig, SU, X1).owner
    said = await browser.does("members", me=SU, chat=X1, remove=owner)
    assert said.startswith("平台拒绝（232076）")
    assert owner in {account for account, _ in chat_of(rig, SU, X1).members}


async def test_a_group_is_renamed_and_dissolved(rig: Rig, browser: Browser) -> None:
    await browser.does("rename", me=SU, chat=X1, name="X1试产群")
    assert chat_of(rig, SU, X1).name == "X1试产群"
    assert await browser.does("dissolve", me=SU, chat=X1) == "群已解散。"
    assert X1 not in {chat.id for chat in rig.stage.chats(SU)}


async def test_a_private_chat_has_no_group_settings(rig: Rig, browser: Browser) -> None:
    private = rig.stage.emulator.direct_chat(SU)
    for deed, fields in {"rename": {"name": "新"}, "dissolve": {}, "members": {"bot": "out"}}.items():
        assert await browser.does(deed, me=SU, chat=private, **fields) == "私聊没有群设置。"


# ---------------------------------------------------------------- clock and faults


@pytest.mark.parametrize(
    ("move", "minutes"),
    [("1m", 1), ("30m", 30), ("morning", 23 * 60 + 40)],
    ids=["a minute", "half an hour", "morning"],
)
async def test_the_clock_jumps_forward(rig: Rig, browser: Browser, move: str, minutes: int) -> None:
    assert (await browser.does("clock", me=SU, move=move)).startswith("现在是")
    assert rig.clock.now() == OPENING + timedelta(minutes=minutes)


async def test_the_clock_jumps_to_a_written_time_but_never_back_and_not_too_far(rig: Rig, browser: Browser) -> None:
    assert await browser.does("clock", move="to", at="2026-09-16T10:30") == "现在是 9月16日 周三 10:30:00"
    for at in ("2026-09-16T10:29", "2025-01-01T00:00", "2027-09-16T10:00"):
        assert (await browser.does("clock", move="to", at=at)).startswith("只能往前跳")
    for at in ("", "明天", "2026-13-01T00:00"):
        assert await browser.does("clock", move="to", at=at) == "没看懂这个时间。"
    assert await browser.does("clock", move="due") == "现在没有排着的定时。"


async def test_the_clock_runs_and_stops(rig: Rig, browser: Browser) -> None:
    await browser.does("clock", move="run")
    assert rig.clock.is_running
    await browser.does("clock", move="stop")
    assert not rig.clock.is_running


async def test_every_fault_can_be_armed_and_taken_back(rig: Rig, browser: Browser) -> None:
    for fault in rig.stage.faults:
        assert (await browser.does("fault", fault=fault)).startswith("已安排：")
    armed = {one.key for one in rig.stage.wire().faults}
    assert armed == set(rig.stage.faults) - {"fault_token_expired", "fault_disconnect"}
    assert await browser.does("fault", fault="") == "已恢复正常。"
    assert rig.stage.wire().faults == ()
    assert len(rig.stage.emulator.faults) == 0
    assert await browser.does("fault", fault="fault_of_nothing") == "没有这种故障。"


async def test_a_push_that_nobody_took_is_told_with_its_next_attempt(rig: Rig, browser: Browser) -> None:
    await browser.does("say", me=YIN, chat=X1, text="有人吗")
    await rig.stage.settled()
    words = await browser.words(me=YIN, chat=X1, tab="inspector")
    assert "没有连接" in words
    assert "1 条事件等待重推，下次 09:05:15" in words


async def test_replaying_nothing_says_so(browser: Browser) -> None:
    assert await browser.does("replay", push="12345") == "这条推送已经不在了。"


async def test_what_does_not_exist_cannot_be_done(browser: Browser) -> None:
    async with browser.session.post(f"{browser.url}explode", data={"me": SU}) as answer:
        assert answer.status == 404


def test_the_bot_is_no_member_to_be_played() -> None:
    assert BOT not in {person.account for person in Rig.make().stage.people()}
