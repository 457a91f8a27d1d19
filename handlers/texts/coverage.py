"""The nightly audit: what is missing, what happens meanwhile, what to do."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "coverage_found": (
        "夜间检查：有 {count} 处会让事情落空，请处理：",
        "Nightly check: {count} gaps would leave matters with nobody; please see to them:",
    ),
    "coverage_leader": (
        "· 组长无人代行或联系不上：审批会停住。请补账号，或登记代理。",
        "· Neither the leader nor an alternate can be reached: approvals stand still. Please add an account or a delegate.",
    ),
    "coverage_secretary": (
        "· 执行秘书空缺或联系不上，暂由代行人处理：请在公司文件中补上。",
        "· The post of secretary is vacant or cannot be reached; whoever stands in acts. Please name one in the company file.",
    ),
    "coverage_head": (
        "· {departments}没有负责人：审核、会签会停住。请指定负责人或代理负责人。",
        "· {departments} has no head: reviews stand still. Please name a head or an acting head.",
    ),
    "coverage_head_chain": (
        "· {departments}的负责人不在且没有代理：审核、会签会停住。请登记代理。",
        "· The head of {departments} is away without a delegate: reviews stand still. Please register one.",
    ),
    "coverage_liaison_chain": (
        "· {departments}没有联系得到的对接人（请假或没有账号）：请补账号或指定代理。",
        "· No liaison of {departments} can be reached (away, or without an account): please add an account or a delegate.",
    ),
    "coverage_liaison": (
        "· {departments}没有对接人：提问先转给负责人。请该部门指定对接人。",
        "· {departments} has no liaison: questions go to the head. Please let the department name one.",
    ),
    "coverage_account": (
        "· {names}在已启用的平台上没有账号，收不到通知：请在通讯录或公司文件里补上。",
        "· {names}: no account on a platform that is on, so no notice arrives. Please add it.",
    ),
    "coverage_leaver": (
        "· {name}已离开，名下还有 {codes}：请重新指派。",
        "· {name} has left and still holds {codes}: please reassign.",
    ),
    "coverage_own_approval": (
        "· {codes}的审批人就是提交人：请改由代理人或候补审批人处理。",
        "· {codes}: whoever decides is whoever submitted. Please let a delegate or the alternate decide.",
    ),
    "coverage_calendar": (
        "· {year} 年放假安排尚未导入，期限为暂定：请把官方通知交管理员导入。",
        "· The official calendar of {year} is missing, so limits are provisional: please have it imported.",
    ),
    "coverage_hidden": ("{count} 件涉密", "{count} confidential"),
    "coverage_more": ("{items} 等 {count} 项", "{items} and others ({count})"),
}
