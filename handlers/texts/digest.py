"""The leader's daily digest (6.1), section by section."""

TEXTS: dict[str, tuple[str, str]] = {
    "digest_title": ("【跨部门协作每日简报】{date}（{weekday}）", "[Daily coordination digest] {date} ({weekday})"),
    "digest_window": (
        "统计区间：{start} 至 {end}（不含涉密事项）",
        "Window: {start} to {end} (confidential matters left out)",
    ),
    "digest_1": (
        (
            "一、待您处理（{total}）：需求审批 {request}｜决议签字 {resolution}｜冲突裁定 {conflict}"
            "｜重大问题 {major}｜方案变更 {plan}｜奖惩确认 {proposal}"
        ),
        (
            "1. Waiting for you ({total}): requests {request} | signatures {resolution} | rulings {conflict} | major issues {major}"
            " | plan changes {plan} | proposals {proposal}"
        ),
    ),
    "digest_1_line_request": (
        "  · {code}{title}{since} 提交，应于 {due} 前审批",
        "  · {code}{title} since {since}, approval due {due}",
    ),
    "digest_1_line_resolution": (
        "  · {code}{title}{since} 提交，应于 {due} 前签字",
        "  · {code}{title} since {since}, signature due {due}",
    ),
    "digest_1_line_conflict": (
        "  · {code}{title}{since} 提交，应于 {due} 前裁定",
        "  · {code}{title} since {since}, ruling due {due}",
    ),
    "digest_1_line_major_issue": (
        "  · {code}{title}{since} 上报，应于 {due} 前处理",
        "  · {code}{title} since {since}, due {due}",
    ),
    "digest_1_line_plan_change": (
        "  · {code}{title}{since} 提交，应于 {due} 前审批",
        "  · {code}{title} since {since}, approval due {due}",
    ),
    "digest_1_line_proposal": (
        "  · {code}{title}{since} 提交，应于 {due} 前确认",
        "  · {code}{title} since {since}, confirmation due {due}",
    ),
    "digest_title_marks": ("《{title}》", " “{title}”"),
    "digest_title_withheld": ("（内部敏感）", " (sensitive)"),
    "digest_title_none": ("（未命名）", " (untitled)"),
    "digest_2": ("二、重大问题：未闭环 {count}", "2. Major issues: {count} open"),
    "digest_2_line": (
        "  · {code}{title}{owner}，{due}，已 {days} 个工作日",
        "  · {code}{title} {owner}, {due}, {days} working days",
    ),
    "digest_3": ("三、超期与临期：超期 {overdue}；临期 {soon}", "3. Overdue {overdue}; due soon {soon}"),
    "digest_kinds": ("{count}（{kinds}）", "{count} ({kinds})"),
    "digest_kind": ("{kind} {count}", "{kind} {count}"),
    "digest_3_line": (
        "  · {code}《{title}》应于 {due} 完成，已超期 {over}",
        "  · {code} “{title}” was due {due}, {over} over",
    ),
    "digest_3_line_untitled": (
        "  · {code}（{kind}）应于 {due} 完成，已超期 {over}",
        "  · {code} ({kind}) was due {due}, {over} over",
    ),
    "digest_4": (
        (
            "四、进展：新需求 {requests}｜批准 {approved}｜启动事项 {started}｜完成任务 按期 {on_time}/超期 {late}"
            "｜新问题 {issues}｜闭环 {closed}｜新冲突 {conflicts}｜验收通过 {accepted}"
        ),
        (
            "4. Progress: requests {requests} | approved {approved} | items started {started} | tasks on time {on_time}/late {late} | issues {issues}"
            " | closed {closed} | conflicts {conflicts} | accepted {accepted}"
        ),
    ),
    "digest_conflicts_concluded": ("{new}（办结 {concluded}）", "{new} ({concluded} concluded)"),
    "digest_5": (
        "五、响应时效：按时 {on_time}｜超时 {late}｜取消 {cancelled}｜及时率 {rate}%｜中位 {median} 分钟",
        "5. Replies: in time {on_time} | late {late} | cancelled {cancelled} | rate {rate}% | median {median} min",
    ),
    "digest_5_no_answers": (
        "五、响应时效：按时 {on_time}｜超时 {late}｜取消 {cancelled}｜及时率 {rate}%",
        "5. Replies: in time {on_time} | late {late} | cancelled {cancelled} | rate {rate}%",
    ),
    "digest_5_none": ("五、响应时效：本期无样本", "5. Replies: no sample"),
    "digest_5_none_cancelled": (
        "五、响应时效：本期无样本（取消 {cancelled}）",
        "5. Replies: no sample ({cancelled} cancelled)",
    ),
    "digest_5_corrected": ("  · 更正：{codes}", "  · corrected: {codes}"),
    "digest_visible_only": ("（仅统计可见消息）", " (visible messages only)"),
    "digest_6": (
        "六、会议：已召开 {held}｜今日 {today}｜纪要超期 {overdue}",
        "6. Meetings: held {held} | today {today} | records overdue {overdue}",
    ),
    "digest_7": (
        "七、合规：命名待整改 {naming}｜周进度缺报 {missing}｜对接人空缺 {vacancies}｜专项群不合规 {groups}",
        "7. Compliance: names {naming} | weekly reports missing {missing} | no liaison {vacancies} | groups {groups}",
    ),
    "digest_8": (
        "八、涉密事项：{count} 项未闭环（请在单聊中发送“涉密待办”）",
        "8. Confidential: {count} open (send “confidential” in the direct chat)",
    ),
    "digest_8_none": ("八、涉密事项：0 项未闭环", "8. Confidential: 0 open"),
    "digest_quiet": ("今日无待办、无超期。", "Nothing waits and nothing is overdue today."),
    "digest_late": ("（补发：应于 {due} 发送）", "(sent late: was due {due})"),
    "digest_now": ("（截至 {now} 的即时简报）", "(as of {now})"),
    "digest_more": ("…共 {count} 条，发送“待办”查看全部", "… {count} in all, send “todo” for the rest"),
    "digest_unreachable": (
        "组长 {name} 没有可用账号，简报发给候补审批人和执行秘书。",
        "{name} (leader) cannot be reached here; the digest goes to the alternate and the secretary.",
    ),
    # kinds of deadlines (section 三)
    "kind_review": ("审核", "review"),
    "kind_assessment": ("评估会", "assessment"),
    "kind_leader": ("组长审批", "leader's approval"),
    "kind_plan": ("方案编制", "plan"),
    "kind_countersign": ("会签", "countersignature"),
    "kind_task": ("任务", "task"),
    "kind_weekly_report": ("周进度", "weekly report"),
    "kind_grading": ("分级", "grading"),
    "kind_issue": ("问题处理", "issue"),
    "kind_meeting": ("协调会/专题会", "coordination meeting"),
    "kind_mediation": ("调解", "mediation"),
    "kind_ruling": ("裁定", "ruling"),
    "kind_minutes": ("纪要", "minutes"),
    "kind_resolution": ("决议", "resolution"),
    "kind_acceptance": ("验收", "acceptance"),
    "kind_rectification": ("整改", "rectification"),
    "kind_archive": ("归档", "archiving"),
    "kind_naming": ("命名", "name"),
    "kind_progress_report": ("进度报告", "progress report"),
    "kind_confirm_ledger": ("台账确认", "ledger check"),
    "kind_confirm_result": ("结果确认", "result to confirm"),
    "kind_confirm_task": ("任务确认", "task to confirm"),
    "kind_close_issue": ("闭环", "issue to close"),
    "kind_acknowledge": ("知悉", "acknowledgement"),
    "kind_extension": ("延期审批", "extension"),
    "kind_accept_task": ("任务接收", "task to accept"),
    "kind_contact": ("对接确认", "contact to confirm"),
    "kind_statement": ("情况陈述", "statement"),
    "kind_offer": ("调解答复", "answer to the mediation"),
    "kind_execution": ("裁定执行", "carrying out the decision"),
    "kind_verification": ("核实", "verification"),
    "kind_vote": ("验收评议", "acceptance vote"),
    "kind_handover": ("交接", "handover"),
    "kind_consent": ("变更同意", "consent"),
    "kind_sync": ("沟通会", "liaison sync"),
    "kind_proposal": ("奖惩", "proposal"),
    "kind_rating": ("互评", "peer rating"),
    "grade_0": ("一般", "general"),
    "grade_1": ("重要", "important"),
    "grade_2": ("重大", "major"),
    "grade_none": ("待分级", "not graded"),
    "weekday_0": ("周一", "Mon"),
    "weekday_1": ("周二", "Tue"),
    "weekday_2": ("周三", "Wed"),
    "weekday_3": ("周四", "Thu"),
    "weekday_4": ("周五", "Fri"),
    "weekday_5": ("周六", "Sat"),
    "weekday_6": ("周日", "Sun"),
    "digest_kinds_separator": ("、", ", "),
}
