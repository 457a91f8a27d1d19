"""Reply clocks: notices, cards, answers to commands, and the arithmetic of `/为什么`."""

TEXTS: dict[str, tuple[str, str]] = {
    # notices (2.8, L-08)
    "sla_nudge": (
        "【响应提醒】{asker} {time} 的消息已等待 {n} 分钟，请在 {due} 前回复。",
        "[Reply reminder] {asker}'s message of {time} has waited {n} min. Please answer by {due}.",
    ),
    "sla_breach": (
        "【响应超时】{asker} {time} 的消息已超过 {n} 分钟未回复，请尽快处理。",
        "[Reply overdue] {asker}'s message of {time} has had no answer for more than {n} min. Please see to it.",
    ),
    "sla_escalation": (
        "【响应升级】{department}对 {asker} {time} 消息的回复应于 {due} 前给出，至今未回复（{code}）。对接人：{assignee}。请您协调。",
        (
            "[Reply escalated] {department} owed {asker} an answer to the message of {time} by {due}; there is none yet ({code})."
            " Liaison: {assignee}. Please step in."
        ),
    ),
    "sla_escalation_again": (
        "【响应升级·第 {times} 次】{code} 仍未回复（{asker} {time}，应于 {due} 前）。对接人：{assignee}。",
        "[Reply escalated, {times}] {code} still has no answer ({asker}, {time}, due {due}). Liaison: {assignee}.",
    ),
    "sla_summary": (
        "【当日汇总】{department}未回复：{code}（{asker} {time}，应于 {due} 前）。此后不再逐条提醒。",
        "[End of day] {department} has not answered {code} ({asker}, {time}, due {due}). No further single reminders.",
    ),
    "sla_closed": (
        "{code} 已三个工作日无回复，停止计时统计，超时记录保留。如仍需解决，请重新询问，或联系{department}负责人。",
        (
            "{code} has had no answer for three working days and is closed for counting; it stays overdue."
            " If it still matters, ask again or turn to the head of {department}."
        ),
    ),
    "sla_correction": (
        "【更正】{code} 已按时回复（{answered}），消息延迟到达，此前的超时提醒撤回。",
        "[Correction] {code} was answered in time ({answered}); the message arrived late. The overdue notice is withdrawn.",
    ),
    "sla_correction_cancelled": (
        "【更正】{code} 的提问已由提问人取消，此前的超时提醒撤回。",
        "[Correction] {code} was called off by whoever asked; the overdue notice is withdrawn.",
    ),
    "sla_invisible": (
        "群已不可见，{code} 停止计时（取消，不计入统计）。",
        "The group cannot be seen any more; {code} is cancelled and not counted.",
    ),
    "sla_blind": (
        "{department}未来 30 天没有工作时段，无法计时。请检查日历。",
        "{department} has no working hours in the next 30 days, so no clock can run. Please check the calendar.",
    ),
    "notice_code": ("（{code}）", " ({code})"),
    "catch_up_mark": ("（补发）", "(sent late)"),
    # the card
    "clock_title": ("待回复 · {subject}", "Reply wanted · {subject}"),
    "clock_title_key": ("【重点】待回复 · {subject}", "[Key] reply wanted · {subject}"),
    "clock_please": (" 请在 {due} 前回复。", " please answer by {due}."),
    "clock_state_running": ("等待回复", "waiting"),
    "clock_state_paused": ("等待回复（非工作时段）", "waiting (outside working hours)"),
    "clock_state_soon": ("即将超时", "nearly overdue"),
    "clock_state_breached": ("已超时", "overdue"),
    "clock_state_answered_in_time": ("已按时回复", "answered in time"),
    "clock_state_answered_late": ("已超时回复", "answered late"),
    "clock_state_cancelled": ("已取消等待", "cancelled"),
    "clock_state_waived": ("免计", "not counted"),
    "clock_row_asker": ("提问", "From"),
    "clock_row_target": ("回复方", "Who"),
    "clock_row_due": ("截止", "Due"),
    "clock_row_answer": ("回复", "Answer"),
    "clock_row_code": ("编号", "No."),
    "clock_row_message": ("内容", "Text"),
    "clock_asker_value": ("{asker}（{department}） {time}", "{asker} ({department}) {time}"),
    "clock_target_value": ("{department} · {assignee}", "{department} · {assignee}"),
    "clock_target_standing_in": ("{department} · {acting} 代 {assignee}", "{department} · {acting} for {assignee}"),
    "clock_due_before": ("{due} 前", "by {due}"),
    "clock_due_passed": ("{due}（已过）", "{due} (passed)"),
    "clock_answer_in_time": ("{name} {time}", "{name} {time}"),
    "clock_answer_late": ("{name} {time}（超时 {late}）", "{name} {time} ({late} late)"),
    "clock_answer_late_delivery": ("{name} {time}（消息延迟到达）", "{name} {time} (delivered late)"),
    "clock_answer_words": ("{answer}：{text}", "{answer}: {text}"),
    "name_for": ("{acting} 代 {absent}", "{acting} for {absent}"),
    "clock_nobody": ("暂无对接人", "nobody yet"),
    "clock_button_ack": ("已收到", "Received"),
    "clock_button_call_off": ("取消等待", "Call off"),
    "clock_button_still_waiting": ("还在等", "Still waiting"),
    "clock_field_answer": ("一句话回复", "Your answer in a line"),
    "clock_footer": (
        "{code} · 回复规则 R-40 · 发送“为什么 {code}”看算法",
        '{code} · rule R-40 · send "why {code}" for the arithmetic',
    ),
    # answers to people
    "clock_asked": (
        "✅ 已向{department}提问（{code}），请在 {due} 前回复。",
        "✅ {department} has been asked ({code}); answer due {due}.",
    ),
    "clock_ask_nobody": (
        "❌ 没有计时：{why}。\n可以写：询问 {instead}",
        "❌ No clock runs: {why}.\nYou can write: ask {instead}",
    ),
    "clock_ask_colleague": (
        "{name} 与您同部门，部门内的提问不计时",
        "{name} is of your own department, and questions inside a department are not timed",
    ),
    "clock_ask_executive": (
        "{name} 属领导机构，不计时",
        "{name} belongs to the management, which has no clocks",
    ),
    "clock_ask_employee": (
        "{name} 不是{department}的对接人或负责人",
        "{name} is neither liaison nor head of {department}",
    ),
    "clock_ask_anybody": ("@对方部门的对接人 {text}", "@name {text}"),
    "clock_attached": (
        "✅ 已并入 {code}，不另计时。回复时限：{due}。",
        "✅ Joined to {code}; no second clock runs. Answer {due}.",
    ),
    "clock_asked_again": ("{asker} 补充提问（{code}）：{text}", "{asker} adds to the question ({code}): {text}"),
    "clock_asked_in_full": ("{asker} 提问全文（{code}）：\n{text}", "{asker}'s whole question ({code}):\n{text}"),
    "clock_your_answer": ("您的回复", "your answer"),
    "clock_undelivered": (
        "❌ {code} 未能送达 {name}，已取消，不计入统计。请换个方式联系，或改问其同事。",
        "❌ {code} could not be delivered to {name}; it is cancelled and not counted. Please try another way or person.",
    ),
    "unreachable": (
        "❌ {name} 在本平台没有账号，无法送达。请改问其同事，或告诉系统管理员。",
        "❌ {name} has no account here and cannot be reached. Please ask a colleague, or tell an administrator.",
    ),
    "nothing_quoted": (
        "❌ 引用的内容里没有文字可问。\n可以写：{example}\n改好直接再发即可。",
        "❌ There are no words in what you quoted.\nFor example: {example}\nMend it and send it again.",
    ),
    "nothing_waits": ("现在没有等您回复的提问。", "No question waits for your answer now."),
    "nothing_waited_for": (
        "现在没有您在等的提问，无需取消。",
        "You wait for no answer now; there is nothing to call off.",
    ),
    "nothing_to_reopen": (
        "没有可以恢复计时的提问。“还在等”只用于对方随口一句、没答到点上的，须在三十个工作分钟内。",
        "No question can run again. “still” is for a plain remark that was no answer, within thirty working minutes.",
    ),
    "not_now": (
        "{code} 现在是“{state}”，不能“{command}”。发送“{code}”查看能做什么。",
        "{code} is “{state}” now, so “{command}” does not apply. Send “{code}” to see what does.",
    ),
    "nothing_asked": (
        "请写明编号，例如 HF-31；发送“待办”可查看。",
        "Please name the number, for example HF-31; “todo” shows it.",
    ),
    "which_clock": (
        "有多件：{codes}。请写明是哪一件，例如：{example}",
        "Several: {codes}. Please say which one, for example: {example}",
    ),
    "call_off_breached": (
        "{code} 已超时，不能再取消等待；如属误提，可请执行秘书免计。",
        "{code} is overdue already and cannot be called off; the secretary may waive it.",
    ),
    "key_needs_words": (
        "{code} 是重点消息，只回“收到”不算，请写一句话回复。",
        "{code} is marked key: a bare “received” does not count. Please answer in words.",
    ),
    "answer_required": (
        "这是重点消息，请写一句话回复。",
        "This one is marked key: please write an answer in a line.",
    ),
    "clock_answer_passed_on": (
        "✅ 已转给 {asker}，{code} 停止计时。",
        "✅ Passed on to {asker}; {code} has stopped.",
    ),
    "reply_hint": (
        "这句话没有转给任何人。如在回复提问，请引用卡片再发，或写：\n已收到 {code} {text}",
        "This went to nobody. To answer a question, quote its card, or write:\nreceived {code} {text}",
    ),
    "clock_acknowledged": ("已收到，{code} 停止计时。", "Received; {code} has stopped."),
    "clock_acknowledged_told": (
        "{name} 已收到您 {time} 的提问（{code}）。",
        "{name} has received your question of {time} ({code}).",
    ),
    "clock_answered_told": ("{name} 回复您的提问（{code}）：{text}", "{name} answers your question ({code}): {text}"),
    "clock_called_off": ("✅ {code} 已取消等待，不计入统计。", "✅ {code} is called off and not counted."),
    "clock_reopened": ("✅ {code} 恢复计时，时限不变：{due}。", "✅ {code} runs again, as before: {due}."),
    "clock_waived": ("✅ {code} 免计，原因：{reason}", "✅ {code} is not counted. Reason: {reason}"),
    # /为什么
    "why_head": (
        "{code} {state} · {rule}：{limit} 个工作分钟内回复",
        "{code} {state} · {rule}: answer within {limit} working minutes",
    ),
    "why_from": ("起点 {start}，截止 {due}", "From {start}, due {due}"),
    "why_counted": ("＋ {minutes} 分　{start}–{end} 计时", "+ {minutes} min  {start}–{end} counted"),
    "why_break": ("　 —　{start}–{end} 午休等间歇，不计", "   —  {start}–{end} break, not counted"),
    "why_night": ("　 —　{start}–{end} 下班时间，不计", "   —  {start}–{end} outside hours, not counted"),
    "why_day_off": ("　 —　{start}–{end} {name}，不计", "   —  {start}–{end} {name}, not counted"),
    "why_closed_by": ("{name}（{who}录入）", "{name} (entered by {who})"),
    "why_sum": ("合计 {minutes} 分钟{verdict}", "Sum: {minutes} min{verdict}"),
    "why_in_time": ("，按时", ", in time"),
    "why_late": ("，超时", ", late"),
    "why_calendar": ("日历版本 {calendar}，方案 {plan}", "calendar {calendar}, plan {plan}"),
    "why_more": (
        "　 …　其间 {count} 段，计 {minutes} 分",
        "   …  {count} stretches between, {minutes} min counted",
    ),
    "why_unsent": (
        "{code} 尚未送达 {assignee}，送达时才开始计时（R-40）。",
        "{code} has not reached {assignee} yet; the clock starts when it does (R-40).",
    ),
    "why_waived": ("由 {name} 免计：{reason}", "waived by {name}: {reason}"),
    "why_judged": (
        "判定时为 {minutes} 分钟（当时日历 {calendar}，此后已变更）。",
        "Judged as {minutes} min by the calendar of that time ({calendar}), which has changed since.",
    ),
    "why_limit_head": ("{code} {title}（{kind}） · {rule}", "{code} {title} ({kind}) · {rule}"),
    "why_limit_due": ("截止：{due}", "Due: {due}"),
    "why_limit_fixed": (
        "期限由人约定，不按工作日推算；遇休息日顺延至下一工作日。",
        "The date was fixed by people; on a day off it moves to the next working day.",
    ),
    "why_limit_minutes": (
        "自 {start} 起 {minutes} 个工作分钟。",
        "{minutes} working minutes from {start}.",
    ),
    "why_limit_days": (
        "自 {start} 起 {days} 个工作日，起始日不计，末日下班为止。",
        "{days} working days from {start}; the first day is not counted, the last ends at closing.",
    ),
    "why_days_counted": ("＋ 计入：{days}", "+ counted: {days}"),
    "why_days_skipped": ("　 — 跳过：{days}", "   — skipped: {days}"),
    "why_day_skipped": ("{day}{name}", "{day} {name}"),
    "why_answered": ("{name} 于 {time} 回复", "answered by {name} at {time}"),
    "why_ends_at_closing": (
        "截止时刻恰为时段结束（{due}），此后回复即为超时。",
        "The time ended with the window ({due}); any later answer is late.",
    ),
    "why_extended": (
        "消息延迟送达或日历变动，截止顺延至 {due}。",
        "Late delivery or a calendar change: due moved to {due}.",
    ),
}
