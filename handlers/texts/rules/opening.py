"""Cover, purpose, scope, principles (R-01 to R-10)."""

from handlers.texts.rules.rule import NONE, Rule

ALL = ("各部门", "everybody")

RULES = (
    Rule(
        1,
        "封面",
        (
            "方案有编制单位、版本、生效日期和适用范围，按版本管理。",
            "The plan is a versioned document with issuing unit, version, effective date and scope.",
        ),
        ("行政部/企管部", "administration or enterprise management"),
        ("自生效之日起", "from the effective date"),
        (
            "“方案”查看版本；每条记录都注明所依据的方案版本。",
            "“plan” shows it; every record keeps the version it was made under.",
        ),
    ),
    Rule(
        2,
        "1.1",
        (
            "规范协调流程，明确各方职责，打通信息，提高效率与合力。",
            "To set a standard way of coordinating, make duties plain, open up information, and work faster together.",
        ),
        ALL,
        NONE,
        ("周报开头按这四个目的各列一项指标。", "The weekly report opens with one figure for each of these aims."),
    ),
    Rule(
        3,
        "1.1",
        (
            "协调要保障战略目标、重点项目和日常工作。",
            "What coordination protects: strategic goals, key projects, daily work.",
        ),
        ALL,
        NONE,
        ("每个协作事项必须写明服务于哪一类。", "Every item has to say which of them it serves."),
    ),
    Rule(
        4,
        "1.2",
        (
            "适用于全部部门，包括但不限于生产、销售、研发、行政、财务、人力资源。",
            "Applies to every department; production, sales, R&D, administration, finance and HR are examples.",
        ),
        ALL,
        NONE,
        ("部门以登记为准，不写死。", "Departments are a register, none is fixed in the program."),
    ),
    Rule(
        5,
        "1.2",
        (
            "覆盖三类场景：日常事务对接、跨部门项目、突发问题协同处置。",
            "Covers routine contact, projects across departments, and sudden problems handled together.",
        ),
        ALL,
        NONE,
        ("分别走日常协作、专项协作和问题流程。", "Routine level, special level and the issue flow."),
    ),
    Rule(
        6,
        "1.3",
        (
            "目标导向：公司目标优先，不搞部门本位主义。",
            "Goals first: those of the company before those of the own department.",
        ),
        ALL,
        NONE,
        (
            "需求单须写明服务的公司目标；裁定时目标列在最前。",
            "A request names the company goal it serves; rulings list the goal first.",
        ),
    ),
    Rule(
        7,
        "1.3",
        (
            "权责清晰：谁牵头谁负责，谁配合谁落实。",
            "Clear duty: who leads answers for it, who cooperates carries it out.",
        ),
        ("牵头、配合部门", "lead and cooperating departments"),
        ("每个事项", "per item"),
        (
            "每个事项只有一个牵头部门、一名责任人；配合部门都有任务或注明知会。",
            "One lead department and one accountable person an item; every other department has a task or is only informed.",
        ),
    ),
    Rule(
        8,
        "1.3",
        (
            "高效沟通：流程和工具统一，层级最少，信息准确、及时、完整。",
            "Quick exchange: one way, one tool, as few steps as possible; information exact, timely, complete.",
        ),
        ALL,
        NONE,
        (
            "表单必填项；对接人直接对对接人，不经第三人转述。",
            "Required fields; liaison speaks to liaison, nobody relays.",
        ),
    ),
    Rule(
        9,
        "1.3",
        ("协同共赢：主动作为，共享资源，优势互补。", "Win-win: act first, share resources, combine strengths."),
        ALL,
        NONE,
        ("表扬、互评和优秀奖指标。", "Kudos, peer rating, the award's figures."),
    ),
    Rule(
        10,
        "1.3",
        (
            "问题导向：盯住痛点，快速响应，及时化解障碍和冲突。",
            "Problems first: look at what hurts, answer quickly, clear obstacles and conflicts.",
        ),
        ALL,
        ("及时", "promptly"),
        (
            "问题和冲突随时可报，超期自动升级，进简报。",
            "Issues and conflicts at any time; overdue ones go up and into the digest.",
        ),
    ),
)
