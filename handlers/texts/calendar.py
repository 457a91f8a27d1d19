"""`/日历` and calendar changes."""

TEXTS: dict[str, tuple[str, str]] = {
    "calendar_working": ("{date} 上班{name}：{windows}", "{date} is a working day{name}: {windows}"),
    "calendar_off": ("{date} 休息（{name}）", "{date} is off ({name})"),
    "calendar_named": ("（{name}）", " ({name})"),
    "calendar_department": ("{department}：{windows}", "{department}: {windows}"),
    "calendar_next": ("下一个工作日：{date}", "Next working day: {date}"),
    "calendar_provisional": (
        "（注：{year} 年放假安排尚未导入，暂按法定节假日推算。）",
        "(Note: the {year} holidays are not imported; statutory days only.)",
    ),
    "calendar_changed": (
        "✅ 日历已更新：{date} {what}。{count} 个期限随之调整。",
        "✅ Calendar changed: {date} {what}. {count} deadlines moved.",
    ),
    "calendar_closure": ("停工", "closed"),
    "calendar_workday": ("上班", "working day"),
    "calendar_windows": ("时段 {windows}", "hours {windows}"),
    "calendar_preview": (
        "将更新日历：{date} {what}。{count} 个期限会变动：",
        "This will change the calendar: {date} {what}. {count} deadlines will move:",
    ),
    "calendar_moved_line": ("· {code}：{old} → {new}", "· {code}: {old} → {new}"),
    "calendar_confirm": (
        "确认请回复“日历 确认”（5 分钟内有效）。",
        "To confirm, answer “calendar confirm” (within 5 minutes).",
    ),
    "calendar_nothing_pending": ("没有待确认的日历调整。", "No calendar change waits for confirmation."),
    "calendar_doubtful": (
        "按新日历 {code} 本不会超时，可考虑免计。",
        "By the new calendar {code} would not have been late; consider waiving it.",
    ),
    "calendar_missing": (
        "{year} 年放假安排尚未导入，跨年期限均为暂定。国务院通知发布后请导入。",
        "The {year} holiday notice is not imported; deadlines in that year are provisional. Please import it when it is out.",
    ),
    "calendar_example": (
        "日历 10-10　日历 停工 2026-11-26 设备检修　日历 时段 2026-12-31 09:00-12:00",
        "calendar 10-10   calendar closure 2026-11-26 repairs   calendar hours 2026-12-31 09:00-12:00",
    ),
}
