"""Commands of issues (3.7)."""

from __future__ import annotations

from dataclasses import replace

from bot.command import CommandSpec
from bot.vocabulary.decisions import CODE_FOLLOWS, decision, with_form

_TOPIC = "issue"
#: behind the bare word, text has to be set apart: `上报了吗` is talk
_TEXT_FOLLOWS = r"[\s,:]+\S"


SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="issue_file",
        chinese=("问题 上报", "上报", "问题 新建", "反馈问题", "报障"),
        english=("report issue", "issue new", "new issue"),
        topic=_TOPIC,
        takes_form=True,
        shape=_TEXT_FOLLOWS,
    ),
    CommandSpec(
        verb="issue",
        chinese=("问题", "查问题", "问题 列表"),
        english=("issue", "issues", "issue list"),
        topic=_TOPIC,
        takes_number=True,
        shape=CODE_FOLLOWS,
    ),
    with_form("grade", ("分级", "问题 分级"), ("grade",), topic=_TOPIC),
    with_form("solution", ("解决方案", "记录解决方案"), ("solution",), topic=_TOPIC),
    decision("result", ("结果", "处理结果", "反馈结果", "解决"), ("result", "fix"), topic=_TOPIC),
    decision("merge", ("并入", "合并问题"), ("merge",), topic=_TOPIC),
    decision("not_accept", ("不予受理", "不受理"), ("not accept", "decline issue"), topic=_TOPIC),
    replace(decision("take_note", ("知悉", "已知悉"), ("noted", "take note"), topic=_TOPIC), takes_times=True),
    decision("share", ("发送到群", "发到群", "发到群里"), ("share", "send to group"), topic=_TOPIC),
)
