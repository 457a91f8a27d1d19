"""The weekly report (domain.md 6.2)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help_weekly_report": ("周报　本周协作情况", "weekly  this week so far"),
    "example_weekly_report": ("周报", "weekly"),
    "who_weekly_report": (
        "周报由组长、各部门负责人、执行秘书和对接人查看。",
        "The weekly report is for the leader, heads, the executive secretary and liaisons.",
    ),
    "week_title_pack": ("【跨部门协作周报·会前材料】{week}", "[Weekly report, for the meeting] {week}"),
    "week_title_final": ("【跨部门协作周报】{week}", "[Weekly report] {week}"),
    "week_title_now": ("【跨部门协作周报·截至现在】{week}", "[Weekly report, as of now] {week}"),
    "week_range": (
        "统计区间：{start} 至 {end}（不含涉密事项）",
        "From {start} to {end} (without confidential matters)",
    ),
    "week_why_pack": (
        "您是本次例会的参会人。会议 {time} 开始，请先看本部门一段。",
        "You take part in the meeting at {time}; please read your department's part first.",
    ),
    "week_why_final": (
        "纪要 {code} 已发布，这是本周定稿。",
        "Minutes {code} are published; this is the final edition.",
    ),
    "week_continued": (
        "【跨部门协作周报】{week}（续 {number}/{count}）",
        "[Weekly report] {week}, {number} of {count}",
    ),
    "week_1": ("一、四项目标", "1. Four aims"),
    "week_1_process": ("  · 流程：手续齐全的事项 {share}", "  · process: items in order {share}"),
    "week_1_duty": ("  · 职责：未决职责冲突 {count}", "  · duties: open conflicts {count}"),
    "week_1_reports": ("  · 信息：按时周进度 {share}", "  · information: reports in time {share}"),
    "week_1_speed": ("  · 效率：响应 {response}，任务按期 {tasks}", "  · speed: answers {response}, tasks {tasks}"),
    "week_share": ("{part}/{whole}（{percent}%）", "{part}/{whole} ({percent}%)"),
    "week_share_none": ("无", "none"),
    "week_2": ("二、事项：绿 {green}｜黄 {yellow}｜红 {red}", "2. Items: green {green} | yellow {yellow} | red {red}"),
    "week_item": ("  · {light} {code}《{title}》{reason}", "  · {light} {code} “{title}” {reason}"),
    "week_item_short": ("  · {light} {code} {reason}", "  · {light} {code} {reason}"),
    "week_items_more": ("  · 另有 {count} 项，发送“台账 进度”查看", "  · {count} more: send “ledger progress”"),
    "week_codes_more": ("{codes} 等 {count} 项", "{codes} … {count} in all"),
    "week_light_red": ("红", "red"),
    "week_light_yellow": ("黄", "yellow"),
    "week_reason_overdue": ("已过计划完成日期", "past its end date"),
    "week_reason_tasks": ("超期任务 {codes}", "late tasks {codes}"),
    "week_reason_important": ("重要问题 {codes}", "important issues {codes}"),
    "week_reason_major": ("重大问题 {codes}", "major issues {codes}"),
    "week_3": ("三、各部门", "3. Departments"),
    "week_department": (
        "  · {department}：完成任务 {finished}｜在办 {open}｜超期 {late}",
        "  · {department}: tasks finished {finished} | open {open} | late {late}",
    ),
    "week_reported": (
        "    {code}{mark} 本周：{done}｜问题：{problems}｜下周：{next}",
        "    {code}{mark} done: {done} | problems: {problems} | next: {next}",
    ),
    "week_reported_short": (
        "    {code}{mark} 已提交（内部敏感，内容不在此显示）",
        "    {code}{mark} reported (sensitive, not shown here)",
    ),
    "week_late_mark": ("（迟交）", " (late)"),
    "week_not_reported": ("    {code} 周进度未提交", "    {code} no weekly report (未提交)"),
    "week_not_due": ("    {code} 周进度待提交", "    {code} weekly report not due yet"),
    "week_shortened": (
        "  （周进度有节选，发送“台账 进度”或“导出 进度”看全文）",
        "  (reports are cut short; “ledger progress” or “export progress” has the whole)",
    ),
    "week_4": (
        (
            "四、问题：新增 {opened}｜闭环 {closed}｜重开 {reopened}｜超期 {overdue}｜未闭环 {open}"
            "（一般 {general}、重要 {important}、重大 {major}、待分级 {ungraded}）"
        ),
        (
            "4. Issues: new {opened} | closed {closed} | reopened {reopened} | overdue {overdue} | open {open} "
            "(general {general}, important {important}, major {major}, ungraded {ungraded})"
        ),
    ),
    "week_oldest": ("  · 最久未闭环：{issues}", "  · open longest: {issues}"),
    "week_oldest_one": ("{code}（{days} 天）", "{code} ({days} d)"),
    "week_5": (
        "五、冲突：新增 {opened}｜协商一致 {settled}｜裁定 {ruled}｜未决 {open}",
        "5. Conflicts: new {opened} | settled {settled} | ruled {ruled} | open {open}",
    ),
    "week_6": (
        "六、响应时效：按时 {on_time}｜超时 {late}｜及时率 {percent}%",
        "6. Answers: in time {on_time} | late {late} | rate {percent}%",
    ),
    "week_6_none": ("六、响应时效：本周无样本", "6. Answers: no sample this week"),
    "week_6_departments": ("  · {departments}", "  · {departments}"),
    "week_6_department": (
        "{department} 按时 {on_time}、超时 {late}（{percent}%）",
        "{department} in time {on_time}, late {late} ({percent}%)",
    ),
    "week_6_small": (
        "{department} 按时 {on_time}、超时 {late}（样本不足）",
        "{department} in time {on_time}, late {late} (too few for a rate)",
    ),
    "week_separator": ("；", "; "),
    "visible_only_on": ("（{platforms}仅统计可见消息）", " ({platforms}: visible messages only)"),
    "week_7": (
        "七、会议：{meetings}｜纪要按时 {minutes}｜对接人沟通会 {synced}/{departments} 个部门",
        "7. Meetings: {meetings} | minutes in time {minutes} | liaison sync {synced} of {departments} departments",
    ),
    "week_7_missing": ("（未参加：{departments}）", " (missing: {departments})"),
    "week_meeting": ("{kind} {minutes} 分钟", "{kind} {minutes} min"),
    "week_meeting_over": ("{kind} {minutes} 分钟（超时）", "{kind} {minutes} min (too long)"),
    "week_none_held": ("本周未开会", "no meeting held"),
    "week_8": (
        "八、文档：登记 {count}｜命名不合规 {wrong}｜超过 {days} 天未更新 {stale}",
        "8. Documents: {count} | names to mend {wrong} | not updated for {days} days {stale}",
    ),
    "week_9": (
        "九、例外：紧急变更对接人 {emergencies}｜响应免计 {waived}｜改级 {regraded}｜批准延期 {extended}｜暂定期限 {provisional}",
        (
            "9. Exceptions: emergency changes {emergencies} | waived clocks {waived} | regraded {regraded} "
            "| extensions {extended} | provisional dates {provisional}"
        ),
    ),
    "week_10": ("十、涉密事项：{count} 项未闭环", "10. Confidential: {count} open"),
    "week_nothing": ("无", "none"),
    "week_kind_weekly": ("周例会", "weekly"),
    "week_kind_milestone": ("推进会", "milestone"),
    "week_kind_assessment": ("评估会", "assessment"),
    "week_kind_coordination": ("协调会", "coordination"),
    "week_kind_special": ("专题会", "special"),
    "week_kind_acceptance": ("验收会", "acceptance"),
    "week_kind_sync": ("沟通会", "sync"),
}
