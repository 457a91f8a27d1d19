"""Commands of meetings (3.9)."""

from __future__ import annotations

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import CODE_FOLLOWS, REASON

_WHO = ("参会人", "与会人", "who", "with")


def _deed(
    verb: str,
    chinese: tuple[str, ...],
    english: tuple[str, ...],
    *,
    needs: tuple[Need, ...] = (Need.CODE,),
    takes_times: bool = False,
    shape: str = CODE_FOLLOWS,
) -> CommandSpec:
    return CommandSpec(
        verb=verb,
        chinese=chinese,
        english=english,
        topic="meeting",
        pairs=REASON,
        needs=needs,
        takes_number=True,
        takes_times=takes_times,
        shape=shape,
        is_quotable=True,
    )


SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="meeting",
        chinese=("会议", "我的会议", "会议列表", "会议 查看"),
        english=("meeting", "meetings", "my meetings"),
        topic="meeting",
        takes_number=True,
        shape=CODE_FOLLOWS,
        is_quotable=True,
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
    CommandSpec(
        verb="progress_statement",
        chinese=("进度报告", "项目进度报告"),
        english=("progress report", "project report"),
        topic="minutes",
        needs=(Need.CODE,),
        takes_number=True,
        takes_form=True,
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
)
