"""Commands of collaboration requests (3.1): 需求, 评估."""

from __future__ import annotations

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import CODE_FOLLOWS, decision

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
    CommandSpec(
        verb="request",
        chinese=("需求", "需求单", "查需求"),
        english=("request",),
        topic="request",
        takes_number=True,
        takes_form=True,
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
    CommandSpec(
        verb="request_submit",
        chinese=("需求 提交", "提交需求单"),
        english=("request submit", "submit request"),
        topic="request",
        takes_number=True,
        takes_form=True,
        needs=(Need.CODE,),
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
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
    CommandSpec(
        verb="request_copy",
        chinese=("需求 复制", "复制需求单"),
        english=("request copy", "copy request"),
        topic="request",
        takes_number=True,
        needs=(Need.CODE,),
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
    CommandSpec(
        verb="assess",
        chinese=("评估", "评估意见", "需求 评估"),
        english=("assess", "assessment"),
        topic="request",
        takes_number=True,
        takes_form=True,
        needs=(Need.CODE,),
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
    decision("raise_level", ("升级", "升级为专项", "升为专项"), ("raise", "raise level", "escalate")),
    decision("lower_level", ("降级", "降级为日常", "降为日常"), ("lower", "lower level")),
)
