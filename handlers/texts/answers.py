"""Answers to commands about the company, the plan, to-dos, settings and undo."""

TEXTS: dict[str, tuple[str, str]] = {
    "organisation_head": ("{company} · 跨部门沟通协调小组", "{company} · coordination group"),
    "organisation_leader": ("组长 {name}", "Leader {name}"),
    "organisation_leader_away": ("组长 {name}（休假，{acting} 代行）", "Leader {name} (away; {acting} acts)"),
    "organisation_alternate": ("候补审批人 {names}", "Alternate {names}"),
    "organisation_secretary": ("执行秘书 {name}", "Executive secretary {name}"),
    "organisation_secretary_away": (
        "执行秘书 {name}（休假，{acting} 代行）",
        "Executive secretary {name} (away; {acting} acts)",
    ),
    "organisation_administrators": ("系统管理员 {names}", "Administrators {names}"),
    "organisation_department": (
        "{department}：负责人 {head}｜对接人 {liaisons}",
        "{department}: head {head} | liaisons {liaisons}",
    ),
    "organisation_backup": ("（备份 {names}）", " (backup {names})"),
    "organisation_acting": ("{name}（{acting} 代）", "{name} ({acting} acts)"),
    "organisation_unreachable": ("{name}（无账号）", "{name} (no account)"),
    "vacant": ("空缺", "vacant"),
    "plan_head": ("《{title}》{version}", "“{title}” {version}"),
    "plan_body": (
        (
            "{unit}编制，{date}起生效。\n适用范围：{scope}\n与旧规定不一致的以本方案为准（R-119），解释和修订归{unit}（R-117）。\n"
            "五项原则：目标导向、权责清晰、高效沟通、协同共赢、问题导向。\n查条款：规则 R-40，或 规则 例会"
        ),
        (
            "Issued by {unit}, in force from {date}.\nScope: {scope}\n"
            "Where older rules differ, this plan prevails (R-119). Interpretation and revision: {unit} (R-117).\n"
            "Five principles: goals first, clear duty, quick exchange, win-win, problems first.\n"
            "To look a rule up: rule R-40, or rule meeting"
        ),
    ),
    "plan_undated": ("发布之日", "its publication"),
    "rule_head": ("{code}｜{chapter} {section}", "{code} | {chapter} {section}"),
    "rule_who": ("责任：{who}", "Who: {who}"),
    "rule_limit": ("时限：{limit}", "Limit: {limit}"),
    "rule_support": ("机器人：{support}", "The bot: {support}"),
    "rule_commands": ("指令：{commands}", "Commands: {commands}"),
    "rule_none": (
        "没有 {code}，本方案共 {count} 条（R-01 至 R-{last}）。",
        "There is no {code}; the plan has {count} rules (R-01 to R-{last}).",
    ),
    "rule_found": ("含“{word}”的规则 {count} 条：", "{count} rules with “{word}”:"),
    "rule_found_line": ("{code} {text}", "{code} {text}"),
    "rule_found_more": ("…看一条请发送：规则 R-40", "… for one of them: rule R-40"),
    "rule_not_found": (
        "没有含“{word}”的规则。可以换个词，例如：规则 例会、规则 问题、规则 对接人",
        "No rule has “{word}”. Try another word, for example: rule meeting, rule issue, rule liaison",
    ),
    "todo_head": ("等您处理（{count}）", "Waiting for you ({count})"),
    "todo_none": ("✅ 现在没有事等您。", "✅ Nothing waits for you now."),
    "todo_clock": ("⏰ {code} 回复{asker}：{due}", "⏰ {code} answer {asker}: {due}"),
    "todo_obligation": ("· {code} {title}（{kind}）{due}", "· {code} {title} ({kind}) {due}"),
    "todo_escalated": (
        "⚠️ {code} 请协调：{assignee} 回复{asker}，{due}",
        "⚠️ {code} please step in: {assignee} owes {asker} an answer, {due}",
    ),
    "todo_sent_back": (
        "· {code}《{title}》已退回，请补充后再提交",
        "· {code} “{title}” was sent back: add what is missing and submit it again",
    ),
    "todo_objections": (
        "· {code} 纪要异议 {count} 条待答复（纪要 答复 {code} 说明）",
        "· {code} {count} objection(s) to answer (answer objection {code} reason)",
    ),
    "todo_asked": ("您在等：", "You wait for:"),
    "todo_asked_item": ("· {code} {department}，{due}", "· {code} {department}, {due}"),
    "todo_more": ("…共 {count} 条", "… {count} in all"),
    "confidential_head": ("涉密事项（{count}），请勿转发或截屏", "Confidential ({count}); please do not pass it on"),
    "confidential_none": ("没有您可以查看的涉密事项。", "There is nothing confidential that you may see."),
    "confidential_limit": ("· {code}《{title}》{kind}，{due}", "· {code} “{title}” {kind}, {due}"),
    "confidential_item": ("· {code}《{title}》{lead}牵头", "· {code} “{title}” led by {lead}"),
    "confidential_item_until": (
        "· {code}《{title}》{lead}牵头，{end}结束",
        "· {code} “{title}” led by {lead}, ends {end}",
    ),
    "due_left": ("{due} 前（还剩 {left}）", "by {due} ({left} left)"),
    "clock_due_over": ("应于 {due}，已超时 {over}", "was due {due}, {over} late"),
    "due_over": ("应于 {due}，已超期 {over}", "was due {due}, {over} over"),
    "provisional_note": (
        "（注：{year} 年放假安排尚未导入，此期限为暂定。）",
        "(Note: the {year} holidays are not imported yet; this date is provisional.)",
    ),
    "provisional_mark": ("（暂定）", " (provisional)"),
    "settings_head": ("您的设置", "Your settings"),
    "settings_language": ("语言：{language}", "language: {language}"),
    "settings_timezone": ("时区：{timezone}", "time zone: {timezone}"),
    "settings_muted": ("静音至 {until}", "muted until {until}"),
    "settings_company_default": ("跟随公司", "as the company"),
    "settings_saved": ("✅ 已保存。{what}", "✅ Saved: {what}"),
    "settings_example": (
        "修改：设置 语言 en；设置 时区 东京；设置 时区 跟随公司",
        "To change: set lang zh; set tz Asia/Tokyo; set tz company",
    ),
    "what_language": ("语言", "language"),
    "what_timezone": ("时区", "time zone"),
    "language_zh": ("中文", "Chinese"),
    "language_en": ("英文", "English"),
    "muted": (
        "✅ 已静音至 {until}。等您回复、等您处理的照常立刻送达，其余到时补上。\n取消：静音 关",
        "✅ Muted until {until}. What you owe still arrives at once; the rest comes then.\nTo end it: mute off",
    ),
    "mute_too_long": (
        "❌ 静音最长 {days} 天，结束时间须在将来。例如：静音 2小时",
        "❌ Mute for {days} days at most, and into the future. For example: mute 2h",
    ),
    "unmuted": ("✅ 已取消静音。", "✅ No longer muted."),
    "not_muted": ("现在没有静音。要静音请发：静音 2小时", "You are not muted. To be quiet: mute 2h"),
    "undone": ("✅ 已撤销：{what}", "✅ Taken back: {what}"),
    "undo_nothing": (
        "没有可撤销的操作（限两分钟内、尚无人处理的）。",
        "Nothing to take back (only within two minutes, while nobody has acted on it).",
    ),
    "undo_not_this": (
        "刚才对 {code} 的操作已生效，相关人员已收到通知，不能撤销。\n发“{code}”看现在还能做什么；需要更改请联系执行秘书。",
        (
            "What you just did to {code} stands: others were told of it, so it cannot be taken back.\n"
            "Send “{code}” to see what can be done now; to change it, ask the secretary."
        ),
    ),
    "undo_too_late": (
        "已有人处理，或此后又有变动，无法撤销。",
        "Somebody has acted on it, or it has changed since; it cannot be taken back.",
    ),
    "undo_ask": ("提问 {code}", "question {code}"),
    "undo_leave": ("请假 {code}", "leave {code}"),
    "undo_mute": ("静音", "mute"),
    "undo_settings": ("设置", "settings"),
    "undo_calendar": ("日历调整", "calendar change"),
    "key_posted": ("【重点】{name}：{text}", "[Key] {name}: {text}"),
    "my_data_head": ("系统中与您有关的数据", "What is stored about you"),
    "my_data_person": ("人员：{name}，{department}，{roles}", "Person: {name}, {department}, {roles}"),
    "my_data_accounts": ("账号：{accounts}", "Accounts: {accounts}"),
    "my_data_clocks": (
        "计时：您提问 {asked} 条，由您回复 {answered} 条",
        "Clocks: {asked} asked by you, {answered} answered by you",
    ),
    "my_data_work": (
        "名下期限 {held} 个，登记中的请假 {leaves} 个",
        "Deadlines held: {held}; leaves registered: {leaves}",
    ),
    "my_data_messages": (
        "消息摘录 {count} 条（每条至多 200 字）",
        "Message excerpts: {count} (200 characters at most)",
    ),
    "my_data_retention": (
        "摘录保留 {days} 天，记录保留 {years} 年，到期自动删除；操作留痕不含消息内容，不删除。",
        "Excerpts are kept {days} days, records {years} years, then deleted; the audit trail has no message text and stays.",
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
