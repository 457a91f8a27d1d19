"""Commands of meetings (3.9)."""

from __future__ import annotations

from functools import partial

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import REASON, on_object, with_form

_WHO = ("参会人", "与会人", "who", "with")
_deed = partial(on_object, topic="meeting", pairs=REASON)


SPECS: tuple[CommandSpec, ...] = (
    on_object(
        "meeting",
        ("会议", "我的会议", "会议列表", "会议 查看"),
        ("meeting", "meetings", "my meetings"),
        topic="meeting",
        needs=(),
    ),
    CommandSpec(
        verb="meeting_plan",
        chinese=("会议 安排", "约会议", "会议 新建", "会议 预约", "召开会议"),
        english=("meet", "meet new", "meeting new", "schedule meeting"),
        topic="meeting",
        pairs={
            "主题": ("topic", "subject"),
            "地点": ("place", "where"),
            "议程": ("议题", "agenda"),
            "主持": ("主持人", "host"),
            "参加": _WHO,
            "节点": ("node",),
            "时长": ("duration", "length"),
        },
        needs=(Need.DATES,),
        takes_times=True,
        takes_duration=True,
    ),
    _deed("meeting_start", ("会议 开始", "开会"), ("meet start", "start meeting"), needs=(), takes_times=True),
    _deed("meeting_end", ("会议 结束", "散会"), ("meet end", "end meeting"), needs=(), takes_times=True),
    _deed(
        "meeting_move",
        ("会议 改期", "会议 改时间"),
        ("meet move", "move meeting"),
        needs=(Need.CODE, Need.DATES),
        takes_times=True,
    ),
    _deed("meeting_cancel", ("会议 取消",), ("meet cancel", "cancel meeting"), needs=(Need.CODE, Need.REASON)),
    _deed("meeting_join", ("会议 参加", "参加"), ("meet join", "join")),
    _deed("meeting_decline", ("会议 不参加", "不参加"), ("meet decline", "cannot join")),
    _deed("meeting_maybe", ("会议 待定", "待定"), ("meet maybe", "maybe")),
    _deed("meeting_delegate", ("会议 委托",), ("meet delegate", "send instead"), needs=(Need.CODE, Need.PEOPLE)),
    _deed(
        "meeting_mark", ("会议 考勤", "会议 签到"), ("meet attendance", "attendance"), needs=(Need.CODE, Need.PEOPLE)
    ),
    with_form(
        "progress_statement", ("进度报告", "项目进度报告"), ("progress report", "project report"), topic="minutes"
    ),
)
