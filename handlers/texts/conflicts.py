"""Sentences about conflicts."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "conflict_kind": ("冲突", "Conflict"),
    "conflict_reads_with": ("冲突", "conflict"),
    # ---------------------------------------------------------------- states
    "conflict_state_mediating": ("协调中", "being mediated"),
    "conflict_state_offered": ("待双方答复调解意见", "outcome put to the parties"),
    "conflict_state_pending_ruling": ("待组长裁定", "waiting for the leader's ruling"),
    "conflict_state_ruled": ("已裁定待执行", "ruled, to be carried out"),
    "conflict_state_settled": ("协商一致待执行", "settled, to be carried out"),
    "conflict_state_to_gm_meeting": ("报总经理办公会", "before the office meeting"),
    "conflict_state_closed": ("已关闭", "closed"),
    "conflict_state_withdrawn": ("已撤回", "withdrawn"),
    # ---------------------------------------------------------------- help and examples
    "help_conflict_file": ("冲突 上报 返工由谁负责", "report conflict who reworks"),
    "help_conflict": ("冲突 CT-3 · 冲突 列表", "conflict CT-3 · conflicts"),
    "help_verify": ("核实 CT-3 以 JY-27 为准", "verify CT-3 JY-27 is right"),
    "help_mediate": ("调解 CT-3 意见 依据：…", "mediate CT-3 outcome"),
    "help_rule_conflict": ("裁定 CT-3 意见 依据：…", "ruling CT-3 decision"),
    "help_refer": ("报办公会 CT-3 议题", "refer CT-3 agenda"),
    "help_office_decision": ("办公会决定 CT-3 …", "office decision CT-3"),
    "example_conflict_file": ("冲突 上报 返工由谁负责", "report conflict who does the rework"),
    "example_conflict": ("冲突 CT-3", "conflict CT-3"),
    "example_verify": (
        "核实 CT-3 以 JY-27 为准，首批 60 台 登记处：生产计划表",
        "verify CT-3 JY-27 is right: 60 pieces places: production plan",
    ),
    "example_mediate": (
        "调解 CT-3 返工由生产部负责 依据：方案 R-07",
        "mediate CT-3 PROD does the rework basis: R-07 of the plan",
    ),
    "example_rule_conflict": (
        "裁定 CT-3 返工由生产部负责 依据：方案 R-07",
        "ruling CT-3 PROD does the rework basis: R-07 of the plan",
    ),
    "example_refer": ("报办公会 CT-3 新业务由谁承接", "refer CT-3 who takes over the new business"),
    "example_office_decision": (
        "办公会决定 CT-3 由销售部承接 依据：总办〔2026〕12号",
        "office decision CT-3 SALES takes it over basis: paper 2026-12",
    ),
    "who_conflict_file": (
        "上报冲突限当事部门的负责人、对接人和执行秘书{secretary}。",
        "Conflicts are filed by head or liaison of a party, or by the secretary, {secretary}.",
    ),
    "who_mediate": ("记录调解限执行秘书{secretary}。", "Mediation is recorded by the secretary, {secretary}."),
    "who_rule_conflict": (
        "裁定限组长；组长分管当事部门的，由候补审批人裁定。",
        "The leader rules; the alternate does where the leader heads a party.",
    ),
    "who_verify": (
        "核实限牵头部门的负责人、对接人和执行秘书{secretary}。",
        "Verification is for head or liaison of the lead department, or the secretary, {secretary}.",
    ),
    "who_office_decision": (
        "办公会决定由执行秘书{secretary}记录。",
        "Decisions of the office meeting are recorded by the secretary, {secretary}.",
    ),
    # ---------------------------------------------------------------- filing, statements
    "conflict_filed": (
        "已登记 {what}，{name} 负责协调，{due}。\n已请对方负责人陈述情况。",
        "Filed {what}; {name} mediates, {due}.\nThe other side is asked for its view.",
    ),
    "conflict_two_parties": (
        "冲突至少涉及两个部门，请写：当事部门：生产部、质量部",
        "A conflict has at least two parties: parties: PROD, QA",
    ),
    "conflict_not_party": ("{code} 不涉及您的部门。", "Your department is no party of {code}."),
    "conflict_say_more": (
        "请写清楚情况（不少于 5 个字）。",
        "Please say it in a sentence (at least 5 characters).",
    ),
    "conflict_stated": ("已记下您对 {what} 的陈述。", "Your view of {what} is noted."),
    "conflict_not_information": (
        "{code} 不是沟通信息冲突，无需核实。",
        "{code} is no conflict about information; there is nothing to verify.",
    ),
    "conflict_needs_source": (
        "请写明依据的登记文档或纪要编号（WD-、JY-、GT-、JD-），聊天记录不能作为依据（R-90）。",
        "Please name the registered document or minutes (WD-, JY-, GT-, JD-); chat is no evidence (R-90).",
    ),
    "conflict_no_such_source": ("没有找到 {code}，请核对编号。", "There is no {code}; please check the number."),
    "conflict_verified": ("已记录 {what} 的核实结果。", "The finding on {what} is recorded."),
    "conflict_verified_told": (
        "{what} 已核实，请记录调解意见：调解 {code}\n{finding}",
        "{what} is verified; please record the outcome: mediate {code}\n{finding}",
    ),
    # ---------------------------------------------------------------- mediation
    "conflict_needs_basis": (
        "职责边界冲突须写明依据的制度或方案条款（R-86），例：依据：方案 R-07",
        "Who is responsible rests on a clause (R-86): basis: R-07 of the plan",
    ),
    "conflict_verify_first": (
        "{code} 须先由牵头部门核实：核实 {code} 以 JY-27 为准",
        "{code} has to be verified by the lead department first: verify {code} JY-27 is right",
    ),
    "conflict_needs_way": (
        "没有重点项目，请选择处理方式：共享 或 调整优先级（R-89）。",
        "No key project is involved: choose share or reorder (R-89).",
    ),
    "conflict_needs_schedule": (
        "请写明排期，例：排期：单周生产部、双周研发部",
        "Please add the dates: schedule: odd weeks PROD, even weeks RD",
    ),
    "conflict_key_first": (
        "{code} 是重点项目，应优先保障（R-88）。",
        "{code} is a key project and comes first (R-88).",
    ),
    "conflict_leader_decides": ("请组长裁定", "The leader is asked to rule"),
    "conflict_offered": (
        "已将 {what} 的调解意见送 {heads} 答复，{due}。",
        "The outcome of {what} is before {heads}, {due}.",
    ),
    "conflict_no_offer": ("{code} 还没有调解意见。", "There is no outcome of {code} to answer yet."),
    "conflict_accepted": ("您已同意 {what} 的调解意见，等待对方答复。", "You accept the outcome of {what}."),
    "conflict_settled": ("双方已同意，{what} 协商一致，待执行。", "{what} is settled; it is carried out now."),
    "conflict_to_leader": ("已提交组长裁定：{what}。", "The leader is asked to rule on {what}."),
    "conflict_to_leader_keys": (
        "{what} 涉及两个以上重点项目，已提交组长裁定。",
        "{what} is about two key projects or more; the leader is asked to rule.",
    ),
    "conflict_to_leader_told": (
        "{what} 未协商一致，已提交组长裁定。",
        "{what} was not settled; the leader rules on it.",
    ),
    # ---------------------------------------------------------------- office meeting, ruling, execution
    "conflict_to_office": ("{what} 属未尽事宜，已报总经理办公会。", "{what} goes to the office meeting."),
    "conflict_to_office_told": (
        "{what} 未协商一致，属方案未尽事宜，已报总经理办公会。",
        "{what} was not settled and the plan does not cover it; it goes to the office meeting.",
    ),
    "conflict_put_on_agenda": (
        "请将 {what} 列入总经理办公会议题；会后记录：办公会决定 {code}",
        "Please put {what} on the agenda of the office meeting; afterwards record: office decision {code}",
    ),
    "conflict_agenda_again": (
        "{what} 仍待总经理办公会决定，会后请记录：办公会决定 {code}",
        "{what} still waits for the office meeting; afterwards record: office decision {code}",
    ),
    "conflict_office_meeting": (
        "{code} 属方案未尽事宜，由总经理办公会决定，组长不单独裁定（R-116）。",
        "The plan does not cover {code}; the office meeting decides, not the leader alone (R-116).",
    ),
    "conflict_covered": (
        "{code} 属方案已规定的事项，由组长裁定，不报办公会。",
        "The plan covers {code}; the leader rules on it, not the office meeting.",
    ),
    "conflict_shirking_who": (
        "没有找到“{name}”，请写部门或人员全名。",
        "There is no “{name}”; please write the name of a department or person.",
    ),
    "conflict_ruled": ("已裁定 {what}，双方已通知。", "{what} is ruled; the parties are told."),
    "conflict_decision_recorded": ("已记录 {what} 的办公会决定。", "The decision on {what} is recorded."),
    "conflict_noted": ("已知悉 {what}。", "Noted: {what}."),
    "conflict_executed": ("{what} 已执行完毕并关闭。", "{what} is carried out and closed."),
    "conflict_correction": (
        "【更正】{code}《{title}》\n{outcome}\n依据：{basis}\n需同步更正：{places}",
        "Correction, {code} {title}\n{outcome}\nBasis: {basis}\nTo be corrected as well: {places}",
    ),
    # ---------------------------------------------------------------- taking back
    "conflict_withdrawal_asked": (
        "已请 {heads} 确认撤回 {what}。",
        "{heads} is asked to agree that {what} is taken back.",
    ),
    "conflict_no_withdrawal": ("{code} 没有待确认的撤回。", "Nobody asked to take {code} back."),
    "conflict_withdrawal_agreed": ("已同意撤回 {what}，等待其他部门。", "You agree that {what} is taken back."),
    "conflict_withdrawal_refused": (
        "对方不同意撤回，{what} 继续协调。",
        "The other side does not agree; {what} goes on.",
    ),
    "conflict_withdrawn": ("{what} 已撤回。", "{what} is withdrawn."),
    # ---------------------------------------------------------------- reading
    "conflict_head": ("{code}{title}：{state}", "{code}{title}: {state}"),
    "conflict_found": (
        "{kind}｜{parties}｜{name} {time} 上报",
        "{kind} | {parties} | filed by {name} at {time}",
    ),
    "conflict_facts": ("事实：{text}", "Facts: {text}"),
    "conflict_statement_line": ("{department}陈述：{text}", "{department} says: {text}"),
    "conflict_verified_line": ("核实：{text}", "Verified: {text}"),
    "conflict_outcome_line": ("调解意见：{text}（依据：{basis}）", "Outcome: {text} (basis: {basis})"),
    "conflict_answer_reason": ("（{reason}）", " ({reason})"),
    "conflict_yes_line": ("{department} {name}：同意{reason}", "{department} {name}: agrees{reason}"),
    "conflict_no_line": ("{department} {name}：不同意{reason}", "{department} {name}: does not agree{reason}"),
    "conflict_ruling_line": ("裁定：{text}（{name}，依据：{basis}）", "Ruling: {text} ({name}, basis: {basis})"),
    "conflict_shirking_line": ("认定存在推诿：{names}", "Shirking was found: {names}"),
    "conflict_list_none": ("您能看到的冲突都已结束。", "No conflict that you may see is open."),
    "conflict_list_head": ("未结束的冲突 {count} 项：", "{count} open conflicts:"),
    # ---------------------------------------------------------------- cards
    "conflict_row_kind": ("类型", "Kind"),
    "conflict_row_parties": ("当事部门", "Who"),
    "conflict_row_key": ("重点项目", "Key"),
    "conflict_field_statement": ("情况陈述", "Your view"),
    "conflict_field_statement_hint": ("事实和您部门的意见", "The facts and what your department thinks"),
    "conflict_field_finding": ("核实结果", "Finding"),
    "conflict_field_finding_hint": (
        "以哪份文档或纪要为准（写编号）；登记处：错误数据还登记在哪里",
        "Which document or minutes is right (its number); places: where the wrong figure stands",
    ),
    "conflict_button_mediate": ("调解", "Mediate"),
    "conflict_button_state": ("提交陈述", "Send"),
    "conflict_button_verify": ("核实", "Verify"),
    "conflict_button_yes": ("同意", "Accept"),
    "conflict_button_no": ("不同意", "Refuse"),
    "conflict_button_rule": ("裁定", "Rule"),
    "conflict_button_agree": ("同意撤回", "Agree"),
    "conflict_button_keep": ("不撤回", "Keep"),
    "conflict_button_noted": ("已知悉", "Noted"),
    "conflict_button_executed": ("已执行", "Done"),
}
