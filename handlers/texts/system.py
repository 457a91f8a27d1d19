"""What the bot says about itself."""

TEXTS: dict[str, tuple[str, str]] = {
    "status_head": ("{name} 正常运行", "{name} is up"),
    "status_degraded": ("{name} 运行中，有需要注意的地方", "{name} is up, with something to look at"),
    "status_clocks": ("计时中 {running}，已超时未回复 {breached}", "clocks running {running}, overdue {breached}"),
    "status_queue": ("待处理 {inbox}，待发送 {outbox}", "to handle {inbox}, to send {outbox}"),
    "status_next": ("下一个定时：{when}", "next timer: {when}"),
    "status_unknown": ("⚠️ 结果不明的发送 {count} 条", "⚠️ {count} calls with an unknown outcome"),
    "status_dead": (
        "⚠️ 未能处理的事件 {count} 条（重放 编号）",
        "⚠️ {count} updates could not be handled (redeliver number)",
    ),
    "status_dead_line": ("  {number}｜{error}｜{time}", "  {number} | {error} | {time}"),
    "status_held": ("⚠️ 恢复备份后暂存的消息尚未放行（确认放行）", "⚠️ Messages are held back after a restore (release)"),
    "status_plan": ("方案 {version}，日历 {calendar}", "plan {version}, calendar {calendar}"),
    "released": ("✅ 已放行 {count} 条消息。", "✅ {count} messages let go."),
    "revived": ("✅ 第 {number} 条将重新处理。", "✅ Number {number} will be handled again."),
    "revive_none": ("没有编号为 {number} 的死信。", "There is no dead letter {number}."),
    "checks_ok": ("✔ {name}", "✔ {name}"),
    "checks_bad": ("✘ {name}：{hint}", "✘ {name}: {hint}"),
    "checks_people": (
        "通讯录 {people} 人 {departments} 个部门",
        "directory: {people} people, {departments} departments",
    ),
    "checks_vacancies": ("对接人空缺 {count}", "liaisons missing: {count}"),
    "checks_unreachable": ("无可用账号 {count} 人", "{count} people without an account here"),
    "checks_audit": ("操作留痕完整", "audit trail whole"),
    "checks_audit_broken": ("操作留痕在第 {number} 条断裂", "audit trail breaks at record {number}"),
}
