"""Answers to commands about the company, the plan, to-dos, settings and undo."""

TEXTS: dict[str, tuple[str, str]] = {
    "organisation_head": ("{company} · 跨部门沟通协调小组", "{company} · coordination group"),
    "organisation_leader": ("组长 {name}（{title}）", "Leader {name} ({title})"),
    "organisation_leader_away": ("组长 {name} 休假，由 {acting} 代行", "Leader {name} is away; {acting} acts"),
    "organisation_secretary": ("执行秘书 {name}", "Executive secretary {name}"),
    "organisation_secretary_away": (
        "执行秘书 {name} 休假，由 {acting} 代行",
        "Executive secretary {name} is away; {acting} acts",
    ),
    "organisation_department": (
        "{department}：负责人 {head}｜对接人 {liaisons}",
        "{department}: head {head} | liaisons {liaisons}",
    ),
    "organisation_backup": ("（备份 {names}）", " (backup {names})"),
    "vacant": ("空缺", "vacant"),
    "plan_head": ("《{title}》{version}", "“{title}” {version}"),
    "plan_body": (
        "编制单位 {unit}，{date} 起生效。\n适用范围：{scope}\n与旧规定不一致的，以本方案为准（R-119）。修订与解释：{unit}（R-117）。\n五项原则：目标导向、权责清晰、高效沟通、协同共赢、问题导向。",
        "Issued by {unit}, in force from {date}.\nScope: {scope}\nWhere older rules differ, this plan prevails (R-119). Interpretation: {unit} (R-117).\n"
        "Five principles: goals first, clear duty, quick exchange, win-win, problems first.",
    ),
    "rule_line": ("{code}｜{text}\n责任：{who}｜时限：{limit}", "{code} | {text}\nWho: {who} | Limit: {limit}"),
    "rule_no_limit": ("无固定时限", "none fixed"),
    "todo_head": ("等您处理（{count}）", "Waiting for you ({count})"),
    "todo_none": ("✅ 现在没有事等您。", "✅ Nothing waits for you now."),
    "todo_clock": ("⏰ {code} 回复{asker}：{due}", "⏰ {code} answer {asker}: {due}"),
    "todo_obligation": ("· {code} {title}（{kind}）{due}", "· {code} {title} ({kind}) {due}"),
    "todo_asked": ("您在等：{items}", "You wait for: {items}"),
    "todo_more": ("…共 {count} 条", "… {count} in all"),
    "due_left": ("{due} 前（还剩 {left}）", "by {due} ({left} left)"),
    "due_over": ("应于 {due}，已超期 {over}", "was due {due}, {over} over"),
    "provisional_note": (
        "（注：{year} 年放假安排尚未导入，此期限为暂定。）",
        "(Note: the {year} holidays are not imported yet; this date is provisional.)",
    ),
    "settings_head": ("您的设置", "Your settings"),
    "settings_language": ("语言：{language}", "language: {language}"),
    "settings_timezone": ("时区：{timezone}", "time zone: {timezone}"),
    "settings_company_default": ("跟随公司", "as the company"),
    "settings_saved": ("✅ 已保存：{what}", "✅ Saved: {what}"),
    "settings_example": ("设置 语言 en　或　设置 时区 Asia/Tokyo", "set lang en   or   set tz Asia/Tokyo"),
    "muted": (
        "✅ 已静音至 {until}。需要您处理的事仍会在之后送达。",
        "✅ Muted until {until}. What you owe still reaches you afterwards.",
    ),
    "unmuted": ("✅ 已取消静音。", "✅ No longer muted."),
    "undone": ("✅ 已撤销：{what}", "✅ Taken back: {what}"),
    "undo_nothing": (
        "没有可撤销的操作（仅限两分钟内、尚无人处理的操作）。",
        "Nothing to take back (only within two minutes and while nobody has acted on it).",
    ),
    "undo_too_late": ("已有人处理，无法撤销。", "Somebody has acted on it already; it cannot be taken back."),
    "undo_ask": ("提问 {code}", "question {code}"),
    "undo_leave": ("请假 {code}", "leave {code}"),
    "undo_mute": ("静音", "mute"),
    "undo_calendar": ("日历调整", "calendar change"),
    "key_posted": ("【重点】{name}：{text}", "[Key] {name}: {text}"),
    "my_data_head": ("系统中与您有关的数据", "What is stored about you"),
    "my_data_person": ("人员：{name}，{department}，角色 {roles}", "Person: {name}, {department}, roles {roles}"),
    "my_data_clocks": (
        "计时：您提问 {asked} 条，由您回复 {answered} 条",
        "Clocks: {asked} asked by you, {answered} answered by you",
    ),
    "my_data_retention": (
        "消息摘录保留 180 天，记录保留 3 年，操作留痕不可删除。",
        "Excerpts are kept 180 days, records 3 years; the audit trail cannot be deleted.",
    ),
    "flood_hint": (
        "您在短时间内发了较多消息，请尽量合并成一条（R-45）。",
        "Many messages in a short time: please put them into one (R-45).",
    ),
    "long_hint": (
        "消息超过 500 字，建议精简或改用文档链接（R-43）。",
        "Over 500 characters: please shorten, or link a document (R-43).",
    ),
    "list_separator": ("、", ", "),
}
