"""The special collaboration flow in five steps (R-71 to R-85)."""

from handlers.texts.rules.rule import Rule

LEAD = ("牵头部门", "lead department")
GROUP = ("协调小组", "coordination group")

RULES = (
    Rule(
        71,
        "3.2",
        ("专项协作适用于重大项目和任务。", "The special flow is for major projects and tasks."),
        ("各部门", "everybody"),
        ("每个需求", "per request"),
        (
            "按配合部门数、工期、预算、重点项目提示级别。",
            "A level is suggested by departments, length, budget, key project.",
        ),
    ),
    Rule(
        72,
        "3.2-1",
        (
            "第一步 需求发起：牵头部门填写协作需求单（附件 1）。",
            "Step 1: the lead fills the request form (attachment 1).",
        ),
        LEAD,
        ("启动时", "at the start"),
        ("需求单表单。", "The request form."),
    ),
    Rule(
        73,
        "3.2-1",
        (
            "需求单写明事项、目标、所需资源、时间节点、各部门职责。",
            "The request states item, goal, resources, dates and duties.",
        ),
        LEAD,
        ("填写时", "when filling it"),
        ("缺项不能提交，列出缺什么。", "Refused with the list of what is missing."),
    ),
    Rule(
        74,
        "3.2-1",
        ("需求单提交副组长审核。", "The request goes to the deputies for review."),
        ("副组长", "deputies"),
        ("1 个工作日", "1 working day"),
        ("各相关负责人一张审核卡片，全部通过才往下走。", "A card for each head involved; all have to pass it."),
    ),
    Rule(
        75,
        "3.2-2",
        ("第二步 需求评估：召集相关部门开评估会。", "Step 2: the departments concerned meet to assess it."),
        GROUP,
        ("3 个工作日", "3 working days"),
        ("排会与提醒。", "Scheduling and reminders."),
    ),
    Rule(
        76,
        "3.2-2",
        ("评估会评估可行性、资源需求、潜在风险。", "Feasibility, resources and risks are assessed."),
        ("参会人员", "participants"),
        ("会上", "in the meeting"),
        ("三栏必填。", "Three required sections."),
    ),
    Rule(
        77,
        "3.2-2",
        ("评估会形成评估意见。", "The assessment ends in a written opinion."),
        GROUP,
        ("会后 1 个工作日", "1 working day after"),
        ("评估意见表单。", "The opinion form."),
    ),
    Rule(
        78,
        "3.2-2",
        ("评估意见报组长审批。", "The assessment opinion goes to the leader for approval."),
        ("组长", "leader"),
        ("2 个工作日", "2 working days"),
        ("批准、驳回、退回卡片。", "A card: approve, reject, return."),
    ),
    Rule(
        79,
        "3.2-3",
        (
            "第三步 方案制定：批准后牵头部门会同配合部门编制实施方案。",
            "Step 3: after approval the lead and the others draw up the plan.",
        ),
        ("牵头、配合部门", "lead and cooperating"),
        ("5 个工作日", "5 working days"),
        ("未批准不能编制；会签 2 个工作日。", "Not before approval; countersigned within 2 working days."),
    ),
    Rule(
        80,
        "3.2-3",
        (
            "实施方案写明任务分工、时间节点、沟通频率、验收标准。",
            "The plan states tasks, dates, how often people talk, acceptance criteria.",
        ),
        LEAD,
        ("方案中", "in the plan"),
        ("四项必填。", "Required sections."),
    ),
    Rule(
        81,
        "3.2-4",
        (
            "第四步 执行跟进：按方案执行，牵头部门每周报进度。",
            "Step 4: work follows the plan; the lead reports every week.",
        ),
        LEAD,
        ("每周，例会当天 12:00", "weekly, 12:00 on the meeting day"),
        ("周进度表单；缺报列名。", "The report form; missing ones are listed."),
    ),
    Rule(
        82,
        "3.2-4",
        ("执行秘书同步更新进度台账。", "The secretary keeps the ledger in step."),
        ("执行秘书", "secretary"),
        ("随每次汇报", "with each report"),
        ("提交即更新，秘书确认。", "Updated on submission, confirmed by the secretary."),
    ),
    Rule(
        83,
        "3.2-5",
        ("第五步 成果验收：完成后牵头部门提交验收申请。", "Step 5: when done the lead applies for acceptance."),
        LEAD,
        ("完成后", "when done"),
        ("任务全部完成或取消才能申请。", "Only when every task is done or cancelled."),
    ),
    Rule(
        84,
        "3.2-5",
        ("协调小组组织相关部门验收。", "The group organises the acceptance."),
        GROUP,
        ("3 个工作日", "3 working days"),
        ("验收会与逐项评议；牵头部门不计票。", "A meeting and votes; the lead has none."),
    ),
    Rule(
        85,
        "3.2-5",
        ("验收合格后资料归档。", "When it passes, the materials are archived."),
        ("牵头部门、执行秘书", "lead and secretary"),
        ("3 个工作日", "3 working days"),
        ("归档清单齐全才能关闭。", "Closed only with a complete checklist."),
    ),
)
