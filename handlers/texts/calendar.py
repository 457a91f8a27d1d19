"""`/日历` and calendar changes."""

TEXTS: dict[str, tuple[str, str]] = {
    "calendar_working": ("{date} 上班{name}：{windows}", "{date} is a working day{name}: {windows}"),
    "calendar_off": ("{date} 休息{name}", "{date} is off{name}"),
    "calendar_named": ("（{name}）", " ({name})"),
    "calendar_department": ("{department}：{windows}", "{department}: {windows}"),
    "calendar_day_off": ("休息", "off"),
    "calendar_next": ("下一个工作日：{date}", "Next working day: {date}"),
    "calendar_provisional": (
        "（注：{year} 年放假安排尚未导入，暂按法定节假日推算。）",
        "(Note: the {year} holidays are not imported; statutory days only.)",
    ),
    "calendar_too_far": (
        "日历只排到 {first} 至 {last} 年。",
        "The calendar covers {first} to {last} only.",
    ),
    # changes (P-64)
    "calendar_closure": ("停工", "closed"),
    "calendar_workday": ("上班", "working day"),
    "calendar_windows": ("时段 {windows}", "hours {windows}"),
    "calendar_as_before": ("恢复原安排", "as before"),
    "calendar_preview": (
        "将更新日历：{date} {what}。{count} 个期限会变动：",
        "This will change the calendar: {date} {what}. {count} deadlines will move:",
    ),
    "calendar_preview_none": (
        "将更新日历：{date} {what}。没有期限会变动。",
        "This will change the calendar: {date} {what}. No deadline will move.",
    ),
    "calendar_moved_line": ("· {code}：{old} → {new}", "· {code}: {old} → {new}"),
    "calendar_moved_more": ("· 另有 {count} 个", "· {count} more"),
    "calendar_confirm": (
        "确认请回复“日历 确认”，放弃请回复“日历 取消”（5 分钟内有效）。",
        "Answer “calendar confirm” or “calendar cancel” (within 5 minutes).",
    ),
    "calendar_dropped": ("已放弃待确认的日历调整。", "The proposed change is dropped."),
    "calendar_nothing_pending": (
        "没有待确认的日历调整，或已超过 5 分钟。请重新提出。",
        "No calendar change waits, or the 5 minutes are over. Please propose it again.",
    ),
    "calendar_nothing_changes": ("日历本来就是这样，无需调整。", "The calendar says so already; nothing to change."),
    "calendar_overtaken": (
        "日历刚被别人改过，请重新提出，以新日历为准。",
        "Somebody changed the calendar meanwhile; please propose it again.",
    ),
    "calendar_until": ("…只列到{last}", "… listed up to {last} only"),
    "calendar_days": ("{first}至{last}", "{first} to {last}"),
    "calendar_next_day": ("次日{time}", "{time} the next day"),
    "calendar_changed_none": (
        "✅ 日历已更新：{date} {what}。没有期限变动。",
        "✅ Calendar changed: {date} {what}. No deadline moved.",
    ),
    "calendar_changed": (
        "✅ 日历已更新：{date} {what}。{count} 个期限随之调整。",
        "✅ Calendar changed: {date} {what}. {count} deadlines moved.",
    ),
    "calendar_changed_by": (
        "{name} 更新了日历：{date} {what}。{count} 个期限随之调整：",
        "{name} changed the calendar: {date} {what}. {count} deadlines moved:",
    ),
    "calendar_changed_by_file": (
        "公司档案更新了日历，{count} 个期限随之调整：",
        "The company file changed the calendar; {count} deadlines moved:",
    ),
    "calendar_year_imported": (
        "{year} 年放假安排已导入，{count} 个期限随之调整：",
        "The {year} holidays are imported; {count} deadlines moved:",
    ),
    "calendar_doubtful": (
        "按新日历本不会超时：{codes}。结论不变，可用“免计 编号 原因”处理。",
        "By the new calendar these would not have been late: {codes}. The verdicts stay; “waive number reason” is yours.",
    ),
    "calendar_blind": (
        "未来 30 天没有工作时段：{departments}。其提问无法计时，请检查日历。",
        "No working hours in the next 30 days: {departments}. Nothing can be timed there; please check the calendar.",
    ),
    "calendar_missing": (
        "· {year} 年放假安排尚未导入，跨年期限均为暂定。国务院通知发布后请导入。",
        "· The {year} holiday notice is not imported; deadlines in that year are provisional. Please import it when it is out.",
    ),
}
