"""Commands of collaboration requests (3.1): 需求, 评估."""

from __future__ import annotations

from bot.command import CommandSpec
from bot.vocabulary.decisions import decision, on_object, with_form

#: a level, or a title behind a space or colon, has to follow: `新建需求的流程是什么` is talk
_TITLE_FOLLOWS = r"\s+\S|\s*[:：]|[\s,]*(?:日常|专项)"

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="request_new",
        chinese=("需求 新建", "新建需求单", "提需求"),
        english=("request new", "new request"),
        topic="request",
        takes_form=True,
        shape=_TITLE_FOLLOWS,
    ),
    with_form("request", ("需求", "需求单", "查需求"), ("request",), topic="request", needs=()),
    with_form("request_submit", ("需求 提交", "提交需求单"), ("request submit", "submit request"), topic="request"),
    decision(
        "request_withdraw", ("需求 撤回", "撤回需求单"), ("request withdraw", "withdraw request"), topic="request"
    ),
    CommandSpec(
        verb="request_list",
        chinese=("需求 列表", "需求清单", "我的需求"),
        english=("request list", "requests", "my requests"),
        topic="request",
        is_bare=True,
    ),
    on_object("request_copy", ("需求 复制", "复制需求单"), ("request copy", "copy request"), topic="request"),
    with_form("assess", ("评估", "评估意见", "需求 评估"), ("assess", "assessment"), topic="request"),
    decision("raise_level", ("升级", "升级为专项", "升为专项"), ("raise", "raise level", "escalate")),
    decision("lower_level", ("降级", "降级为日常", "降为日常"), ("lower", "lower level")),
)
