"""Liaison changes: announced, handed over, in force."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help_liaison_change": ("对接人 变更 @旧 @新 9-24", "liaison change @old @new 9-24"),
    "example_liaison_change": (
        "对接人 变更 @张三 @李四 9-24 原因：岗位调整 确认：全部",
        "liaison change @zhang @li 9-24 confirm: all reason: new position",
    ),
    "help_liaison_urgent": ("对接人 紧急变更 @旧 @新", "urgent liaison change @a @b"),
    "example_liaison_urgent": (
        "对接人 紧急变更 @张三 @李四 原因：张三突发疾病住院",
        "urgent liaison change @zhang @li reason: zhang is in hospital",
    ),
    "help_liaison_move": ("对接人 改期 DJ-4 9-25", "move liaison change DJ-4 9-25"),
    "example_liaison_move": ("对接人 改期 DJ-4 9-25", "move liaison change DJ-4 9-25"),
    "help_liaison_changes": ("对接人　未生效的变更", "liaison  changes to come"),
    "example_liaison_changes": ("对接人", "liaison"),
    "who_liaison_change": (
        "任命、变更对接人限本部门负责人。",
        "Liaisons are appointed by the head of their department.",
    ),
    "who_liaison_urgent": (
        "任命、变更对接人限本部门负责人。",
        "Liaisons are appointed by the head of their department.",
    ),
    "who_liaison_move": ("改期限本部门负责人。", "The date is moved by the head of the department."),
    # states
    "liaison_state_draft": ("待确认三项", "to be confirmed"),
    "liaison_state_pending_consent": ("待秘书同意", "waits for the secretary"),
    "liaison_state_registered": ("已登记待生效", "registered"),
    "liaison_state_effective": ("已生效", "in force"),
    "liaison_state_cancelled": ("已取消", "cancelled"),
    # refusals
    "liaison_notice_short": (
        "对接人变更须提前 1 周通知，最早生效日期为 {date}。",
        "A change of liaison is announced a week ahead; the earliest date is {date}.",
    ),
    "liaison_who": (
        "❌ 请写明原对接人和新对接人（部门空缺时只写新对接人）。\n例如：{example}",
        "❌ Name the present and the new liaison (only the new one where the post is vacant).\nFor example: {example}",
    ),
    "liaison_new_wrong": (
        "❌ {name} 不能接任：须是本部门在职人员，且不是原对接人本人。",
        "❌ {name} cannot take over: it has to be another active member of the department.",
    ),
    "liaison_old_wrong": (
        "❌ {name} 不是 {new} 所在部门的对接人，请核对先后顺序：先写原对接人，再写新对接人。",
        "❌ {name} is no liaison of the department of {new}. The present liaison comes first, then the new one.",
    ),
    "liaison_already": ("❌ {name} 已经是对接人。", "❌ {name} is a liaison already."),
    "liaison_past": ("❌ 生效日期须晚于今天，请改日期。", "❌ The date has to lie ahead; please choose another one."),
    "liaison_ticks": (
        "❌ 三项须逐一确认：沟通能力与责任心、熟悉本部门业务流程、生效前完成交接。",
        "❌ All three points have to be confirmed: communicates well and is responsible; knows the department's business; hand-over done by then.",
    ),
    "liaison_open_exists": (
        "❌ {name} 的变更 {code} 还未生效。可发“对接人 改期 {code} 日期”，或先“撤回 {code}”。",
        "❌ The change {code} of {name} has not taken effect yet. Move it with “move liaison change {code} date”, or “withdraw {code}” first.",
    ),
    # the three points
    "liaison_tick_skills": ("沟通能力与责任心", "Communicates well, is responsible"),
    "liaison_tick_business": ("熟悉本部门业务流程", "Knows the department's business"),
    "liaison_tick_handover": ("生效前完成交接", "Hand-over done before the date"),
    "liaison_tick_yes": ("是", "yes"),
    "liaison_tick_no": ("否", "no"),
    "liaison_field_date": ("生效日期（如 2026-09-24）", "In force from (as 2026-09-24)"),
    # cards
    "liaison_kind": ("对接人变更", "Liaison change"),
    "liaison_people": ("{department} {old}→{new}", "{department} {old} → {new}"),
    "liaison_row_department": ("部门", "Dept"),
    "liaison_row_old": ("原对接人", "Old"),
    "liaison_row_new": ("新对接人", "New"),
    "liaison_row_date": ("生效", "From"),
    "liaison_row_reason": ("原因", "Why"),
    "liaison_row_handover": ("交接", "Hand-over"),
    "liaison_handover_count": ("已确认 {done}/{all}", "{done} of {all} confirmed"),
    "liaison_nobody": ("空缺", "vacant"),
    "liaison_button_confirm": ("确认登记", "Register"),
    "liaison_button_cancel": ("撤回变更", "Withdraw"),
    "liaison_button_consent": ("同意", "Consent"),
    "liaison_button_refuse": ("不同意", "Refuse"),
    "liaison_button_handover": ("完成交接", "Handed over"),
    "liaison_ask_ticks": (
        "请确认以下三项后登记（R-108）：沟通能力与责任心；熟悉本部门业务流程；生效前完成交接。",
        "Please confirm the three points of R-108: communicates well and is responsible; knows the department's business; hand-over done by then.",
    ),
    "liaison_ask_consent": (
        "紧急变更不足 7 天，经您同意后登记；在新对接人到任前由备份对接人代行。",
        "An emergency without the week's notice: it is registered with your consent; the backup liaison acts until then.",
    ),
    "liaison_checklist_head": (
        "交接清单（请在生效前交接，双方各点“完成交接”）：",
        "To be handed over before that day; both confirm it:",
    ),
    "liaison_checklist_none": ("交接清单：名下没有未结事项。", "Nothing open is held."),
    "liaison_checklist_tasks": ("· 未完成任务：{codes}", "· open tasks: {codes}"),
    "liaison_checklist_clocks": ("· 待回复：{codes}", "· questions to answer: {codes}"),
    "liaison_checklist_deadlines": ("· 在办期限：{codes}", "· open limits: {codes}"),
    "liaison_checklist_documents": ("· 登记的文档：{codes}", "· documents: {codes}"),
    "liaison_checklist_groups": ("· 专项群：{codes}", "· groups: {codes}"),
    "liaison_checklist_hidden": ("· 另有 {count} 项涉密事项，请当面交接", "· {count} confidential matters, in person"),
    # answers
    "liaison_draft_said": (
        "已收到 {code}：{people}，{date} 生效。请在卡片上确认三项，或回复“确认 {code}”表示三项均已确认。",
        "{code}: {people}, in force from {date}. Confirm the three points on the card, or answer “confirm {code}” for all of them.",
    ),
    "liaison_registered_said": (
        "✅ 已登记 {code}：{people}，{date} 生效。秘书、各部门负责人和对接人均已通知。",
        "✅ {code} is registered: {people}, in force from {date}. Secretary, heads and liaisons were told.",
    ),
    "liaison_pending_said": (
        "✅ 已提交紧急变更 {code}：{people}，待{secretary}同意。",
        "✅ Emergency {code}: {people}; it waits for {secretary}.",
    ),
    "liaison_effective_said": (
        "✅ {code} 已生效：{department} 的对接人现为 {new}。",
        "✅ {code} is in force: the liaison of {department} is {new} now.",
    ),
    "liaison_day_off": (
        "{date} 是休息日，也可以改到 {suggestion}：对接人 改期 {code} {day}",
        "{date} is a day off; {suggestion} would be a working day: move liaison change {code} {day}",
    ),
    "liaison_consented_said": ("✅ 已同意 {code}。", "✅ You consented to {code}."),
    "liaison_refused_said": (
        "✅ 已退回 {code}，请按提前 1 周办理。",
        "✅ {code} is refused; the week's notice applies.",
    ),
    "liaison_handover_said": (
        "✅ 已确认交接 {code}（{done}/{all}）。",
        "✅ {code}: hand-over confirmed ({done} of {all}).",
    ),
    "liaison_cancelled_said": ("✅ 已撤回 {code}。", "✅ {code} is withdrawn."),
    "liaison_moved_said": (
        "✅ {code} 改为 {date} 生效，已通知各部门。",
        "✅ {code} takes effect on {date}; everybody was told.",
    ),
    # notices
    "liaison_told": (
        "【对接人变更】{code}：{people}，{date} 起生效{urgent}。",
        "Liaison change {code}: {people}, from {date}{urgent}.",
    ),
    "liaison_urgent_mark": ("（紧急）", " (emergency)"),
    "liaison_told_moved": (
        "【对接人变更】{code} 改期：{people}，改为 {date} 起生效。",
        "Liaison change {code} is moved: {people}, from {date}.",
    ),
    "liaison_told_cancelled": (
        "【对接人变更】{code} 已取消：{people} 维持不变。",
        "Liaison change {code} is cancelled: {people} stays as it is.",
    ),
    "liaison_told_refused": (
        "紧急变更 {code}（{people}）未获{secretary}同意：{reason}。请按提前 1 周重新登记。",
        "{secretary} did not consent to {code} ({people}): {reason}. Please announce it a week ahead.",
    ),
    "liaison_told_effective": (
        "【对接人变更】{code} 已生效：{department} 的对接人现为 {new}。",
        "Liaison change {code} is in force: {new} is the liaison of {department} now.",
    ),
    "liaison_told_not_handed": (
        "{code} 已生效，但交接还未确认：{people}。请督促完成，双方回复“确认 {code}”。",
        "{code} is in force, but the hand-over is not confirmed: {people}. Both answer “confirm {code}” when it is done.",
    ),
    "liaison_told_gone": (
        "{code} 未能生效：{name} 已不在岗。请重新任命对接人。",
        "{code} could not take effect: {name} is not active any more. Please appoint somebody else.",
    ),
    "liaison_told_groups": (
        "原对接人 {name} 可在以下群再留 {days} 个工作日，之后请移出：{groups}",
        "The former liaison {name} may stay in these groups for {days} working days; please take him or her out then: {groups}",
    ),
    "liaison_list_none": (
        "没有待生效的对接人变更。现任名单发“组织”。",
        "No change of liaison is on its way. Send “org” for the present ones.",
    ),
    "liaison_list_head": ("对接人变更（{count}）：", "Changes of liaison ({count}):"),
    "liaison_list_line": (
        "· {code} {people}，{date} 生效，{state}",
        "· {code} {people}, from {date}, {state}",
    ),
}
