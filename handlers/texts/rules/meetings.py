"""Meetings (R-57 to R-70)."""

from handlers.texts.rules.rule import Rule

SECRETARY = ("执行秘书", "executive secretary")
LEAD = ("牵头部门", "lead department")
LISTED = ("参会人员", "those listed")

RULES = (
    Rule(
        57,
        "3.1(2)",
        (
            "跨部门协作周例会每周固定时间召开，如周五下午。",
            "The weekly meeting is held once a week at a fixed time, such as Friday afternoon.",
        ),
        ("协调小组", "the group"),
        ("每周一次", "once a week"),
        (
            "自动排会；遇放假提前到最近的工作日。",
            "Scheduled by itself; on a holiday it moves to the nearest earlier working day.",
        ),
    ),
    Rule(
        58,
        "3.1(2)",
        (
            "周例会由副组长、对接人、执行秘书参加。",
            "Deputies, liaisons and the secretary take part in the weekly meeting.",
        ),
        LISTED,
        ("每次", "each time"),
        ("签到；负责人缺席须委托。", "Attendance; an absent head names a delegate."),
    ),
    Rule(
        59,
        "3.1(2)",
        ("周例会不超过 1.5 小时。", "The weekly meeting lasts an hour and a half at most."),
        SECRETARY,
        ("90 分钟", "90 minutes"),
        ("80 分钟提示，超时标记。", "A word at 80 minutes, a mark beyond 90."),
    ),
    Rule(
        60,
        "3.1(2)",
        ("周例会由执行秘书主持。", "The secretary chairs the weekly meeting."),
        SECRETARY,
        ("每次", "each time"),
        ("主持人固定；缺席时由代理秘书主持。", "Fixed; the deputy secretary where absent."),
    ),
    Rule(
        61,
        "3.1(2)",
        (
            "周例会上各部门汇报本周完成、存在问题、下周计划。",
            "Each department reports: done this week, problems, next week.",
        ),
        ("各部门", "departments"),
        ("每次", "each time"),
        ("会前材料由周进度汇总。", "The pack is built from the weekly reports."),
    ),
    Rule(
        62,
        "3.1(2)",
        ("周例会后 1 个工作日内发布会议纪要。", "Minutes are published within one working day."),
        SECRETARY,
        ("1 个工作日", "1 working day"),
        ("提醒；超期进组长简报。", "Reminders; overdue ones stand in the leader's digest."),
    ),
    Rule(
        63,
        "3.1(2)",
        ("纪要写明每个问题的解决方案和责任人。", "Minutes name solution and responsible person for each problem."),
        SECRETARY,
        ("纪要中", "in the minutes"),
        ("缺任何一项不能发布。", "Not published while one is missing."),
    ),
    Rule(
        64,
        "3.1(2)",
        ("专项项目在启动、中期、验收前召开推进会。", "Milestone meetings at kick-off, mid-term and before acceptance."),
        LEAD,
        ("三个节点", "3 nodes"),
        ("节点未开会时提示。", "A word when a node passes without one."),
    ),
    Rule(
        65,
        "3.1(2)",
        (
            "推进会由牵头、配合部门负责人、项目组成员和组长参加。",
            "Heads of the departments, the project team and the leader take part in milestone meetings.",
        ),
        LISTED,
        ("每次", "each time"),
        ("组长必到。", "The leader is required."),
    ),
    Rule(
        66,
        "3.1(2)",
        ("推进会由牵头部门主持。", "The lead department chairs milestone meetings."),
        LEAD,
        ("每次", "each time"),
        ("主持人须属牵头部门。", "The host belongs to the lead."),
    ),
    Rule(
        67,
        "3.1(2)",
        ("推进会前分发项目进度报告。", "A progress report is distributed before."),
        LEAD,
        ("会前，至少提前 1 个工作日", "before; a working day at least"),
        ("未分发时会议卡片标注。", "The meeting's card says so until it is done."),
    ),
    Rule(
        68,
        "3.1(2)",
        ("推进会聚焦难点，商定方案，明确下一步。", "Look at the difficulties, agree solutions, fix the next steps."),
        LISTED,
        ("每次", "each time"),
        ("决议表单分栏填写。", "Sections of the resolution form."),
    ),
    Rule(
        69,
        "3.1(2)",
        ("推进会形成项目推进会决议。", "The outcome of a milestone meeting is a resolution."),
        LEAD,
        ("每次", "each time"),
        ("决议表单与流程。", "Form and flow."),
    ),
    Rule(
        70,
        "3.1(2)",
        ("推进会决议由组长签字确认。", "The leader signs the resolution."),
        ("组长", "leader"),
        ("每次", "each time"),
        ("卡片签字，签的就是所见文本；未签不生效。", "Signed on a card, bound to the exact text; not in force before."),
    ),
)
