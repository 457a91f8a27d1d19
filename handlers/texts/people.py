"""Leave, delegation, vacancies, directory."""

TEXTS: dict[str, tuple[str, str]] = {
    "leave_registered": (
        "✅ 已登记请假 {code}：{start} 至 {end}，{delegate}",
        "✅ Leave {code}: {start} to {end}, {delegate}",
    ),
    "leave_with_delegate": ("由 {name} 代理（{scope}）", "{name} stands in ({scope})"),
    "leave_without_delegate": (
        "未指定代理，按顺序由备份对接人、负责人承接",
        "nobody named; backup liaison, then head, stand in",
    ),
    "leave_told": (
        "已为您登记请假 {code}：{start} 至 {end}，{delegate}",
        "A leave was registered for you, {code}: {start} to {end}, {delegate}",
    ),
    "leave_delegate_told": (
        "{name} 于 {start} 至 {end} 请假，请您代理（{scope}）。如不便，请在 4 个工作小时内回复“拒绝代理 {code}”。",
        "{name} is on leave from {start} to {end} and named you to stand in ({scope}). If you cannot, answer “decline {code}” within 4 working hours.",
    ),
    "leave_started": ("{name} 的请假开始，您正在代理（{scope}）。", "{name} is on leave now; you stand in ({scope})."),
    "leave_ended": (
        "请假 {code} 结束。代理期间：代回复 {answered} 条。",
        "Leave {code} is over. Done in your place: {answered} answers.",
    ),
    "leave_cancelled": ("✅ 请假 {code} 已取消。", "✅ Leave {code} is cancelled."),
    "leave_returned": ("✅ 欢迎回来，{code} 提前结束。", "✅ Welcome back; {code} ended early."),
    "leave_declined": ("✅ 已谢绝代理 {code}。", "✅ You declined {code}."),
    "leave_declined_told": (
        "{name} 无法代理 {code}，将按顺序由备份对接人、负责人承接。",
        "{name} cannot stand in for {code}; backup liaison, then head, will.",
    ),
    "leave_none": ("您没有登记中的请假。", "You have no leave registered."),
    "leave_example": ("请假 9-16 9-18 代理 @张三", "leave 9-16 9-18 @zhang"),
    "leave_end_before_start": ("结束时间须晚于开始时间。", "The end must be after the start."),
    "leave_in_past": ("结束时间已过。", "The end has passed already."),
    "leave_too_long": (
        "一次最长 30 个自然日，更长请调整岗位（2.6）。",
        "At most 30 calendar days; for more, change the post (2.6).",
    ),
    "leave_overlap": ("与已登记的请假 {code} 时间重叠。", "Overlaps with {code}."),
    "leave_self_delegate": ("代理人不能是本人。", "You cannot stand in for yourself."),
    "leave_delegate_away": ("{name} 在此期间也请假，不能代理。", "{name} is away then, too."),
    "leave_delegate_circle": (
        "{name} 此期间正由您代理，不能互相代理。",
        "You stand in for {name} then; that would be a circle.",
    ),
    "leave_delegate_wrong_department": (
        "{name} 不能代理：须为同部门人员或其他部门负责人。",
        "{name} cannot stand in: must be of the same department or another head.",
    ),
    "leave_delegate_not_management": (
        "{name} 不能代理组长：须为公司高层。",
        "{name} cannot stand in for the leader: must be top management.",
    ),
    "leave_decline_too_late": (
        "已超过 4 个工作小时，代理已生效。请与 {name} 商量。",
        "The 4 working hours are over; the delegation stands. Please talk to {name}.",
    ),
    "vacancy_line": ("对接人空缺：{departments}", "no liaison: {departments}"),
    "unknown_sender": (
        "群“{group}”中有通讯录外人员提及对接人，未计时。请核对通讯录。",
        "Somebody outside the directory mentioned a liaison in “{group}”; no clock runs. Please check the directory.",
    ),
    "directory_refused": (
        "通讯录同步被拒绝：平台返回的人数由 {before} 骤减至 {after}，沿用上次结果。",
        "Directory sync refused: the platform returned {after} people instead of {before}; the last good copy is kept.",
    ),
    "directory_synced": (
        "{platform}：{people} 人，新增 {added}，变更 {changed}，离职 {left}",
        "{platform}: {people} people, {added} new, {changed} changed, {left} left",
    ),
    "directory_unmatched": (
        "{platform}：{count} 个账号未能对应到人员",
        "{platform}: {count} accounts belong to nobody known",
    ),
    "directory_failed": ("{platform}：读取失败（{code}）{hint}", "{platform}: could not be read ({code}) {hint}"),
    "leaver_holds": (
        "{name} 已离职，仍承担：{items}。请尽快交接。",
        "{name} has left and still holds: {items}. Please hand over.",
    ),
    "scope_all": ("全部", "everything"),
    "scope_approvals": ("审批", "approvals"),
    "scope_liaison": ("对接", "liaison"),
    "scope_tasks": ("任务", "tasks"),
}
