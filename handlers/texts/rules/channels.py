"""Daily communication channels (R-38 to R-56)."""

from handlers.texts.rules.rule import NONE, Rule

ALL = ("全体", "everybody")
LEAD = ("牵头部门", "lead department")
LIAISON = ("对接人", "liaisons")

RULES = (
    Rule(
        38,
        "3.1(1)",
        (
            "日常联络、快速传递、简单咨询用企业即时通讯工具。",
            "The company's chat tool serves daily contact, quick information, simple questions.",
        ),
        ALL,
        NONE,
        (
            "接入企业的通讯工具（飞书、钉钉、企业微信）；通讯录外人员不受理。",
            "The company's chat tool (Feishu, DingTalk or WeCom); people outside the directory are refused.",
        ),
    ),
    Rule(
        39,
        "3.1(1)",
        ("对接人保持在线。", "Liaisons keep themselves online."),
        LIAISON,
        ("工作时段", "working hours"),
        ("不监视在线状态；请假登记并指定代理。", "Nobody's presence is watched; leave is registered with a delegate."),
    ),
    Rule(
        40,
        "3.1(1)",
        ("工作时段内，消息 30 分钟内回复。", "In working hours messages are answered within 30 minutes."),
        LIAISON,
        ("30 个工作分钟", "30 working minutes"),
        (
            "自动计时：20 分钟提醒，30 分钟超时告知，60 分钟升级负责人。发送“为什么 编号”看算法。",
            "A clock: reminder at 20 minutes, overdue at 30, the head at 60. “why number” shows the arithmetic.",
        ),
    ),
    Rule(
        41,
        "3.1(1)",
        ("每个跨部门事项建专项群。", "Each item has a dedicated group."),
        LEAD,
        ("每个事项", "per item"),
        ("“建群 SX-7”。", "“group SX-7”."),
    ),
    Rule(
        42,
        "3.1(1)",
        (
            "专项群成员为牵头、配合部门的对接人和负责人。",
            "The group's members are the liaisons and heads of the departments involved.",
        ),
        LEAD,
        ("始终", "always"),
        (
            "建群、成员变动和每天核对，缺少和多余的人私信告知；“查群”随时核对。",
            "Compared when made, when members change, and daily; what is wrong is told privately. “check” does it now.",
        ),
    ),
    Rule(
        43,
        "3.1(1)",
        ("群内沟通简明扼要。", "Group talk is short and clear."),
        ALL,
        NONE,
        ("超过 500 字私下提示，不拦截。", "A private hint above 500 characters; nothing is blocked."),
    ),
    Rule(
        44,
        "3.1(1)",
        ("重要信息标注“重点”。", "Important information is tagged 重点."),
        ("发送人", "the sender"),
        NONE,
        (
            "识别【重点】、#重点；重点消息须文字答复，表情不算。",
            "Tags are recognised; a tagged message needs words, an emoji does not answer it.",
        ),
    ),
    Rule(
        45,
        "3.1(1)",
        ("不得无效刷屏。", "No pointless flooding."),
        ALL,
        NONE,
        ("短时间多条或重复时私下提示，不公开。", "A private hint, never in public."),
    ),
    Rule(
        46,
        "3.1(1)",
        (
            "资料共享、方案共写、数据同步用共享文档平台。",
            "The shared document platform serves project data, joint writing, data in step.",
        ),
        ALL,
        NONE,
        ("文档登记，只存链接。", "A register of links."),
    ),
    Rule(
        47,
        "3.1(1)",
        ("协作文档由牵头部门创建。", "The lead creates the documents."),
        LEAD,
        ("每个事项", "per item"),
        ("由牵头部门登记，每份文档有编号。", "Registered by the lead, each with its number."),
    ),
    Rule(
        48,
        "3.1(1)",
        ("牵头部门按部门设置编辑或查看权限。", "The lead sets edit and view rights by department."),
        LEAD,
        ("每份文档", "per document"),
        ("文档登记带权限表，空着会提醒。", "A rights table a document; a reminder while it is empty."),
    ),
    Rule(
        49,
        "3.1(1)",
        ("协作资料分类归档。", "Materials are archived by category."),
        ("牵头部门及相关部门", "lead and departments"),
        ("每个事项", "per item"),
        ("登记时必选类别。", "A category is required."),
    ),
    Rule(
        50,
        "3.1(1)",
        ("文件名为“协作事项+部门+日期”。", "File names are item + department + date."),
        ALL,
        ("每个文件", "every file"),
        ("命名检查并给出建议名。", "The name is checked and a better one suggested."),
    ),
    Rule(
        51,
        "3.1(1)",
        ("文档及时更新，信息同步。", "Documents are kept up to date."),
        ALL,
        ("及时", "in time"),
        ("在办事项的文档 7 天未更新时提醒。", "A reminder after 7 days without change."),
    ),
    Rule(
        52,
        "3.1(1)",
        ("对接人定期沟通，跟进进度、对接需求。", "Liaisons talk regularly: progress and requests."),
        LIAISON,
        ("每周", "weekly"),
        ("对接人沟通会。", "The liaison sync."),
    ),
    Rule(
        53,
        "3.1(1)",
        ("各部门对接人每周沟通一次，线上线下均可。", "Liaisons talk once a week, online or in person."),
        ("各部门对接人", "liaisons of all departments"),
        ("每周一次", "once a week"),
        ("未开时周四 10:00 提醒。", "A reminder on Thursday at 10:00."),
    ),
    Rule(
        54,
        "3.1(1)",
        ("对接人沟通每次不超过 1 小时。", "The liaison sync lasts one hour at most."),
        LIAISON,
        ("60 分钟", "60 minutes"),
        ("50 分钟提示，超时标记。", "A word at 50 minutes, a mark beyond 60."),
    ),
    Rule(
        55,
        "3.1(1)",
        ("对接人沟通形成日常沟通纪要。", "The sync is recorded in the daily communication record."),
        LIAISON,
        ("每次", "each time"),
        ("沟通纪要表单。", "The record form."),
    ),
    Rule(
        56,
        "3.1(1)",
        ("日常沟通纪要反馈各部门负责人和执行秘书。", "The communication record goes to the heads and the secretary."),
        LIAISON,
        ("每次", "each time"),
        ("提交后自动转发。", "Forwarded by itself."),
    ),
)
