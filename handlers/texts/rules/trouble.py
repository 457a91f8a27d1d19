"""Conflicts and issues (R-86 to R-101)."""

from handlers.texts.rules.rule import Rule

GROUP = ("协调小组", "coordination group")
LEADER = ("组长", "leader")
SECRETARY = ("执行秘书", "executive secretary")

RULES = (
    Rule(
        86,
        "4.1",
        (
            "职责边界冲突：以公司制度和本方案为据，由协调小组明确责任方。",
            "Unclear duties: by company rules and this plan the group says who is responsible.",
        ),
        GROUP,
        ("3 个工作日", "3 working days"),
        ("须写明依据的条款。", "The clause has to be named."),
    ),
    Rule(
        87,
        "4.1",
        ("职责仍不能明确的由组长裁定。", "What stays unclear the leader rules on."),
        LEADER,
        ("2 个工作日", "2 working days"),
        ("裁定卡片。", "A ruling card."),
    ),
    Rule(
        88,
        "4.1",
        ("资源分配冲突：公司重点项目优先。", "Competing for resources: key projects come first."),
        GROUP,
        ("3 个工作日", "3 working days"),
        ("显示重点项目标记，预填优先建议。", "Key projects are marked; the proposal favours them."),
    ),
    Rule(
        89,
        "4.1",
        ("非重点项目之间协商共享或调整优先级。", "Between others the group arranges sharing or changes priorities."),
        GROUP,
        ("3 个工作日", "3 working days"),
        ("结果类型：共享、调整优先级。", "Outcome: sharing or new priorities."),
    ),
    Rule(
        90,
        "4.1",
        (
            "沟通信息冲突：以共享文档、会议纪要的记载为准。",
            "Contradicting information: shared documents and minutes prevail.",
        ),
        ("各部门", "everybody"),
        ("立即", "at once"),
        ("证据须是登记文档或纪要，聊天记录不算。", "Evidence is a registered document or minutes; chat alone is none."),
    ),
    Rule(
        91,
        "4.1",
        ("牵头部门核实并及时纠偏。", "The lead verifies the truth and corrects the deviation."),
        ("牵头部门", "lead department"),
        ("1 个工作日", "1 working day"),
        ("核实任务与更正通知。", "A verification task and a correction notice."),
    ),
    Rule(
        92,
        "4.2-1",
        (
            "发现问题的部门填写问题反馈单（附件 2），报执行秘书。",
            "Whoever finds a problem files the issue form (attachment 2) with the secretary.",
        ),
        ("发现部门", "the finder"),
        ("第一时间", "at once"),
        ("问题表单，收到即给编号。", "The form; a number at once."),
    ),
    Rule(
        93,
        "4.2-2",
        ("执行秘书按影响范围和严重程度给问题分级。", "The secretary grades issues by impact and severity."),
        SECRETARY,
        ("4 个工作小时", "4 working hours"),
        ("分级卡片，两项依据必填。", "A card; both criteria are required."),
    ),
    Rule(
        94,
        "4.2-2",
        (
            "问题分三级：一般（不影响总体进度）、重要（影响部分环节）、重大（影响总体目标）。",
            "Three grades: general, important (some links affected), major (the goal affected).",
        ),
        SECRETARY,
        ("分级时", "when grading"),
        ("卡片上列出定义。", "The definitions stand on the card."),
    ),
    Rule(
        95,
        "4.2-3",
        (
            "一般问题：牵头、配合部门协商，1 个工作日内反馈结果。",
            "General: settled between the departments, result within one working day.",
        ),
        ("牵头、配合部门", "lead and cooperating"),
        ("1 个工作日", "1 working day"),
        ("计时、提醒、超期升级。", "Timed, reminded, escalated."),
    ),
    Rule(
        96,
        "4.2-3",
        (
            "重要问题：秘书召集协调会，3 个工作日内定出方案并执行。",
            "Important: a coordination meeting; solution made and started within three working days.",
        ),
        ("执行秘书、对接人", "secretary and liaisons"),
        ("3 个工作日", "3 working days"),
        ("协调会、方案登记、计时。", "Meeting, solution, timing."),
    ),
    Rule(
        97,
        "4.2-3",
        ("重大问题：执行秘书上报组长。", "Major: the secretary reports it to the leader."),
        SECRETARY,
        ("立即", "at once"),
        ("任何时间立即送达组长。", "It reaches the leader at any hour."),
    ),
    Rule(
        98,
        "4.2-3",
        (
            "重大问题由组长召开专题会议，定责任人和时限。",
            "The leader calls a special meeting that fixes owner and limit.",
        ),
        LEADER,
        ("1 个工作日", "1 working day"),
        ("无责任人和时限不能进入执行。", "Not carried out without both."),
    ),
    Rule(
        99,
        "4.2-3",
        ("处理重大问题时，必要时调整协作方案。", "Where necessary the plan is adjusted."),
        ("组长、牵头部门", "leader and lead"),
        ("视需要", "as needed"),
        ("必须回答是否调整，并关联方案新版本。", "The question has to be answered and linked to the new version."),
    ),
    Rule(
        100,
        "4.2-4",
        ("全部问题进入问题台账。", "Every issue enters the ledger."),
        SECRETARY,
        ("始终", "always"),
        ("自动登记，不能删除。", "By itself; nothing is deleted."),
    ),
    Rule(
        101,
        "4.2-4",
        (
            "执行秘书跟踪到底：件件有回音、事事有结果。",
            "The secretary follows up until every issue has an answer and every matter a result.",
        ),
        SECRETARY,
        ("直至闭环", "until closed"),
        ("闭环须有结果和反馈人确认，或秘书写明理由。", "Closing needs a result and the finder's word, or a reason."),
    ),
)
