"""What the tests of outgoing calls share: a tenant to call, sample outbounds, and an eye that reads requests.

The eye (`look_at`) is written apart from the renderer: mentions and links are found the way the platform's documentation
says, and card markdown is read by an independent CommonMark parser.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters._http import HttpClient
from adapters.feishu.client import FeishuClient
from adapters.feishu.emulator import FeishuEmulator
from adapters.feishu.emulator_state import EmulatorOptions
from adapters.feishu.render import Call
from adapters.feishu.settings import FeishuSettings
from bot.clock import VirtualClock
from bot.domain.chart import Chart
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.messages import (
    AddMembers,
    AnyOutbound,
    At,
    Button,
    ButtonStyle,
    Card,
    CardColour,
    CreateGroup,
    EditCard,
    Field,
    FieldKind,
    LeaveChat,
    Link,
    ReadMembers,
    Rich,
    Row,
    SendCard,
    SendPicture,
    SendText,
    Text,
    ToChat,
    ToPerson,
    Urge,
)
from tests.adapters.feishu_emulator.rig import START, make_emulator

CHAT = ChatKey("feishu", "oc_1")
MESSAGE = MessageKey("feishu", "om_1")
#: limits of the platform's documentation, not of the renderer
TEXT_LIMIT, RICH_LIMIT, ELEMENT_LIMIT = 150 * 1024, 30 * 1024, 200


def account(name: str) -> AccountKey:
    return AccountKey("feishu", name)


BOB = At(account("ou_bob"), "张三")
SAY: Rich = (BOB, Text(" 请在 15:34 前回复"))
CARD = Card(
    kind="clock",
    title="限时回复 · 李四的提问",
    state="等待回复",
    colour=CardColour.WAITING,
    body=(BOB, Text(" 请回复"), Text("接口文档", bold=True), Link("原消息", "https://example.com/m?id=1&x=2")),
    rows=(Row(key="提问人", value="李四（市场部）"), Row(key="截止", value="15:34 前")),
    fields=(
        Field(name="answer", label="答复", required=True, placeholder="一句话", max_length=500),
        Field(name="detail", label="说明", kind=FieldKind.LONG_TEXT, value="第一行\n第二行"),
        Field(name="level", label="级别", kind=FieldKind.CHOICE, choices=(("h", "高"), ("l", "低")), value="l"),
        Field(name="due", label="日期", kind=FieldKind.DATE, value="2026-03-04"),
    ),
    buttons=(
        Button(
            id="ack",
            text="收到",
            action="clock_ack",
            params={"code": "HF-2026-0031", "mac": "abc"},
            style=ButtonStyle.PRIMARY,
            submits_form=True,
        ),
        Button(id="off", text="不用回了", action="clock_call_off", params={"code": "HF-2026-0031"}, confirm="确定吗？"),
    ),
    link=Link("详情", "https://example.com/HF-2026-0031"),
    footer="HF-2026-0031 · 回音",
    fallback=(Text("请回复"),),
)

#: one of every kind, and the forms that a kind has
SAMPLES: dict[str, AnyOutbound] = {
    "text_to_chat": SendText(target=ToChat(CHAT), body=SAY),
    "text_to_person": SendText(target=ToPerson(account("ou_bob")), body=(Text("早上好\n今日 3 件"),)),
    "text_as_answer": SendText(target=ToChat(CHAT), body=(Text("收到"),), reply_to=MESSAGE),
    "post_with_link": SendText(
        target=ToChat(CHAT), body=(Text("日报", bold=True), Text("\n"), BOB, Link("全部", "https://example.com/all"))
    ),
    "card_to_chat": SendCard(target=ToChat(CHAT), card_id="c", card=CARD),
    "card_to_person": SendCard(target=ToPerson(account("ou_bob")), card_id="c", card=CARD),
    "card_as_answer": SendCard(target=ToChat(CHAT), card_id="c", card=CARD, reply_to=MESSAGE),
    "picture": SendPicture(
        target=ToPerson(account("ou_bob")), chart=Chart(title="周报", panels=()), alt="图表没能显示"
    ),
    "card_edited": EditCard(target=ToChat(CHAT), card_id="c", message=MESSAGE, card=CARD),
    "urge": Urge(message=MESSAGE, accounts=(account("ou_bob"), account("ou_carol"))),
    "create_group": CreateGroup(
        platform="feishu",
        name="618 协同群",
        description="由回音创建",
        owner=account("ou_alice"),
        members=(account("ou_bob"),),
    ),
    "create_group_without_owner": CreateGroup(platform="feishu", name="组", description="", owner=None, members=()),
    "add_members": AddMembers(chat=CHAT, members=(account("ou_bob"), account("ou_carol"))),
    "read_members": ReadMembers(chat=CHAT),
    "leave_chat": LeaveChat(chat=CHAT),
}


# ------------------------------------------------------------------ a tenant


@dataclass(slots=True)
class Tenant:
    """An emulated company, its clock, and our client of it."""

    emulator: FeishuEmulator
    clock: VirtualClock
    client: FeishuClient

    def operations(self) -> list[str]:
        """The API names of all calls so far."""
        return [one.operation for one in self.emulator.recorder.calls]


def settings_of(emulator: FeishuEmulator, *, app_secret: str = "", base_url: str = "") -> FeishuSettings:
    """The settings that fit the emulated app, with one of them wrong where that is asked for."""
    return FeishuSettings(
        app_id=emulator.app.app_id,
        app_secret=app_secret or emulator.app.app_secret,
        base_url=base_url or emulator.base_url,
    )


@asynccontextmanager
async def tenant(
    *, seconds: float = 2.0, enforces_rates: bool = True, is_running: bool = False
) -> AsyncIterator[Tenant]:
    """A company of four people, its clock standing still unless told otherwise; calls time out after `seconds`."""
    clock = VirtualClock(START, running=is_running)
    emulator = make_emulator(clock, options=EmulatorOptions(enforces_rates=enforces_rates))
    await emulator.start()
    http = HttpClient(connect_seconds=1.0, total_seconds=seconds)
    client = FeishuClient(settings_of(emulator), clock=clock, http=http, read_pause=timedelta(milliseconds=1))
    try:
        yield Tenant(emulator, clock, client)
    finally:
        await client.close()
        await emulator.stop()


# ------------------------------------------------------------------ an eye for requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What people would see of a request: who is mentioned, what is linked, and the words of what may have markup."""

    mentions: list[str]
    links: list[str]
    words: str
    elements: int
    size: int


