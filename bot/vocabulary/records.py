"""Commands of minutes, sync records and resolutions (3.10, 3.11)."""

from __future__ import annotations

from bot.command import CommandSpec
from bot.vocabulary.decisions import CODE_FOLLOWS, decision, with_form

#: `沟通纪要` alone, or with lines below it; `沟通纪要写好了吗` is talk
_LINES_FOLLOW = rf"(?:{CODE_FOLLOWS})|\s*\n"

SPECS: tuple[CommandSpec, ...] = (
    with_form("minutes", ("纪要", "会议 纪要"), ("minutes", "the minutes", "meet notes"), topic="minutes"),
    with_form(
        "minutes_publish", ("纪要 发布", "发布会议纪要"), ("minutes publish", "publish minutes"), topic="minutes"
    ),
    with_form("minutes_correct", ("纪要 更正", "纪要 修订"), ("minutes correct", "correct minutes"), topic="minutes"),
    decision("minutes_object", ("纪要 异议", "对纪要有异议"), ("minutes object", "object to minutes"), topic="minutes"),
    decision("minutes_answer", ("纪要 答复", "答复异议"), ("minutes answer", "answer objection"), topic="minutes"),
    with_form(
        "sync_record",
        ("沟通纪要", "日常沟通纪要"),
        ("sync record", "sync notes"),
        needs=(),
        shape=_LINES_FOLLOW,
        topic="minutes",
    ),
    with_form(
        "sync_submit",
        ("沟通纪要 提交", "沟通纪要 发送"),
        ("sync submit", "submit sync record"),
        needs=(),
        shape=_LINES_FOLLOW,
        topic="minutes",
    ),
    with_form("resolution", ("决议", "推进会决议"), ("resolution", "the resolution"), topic="minutes"),
    with_form("resolution_submit", ("决议 提交",), ("resolution submit", "submit resolution"), topic="minutes"),
    with_form(
        "resolution_amend", ("决议 修订", "决议 变更"), ("resolution amend", "amend resolution"), topic="minutes"
    ),
)
