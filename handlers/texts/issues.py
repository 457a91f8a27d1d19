"""Sentences about issues."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "issue_kind": ("问题", "Issue"),
    "issue_none": ("无", "none"),
    "issue_reads_with": ("问题", "issue"),
    # ---------------------------------------------------------------- states and grades
    "issue_state_pending_grading": ("待分级", "waiting for its grade"),
    "issue_state_negotiating": ("协商处理中", "being settled"),
    "issue_state_coordinating": ("待协调会", "waiting for the coordination meeting"),
    "issue_state_escalated": ("已上报组长", "reported to the leader"),
    "issue_state_special_meeting": ("待专题会", "waiting for the special meeting"),
    "issue_state_executing": ("方案执行中", "solution under way"),
    "issue_state_resolved": ("已反馈结果待确认", "result given, to be confirmed"),
    "issue_state_confirmed": ("反馈人已确认，待闭环", "confirmed, to be closed"),
    "issue_state_closed": ("已闭环", "closed"),
    "issue_state_merged": ("已并入", "merged"),
    "issue_state_not_accepted": ("不予受理", "not accepted"),
    "issue_grade_general": ("一般问题", "general"),
    "issue_grade_important": ("重要问题", "important"),
    "issue_grade_major": ("重大问题", "major"),
    "issue_grade_definitions": (
        "一般问题：不影响整体进度；重要问题：影响部分环节进度；重大问题：影响整体目标。",
        "General: overall progress is not affected. Important: some links are. Major: the overall goal is.",
    ),
    # ---------------------------------------------------------------- help and examples
    "help_issue_file": ("问题 上报 首件超差", "report issue first part is off"),
    "help_issue": ("问题 WT-12 · 问题 列表", "issue WT-12 · issues"),
    "help_grade": ("分级 WT-12 重要 依据：…", "grade WT-12 important"),
    "help_solution": ("解决方案 WT-12 措施|…", "solution WT-12 what | who"),
    "help_result": ("结果 WT-12 处理结果", "result WT-12 what came of it"),
    "help_merge": ("并入 WT-13 WT-12", "merge WT-13 WT-12"),
    "help_not_accept": ("不予受理 WT-13 原因", "not accept WT-13 reason"),
    "help_take_note": ("知悉 WT-14 9-20 10:00", "noted WT-14 9-20 10:00"),
    "help_share": ("发送到群 WT-12", "share WT-12"),
    "example_issue_file": ("问题 上报 首件尺寸超差", "report issue first part out of tolerance"),
    "example_issue": ("问题 WT-12", "issue WT-12"),
    "example_grade": (
        "分级 WT-12 重要 依据：影响试产装配 牵头：研发部 配合：生产部、质量部",
        "grade WT-12 important basis: assembly waits for it lead: RD coop: PROD, QA",
    ),
    "example_solution": (
        "解决方案 WT-12 修正夹具 | 质量部 | 袁知行 | 9-18 12:00",
        "solution WT-12 mend the fixture | QA | 袁知行 | 9-18 12:00",
    ),
    "example_result": (
        "结果 WT-12 研发部与生产部已按新版图纸返修，复检合格",
        "result WT-12 RD and PROD reworked it to the new drawing",
    ),
    "example_merge": ("并入 WT-13 WT-12", "merge WT-13 WT-12"),
    "example_not_accept": ("不予受理 WT-13 不属于跨部门协作", "not accept WT-13 it concerns one department only"),
    "example_take_note": ("知悉 WT-14 9-20 10:00", "noted WT-14 9-20 10:00"),
    "example_share": ("发送到群 WT-12", "share WT-12"),
    "who_grade": (
        "问题分级限执行秘书{secretary}；本人上报或本部门牵头的，由代理秘书分级。",
        "Grading is for the secretary, {secretary}; the deputy grades what the secretary filed or leads.",
    ),
    "who_result": (
        "反馈结果限牵头、配合部门的负责人和对接人；方案执行中，限责任人及其部门。",
        "The result comes from head or liaison of the departments that handle it, or from the owner of the solution.",
    ),
    "who_solution": ("记录解决方案限执行秘书{secretary}。", "Solutions are recorded by the secretary, {secretary}."),
    "who_take_note": ("知悉重大问题限组长及其代行人。", "Major issues are acknowledged by the leader or a stand-in."),
    "who_merge": ("并入问题限执行秘书{secretary}。", "Merging is for the secretary, {secretary}."),
    "who_not_accept": ("不予受理限执行秘书{secretary}。", "Turning one down is for the secretary, {secretary}."),
    # ---------------------------------------------------------------- filing
    "issue_filed": (
        "已登记 {what}，待分级。\n{name} 将在 {due} 分级，进展会告诉您。",
        "Filed {what}; it waits for its grade.\n{name} grades it {due}; you will hear how it goes on.",
    ),
    "issue_gap": (
        "从发生到上报已隔 {days} 个工作日，台账会注明。发现问题请第一时间上报。",
        "{days} working days lie between what happened and this report; the ledger shows it. Please report at once.",
    ),
    "issue_may_be_conflict": (
        "如部门间对职责、资源或信息有争议，可另发“冲突 上报”。",
        "Where departments disagree about duties, resources or information, send “report conflict” as well.",
    ),
    "issue_many": (
        "您一小时内已上报 {count} 项。同一件事请写在一项里，便于尽快处理。",
        "You filed {count} in the last hour. Please put one matter into one issue, so that it is settled sooner.",
    ),
    "issue_refiled": (
        "已补充事实并重新提交 {what}，将在 {due} 分级。",
        "{what} is filed again with more facts; it is graded {due}.",
    ),
    "issue_refiled_already": (
        "{code} 已补充提交过一次，不能再次提交。",
        "{code} was filed again once already; that is possible only once.",
    ),
    # ---------------------------------------------------------------- grading
    "issue_graded": (
        "{what} 定为{grade}，牵头 {lead}，配合 {coop}。",
        "{what} is graded {grade}; {lead} leads, with {coop}.",
    ),
    "issue_graded_due": ("处理时限：{due}", "Limit: {due}"),
    "issue_graded_meeting": (
        "请在 {due} 召开协调会，例：会议 安排 协调会 {code} 明天14:00",
        "Hold the coordination meeting {due}, for example: meet coordination {code} tomorrow 14:00",
    ),
    "issue_graded_major": (
        "已上报组长 {leader} 并通知相关负责人；专题会须在 {due} 召开。",
        "{leader} and the heads concerned have been told; the special meeting is held {due}.",
    ),
    "issue_lead_as_coop": ("牵头部门不能同时是配合部门。", "The lead department cannot cooperate with itself."),
    "issue_same_grade": ("{code} 已是这个等级，无需调整。", "{code} has that grade already; nothing to change."),
    "issue_highest_grade": ("{code} 已是重大问题，不能再升级。", "{code} is a major issue already."),
    "issue_may_be_raised": (
        "【超期】{what}应于 {due} 完成，仍由{holder}办理，请督促；如需加大力度，可升级为{grade}。",
        "[Overdue] {what} was due {due} and is still with {holder}, please see to it; it can be raised to {grade}.",
    ),
    # what a card asks of its reader
    "issue_ask_handle_negotiating": (
        "请与对方部门商定，写明双方意见后反馈结果。",
        "Please settle it with the other side and give the result, naming both.",
    ),
    "issue_ask_handle_coordinating": (
        "执行秘书将召集协调会，请备好情况和方案。",
        "The secretary calls a coordination meeting; please prepare facts and a solution.",
    ),
    "issue_ask_handle_executing": (
        "请按方案执行，完成后反馈结果。",
        "Please carry the solution out and give the result.",
    ),
    "issue_ask_inform_escalated": (
        "请先组织应急处置，专题会时间定后通知。",
        "Please act on it already; you will hear when the special meeting is.",
    ),
    "issue_ask_acknowledge_escalated": (
        "请确认知悉，并定专题会时间。",
        "Please acknowledge it and say when the special meeting is.",
    ),
    "issue_regraded_told": (
        "{what} 第 {count} 次调整等级：{old}→{new}（{name}）。{reason}",
        "{what} was graded again, time {count}: {old} to {new} (by {name}). {reason}",
    ),
    "issue_merge_which": (
        "请写明并入哪一项，例：并入 {code} WT-12",
        "Please name the issue that it is merged into: merge {code} WT-12",
    ),
    "issue_merge_target": (
        "{code} 不能作为并入对象：须是另一项未闭环的问题。",
        "{code} is not possible: an issue is merged into another open one.",
    ),
    "issue_merge_secrecy": (
        "{code} 的密级更高，反馈人无法跟进，不能并入。",
        "{code} is more confidential; the finder could not follow it there.",
    ),
    "issue_merged": ("{what} 已并入 {target}，已告知反馈人。", "{what} is merged into {target}; the finder is told."),
    "issue_merged_told": (
        "您上报的 {what} 与 {target} 是同一问题，已并入，后续请看 {target}。",
        "{what}, which you filed, is the same as {target}; please follow that one.",
    ),
    "issue_refused": ("{what} 不予受理，已告知反馈人。", "{what} is not accepted; the finder is told."),
    "issue_refused_told": (
        "您上报的 {what} 未予受理。原因：{reason}\n如有新的事实，可补充一次：重开 {code} 补充说明",
        "{what} was not accepted: {reason}\nWith new facts you may file it once more: reopen {code} with the facts",
    ),
    "issue_refused_again_told": (
        "您补充后的 {what} 仍未受理。原因：{reason}\n组长已知悉此事。",
        "{what} was not accepted again: {reason}\nThe leader has been told.",
    ),
    "issue_refused_leader": (
        "{what} 经补充后再次未予受理。原因：{reason}",
        "{what} was turned down a second time: {reason}",
    ),
    # ---------------------------------------------------------------- major issues
    "issue_noted": ("已知悉 {what}，等待专题会。", "Noted: {what}; it waits for the special meeting."),
    "issue_noted_no_meeting": (
        "已知悉 {what}。专题会须在 {due} 召开，可发：知悉 {code} 明天10:00",
        "Noted: {what}. The special meeting is held {due}; send: noted {code} tomorrow 10:00",
    ),
    "issue_noted_with_meeting": (
        "已知悉 {what}，专题会 {meeting} 定于 {time}，参会人已通知。",
        "Noted: {what}; the special meeting {meeting} is at {time} and everybody is asked to come.",
    ),
    "issue_meeting_time": (
        "没看懂专题会的时间“{typed}”，请写日期和钟点，例：9-20 10:00",
        "“{typed}” is no time for the meeting; write date and time, such as 9-20 10:00",
    ),
    "issue_arrange_special": (
        "组长已知悉 {what}。请安排专题会（{due} 召开）：会议 安排 专题会 {code} 明天10:00",
        "The leader has noted {what}. Please arrange the special meeting ({due}): meet special {code} tomorrow 10:00",
    ),
    "issue_acknowledge_again": (
        "【重大问题】{what} {since} 上报，尚未知悉（第 {count} 次提醒）。回复：知悉 {code} 明天10:00",
        "Major issue: {what}, reported at {since}, is not acknowledged (reminder {count}). Send: noted {code} tomorrow 10:00",
    ),
    # ---------------------------------------------------------------- meetings and solutions
    "issue_record_now": (
        "{what} 的会议已结束，请记录解决方案：解决方案 {code} 措施|责任部门|责任人|完成时限",
        "The meeting about {what} has ended; please record the solution: solution {code} measure|department|owner|due",
    ),
    "issue_meeting_first": (
        "{code} 是重要问题，须先召开协调会再记录解决方案（R-96）。",
        "{code} is an important issue: the coordination meeting comes before the solution (R-96).",
    ),
    "issue_solution_empty": (
        "请逐条写解决方案：措施|责任部门|责任人|完成时限",
        "Please write the solution line by line: measure|department|owner|due",
    ),
    "issue_due_in_past": ("完成时限须晚于现在。", "The limit has to lie in the future."),
    "issue_plan_change_open": (
        "请写明是否调整协作方案，例：是否调整协作方案：否（R-99）。",
        "Please say whether the plan is adjusted: plan change: no (R-99).",
    ),
    "issue_outcome_incomplete": (
        "{code} 的处理方案须明确责任人和完成时限（R-98）。\n{lacking}",
        "The solution of {code} needs an owner and a limit in every line (R-98).\n{lacking}",
    ),
    "issue_lacks_in_row": ("第 {row} 行缺少：{what}", "Line {row} lacks: {what}"),
    "issue_lacks_owner": ("责任人", "owner"),
    "issue_lacks_due": ("完成时限", "limit"),
    "issue_solution_recorded": (
        "{what} 已记录解决方案 {count} 条，进入执行，最晚 {due} 完成。",
        "{what} is under way with a solution of {count} lines, to be done {due}.",
    ),
    "issue_plan_revision": (
        "已要求牵头部门修订 {item} 的实施方案。",
        "The lead department has to revise the plan of {item}.",
    ),
    # ---------------------------------------------------------------- results and the end
    "issue_result_short": (
        "处理结果太短，请写清做了什么、结果如何（不少于 {shortest} 个字）。",
        "Please say what was done and what came of it (at least {shortest} characters).",
    ),
    "issue_sides_missing": (
        "处理结果须写明双方（R-95），还没提到：{departments}",
        "The result has to name both sides (R-95); not named yet: {departments}",
    ),
    "issue_result_taken": (
        "{what} 的结果已反馈（按期），请 {finder} 在 {due} 前确认。",
        "The result of {what} is in, in time; {finder} confirms it by {due}.",
    ),
    "issue_result_taken_late": (
        "{what} 的结果已反馈（超期），请 {finder} 在 {due} 前确认。",
        "The result of {what} is in, late; {finder} confirms it by {due}.",
    ),
    "issue_confirmed": ("已确认 {what} 解决，由 {name} 闭环。", "{what} is confirmed as solved; {name} closes it."),
    "issue_not_confirmed": (
        "{code} 尚待反馈人确认，确认期限过后方可说明原因闭环。",
        "{code} waits for the finder; without his or her word it is closed only after that limit.",
    ),
    "issue_back": ("{what} 已退回继续处理，时限 {due}。", "{what} goes on; the new limit is {due}."),
    "issue_back_told": (
        "{what} 仍未解决（第 {count} 次），请继续处理，时限 {due}。原因：{reason}",
        "{what} is not solved (time {count}); please go on with it {due}. Reason: {reason}",
    ),
    "issue_reopen_late": (
        "{code} 闭环已超过 5 个工作日，请联系执行秘书重开或另行上报。",
        "{code} was closed more than 5 working days ago; ask the secretary to reopen it, or file a new one.",
    ),
    "issue_closed": ("{what} 已闭环（按期）。", "{what} is closed, in time."),
    "issue_closed_late": ("{what} 已闭环（未按期）。", "{what} is closed, not in time."),
    "issue_closed_told": ("{what} 已闭环。{result}", "{what} is closed. {result}"),
    "issue_closed_unconfirmed_told": (
        "{what} 未等到您的确认，已闭环：{reason}\n{days} 个工作日内可重开：重开 {code} 原因",
        "{what} was closed without your word: {reason}\nWithin {days} working days you may send: reopen {code} reason",
    ),
    # ---------------------------------------------------------------- sharing and reading
    "issue_no_group": (
        "{code} 没有关联的专项群，无法发送。",
        "{code} belongs to no item with a group, so there is nowhere to send it.",
    ),
    "issue_shared": ("{what} 已发送到专项群。", "{what} is in the group now."),
    "issue_head": ("{code}{title}：{state}", "{code}{title}: {state}"),
    "issue_found": ("反馈：{name}（{department}）{time}{flag}", "Filed by {name} ({department}) at {time}{flag}"),
    "issue_gap_flag": ("，迟报 {days} 个工作日", ", {days} working days after it happened"),
    "issue_item": ("关联事项：{code}", "Item: {code}"),
    "issue_grade": ("等级：{grade}｜牵头 {lead}｜配合 {coop}", "Grade: {grade}; {lead} leads, with {coop}"),
    "issue_due": ("处理时限：{due}", "Limit: {due}"),
    "issue_due_grading": ("分级时限：{due}", "To be graded: {due}"),
    "issue_due_meeting": ("会议时限：{due}", "Meeting: {due}"),
    "issue_merged_line": ("已并入：{target}", "Merged into {target}"),
    "issue_description": (
        "描述：{text}（影响范围 {impact}，严重程度 {severity}）",
        "What: {text} (impact {impact}, severity {severity})",
    ),
    "issue_grading_line": (
        "分级：{time} {grade}，时限 {due}，依据：{reason}",
        "Graded at {time}: {grade}, limit {due}, because: {reason}",
    ),
    "issue_solution_line": (
        "方案：{measure}｜{department} {name}｜{due} {task}",
        "Solution: {measure} | {department} {name} | {due} {task}",
    ),
    "issue_result_line": ("结果：{text}（{name}）", "Result: {text} ({name})"),
    "issue_confirmed_line": ("确认：{name} {time}", "Confirmed by {name} at {time}"),
    "issue_closed_line": ("闭环：{name} {time}", "Closed by {name} at {time}"),
    "issue_reopened_line": ("重开：{count} 次", "Reopened: {count}"),
    "issue_reason_line": ("说明：{reason}", "Note: {reason}"),
    "issue_list_none": ("您能看到的问题都已闭环。", "Every issue that you may see is closed."),
    "issue_list_head": ("未闭环问题 {count} 项：", "Open issues: {count}"),
    "issue_list_line": ("· {what}｜{state}｜{due}", "· {what} | {state} | {due}"),
    "issue_list_more": ("……共 {count} 项，发送编号查看。", "… {count} in all; send a number to read one."),
    "issue_list_confidential": (
        "另有 {count} 项涉密，请在单聊中发送“涉密待办”。",
        "{count} more are confidential; send “confidential” in the direct chat.",
    ),
    # ---------------------------------------------------------------- cards
    "issue_row_finder": ("反馈人", "By"),
    "issue_row_finder_value": ("{name}（{department}）", "{name} ({department})"),
    "issue_row_item": ("事项", "Item"),
    "issue_row_grade": ("等级", "Grade"),
    "issue_row_impact": ("影响", "Scope"),
    "issue_row_handlers": ("处理", "Who"),
    "issue_row_handlers_value": ("牵头 {lead}，配合 {coop}", "{lead} leads, with {coop}"),
    "issue_row_due": ("时限", "Limit"),
    "issue_row_result": ("结果", "Came"),
    "issue_field_result": ("处理结果", "Result"),
    "issue_field_result_hint": (
        "做了什么、结果如何，写明双方，不少于 10 个字",
        "What was done and what came of it, naming both sides",
    ),
    "issue_field_meeting": ("专题会时间", "Special meeting at"),
    "issue_field_meeting_hint": ("例：9-20 10:00，可稍后再定", "9-20 10:00, or leave it for later"),
    "issue_button_grade": ("分级", "Grade"),
    "issue_button_refuse": ("不受理", "Decline"),
    "issue_button_result": ("反馈结果", "Result"),
    "issue_button_noted": ("已知悉", "Noted"),
    "issue_button_solved": ("已解决", "Solved"),
    "issue_button_unsolved": ("未解决", "Unsolved"),
    "issue_button_close": ("闭环", "Close"),
    "issue_button_raise": ("升级", "Raise"),
    "issue_button_share": ("发送到群", "Share"),
}
