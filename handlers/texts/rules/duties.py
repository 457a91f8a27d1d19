"""Duties of departments (R-28 to R-37)."""

from handlers.texts.rules.rule import NONE, Rule

LEAD = ("牵头部门", "lead department")
COOP = ("配合部门", "cooperating departments")
ALL = ("各部门", "every department")

RULES = (
    Rule(
        28,
        "2.2",
        ("牵头部门提出协作需求。", "The lead department raises the request."),
        LEAD,
        ("启动时", "at the start"),
        ("需求单表单与审核流程。", "The request form and its review."),
    ),
    Rule(
        29,
        "2.2",
        ("牵头部门制定协作方案，写明分工和时间节点。", "The lead makes the plan, with tasks and dates."),
        LEAD,
        ("批准后", "after approval"),
        ("实施方案表单与会签。", "The plan form and its countersigning."),
    ),
    Rule(
        30,
        "2.2",
        ("牵头部门统筹推进，对最终结果负责。", "The lead drives the item and answers for the result."),
        LEAD,
        ("全程", "all along"),
        (
            "责任人是牵头部门负责人；只有牵头部门能申请验收。",
            "The head of the lead is accountable; only the lead applies for acceptance.",
        ),
    ),
    Rule(
        31,
        "2.2",
        (
            "配合部门按方案主动对接牵头部门。",
            "Cooperating departments contact the lead on their own, as the plan says.",
        ),
        COOP,
        ("按方案", "by the plan"),
        (
            "启动卡片请各配合对接人一个工作日内确认已对接。",
            "A card asks each liaison to confirm contact within a working day.",
        ),
    ),
    Rule(
        32,
        "2.2",
        ("配合部门提供所需资源和支持。", "They supply the resources and support needed."),
        COOP,
        ("按方案", "by the plan"),
        ("资源清单注明落实情况。", "Resource lines with their state."),
    ),
    Rule(
        33,
        "2.2",
        ("配合部门按时完成任务。", "They finish their tasks on time."),
        COOP,
        ("任务期限", "the task's due date"),
        ("任务跟踪，超期提醒。", "Task tracking, overdue notices."),
    ),
    Rule(
        34,
        "2.2",
        ("配合部门及时反馈执行情况。", "They report how it goes, in time."),
        COOP,
        ("至少每周；受阻立即", "weekly at least; at once when blocked"),
        ("任务进度指令，每周提醒。", "Progress by task, a weekly nudge."),
    ),
    Rule(
        35,
        "2.2",
        ("树立全局意识，主动支持协作。", "Keep the whole in view and support others."),
        ALL,
        NONE,
        ("部门互评。", "Peer rating."),
    ),
    Rule(
        36,
        "2.2",
        ("不得推诿扯皮。", "No shirking, no wrangling."),
        ALL,
        NONE,
        (
            "只由人认定（裁定或经确认的建议），系统不推断。",
            "Only people can say that it happened; the bot never infers it.",
        ),
    ),
    Rule(
        37,
        "2.2",
        ("发现协作问题第一时间上报协调小组。", "Problems found go to the coordination group at once."),
        ALL,
        ("第一时间", "at once"),
        (
            "人人随时可报问题；记录发生与上报的间隔。",
            "Anybody can file an issue at any time; the gap to its filing is shown.",
        ),
    ),
)
