"""What the tests of outgoing calls share: sample outbounds, and an eye that reads requests.

The eye (`look_at`) is written apart from the renderer: mentions and links are found the way the platform's documentation
says, and markdown is read by an independent CommonMark parser.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt

from adapters.dingtalk.render import Call
from adapters.dingtalk.settings import DingTalkSettings
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.messages import (
    At,
    Button,
    ButtonStyle,
    Card,
    CardColour,
    Field,
    FieldKind,
    Link,
    Rich,
    Row,
    Text,
    ToChat,
    ToPerson,
)

GROUP = ToChat(ChatKey("dingtalk", "cidAbC=="))
MESSAGE = MessageKey("dingtalk", "hy-" + "0" * 40)
#: limits of the platform's documentation, not of the renderer
TEXT_LIMIT, WEBHOOK_LIMIT, CARD_LIMIT = 15_000, 20_000, 100 * 1024
#: the variables of the shipped template (design.md 3)
VARIABLES = {"title", "state", "body", "rows", "buttons", "footer", "fields", "form"}


def account(name: str) -> AccountKey:
    return AccountKey("dingtalk", name)


DIRECT = ToPerson(account("u_bob"))
BOB = At(account("u_bob"), "张三")
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
        Field(name="due", label="日期", kind=FieldKind.DATE, value="2026-03-04", note="不能早于今天"),
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
SETTINGS = DingTalkSettings(
    client_id="dingapp", client_secret="s3cr3t-of-the-app", card_template_id="tpl.schema", robot_code="dingrobot"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What people would see of a request: who is mentioned, what is linked, and the words."""

    mentions: list[str]
    links: list[str]
    words: str
    size: int


_AT = re.compile(r"<a atId=([^>\s]*)>")
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_ZERO_WIDTH = "\u200b"


def look_at(call: Call) -> Sight:
    """Read a message's request. Fails when something in it is markup that nobody meant."""
    body: dict[str, Any] = dict(call.body or {})
    if "msgKey" in body:
        return _robot(body)
    data: dict[str, str] = body["cardData"]["cardParamMap"]
    assert set(data) == VARIABLES
    assert all(isinstance(value, str) for value in data.values())
    model = body.get("imGroupOpenDeliverModel", {})
    mentions, links, words = read_markdown(data["body"])
    for name in ("rows", "buttons", "fields"):
        assert isinstance(json.loads(data[name]), list)
    assert json.loads(data["form"]) == {"fields": json.loads(data["fields"])}
    if "imGroupOpenDeliverModel" in body:
        assert list(dict.fromkeys(mentions)) == list(model.get("atUserIds", {}))
    size = len(json.dumps(data, ensure_ascii=False).encode())
    return Sight(mentions=mentions, links=links, words=words, size=size)


def _robot(body: dict[str, Any]) -> Sight:
    size = len(body["msgParam"].encode())
    content: dict[str, str] = json.loads(body["msgParam"])
    if body["msgKey"] == "sampleText":
        assert set(content) == {"content"}
        nobody_is_called(content["content"])
        return Sight(mentions=[], links=[], words=content["content"], size=size)
    assert body["msgKey"] == "sampleActionCard"
    mentions, links, words = read_markdown(content["text"])
    return Sight(mentions=mentions, links=[*links, content["singleURL"]], words=words, size=size)


def nobody_is_called(words: str, *, but: tuple[str, ...] = ()) -> None:
    """No @ stands before anything that could be somebody, except the people meant."""
    for found in re.finditer(r"@(.)", words, re.DOTALL):
        rest = words[found.start() + 1 :]
        assert found[1] in f"{_ZERO_WIDTH} \n" or any(rest.startswith(f"{one} ") for one in but), words


#: what a body of ours may consist of; anything else was typed by somebody and became markup
_MEANT = {
    "text", "strong_open", "strong_close", "link_open", "link_close", "html_inline", "softbreak", "hardbreak",
}  # fmt: skip


def read_markdown(content: str) -> tuple[list[str], list[str], str]:
    """Mentions, links and words of a body. Fails when something in it is markup that nobody meant."""
    if not content.strip():
        return [], [], ""
    blocks = _MARKDOWN.parse(content)
    assert [one.type for one in blocks] == ["paragraph_open", "inline", "paragraph_close"], content
    mentions: list[str] = []
    links: list[str] = []
    words: list[str] = []
    is_name = False
    for one in blocks[1].children or []:
        assert one.type in _MEANT, (one.type, content)
        match one.type:
            case "link_open":
                links.append(str(one.attrs["href"]))
            case "html_inline":
                is_name = one.content != "</a>"
                if is_name:
                    found = _AT.fullmatch(one.content)
                    assert found is not None, one.content
                    mentions.append(found[1])
            case "softbreak" | "hardbreak":
                words.append("\n")
            case _:
                words.append("" if is_name else one.content)
    nobody_is_called("".join(words))
    return mentions, links, "".join(words)
