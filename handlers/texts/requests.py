"""Sentences about requests: the form, the review, the assessment, the leader's decision (3.1, 4.1, 4.5)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # commands
    "help_request": ("需求 XQ-15　查看或填写", "request XQ-15  see or fill in"),
    "help_request_new": ("需求 新建 专项 标题", "request new special title"),
    "help_request_submit": ("需求 提交 XQ-15", "request submit XQ-15"),
    "help_request_withdraw": ("需求 撤回 XQ-15", "request withdraw XQ-15"),
    "help_request_list": ("需求 列表　相关需求单", "request list  what concerns me"),
    "help_request_copy": ("需求 复制 XQ-15", "request copy XQ-15"),
    "help_assess": ("评估 XQ-15　记评估意见", "assess XQ-15  the opinion"),
    "help_raise_level": ("升级 XQ-15　升为专项", "raise XQ-15  make it special"),
    "help_lower_level": ("降级 XQ-15 原因", "lower XQ-15 reason"),
    "example_request": ("需求 XQ-15", "request XQ-15"),
    "example_request_new": ("需求 新建 专项 新品试产导入", "request new special Pilot run of the new product"),
    "example_request_submit": ("需求 提交 XQ-15", "request submit XQ-15"),
    "example_request_withdraw": ("需求 撤回 XQ-15", "request withdraw XQ-15"),
    "example_request_list": ("需求 列表", "request list"),
    "example_request_copy": ("需求 复制 XQ-15", "request copy XQ-15"),
    "example_assess": ("评估 XQ-15\n评估结论：建议批准", "assess XQ-15\nconclusion: 建议批准"),
    "example_raise_level": ("升级 XQ-15 配合部门较多", "raise XQ-15 many departments take part"),
    "example_lower_level": ("降级 XQ-15 范围已经缩小", "lower XQ-15 the scope was reduced"),
    # who may
    "who_request_new": (
        "需求单由本部门的人起草；只有组长可以替别的部门起草。",
        "Requests are drafted for one's own department; only the leader drafts for others.",
    ),
    "who_request": (
        "修改限起草人和牵头部门的对接人、负责人。",
        "Editing is for whoever began it and the lead department's liaisons and head.",
    ),
    "who_request_submit": (
        "提交限牵头部门的对接人、负责人，请转告他们发送“需求 提交 编号”。",
        "Submitting is for the lead department's liaisons and head; please ask them.",
    ),
    "who_request_withdraw": (
        "撤回限提交人和牵头部门负责人；已到组长的，限提交人。",
        "Taking back is for the submitter and the lead's head; once the leader has it, for the submitter.",
    ),
    "who_request_copy": ("复制限原起草人、提交人。", "Copying is for whoever began or submitted it."),
    "who_assess": ("评估意见由执行秘书{secretary}记录。", "The opinion is recorded by the secretary, {secretary}."),
    "who_raise_level": (
        "升级为专项限执行秘书{secretary}和组长。",
        "Raising the level is for the secretary, {secretary}, and the leader.",
    ),
    "who_lower_level": ("降级为日常限组长。", "Lowering the level is for the leader."),
    # states
    "request_state_draft": ("草稿", "draft"),
    "request_state_in_review": ("待副组长审核", "in review"),
    "request_state_returned": ("退回补充", "returned"),
    "request_state_reviewed": ("审核通过待评估", "reviewed, to be assessed"),
    "request_state_assessing": ("评估中", "being assessed"),
    "request_state_pending_leader": ("待组长审批", "waiting for the leader"),
    "request_state_approved": ("已批准", "approved"),
    "request_review_own": ("请您代表{department}审核。", "Please review it for {department}."),
    "request_review_for": (
        "请您代 {name} 审核（{department}）。",
        "Please review it in place of {name} ({department}).",
    ),
    "request_state_earlier": ("第 {round} 轮已退回", "round {round} returned"),
    "request_next_round": (
        "已补充后重新提交，请看第 {round} 轮的卡片。",
        "It was submitted again; please see the card of round {round}.",
    ),
    "request_state_rejected": ("已驳回", "rejected"),
    "request_state_withdrawn": ("已撤回", "withdrawn"),
    # words
    "request_kind": ("需求单", "Request"),
    "request_named": ("{code}《{title}》", "{code} “{title}”"),
    "request_for": ("{name} 代 {represented}", "{name} for {represented}"),
    "request_reads_with": ("需求", "request"),
    "request_level_routine": ("日常协作", "routine"),
    "request_level_special": ("专项协作", "special"),
    "request_level_hint": ("{level}（达到专项标准）", "{level} (looks special)"),
    # cards
    "request_button_pass": ("审核通过", "Pass"),
    "request_button_back": ("退回", "Return"),
    "request_button_approve": ("批准", "Approve"),
    "request_button_reject": ("驳回", "Reject"),
    "request_button_return": ("退回补充", "Return"),
    "request_row_asker": ("申请", "By"),
    "request_row_level": ("级别", "Level"),
    "request_row_coop": ("配合", "With"),
    "request_row_dates": ("起止", "Dates"),
    "request_row_due": ("截止", "Due"),
    "request_row_result": ("结果", "Done"),
    "request_row_opinion": ("评估", "View"),
    "request_row_slots": ("审核", "Heads"),
    "request_asker": ("{name}（{department}）", "{name} ({department})"),
    "request_due_at": ("{due} 前", "by {due}"),
    "request_overdue_since": ("{due} 前，已超期", "by {due}, overdue"),
    "request_dates": ("{start} 至 {end}", "{start} to {end}"),
    "request_progress": ("{count}，待 {waiting}", "{count}, waiting for {waiting}"),
    "request_decided": ("{name} {time} {state}", "{state} by {name} at {time}"),
    "request_reason_line": ("原因：{reason}", "Reason: {reason}"),
    "request_goal_line": ("目标：{goal}", "Goal: {goal}"),
    "request_risks_line": ("风险：{risks}", "Risks: {risks}"),
    "request_read_line": ("全文请私聊发送“需求 {code}”。", "For all of it send “request {code}” in private."),
    "request_thresholds": ("专项标准：{signs}。", "Special means: {signs}."),
    "request_sign_coop": ("配合部门 {limit} 个起（本单 {value}）", "{limit} or more departments (here {value})"),
    "request_sign_days": ("超过 {limit} 天（本单 {value}）", "over {limit} days (here {value})"),
    "request_sign_budget": ("预算超过 {limit} 元（本单 {value}）", "over {limit} yuan (here {value})"),
    "request_sign_key": ("重点项目（本单是）", "a key project (this one is)"),
    "request_sign_no_key": ("重点项目（本单不是）", "a key project (this one is not)"),
    "request_sign_reached": ("✔ {sign}", "✔ {sign}"),
    # slots
    "request_slot_line": ("{department}：{state}", "{department}: {state}"),
    "request_slot_by": ("（{name}，{time}）", " ({name}, {time})"),
    "request_slot_reason": ("：{reason}", ": {reason}"),
    "request_slot_open": ("待审核", "open"),
    "request_slot_passed": ("通过", "passed"),
    "request_slot_self_submitted": ("本人提交，免审", "own request, no review"),
    "request_slot_returned": ("退回", "returned"),
    "request_slot_void": ("本轮作废", "void"),
    # the form
    "request_drafted": (
        "{what} 草稿已建。牵头：{department}；对接人：{liaison}；级别：{level}。",
        "{what} begun as a draft. Lead: {department}; liaison: {liaison}; level: {level}.",
    ),
    "request_level_open": ("待选", "to be chosen"),
    "request_ways": (
        "逐项回答下面的问题即可；也可以发送“需求 {code}”，换行一次写齐。",
        "Just answer the questions below, or send “request {code}” with one field a line.",
    ),
    "request_saved": ("{what} 已保存（{state}）。", "{what} saved ({state})."),
    "request_lacks": (
        "还缺：{fields}。\n请发送“需求 {code}”，换行逐项写，例如“{example}：…”。",
        "Missing: {fields}.\nSend “request {code}” with one field a line, for example “{example}: …”.",
    ),
    "request_complete": (
        "必填项已齐，提交请发送：需求 提交 {code}",
        "Everything required is there. To submit it: request submit {code}",
    ),
    "request_by_liaison": (
        "填好后由本部门对接人或负责人提交：{names}。",
        "When it is filled in, your department's liaison or head submits it: {names}.",
    ),
    "request_hint_vague": (
        "提示：协作目标只有“尽快、支持一下”一类的话，请写明要达到什么结果。",
        "Hint: the goal says little; please write what is to be achieved.",
    ),
    "request_hint_twin": (
        "提示：已有同名的在办事项 {code}，请确认不是重复提交。",
        "Hint: there is an open item of the same name, {code}; is this a different matter?",
    ),
    "request_hint_special": (
        "提示：按标准建议选“专项协作”。{signs}",
        "Hint: the special level is suggested. {signs}",
    ),
    "request_hint_project": (
        "提示：服务目标是重点项目，请在目标或背景里写明是哪一个（{projects}）。",
        "Hint: it serves a key project; please name it in goal or background ({projects}).",
    ),
    "request_head": ("{what}｜{state}", "{what} | {state}"),
    "request_opinion_line": ("评估意见：{opinion}", "Assessment: {opinion}"),
    "request_decision_line": ("审批：{outcome}", "Decision: {outcome}"),
    "request_copied_line": ("复制自：{code}", "Copied from: {code}"),
    "request_item_line": ("协作事项：{code}", "Item: {code}"),
    "request_due_line": ("期限：{due}", "Due: {due}"),
    # refusals
    "request_no_coop": ("请至少选一个所需配合部门。", "At least one cooperating department is needed."),
    "request_lead_is_coop": (
        "牵头部门不能同时是配合部门，请从“所需配合部门”里去掉牵头部门。",
        "The lead department cannot cooperate with itself; please take it off the cooperating departments.",
    ),
    "request_start_too_early": (
        "计划开始日期（{start}）不能早于填写日期（{filled}）。",
        "The start ({start}) cannot be before the date of the form ({filled}).",
    ),
    "request_end_before_start": (
        "计划完成日期（{end}）不能早于计划开始日期（{start}）。",
        "The end ({end}) cannot be before the start ({start}).",
    ),
    "request_end_in_past": (
        "计划完成日期（{end}）已经过去，请改为今天或以后。",
        "The end ({end}) has passed; please choose today or later.",
    ),
    "request_filled_later": ("填写日期不能晚于今天。", "The date of the form cannot be in the future."),
    "request_not_liaison": (
        "对接人须是牵头部门登记的对接人或备份对接人。",
        "The liaison has to be a liaison or backup of the lead department.",
    ),
    "request_lead_fixed": (
        "牵头部门是起草人所在部门，只有组长可以改为别的部门；本项未改。",
        "The lead is the drafter's own department; only the leader may name another. Not changed.",
    ),
    "request_duty_missing": (
        "各部门职责分工还缺：{departments}（牵头和每个配合部门各写一行）。",
        "Duties are missing for: {departments} (one line for the lead and each cooperating department).",
    ),
    "request_duty_outside": (
        "各部门职责分工里的 {departments} 不是牵头或配合部门。",
        "Duties name {departments}, which neither leads nor cooperates.",
    ),
    "request_milestones_order": (
        "时间节点请按日期先后排列。",
        "Please put the milestones in the order of their dates.",
    ),
    "request_milestones_outside": (
        "时间节点 {days} 不在计划开始与完成日期之间。",
        "Milestones outside start and end: {days}.",
    ),
    "request_no_key_projects": (
        "公司还没有重点项目名单，服务目标不能选“重点项目”。",
        "The company has no list of key projects, so the request cannot serve one.",
    ),
    "request_level_kept": (
        "{code} 已按专项审核过，不能自行改回日常；确需降级请组长发送“降级 {code} 原因”。",
        "{code} was reviewed as special; only the leader can make it routine: “lower {code} reason”.",
    ),
    "request_secrecy_kept": (
        "{code} 已提交过，密级只能由牵头部门负责人会同组长降低。",
        "{code} was submitted before; its level is lowered only by the lead's head together with the leader.",
    ),
    "request_not_idle": (
        "{code} 退回后未满 {days} 天没有修改，暂不能由秘书撤回。",
        "{code} has not been left alone for {days} days yet; the secretary cannot take it out.",
    ),
    "request_is_special": ("{code} 已是专项协作。", "{code} is special already."),
    "request_is_routine": ("{code} 已是日常协作。", "{code} is routine already."),
    "request_reviewed_already": (
        "{code} 已有部门审核通过，不能再降级。",
        "A department has passed {code} already; its level cannot be lowered any more.",
    ),
    # answers
    "request_submitted": (
        "{what} 已提交审核（第 {round} 轮），待 {departments} 负责人审核，{due} 前。",
        "{what} submitted (round {round}); the heads of {departments} review it by {due}.",
    ),
    "request_passed": (
        "{what} {department}已审核通过（{progress}）。",
        "{what} passed for {department} ({progress}).",
    ),
    "request_passed_all": (
        "{what} {department}已审核通过，各部门均已通过，转入评估。",
        "{what} passed for {department}; all have passed, it goes to assessment.",
    ),
    "request_passed_approved": (
        "{what} {department}已审核通过，需求已批准，协作事项 {item}。",
        "{what} passed for {department}; it is approved as item {item}.",
    ),
    "request_sent_back": ("{what} 已退回补充。原因：{reason}", "{what} returned. Reason: {reason}"),
    "request_rejected": ("{what} 已驳回。原因：{reason}", "{what} rejected. Reason: {reason}"),
    "request_approved": (
        "{what} 已批准，协作事项 {item}。",
        "{what} approved as item {item}.",
    ),
    "request_withdrawn": (
        "{what} 已撤回。需要重提时发送“需求 复制 {code}”。",
        "{what} withdrawn. To begin anew: request copy {code}",
    ),
    "request_levelled": ("{what} 现为{level}。", "{what} is {level} now."),
    "request_level_set": ("{what} 密级现为{level}。", "{what}: the level is {level} now."),
    "request_level_asked": (
        "{what} 已记下您同意降为{level}，还需 {names} 同意。",
        "{what}: your agreement to {level} is noted; {names} has to agree as well.",
    ),
    "request_told_lowering": (
        "{what} {name} 同意把密级降为{level}。您也同意的话，请发送“密级 {code} {level}”。",
        "{what}: {name} agrees to lower the level to {level}. If you agree too, send “secrecy {code} {level}”.",
    ),
    "request_readers": ("{what} 知悉范围：{names}", "{what} may be known to: {names}"),
    "request_copied": ("{what} 草稿已建，复制自 {code}。", "{what} begun as a copy of {code}."),
    # lists
    "request_none": (
        "没有与您有关的需求单。新建请发送：需求 新建 专项 标题",
        "No request concerns you. To begin one: request new special title",
    ),
    "request_list_head": (
        "与您有关的需求单 {count} 张，未结 {open} 张：",
        "Requests that concern you: {count}, open {open}:",
    ),
    "request_line": ("{what} {state}", "{what} {state}"),
    "request_line_due": ("{what} {state}，{due}", "{what} {state}, {due}"),
    "request_list_more": ("……另有 {count} 张。", "… and {count} more."),
    # told
    "request_told_returned": (
        "{what} 被 {name} 退回补充：{reason}\n改好后发送“需求 提交 {code}”，各部门重新审核。",
        "{what} was returned by {name}: {reason}\nMend it and send “request submit {code}”; all review it again.",
    ),
    "request_told_reviewed": (
        "{what} 各部门均已审核通过，下一步由执行秘书召集需求评估会。",
        "{what} was passed by all; the secretary now calls the assessment meeting.",
    ),
    "request_told_assessed": (
        "{what} 评估意见已报组长审批：{opinion}",
        "{what}: the opinion went to the leader: {opinion}",
    ),
    "request_told_approved": (
        "{what} 已由 {name} 批准，立为协作事项 {item}，由牵头部门编制实施方案。",
        "{what} was approved by {name} as item {item}; the lead department writes its plan.",
    ),
    "request_told_approved_routine": (
        "{what} 各部门均已审核通过，已立为协作事项 {item}。",
        "{what} was passed by all and became item {item}.",
    ),
    "request_told_rejected": (
        "{what} 已由 {name} 驳回：{reason}\n可发送“需求 复制 {code}”另提。",
        "{what} was rejected by {name}: {reason}\nTo begin anew: request copy {code}",
    ),
    "request_told_withdrawn": ("{what} 已由 {name} 撤回。", "{what} was withdrawn by {name}."),
    "request_told_retired": (
        "{what} 退回后长期未修改，已由 {name} 撤回：{reason}\n需要时可发送“需求 复制 {code}”。",
        "{what} was left alone after its return and taken out by {name}: {reason}\nTo begin anew: request copy {code}",
    ),
    "request_told_raised": (
        "{what} 已由 {name} 升级为专项协作（原因：{reason}）。审核照常进行，通过后还要评估和组长审批。",
        "{what} was made special by {name} (reason: {reason}). Review goes on; assessment and the leader follow.",
    ),
    "request_told_lowered": (
        "{what} 已由 {name} 降级为日常协作（原因：{reason}）。",
        "{what} was made routine by {name} (reason: {reason}).",
    ),
    "request_call_assessment": (
        "{what} 各部门均已审核通过，请在 {due} 前召开需求评估会。\n安排请发送：会议 安排 评估会 {code} 明天15:00",
        "{what} was passed by all; please hold the assessment meeting by {due}.\nFor example: meet assessment {code} tomorrow 15:00",
    ),
    "request_no_head": (
        "{what} 的审核位 {departments} 现在没有负责人或代理人可审，请协调。",
        "{what}: nobody can review for {departments} now; please see to it.",
    ),
    "request_no_leader": (
        "{what} 现在没有人可以代组长审批，请协调。",
        "{what}: nobody can decide for the leader now; please see to it.",
    ),
    "request_split": (
        "{what} 与 {codes} 题目相近、同一部门 {days} 天内先后提交，请看是否拆分立项。需要时发送“升级 {code} 原因”。",
        "{what} resembles {codes} of the same department within {days} days: one project in parts? If so: raise {code} reason",
    ),
    "request_idle_draft": (
        "{what} 的草稿已 30 天没有修改，仍为您保留。继续填写请发送“需求 {code}”。",
        "{what} has been a draft for 30 days without an edit; it is kept. To go on: request {code}",
    ),
    "request_idle_returned": (
        "{what} 退回后已 30 天没有修改。请补充后发送“需求 提交 {code}”；不再需要的，执行秘书可以撤回。",
        "{what} was returned over 30 days ago. Please mend it and send “request submit {code}”, or the secretary may take it out.",
    ),
    "request_idle_secretary": (
        "{what} 退回后已 30 天没有修改。如不再需要，可发送“需求 撤回 {code} 原因”。",
        "{what} was returned over 30 days ago. If it is not needed any more: request withdraw {code} reason",
    ),
    # the opinion
    "assessment_head": ("{what} 评估意见", "Opinion on {what}"),
    "assessment_how": (
        "请发送“评估 {code}”，换行写：可行性评估、资源需求评估、潜在风险、各部门意见、评估结论（建议批准/建议补充/建议不批准）。",
        "Send “assess {code}” with feasibility, resources, risks, opinions and conclusion, one field a line.",
    ),
    "assessment_kept": (
        "已写的内容已保存；补齐后再发一次“评估 {code}”即可。",
        "What you wrote is kept; complete it with another “assess {code}”.",
    ),
    "assessment_not_held": (
        "评估会 {meeting} 尚未结束，结束后才能提交评估意见。",
        "The assessment meeting {meeting} has not ended; the opinion can be recorded after it.",
    ),
    "assessment_gaps": (
        "资源不能满足时，请写明缺口，例如“资源需求评估：部分满足 | 缺检验员 2 人”。",
        "Where resources do not suffice, please say what is missing.",
    ),
    "assessment_silent": (
        "各部门意见还缺到会部门：{departments}。",
        "Opinions are missing of departments that were present: {departments}.",
    ),
    "assessment_recorded": (
        "{what} 评估意见已记录（{opinion}），报组长审批，{due} 前。",
        "{what}: opinion recorded ({opinion}); the leader decides by {due}.",
    ),
    "assessment_supplement": (
        "{what} 已按评估意见退回补充：{reason}",
        "{what} returned for more: {reason}",
    ),
}
