"""Commands of tasks, weekly reports, acceptance and archive (3.4-3.6)."""

from __future__ import annotations

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import CODE_FOLLOWS, REASON, decision, on_object

#: a list: a code, or one short word such as a department, has to follow
_ONE_WORD_FOLLOWS = rf"{CODE_FOLLOWS}|[\s:]+[^\s,:]{{1,8}}\s*\Z"
_PERSON = {"责任人": ("负责人", "owner"), **REASON}

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="tasks",
        chinese=("任务", "查任务", "任务列表"),
        english=("tasks", "task"),
        topic="task",
        shape=_ONE_WORD_FOLLOWS,
    ),
    CommandSpec(
        verb="task_new",
        chinese=("任务 新建", "新建任务", "加任务"),
        english=("new task", "add task"),
        topic="task",
        pairs=_PERSON,
        needs=(Need.CODE,),
        takes_times=True,
    ),
    decision("task_start", ("开始任务", "开工"), ("start task",), topic="task"),
    on_object("progress", ("进度", "更新进度", "报进度"), ("progress", "report progress"), topic="task"),
    on_object("task_done", ("完成", "标记完成", "完成任务"), ("finish", "finished", "mark done"), topic="task"),
    decision("block", ("受阻", "任务受阻"), ("blocked", "block"), topic="task"),
    decision("unblock", ("解除受阻", "不再受阻"), ("unblock", "unblocked"), topic="task"),
    on_object("extend", ("延期", "申请延期"), ("extend", "extension"), topic="task", pairs=REASON, takes_times=True),
    decision("hand_over", ("转交", "转交任务", "指派"), ("hand over", "reassign", "pass", "assign"), topic="task"),
    decision("accept", ("接受", "接收", "认领"), ("accept", "claim"), topic="task"),
    decision("task_cancel", ("取消任务",), ("cancel task",), topic="task"),
    CommandSpec(
        verb="weekly_progress",
        chinese=("周进度", "周进度汇报", "汇报周进度"),
        english=("weekly progress", "weekly update"),
        topic="acceptance",
        needs=(Need.CODE,),
        takes_form=True,
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
    decision("report_waive", ("免报", "免报周进度"), ("waive report",), topic="acceptance"),
    CommandSpec(
        verb="acceptance",
        chinese=("验收", "申请验收", "验收申请"),
        english=("acceptance", "apply acceptance"),
        topic="acceptance",
        needs=(Need.CODE,),
        takes_form=True,
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
    decision("vote", ("评议", "验收评议"), ("vote",), topic="acceptance"),
    decision("conclude", ("结束评议", "汇总评议"), ("conclude", "close voting"), topic="acceptance"),
    CommandSpec(
        verb="rectify",
        chinese=("整改", "整改要求"),
        english=("rectify", "rectification"),
        topic="acceptance",
        needs=(Need.CODE,),
        takes_form=True,
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
    decision("propose", ("处理建议", "验收处理"), ("propose",), topic="acceptance"),
    decision("archive", ("归档", "确认归档"), ("archive",), topic="acceptance"),
)