_AT_IN_TEXT = re.compile(r'<at user_id="([^"]*)"></at>')
_AT_IN_CARD = re.compile(r"<at id=([^>\s]*)></at>")
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def look_at(call: Call) -> Sight:
    """Read a message's request. Fails when something in it is markup that nobody meant."""
    body: dict[str, Any] = dict(call.body or {})
    content: dict[str, Any] = json.loads(body["content"])
    size = len(json.dumps(body, ensure_ascii=False).encode())
    kind = body.get("msg_type", "interactive")
    if kind == "text":
        mentions = _AT_IN_TEXT.findall(content["text"])
        rest = _AT_IN_TEXT.sub("", content["text"])
        assert not re.search(r"<|\*\*|\]\(|@_", rest), rest
        return Sight(mentions=mentions, links=[], words=rest, elements=0, size=size)
    if kind == "post":
        parts = [part for line in content["zh_cn"]["content"] for part in line]
        assert all(line for line in content["zh_cn"]["content"])
        assert {part["tag"] for part in parts} <= {"text", "a", "at"}
        words = "\n".join("".join(part.get("text", "") for part in line) for line in content["zh_cn"]["content"])
        return Sight(
            mentions=[part["user_id"] for part in parts if part["tag"] == "at"],
            links=[part["href"] for part in parts if part["tag"] == "a"],
            words=words,
            elements=0,
            size=size,
        )
    return _card_sight(content, size)


def _card_sight(card: dict[str, Any], size: int) -> Sight:
    mentions: list[str] = []
    links: list[str] = []
    words: list[str] = []
    tagged = [one for one in _tables(card) if "tag" in one]
    for one in tagged:
        assert one["tag"] != "lark_md"
        if one["tag"] == "markdown":
            _read_markdown(one["content"], mentions, links, words)
        links.extend(done["default_url"] for done in one.get("behaviors", []) if done["type"] == "open_url")
    return Sight(mentions=mentions, links=links, words="".join(words), elements=len(tagged), size=size)


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for name, one in value.items():
            if name not in {"value"}:
                yield from _tables(one)
    elif isinstance(value, list):
        for one in value:
            yield from _tables(one)


#: what a body of ours may consist of; anything else was typed by somebody and became markup
_MEANT = {"text", "strong_open", "strong_close", "link_open", "link_close", "html_inline", "text_special"}


def _read_markdown(content: str, mentions: list[str], links: list[str], words: list[str]) -> None:
    blocks = _MARKDOWN.parse(content)
    assert [one.type for one in blocks] == ["paragraph_open", "inline", "paragraph_close"], content
    inside: list[Token] = blocks[1].children or []
    for one in inside:
        assert one.type in _MEANT, (one.type, content)
        if one.type == "link_open":
            links.append(str(one.attrs["href"]))
        elif one.type == "html_inline":
            if one.content == "<br>":
                words.append("\n")
            elif one.content != "</at>":
                found = _AT_IN_CARD.fullmatch(f"{one.content}</at>")
                assert found is not None, one.content
                mentions.append(found[1])
        else:
            words.append(one.content)


def card_of(call: Call) -> dict[str, Any]:
    """The card's JSON in a request."""
    found: dict[str, Any] = json.loads(str((call.body or {})["content"]))
    return found


def elements_of(card: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    """All elements with a tag, in reading order."""
    return [one for one in _tables(card) if one.get("tag") == tag]
