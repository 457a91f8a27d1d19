"""Safeguards, supplementary clauses, attachments (R-102 to R-121)."""

from handlers.texts.rules.rule import NONE, Rule

ALL = ("各部门", "everybody")
LEADER = ("组长", "leader")
HEADS = ("部门负责人", "heads of department")
COMPANY = ("公司", "the company")

RULES = (
    Rule(
        102,
        "5.1",
        ("协作表现纳入部门和员工绩效考核。", "Coordination is part of the performance assessment."),
        ("人力资源部", "HR"),
        ("每个考核期", "per period"),
        ("评分导出供人力资源部使用。", "The scorecard is exported for HR."),
    ),
    Rule(
        103,
        "5.1",
        ("协作在绩效考核中的权重不低于 20%。", "The weight of coordination in it is not below 20 %."),
        ("人力资源部", "HR"),
        ("不低于 20%", "20 % at least"),
        ("低于 20% 的设置不予启动。", "A lower setting keeps the bot from starting."),
    ),
    Rule(
        104,
        "5.1",
        ("设跨部门协作优秀奖，表彰突出部门和个人。", "An excellence award for outstanding departments and people."),
        LEADER,
        ("定期", "regularly"),
        ("只出候选，由人确认。", "Candidates only; people decide."),
    ),
    Rule(
        105,
        "5.1",
        (
            "推诿或未完成任务的，通报批评并扣减绩效分。",
            "Shirking or failing tasks brings a circulated criticism and a deduction.",
        ),
        LEADER,
        ("定期", "regularly"),
        ("先听取陈述，再由组长确认；从不自动处理。", "A hearing first, then the leader's word; never by itself."),
    ),
    Rule(
        106,
        "5.1",
        ("方案根据公司发展定期修订。", "The plan is revised regularly."),
        ("行政部/企管部", "administration or enterprise management"),
        ("定期，6 个月提醒", "regularly; reminder after 6 months"),
        ("修订提醒与版本登记。", "A reminder and a version register."),
    ),
    Rule(
        107,
        "5.2",
        ("各部门指定专人任对接人。", "Each department appoints a liaison."),
        HEADS,
        ("始终", "always"),
        ("空缺每天提醒；建议设备份。", "A vacancy is told daily; a backup is advised."),
    ),
    Rule(
        108,
        "5.2",
        ("对接人须善沟通、有责任心、熟悉业务。", "A liaison communicates well, is responsible, knows the business."),
        HEADS,
        ("任命时", "when appointed"),
        ("任命时三项确认。", "Three ticks at the appointment."),
    ),
    Rule(
        109,
        "5.2",
        ("更换对接人提前 1 周报协调小组。", "A change of liaison is announced a week ahead."),
        HEADS,
        ("7 个自然日", "7 calendar days"),
        ("不足 7 天不受理，并给出最早日期。", "Refused below 7 days, with the earliest date."),
    ),
    Rule(
        110,
        "5.2",
        ("定期开展跨部门沟通培训。", "Training in cross-department communication."),
        ("人力资源部、执行秘书", "HR and secretary"),
        ("定期，6 个月提醒", "regularly; reminder after 6 months"),
        ("培训记录与提醒。", "A record and a reminder."),
    ),
    Rule(
        111,
        "5.3",
        (
            "公司提供稳定的通讯工具、文档平台和项目管理软件。",
            "The company provides a stable chat tool, document platform and project software.",
        ),
        COMPANY,
        NONE,
        ("“状态”查看运行情况。", "“status” shows how it runs."),
    ),
    Rule(
        112,
        "5.3",
        ("信息技术部维护系统、提供支持。", "The IT department maintains the systems and helps."),
        ("信息技术部", "IT"),
        NONE,
        ("“体检”逐项检查，异常提醒管理员。", "“doctor” checks everything; administrators are told."),
    ),
    Rule(
        113,
        "5.3",
        (
            "建立信息安全机制，规定涉密信息的传递和保存。",
            "Confidential information has its own way of being passed on and kept.",
        ),
        COMPANY,
        NONE,
        (
            "三级密级；涉密内容只在单聊，不进群。国家秘密不得录入。",
            "Three levels; confidential matters stay in direct chats. State secrets never belong here.",
        ),
    ),
    Rule(
        114,
        "5.3",
        ("防止信息泄露。", "Leaks are to be avoided."),
        ("全体", "everybody"),
        NONE,
        ("每次输出都检查权限，操作留痕。", "Rights are checked at every output; there is an audit trail."),
    ),
    Rule(
        115,
        "6",
        ("未尽事宜由协调小组协商解决。", "What the plan does not cover is settled by consultation."),
        ("协调小组", "the group"),
        ("视需要", "as needed"),
        ("按未尽事宜登记。", "Filed as a matter not covered."),
    ),
    Rule(
        116,
        "6",
        ("未尽事宜协商不成的报总经理办公会。", "If that fails it goes to the general manager's office meeting."),
        ("协调小组", "the group"),
        ("视需要", "as needed"),
        ("由执行秘书登记结论。", "The secretary records the outcome."),
    ),
    Rule(
        117,
        "6",
        ("方案由行政部/企管部解释和修订。", "Interpretation and revision belong to the issuing department."),
        ("行政部/企管部", "administration or enterprise management"),
        NONE,
        ("只有其负责人和执行秘书可改方案参数。", "Only its head and the secretary change parameters."),
    ),
    Rule(
        118,
        "6",
        ("方案自发布之日起施行。", "The plan is in force from publication."),
        ALL,
        ("发布之日", "publication"),
        ("生效日期之前的事不适用。", "Nothing before the date is judged by it."),
    ),
    Rule(
        119,
        "6",
        ("与此前规定不一致的，以本方案为准。", "Where older rules differ, this plan prevails."),
        ALL,
        NONE,
        ("“方案”中注明。", "Shown by “plan”."),
    ),
    Rule(
        120,
        "附件",
        (
            "四个附件：需求单、问题反馈单、进度台账、会议纪要模板。",
            "Four attachments: request form, issue form, progress ledger, minutes template.",
        ),
        ALL,
        NONE,
        ("对应四张标准表。", "Four standard forms."),
    ),
    Rule(
        121,
        "附件 1",
        (
            "需求单含编号、日期、牵头部门、对接人、电话、事项、目标、背景、配合部门等。",
            "The request form has number, date, lead, liaison, phone, item, goal, background, cooperating departments.",
        ),
        ("牵头部门", "lead department"),
        NONE,
        ("逐项填写，可用卡片或文字。", "Filled field by field, on a card or as text."),
    ),
)
