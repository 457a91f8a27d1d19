"""Leave, delegation, vacancies, directory."""

TEXTS: dict[str, tuple[str, str]] = {
    # leave and delegation (3.17)
    "leave_registered": (
        "✅ 已登记请假 {code}：{start} 至 {end}，{delegate}。",
        "✅ Leave {code}: {start} to {end}, {delegate}.",
    ),
    "leave_registered_for": (
        "✅ 已为 {name} 登记请假 {code}：{start} 至 {end}，{delegate}。",
        "✅ Leave of {name}, {code}: {start} to {end}, {delegate}.",
    ),
    "leave_shown": (
        "{code} {name}请假：{start} 至 {end}，{delegate}。状态：{state}。",
        "{code} leave of {name}: {start} to {end}, {delegate}. State: {state}.",
    ),
    "leave_state_planned": ("未开始", "not begun"),
    "leave_state_active": ("进行中", "running"),
    "leave_state_ended": ("已结束", "over"),
    "leave_state_cancelled": ("已取消", "cancelled"),
    "leave_with_delegate": ("由 {name} 代理（{scope}）", "{name} stands in ({scope})"),
    "leave_without_delegate": (
        "未指定代理，依次由备份对接人、负责人承接",
        "nobody named: backup liaison, then head, stand in",
    ),
    "leave_told": (
        "已为您登记请假 {code}：{start} 至 {end}，{delegate}。",
        "A leave was registered for you, {code}: {start} to {end}, {delegate}.",
    ),
    "leave_delegate_told": (
        "{name} 于 {start} 至 {end} 请假，请您代理（{scope}）。如不便，请在 4 个工作小时内回复“拒绝代理 {code}”。",
        (
            "{name} is on leave from {start} to {end} and named you to stand in ({scope})."
            " If you cannot, answer “decline {code}” within 4 working hours."
        ),
    ),
    "leave_started": ("{name} 的请假开始，您正在代理（{scope}）。", "{name} is on leave now; you stand in ({scope})."),
    "leave_delegate_free": (
        "{name} 的请假 {code} 已取消或提前结束，您不用再代理。",
        "Leave {code} of {name} is off or over early; you need not stand in any more.",
    ),
    "leave_ended": (
        "请假 {code} 结束。期间由他人代您回复 {answered} 条。",
        "Leave {code} is over. Answered in your place meanwhile: {answered}.",
    ),
    "leave_cancelled": ("✅ 请假 {code} 已取消。", "✅ Leave {code} is cancelled."),
    "leave_returned": ("✅ 请假 {code} 提前结束，欢迎回来。", "✅ {code} ended early; welcome back."),
    "leave_declined": ("✅ 已谢绝代理 {code}。", "✅ You declined {code}."),
    "leave_declined_told": (
        "{name} 谢绝代理 {code}，将依次由备份对接人、负责人承接。",
        "{name} declined to stand in for {code}; backup liaison, then head, will.",
    ),
    "leave_delegate_lost": (
        "{name} 无法继续代理 {code}（请假或离职），将依次由备份对接人、负责人承接。",
        "{name} cannot stand in for {code} any more (away or gone); backup liaison, then head, will.",
    ),
    # refusals of leaves
    "leave_none": ("没有登记中的请假。", "No leave is registered."),
    "leave_which": (
        "有多个请假：{codes}。请写明编号，例如：{example}",
        "Several leaves: {codes}. Name one, for example: {example}",
    ),
    "leave_period": (
        "❌ 结束时间须晚于开始时间。例如：请假 9-16 9-18",
        "❌ The end must be after the start. For example: leave 9-16 9-18",
    ),
    "leave_past": (
        "❌ 结束时间已过，请核对日期。例如：请假 今天14:00 今天18:00",
        "❌ The end has passed already; please look at the dates. For example: leave today 14:00 today 18:00",
    ),
    "leave_overlap": ("与已登记的请假 {code} 时间重叠。", "Overlaps with {code}."),
    "leave_state": ("该请假已结束或已取消。", "That leave is over or cancelled."),
    "leave_not_yet": ("该请假还没到这一步。", "It is not time for that yet."),
    "delegate_overlap": (
        "与请假 {code} 时间和代理范围重叠，请改时间或范围。",
        "Overlaps with {code} in time and scope; please change one of them.",
    ),
    "delegate_self": ("代理人不能是本人。", "Nobody can stand in for himself or herself."),
    "delegate_unknown": ("代理人已离职或不在通讯录中。", "The delegate has left or is not in the directory."),
    "delegate_away": (
        "{name} 此期间也请假，不能代理；也不能互相代理。",
        "{name} is away then, too, and cannot stand in; two people cannot stand in for each other.",
    ),
    "delegate_wrong": (
        "{name} 不能代理：负责人须由本部门人员或其他部门负责人代理，组长须由公司高层代理。",
        "{name} cannot stand in: for a head somebody of the department or another head, for the leader top management.",
    ),
    "delegate_too_long": (
        "代理一次最长 {days} 个自然日，更长请调整岗位。",
        "A delegation lasts {days} calendar days at most; for more, change the post.",
    ),
    "decline_none": ("现在没有请您代理的请假。", "Nobody asks you to stand in now."),
    "decline_too_late": (
        "已超过 4 个工作小时，代理已生效，请与请假人商量。",
        "The 4 working hours are over; the delegation stands. Please talk to whoever is away.",
    ),
    "what_person": ("人员", "people"),
    "what_scope": ("代理范围", "scope"),
    "what_department": ("部门", "department"),
    "several_of_one_name": (
        "⚠️ 有 {count} 位“{name}”，请在群里用 @ 选择本人。",
        "⚠️ There are {count} people called “{name}”; please pick one with @ in a group.",
    ),
    # what is missing, told daily
    "daily_check_head": ("今日待补齐：", "Missing today:"),
    "vacancy_line": (
        "· 对接人空缺：{departments}（暂由负责人兼任，R-107）",
        "· no liaison: {departments} (the head stands in, R-107)",
    ),
    "vacancy_heads": (
        "· 负责人空缺：{departments}（相关通知转由您处理，不自动通过）",
        "· no head: {departments} (everything comes to you, nothing passes by itself)",
    ),
    "vacancy_secretary": (
        "· 执行秘书空缺，由您代行，请尽快任命",
        "· no executive secretary: you act; please appoint one",
    ),
    "vacancy_leader": (
        "· 组长无人代行：请组长指定代理，或在公司档案中设候补审批人；期间不作审批",
        "· nobody acts as leader: a delegate or an alternate is needed; nothing is approved meanwhile",
    ),
    "unknown_sender": (
        "群“{group}”中有通讯录外人员提及对接人，未计时。请核对通讯录。",
        "Somebody outside the directory mentioned a liaison in “{group}”; no clock runs. Please check the directory.",
    ),
    # address books
    "directory_refused": (
        "{platform} 通讯录未采用：人数由 {before} 骤减至 {after}，疑似权限或接口异常，沿用上次结果。请检查应用的通讯录权限。",
        (
            "{platform}: address book not taken over, {after} people instead of {before}. The last good copy stays."
            " Please check the app's directory scope."
        ),
    ),
    "directory_synced": (
        "{platform}：{people} 人，新增 {added}，变更 {changed}，离职 {left}",
        "{platform}: {people} people, {added} new, {changed} changed, {left} left",
    ),
    "directory_unmatched": (
        "{platform}：{count} 个账号未能对应到人员，请核对部门名称或工号：{accounts}",
        "{platform}: {count} accounts belong to nobody known; compare departments or employee numbers: {accounts}",
    ),
    "directory_differs": (
        "{platform}：{name} 的{field}不一致，公司档案“{known}”，通讯录“{seen}”",
        "{platform}: {field} of {name} differs: “{known}” in the company file, “{seen}” in the address book",
    ),
    "directory_absent": (
        "{platform}：{name} 在公司档案中，通讯录里没有该账号",
        "{platform}: {name} is in the company file, but the account is not in the address book",
    ),
    "directory_inactive": (
        "{platform}：{name} 在公司档案中已停用，通讯录里仍在职",
        "{platform}: {name} is inactive in the company file, active in the address book",
    ),
    "directory_unknown_leader": (
        "{platform}：部门负责人 {name} 不在该部门人员中，未采用",
        "{platform}: leader {name} is no member of the department; not taken over",
    ),
    "directory_failed": (
        "{platform} 通讯录读取失败（{code}）。{hint}",
        "{platform}: the address book could not be read ({code}). {hint}",
    ),
    "leaver_holds": (
        "{name} 已离职，名下事项转由您部门处理：{items}。时限不变，请在 1 个工作日内重新指派。",
        "{name} has left; what he or she held is yours now: {items}. Due dates stay; please reassign within 1 working day.",
    ),
    "leaver_holds_hidden": ("另有 {count} 项不在此列出。", "{count} more are not listed here."),
    "field_name": ("姓名", "name"),
    "field_department": ("部门", "department"),
    "field_head": ("部门负责人", "head"),
    "scope_all": ("全部", "everything"),
    "scope_approvals": ("审批", "approvals"),
    "scope_liaison": ("对接", "liaison"),
    "scope_tasks": ("任务", "tasks"),
    # roles (2.1)
    "role_ldr": ("组长", "leader"),
    "role_dep": ("部门负责人", "head of department"),
    "role_sec": ("执行秘书", "executive secretary"),
    "role_lia": ("对接人", "liaison"),
    "role_lib": ("备份对接人", "backup liaison"),
    "role_emp": ("员工", "employee"),
    "role_hrp": ("绩效专员", "performance officer"),
    "role_adm": ("系统管理员", "system administrator"),
    "role_for": ("{role}（代 {name}）", "{role} (for {name})"),
}
