"""The coordination group and its posts (R-11 to R-27)."""

from handlers.texts.rules.rule import NONE, Rule

LEADER = ("组长", "leader")
HEAD = ("副组长（部门负责人）", "deputies (heads of department)")
SECRETARY = ("执行秘书", "executive secretary")
LIAISON = ("对接人", "liaisons")

RULES = (
    Rule(
        11,
        "2.1",
        (
            "设跨部门沟通协调小组：组长、副组长、执行秘书、成员。",
            "There is a coordination group: leader, deputies, executive secretary, members.",
        ),
        ("公司", "the company"),
        NONE,
        (
            "“组织”查看名单；没有组长或执行秘书时不启动。",
            "“org” shows it; without leader and secretary the bot does not start.",
        ),
    ),
    Rule(
        12,
        "2.1",
        ("组长由分管副总或总经理担任。", "The leader is a deputy general manager in charge, or the general manager."),
        LEADER,
        ("一人", "one person"),
        (
            "同一时间只有一名组长；休假时由代理或候补审批人代行。",
            "Exactly one at a time; a delegate or the alternate acts during leave.",
        ),
    ),
    Rule(
        13,
        "2.1",
        ("组长统筹协调工作，审批重大协作事项。", "The leader steers coordination and approves major items."),
        LEADER,
        ("每个专项需求", "per special request"),
        ("审批卡片送组长，超期进简报。", "An approval card; what is overdue stands in the digest."),
    ),
    Rule(
        14,
        "2.1",
        (
            "组长协调部门之间解决不了的重大冲突和问题。",
            "The leader settles major conflicts and problems that departments cannot settle.",
        ),
        LEADER,
        ("上报后", "when it is brought up"),
        ("裁定卡片；重大问题立即送达。", "A ruling card; major issues arrive at once."),
    ),
    Rule(
        15,
        "2.1",
        (
            "组长监督方案执行，评价效果并奖惩。",
            "The leader watches how the plan is carried out, judges results, rewards and punishes.",
        ),
        LEADER,
        ("持续", "always"),
        (
            "每日简报、周报、评分；奖惩须组长确认。",
            "Daily digest, weekly report, scores; proposals need the leader's word.",
        ),
    ),
    Rule(
        16,
        "2.1",
        ("副组长由各部门负责人担任。", "The heads of the departments are the deputies."),
        HEAD,
        ("每部门一人", "one per department"),
        ("按部门登记；空缺时提醒秘书。", "Registered by department; a vacancy is told to the secretary."),
    ),
    Rule(
        17,
        "2.1",
        ("副组长带领本部门参与协作，保证任务落实。", "A deputy leads the own department and sees to its tasks."),
        HEAD,
        ("每个事项", "per item"),
        ("部门任务视图；超期通知负责人。", "The department's tasks; overdue ones reach the head."),
    ),
    Rule(
        18,
        "2.1",
        (
            "副组长代表部门参会，带来意见和需求。",
            "A deputy speaks for the department in meetings and brings its needs.",
        ),
        HEAD,
        ("每次会议", "per meeting"),
        ("签到表；议程留有部门汇报。", "Attendance; a slot for each department."),
    ),
    Rule(
        19,
        "2.1",
        (
            "副组长协助组长推进事项，保证本部门按时完成。",
            "A deputy helps the leader push items and keeps the own department in time.",
        ),
        HEAD,
        ("每个事项", "per item"),
        ("会签、延期申请、按期率。", "Countersigning, extensions, the on-time figure."),
    ),
    Rule(
        20,
        "2.1",
        (
            "执行秘书由行政部或企管部专员担任。",
            "The executive secretary is a specialist of administration or enterprise management.",
        ),
        SECRETARY,
        ("一人", "one person"),
        ("登记在其他部门时启动即提示。", "A warning at the start when it is another department."),
    ),
    Rule(
        21,
        "2.1",
        (
            "执行秘书处理小组日常事务，组织协调会，撰写会议纪要。",
            "The secretary runs the group's business, calls meetings, writes the minutes.",
        ),
        SECRETARY,
        ("持续", "always"),
        ("排会、纪要表单、发布权限。", "Scheduling, minutes, the right to publish."),
    ),
    Rule(
        22,
        "2.1",
        ("执行秘书跟踪进度，定期更新进度台账。", "The secretary follows progress and keeps the ledger up to date."),
        SECRETARY,
        ("定期，随周进度更新", "regularly, with the weekly reports"),
        (
            "台账由事件自动生成；秘书可加备注，不改系统列。",
            "The ledger makes itself; the secretary annotates, never overwrites.",
        ),
    ),
    Rule(
        23,
        "2.1",
        (
            "执行秘书收集各部门反馈，及时向组长汇报进展和问题。",
            "The secretary collects feedback and reports progress and problems to the leader.",
        ),
        SECRETARY,
        ("及时", "in time"),
        ("征集反馈；每日简报（可加批注）、周报。", "Feedback rounds; digest with a comment, weekly report."),
    ),
    Rule(
        24,
        "2.1",
        ("成员是各部门指定的对接人。", "The members are the liaisons that the departments name."),
        ("各部门", "departments"),
        ("每部门至少一人", "at least one each"),
        ("空缺每天提醒秘书。", "A vacancy is told every day."),
    ),
    Rule(
        25,
        "2.1",
        ("对接人负责部门日常联络和协作信息传递。", "A liaison is the daily contact and passes information on."),
        LIAISON,
        ("持续", "always"),
        ("提及和询问送对接人，按 R-40 计时。", "Mentions and questions go to the liaison, timed by R-40."),
    ),
    Rule(
        26,
        "2.1",
        ("对接人跟进本部门任务，及时报告问题。", "A liaison follows the own department's tasks and reports problems."),
        LIAISON,
        ("及时", "promptly"),
        ("任务提醒；进度和问题指令。", "Reminders; commands for progress and issues."),
    ),
    Rule(
        27,
        "2.1",
        ("对接人在部门之间交接材料、共享信息。", "A liaison hands over materials and shares information."),
        LIAISON,
        ("每个事项", "per item"),
        ("文档登记；交接清单。", "The document register; a handover list."),
    ),
)
