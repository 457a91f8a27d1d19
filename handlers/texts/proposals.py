"""Award and criticism proposals: facts, neutral words."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help_proposals": ("奖惩　候选与进展", "awards  candidates"),
    "help_propose_award": ("奖惩 表彰 @人 事由", "propose award @name reason"),
    "help_propose_criticism": ("奖惩 批评 部门:生产 事由", "propose criticism dept:生产 why"),
    "help_put_forward": ("提交候选 JC-2026-09-01", "put forward JC-2026-09-01"),
    "help_drop_candidate": ("放弃候选 JC-… 原因", "drop candidate JC-… reason"),
    "help_state_case": ("陈述 JC-… 情况说明", "statement JC-… text"),
    "help_confirm_proposal": ("奖惩 确认 JC-… 分值:3", "confirm proposal JC-… points:3"),
    "help_publish_notice": ("发布通报 JC-…", "publish notice JC-…"),
    "help_appeal": ("申诉 JC-… 理由", "appeal JC-… reason"),
    "help_uphold_appeal": ("维持原决定 JC-…", "dismiss appeal JC-…"),
    "help_grant_appeal": ("撤销处理 JC-…", "grant appeal JC-…"),
    "example_proposals": ("奖惩", "awards"),
    "example_propose_award": (
        "奖惩 表彰 @张三 连夜赶出样件稳住客户",
        "propose award @zhang made the samples overnight",
    ),
    "example_propose_criticism": (
        "奖惩 批评 部门：生产 RW-31 超期且两次催办未回应",
        "propose criticism dept: 生产 RW-31 overdue, reminders unanswered",
    ),
    "example_put_forward": ("提交候选 JC-2026-09-01 证据已核对", "put forward JC-2026-09-01 evidence checked"),
    "example_drop_candidate": (
        "放弃候选 JC-2026-09-01 当时系统停机不计",
        "drop candidate JC-2026-09-01 the system was down",
    ),
    "example_state_case": (
        "陈述 JC-2026-09-01 来料晚到三天，已书面说明",
        "statement JC-2026-09-01 the material came three days late",
    ),
    "example_confirm_proposal": (
        "奖惩 确认 JC-2026-09-01 分值：3 范围：协调小组",
        "confirm proposal JC-2026-09-01 points: 3 scope: group",
    ),
    "example_publish_notice": ("发布通报 JC-2026-09-01", "publish notice JC-2026-09-01"),
    "example_appeal": ("申诉 JC-2026-09-01 延期已获批准，未超期", "appeal JC-2026-09-01 the extension was granted"),
    "example_uphold_appeal": ("维持原决定 JC-2026-09-01", "dismiss appeal JC-2026-09-01"),
    "example_grant_appeal": ("撤销处理 JC-2026-09-01", "grant appeal JC-2026-09-01"),
    "who_propose_award": (
        "表彰建议由组长、执行秘书{secretary}提出；部门负责人可为本部门提出。",
        "Awards are proposed by the leader and the secretary, {secretary}, and by heads for their own department.",
    ),
    "who_propose_criticism": (
        "批评建议限组长和执行秘书{secretary}提出。",
        "Criticism is proposed by the leader and the secretary, {secretary}.",
    ),
    "who_confirm_proposal": (
        "奖惩由组长确认；涉及本人的由候补审批人确认。",
        "The leader confirms; the alternate where it is about the leader.",
    ),
    "who_publish_notice": ("通报由执行秘书{secretary}发布。", "Notices are published by the secretary, {secretary}."),
    # states
    "proposal_state_candidate": ("候选", "candidate"),
    "proposal_state_hearing": ("听取陈述", "hearing"),
    "proposal_state_pending_confirm": ("待组长确认", "waits for the leader"),
    "proposal_state_confirmed": ("已确认待发布", "confirmed"),
    "proposal_state_published": ("已发布", "published"),
    "proposal_state_appeal": ("申诉中", "under appeal"),
    "proposal_state_dropped": ("已放弃", "dropped"),
    "proposal_state_rejected": ("未确认", "not confirmed"),
    "proposal_state_withdrawn": ("已撤销", "withdrawn"),
    # what it is about
    "proposal_title_award": ("协作表彰建议", "Award proposal"),
    "proposal_title_criticism": ("协作批评建议", "Criticism proposal"),
    "proposal_person": ("{name}（{department}）", "{name} ({department})"),
    "proposal_ground_score": ("规则：当月评分第一且不低于 90", "Rule: first of the month with 90 or more"),
    "proposal_ground_kudos": ("规则：至少两个部门的三次表扬", "Rule: three kudos from two departments"),
    "proposal_ground_replies": ("规则：二十次以上响应，及时率不低于 95%", "Rule: twenty clocks, 95 % on time"),
    "proposal_ground_overdue_tasks": (
        "规则：两项以上任务超期逾 5 个工作日",
        "Rule: two tasks more than 5 working days overdue",
    ),
    "proposal_ground_slow_replies": (
        "规则：二十次以上响应，及时率低于 60%",
        "Rule: twenty clocks, less than 60 % on time",
    ),
    "proposal_ground_missing_reports": ("规则：缺报周进度两次以上", "Rule: two weekly reports missing"),
    "proposal_ground_shirking": ("规则：裁定中组长认定存在推诿", "Rule: the leader ticked shirking in a ruling"),
    "proposal_ground_overdue_task": (
        "规则：个人任务超期逾 10 个工作日，催办未回应",
        "Rule: a task more than 10 working days overdue, reminders unanswered",
    ),
    "proposal_fact_score": ("· {code} 协作评分 {amount}", "· {code} score {amount}"),
    "proposal_fact_tasks": ("· {code} 任务按期完成率 {amount}", "· {code} tasks on time {amount}"),
    "proposal_fact_kudos": ("· {code} 收到表扬 {amount} 次", "· {code} kudos {amount}"),
    "proposal_fact_replies": ("· {code} 按时响应 {amount}", "· {code} on time {amount}"),
    "proposal_fact_overdue": ("· {code} 超期 {amount} 个工作日", "· {code} {amount} working days overdue"),
    "proposal_fact_late": ("· {code} 超时响应", "· {code} answered late"),
    "proposal_fact_report": ("· {code} 未提交", "· {code} missing"),
    "proposal_fact_ruling": ("· {code} 裁定认定存在推诿", "· {code} ruling with shirking"),
    "proposal_fact_note": ("· {text}", "· {text}"),
    # cards
    "proposal_row_whom": ("对象", "About"),
    "proposal_row_month": ("月份", "Month"),
    "proposal_row_ground": ("依据", "Rule"),
    "proposal_row_due": ("截止", "Due"),
    "proposal_row_points": ("分值", "Points"),
    "proposal_points_value": ("{points} 分，{scope}范围内发布", "{points} points, published to {scope}"),
    "proposal_facts": ("事实：", "Facts:"),
    "proposal_statement": ("陈述：{text}", "Statement: {text}"),
    "proposal_appeal": ("申诉：{text}", "Appeal: {text}"),
    "proposal_ask_statement": (
        "在组长决定前，请您说明情况；逾期未说明的，按现有事实提交。",
        "Please state the case before the leader decides; without a statement the facts go as they are.",
    ),
    "proposal_preview": ("发布预览：", "Preview of the notice:"),
    "proposal_button_forward": ("提交", "Forward"),
    "proposal_button_drop": ("放弃", "Drop"),
    "proposal_button_state": ("提交陈述", "State"),
    "proposal_button_confirm": ("确认", "Confirm"),
    "proposal_button_reject": ("驳回", "Reject"),
    "proposal_button_publish": ("发布", "Publish"),
    "proposal_button_stands": ("维持", "Stands"),
    "proposal_button_withdraw": ("撤销", "Withdraw"),
    "proposal_confirm_evidence": (
        "已逐条核对证据，提交听取陈述？",
        "The evidence was checked; forward it to the hearing?",
    ),
    "proposal_field_statement": ("情况说明", "Statement"),
    "proposal_field_points": ("分值", "Points"),
    "proposal_field_scope": ("发布范围", "Published to"),
    # notices
    "proposal_notice_award": (
        "【通报表扬】{whom} 在 {month} 跨部门协作中表现突出，评为跨部门协作优秀，{points} 分。\n{facts}\n（{code}）",
        "Commendation: {whom} did outstanding work across departments in {month}, {points} points.\n{facts}\n({code})",
    ),
    "proposal_notice_criticism": (
        "【通报批评】{whom} {month}，绩效 {points} 分。\n{facts}\n（{code}）",
        "Criticism: {whom}, {month}, {points} points.\n{facts}\n({code})",
    ),
    "proposal_told_confirmed": (
        "{code}：组长已确认对 {whom} 的处理（{points} 分）。如有异议，请在 {until} 前申诉：申诉 {code} 理由",
        "{code}: the leader confirmed it about {whom} ({points} points). You may appeal by {until}: appeal {code} reason",
    ),
    "proposal_told_officer": (
        "{code}：{whom}，{points} 分，已由组长确认，计入本月评分。",
        "{code}: {whom}, {points} points, confirmed by the leader; counted in this month's score.",
    ),
    "proposal_told_rejected": (
        "{code}（{whom}）未获确认：{reason}",
        "{code} ({whom}) was not confirmed: {reason}",
    ),
    "proposal_told_appeal": (
        "{code}（{whom}）已申诉，由组长和候补审批人共同决定。",
        "{code} ({whom}) is under appeal; leader and alternate decide together.",
    ),
    "proposal_told_withdrawn": (
        "【撤销通报】{code}：经申诉复核，撤销对 {whom} 的处理，分值不计。",
        "Withdrawn: after an appeal, {code} about {whom} does not stand; its points do not count.",
    ),
    "proposal_told_stands": (
        "{code}：经复核，对 {whom} 的处理维持不变。",
        "{code}: after the appeal, what was decided about {whom} stands.",
    ),
    # answers
    "proposal_proposed": (
        "✅ 已提出 {code}（{whom}），由执行秘书核对后推进。",
        "✅ {code} ({whom}) is proposed; the secretary checks it first.",
    ),
    "proposal_hearing_said": (
        "✅ {code} 进入听取陈述，已私下告知 {whom} 及部门负责人。",
        "✅ {code} is in hearing; {whom} and the head were told privately.",
    ),
    "proposal_forwarded_said": ("✅ {code} 已提交组长确认。", "✅ {code} waits for the leader."),
    "proposal_dropped_said": ("✅ 已放弃 {code}。", "✅ {code} is dropped."),
    "proposal_stated_said": (
        "✅ 陈述已附上，{code} 提交组长确认。",
        "✅ Your statement goes to the leader with {code}.",
    ),
    "proposal_confirmed_said": (
        "✅ 已确认 {code}：{points} 分，{scope}。由执行秘书预览后发布。",
        "✅ {code} is confirmed: {points} points, {scope}. The secretary publishes it after the preview.",
    ),
    "proposal_rejected_said": (
        "✅ 已驳回 {code}，只告知秘书和提出人。",
        "✅ {code} is not confirmed; only secretary and proposer hear of it.",
    ),
    "proposal_preview_said": (
        "发布预览（{scope}）：\n{text}\n确认无误请回复：发布通报 {code} 确认",
        "Preview ({scope}):\n{text}\nIf it is right, answer: publish notice {code} confirm",
    ),
    "proposal_published_said": (
        "✅ {code} 已发布：{scope}，共 {count} 人。",
        "✅ {code} is published: {scope}, {count} people.",
    ),
    "proposal_appealed_said": (
        "✅ 已收到对 {code} 的申诉，组长和候补审批人将在 5 个工作日内共同决定。",
        "✅ Your appeal about {code} is in; leader and alternate decide within 5 working days.",
    ),
    "proposal_voted_said": ("✅ 已记录，{code} 待另一位审批人决定。", "✅ Noted; {code} waits for the other one."),
    "proposal_withdrawn_said": ("✅ {code} 已撤销，分值不计。", "✅ {code} is withdrawn."),
    "proposal_stands_said": ("✅ {code} 维持原决定。", "✅ {code} stands."),
    "proposal_list_head": ("奖惩建议（{count}）：", "Proposals ({count}):"),
    "proposal_list_none": ("没有您可以查看的奖惩建议。", "There is no proposal that you may see."),
    "proposal_list_line": ("· {code} {kind}：{whom}，{state}", "· {code} {kind}: {whom}, {state}"),
    # refusals
    "proposal_whom": (
        "❌ 请写明对象：@一个人，或“部门：生产”。\n例如：{example}",
        "❌ Name one person with @, or “dept: 生产”.\nFor example: {example}",
    ),
    "proposal_known": ("❌ 同一事实本月已有建议 {code}。", "❌ The same fact is in {code} of this month already."),
    "proposal_confidential": (
        "❌ 涉密事项不作为奖惩依据。",
        "❌ Confidential matters are no ground for awards or criticism.",
    ),
    "proposal_evidence": (
        "❌ 批评建议须先核对证据。核对后回复：提交候选 编号 证据已核对",
        "❌ The evidence of a criticism is checked first; then answer: put forward number evidence checked",
    ),
    "proposal_points": ("❌ 分值须在 {low} 到 {high} 之间。", "❌ Points are between {low} and {high}."),
    "proposal_scope": (
        "❌ 发布范围只能是协调小组、本部门或全公司。",
        "❌ It is published to group, department or company.",
    ),
    "appeal_over": ("❌ 申诉期已于 {until} 结束。", "❌ The time to appeal ended on {until}."),
    "appeal_again": (
        "❌ 已申诉过一次，复核结论为最终结论。",
        "❌ It was appealed once already; that decision is final.",
    ),
    "what_points": ("分值", "points"),
    "what_audience": ("发布范围（协调小组、本部门、全公司）", "scope"),
}
