"""Sentences about meetings (domain.md 3.9, 5.7)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # ---------------------------------------------------------------- help
    "help_meeting": ("会议　我要参加的会议", "meeting  what is ahead of me"),
    "help_meeting_plan": ("会议 安排 评估会 XQ-15 今天15:00", "meet assessment XQ-15 today 15:00"),
    "help_meeting_start": ("会议 开始 HY-42", "start meeting HY-42"),
    "help_meeting_end": ("会议 结束 HY-42", "end meeting HY-42"),
    "help_meeting_move": ("会议 改期 HY-42 周五15:00", "move meeting HY-42 Fri 15:00"),
    "help_meeting_cancel": ("会议 取消 HY-42 原因", "cancel meeting HY-42 reason"),
    "help_meeting_join": ("参加 HY-42", "join HY-42"),
    "help_meeting_decline": ("不参加 HY-42 原因", "cannot join HY-42 reason"),
    "help_meeting_maybe": ("待定 HY-42", "maybe HY-42"),
    "help_meeting_delegate": ("会议 委托 HY-42 @受托人", "meet delegate HY-42 @person"),
    "help_meeting_mark": ("会议 考勤 HY-42 @人 请假", "attendance HY-42 @person excused"),
    "help_progress_statement": ("进度报告 HY-44　会前分发", "progress report HY-44"),
    "example_meeting": ("会议 HY-42", "meeting HY-42"),
    "example_meeting_plan": ("会议 安排 评估会 XQ-15 9月15日15:00", "meet assessment XQ-15 Sep 15 15:00"),
    "example_meeting_start": ("会议 开始 HY-42", "start meeting HY-42"),
    "example_meeting_end": ("会议 结束 HY-42", "end meeting HY-42"),
    "example_meeting_move": ("会议 改期 HY-42 9月18日15:00", "move meeting HY-42 Sep 18 15:00"),
    "example_meeting_cancel": ("会议 取消 HY-42 本周全员外出培训", "cancel meeting HY-42 everybody is at a training"),
    "example_meeting_join": ("参加 HY-42", "join HY-42"),
    "example_meeting_decline": ("不参加 HY-42 出差", "cannot join HY-42 away on business"),
    "example_meeting_maybe": ("待定 HY-42", "maybe HY-42"),
    "example_meeting_delegate": ("会议 委托 HY-42 @袁知行", "meet delegate HY-42 @袁知行"),
    "example_meeting_mark": ("会议 考勤 HY-42 @袁知行 请假", "attendance HY-42 @袁知行 excused"),
    "example_progress_statement": (
        "进度报告 HY-44\n总体进度与计划对比：总体 55%，与计划持平\n难点问题：检测夹具到位晚\n下一步计划建议：夹具专人跟催",
        (
            "progress report HY-44\noverall: 55 per cent, as planned\ndifficulties: the fixture is late\n"
            "next_steps: somebody follows the fixture up"
        ),
    ),
    "what_meeting_kind": ("会议类型", "kind of meeting"),
    "what_delegate": ("受托人", "person who comes instead"),
    "what_presence": ("到会情况", "attendance"),
    # ---------------------------------------------------------------- words
    "titled": ("《{title}》", " “{title}”"),
    "meeting_word": ("会议", "Meeting"),
    "meeting_reads_with": ("会议", "meeting"),
    "meeting_kind_weekly": ("跨部门协作周例会", "Weekly cross-department meeting"),
    "meeting_kind_milestone": ("专项项目推进会", "Milestone meeting"),
    "meeting_kind_assessment": ("需求评估会", "Assessment meeting"),
    "meeting_kind_coordination": ("协调会", "Coordination meeting"),
    "meeting_kind_special": ("专题会议", "Special meeting"),
    "meeting_kind_acceptance": ("验收会", "Acceptance meeting"),
    "meeting_kind_sync": ("对接人沟通会", "Liaison sync"),
    "meeting_state_scheduled": ("已安排", "planned"),
    "meeting_state_in_session": ("进行中", "in session"),
    "meeting_state_ended": ("待纪要", "record due"),
    "meeting_state_closed": ("已完成", "closed"),
    "meeting_state_cancelled": ("已取消", "cancelled"),
    "meeting_state_skipped": ("免开", "skipped"),
    "meeting_state_missed": ("未召开", "not held"),
    "node_kick_off": ("启动", "kick-off"),
    "node_mid_term": ("中期", "mid-term"),
    "node_pre_acceptance": ("验收前", "pre-acceptance"),
    "presence_present": ("到会", "present"),
    "presence_delegate": ("委托", "represented"),
    "presence_excused": ("请假", "excused"),
    "presence_absent": ("缺席", "absent"),
    "meeting_said_yes": ("参加", "comes"),
    "meeting_said_no": ("不参加", "does not come"),
    "meeting_said_maybe": ("待定", "maybe"),
    "meeting_button_join": ("参加", "Join"),
    "meeting_button_decline": ("不参加", "Decline"),
    "meeting_button_maybe": ("待定", "Maybe"),
    "meeting_button_start": ("开始", "Start"),
    "meeting_button_end": ("结束", "End"),
    "meeting_button_consent": ("同意取消", "Consent"),
    "meeting_button_keep": ("不同意", "Keep it"),
    "meeting_row_time": ("时间", "Time"),
    "meeting_row_place": ("地点", "Place"),
    "meeting_row_host": ("主持", "Host"),
    "meeting_row_people": ("参会", "People"),
    "meeting_row_agenda": ("议程", "Topic"),
    "meeting_row_report": ("进度报告", "Paper"),
    "meeting_row_record": ("记录", "Notes"),
    "meeting_row_reason": ("说明", "Why"),
    "meeting_mark_overrun": ("，超时", ", over the limit"),
    "meeting_mark_assumed": ("，系统补记", ", end put in by the system"),
    "meeting_planned_time": ("{start} 至 {end}", "{start} to {end}"),
    "meeting_held_time": ("{start} 至 {end}，历时 {length}{marks}", "{start} to {end}, {length}{marks}"),
    "meeting_people_coming": ("{coming}/{asked} 已确认", "{coming}/{asked} confirmed"),
    "meeting_people_came": ("{came}/{asked} 到会", "{came}/{asked} present"),
    "meeting_report_out": ("{time} 已分发", "sent out at {time}"),
    "meeting_report_not_out": ("报告未分发", "not sent out yet"),
    "meeting_record_due": ("{record}，期限：{due}", "{record}: {due}"),
    "meeting_place": ("\n地点：{place}", "\nPlace: {place}"),
    "meeting_agenda": ("\n议程：{agenda}", "\nAgenda: {agenda}"),
    "meeting_reason": ("\n说明：{reason}", "\nNote: {reason}"),
    "meeting_person_state": ("{name}（{state}）", "{name} ({state})"),
    "meeting_person_by": ("{name}（委托 {by}）", "{name} (by {by})"),
    # ---------------------------------------------------------------- planning
    "meeting_planned": (
        "已安排 {code}{title}：{start}，主持 {host}，通知 {count} 人。",
        "Planned {code}{title}: {start}, hosted by {host}, {count} people are asked.",
    ),
    "meeting_report_asked": (
        "请在 {due} 分发项目进度报告：进度报告 {code}",
        "The progress report is due {due}: progress report {code}",
    ),
    "meeting_on_day_off": ("提醒：这一天不是工作日。", "Note: that is no working day."),
    "meeting_needs_time": (
        "还缺会议时间，请写明日期和几点。例：{example}",
        "The time is missing; write date and hour. Example: {example}",
    ),
    "meeting_needs_subject": (
        "请写明会议对应的编号（需求、问题、事项或验收）。例：{example}",
        "Which request, issue, item or acceptance is it about? Example: {example}",
    ),
    "meeting_wrong_subject": (
        "这类会议不能对应该编号：评估会对需求，推进会对事项，协调会和专题会对问题，验收会对验收。",
        (
            "That kind of meeting is not about such an object: assessments are about requests, milestone meetings about items, "
            "coordination and special meetings about issues, acceptance meetings about acceptances."
        ),
    ),
    "meeting_no_acceptance": (
        "该事项还没有待验收的申请，牵头部门可先发送：验收 编号。",
        "Nobody has applied for acceptance of that item yet.",
    ),
    "meeting_subject_state": (
        "{code} 现在的状态不需要开这个会。发送该编号可查看状态。",
        "{code} is not at the point at which that meeting is held. Send its number to see its state.",
    ),
    "meeting_planned_already": (
        "已有安排好的会议 {code}，如需换时间请用：会议 改期 {code} 新时间",
        "{code} is planned already; to change its time: move meeting {code} new time",
    ),
    "meeting_host_fixed": (
        "周例会由执行秘书主持，推进会由牵头部门的人主持。",
        "The secretary hosts the weekly meeting, somebody of the lead department a milestone meeting.",
    ),
    "meeting_in_past": ("会议时间已过，请写今后的时间。", "That time has passed; write one to come."),
    "meeting_end_before_start": ("结束时间早于开始时间，请核对。", "The end lies before the start; please check."),
    "meeting_too_long": (
        "会议最长 12 小时，请核对起止时间。",
        "A meeting takes 12 hours at most; please check the times.",
    ),
    "meeting_time_ahead": ("这个时间还没到，请写已经过去的时间。", "That time has not come yet."),
    "meeting_too_early": (
        "离会议时间还早，可在会前 {hours} 小时内开始；要换时间请用：会议 改期。",
        "It is too early: a meeting can start {hours} hours before its time; or move it.",
    ),
    "meeting_which": (
        "请写明是哪一个会议，例如：会议 开始 HY-42。您现在可主持的：{codes}",
        "Which meeting? For example: start meeting HY-42. Yours now: {codes}",
    ),
    # ---------------------------------------------------------------- looking
    "meeting_none_ahead": (
        "两周内没有您要参加的会议。要安排会议：{example}",
        "No meeting of yours in the next two weeks. To plan one: {example}",
    ),
    "meeting_ahead": ("您接下来有 {count} 个会议：", "You have {count} meetings ahead:"),
    "meeting_line": ("· {code} {start}{title} {state}", "· {code} {start}{title} {state}"),
    "meeting_more": ("……另有 {count} 个。", "… and {count} more."),
    "meeting_details": ("{code}《{title}》{state}", "{code} “{title}” {state}"),
    "meeting_people": ("人员：{people}", "People: {people}"),
    # ---------------------------------------------------------------- holding
    "meeting_run_body": (
        "您是主持人，到时请点“开始”，散会后点“结束”。",
        "You host it: press “Start” when it begins and “End” afterwards.",
    ),
    "meeting_started": (
        "{what} 已于 {start} 开始。散会后请发送：会议 结束 {code}",
        "{what} began at {start}. Afterwards: end meeting {code}",
    ),
    "meeting_report_missing": ("提醒：会前进度报告未分发。", "Note: the progress report was not sent out before."),
    "meeting_ended": ("{what} 已结束，历时 {minutes} 分钟。", "{what} is over, it took {minutes} minutes."),
    "meeting_overrun": (
        "超过规定的 {limit} 分钟，已记为超时。",
        "That is over the limit of {limit} minutes and is marked.",
    ),
    "meeting_owes_weekly": (
        "会议纪要应于 {due} 发布，填写请发送：纪要 {record}",
        "The minutes are due {due}; to write them: minutes {record}",
    ),
    "meeting_owes_milestone": (
        "项目推进会决议应于 {due} 提交组长签字，请发送：决议 {record}",
        "The resolution goes to the leader, due {due}: resolution {record}",
    ),
    "meeting_owes_assessment": (
        "评估意见应于 {due} 记录，请发送：评估 {subject}",
        "The opinion is due {due}: assess {subject}",
    ),
    "meeting_owes_coordination": (
        "解决方案与纪要 {record} 应于 {due} 完成。",
        "Solution and minutes {record} are due {due}.",
    ),
    "meeting_owes_solution": (
        "记录方案请发送：解决方案 {code} 措施|责任部门|责任人|完成时限",
        "To record the solution: solution {code} measure|department|owner|due",
    ),
    "meeting_owes_special": (
        "会议纪要应于 {due} 发布，填写请发送：纪要 {record}",
        "The minutes are due {due}; to write them: minutes {record}",
    ),
    "meeting_owes_acceptance": (
        "验收结果应于 {due} 给出，请验收人发送：评议 {subject} 合格",
        "The result is due {due}; acceptors send: vote {subject} passed",
    ),
    "meeting_owes_sync": ("沟通纪要 {record} 应于 {due} 提交。", "The sync record {record} is due {due}."),
    "meeting_moved": ("{code} 已改到 {start}，已通知参会人。", "{code} was moved to {start}; everybody is told."),
    "meeting_moved_often": (
        "这是第 {count} 次改期，已提示执行秘书。",
        "That is move number {count}; the secretary is told.",
    ),
    "meeting_cancelled": ("{code} 已取消，已通知参会人。", "{code} is cancelled; everybody is told."),
    "meeting_needs_consent": (
        "周例会须经组长同意才能取消。",
        "A weekly meeting is cancelled with the leader’s consent only.",
    ),
    "meeting_cancel_asked": (
        "已请组长确认是否取消 {code}，确认前会议照常。",
        "The leader was asked whether {code} may be cancelled; until then it stays.",
    ),
    "meeting_kept": ("{code} 照常召开，已告知执行秘书。", "{code} stays; the secretary is told."),
    # ---------------------------------------------------------------- attendance
    "meeting_not_invited": ("不在该会议的参会名单中。", "Not among those who were asked to come."),
    "meeting_own_delegate": ("受托人不能是本人。", "Nobody comes in his or her own place."),
    "meeting_answered_yes": ("已登记：参加 {code}。", "Noted: you come to {code}."),
    "meeting_answered_no": ("已登记：不参加 {code}。", "Noted: you do not come to {code}."),
    "meeting_answered_maybe": ("已登记：{code} 待定。", "Noted: maybe, {code}."),
    "meeting_name_delegate": (
        "请指定受托人参会，例如：{example}",
        "Please name who comes instead, for example: {example}",
    ),
    "meeting_delegated": ("{code}：{person} 由 {name} 代为参会。", "{code}: {name} comes in the place of {person}."),
    "meeting_marked": ("{code}：{names} 已记为{presence}。", "{code}: {names}: {presence}."),
    # ---------------------------------------------------------------- what is told
    "meeting_near": (
        "【会议提醒】{code}{title}将于 {start} 开始，主持 {host}。{place}{agenda}",
        "[Meeting] {code}{title} begins at {start}, hosted by {host}. {place}{agenda}",
    ),
    "meeting_long": (
        "【会议提醒】{code}{title}已进行 {minutes} 分钟，规定不超过 {limit} 分钟，请抓紧收尾。",
        "[Meeting] {code}{title} has taken {minutes} minutes; the limit is {limit}. Please come to an end.",
    ),
    "meeting_open_end": (
        "【会议提醒】{code}{title}还没有登记结束，请发送：会议 结束 {code} 实际结束时间",
        "[Meeting] The end of {code}{title} is missing: end meeting {code} time",
    ),
    "meeting_end_assumed": (
        "{code}{title}当天未登记结束，已按计划的 {end} 补记（系统补记）。",
        "{code}{title} was not ended that day; the planned end {end} was put in by the system.",
    ),
    "meeting_missed_told": (
        "【未召开】{code}{title}原定 {start}，没有登记开始。请补开（会议 改期 {code} 新时间）或取消（会议 取消 {code} 原因）。",
        (
            "[Not held] {code}{title}, planned for {start}, was never started. Hold it later (move meeting {code} time) or cancel it "
            "(cancel meeting {code} reason)."
        ),
    ),
    "meeting_moved_told": (
        "【会议改期】{code}{title}改到 {start}，请重新确认是否参加：参加 {code}{reason}",
        "[Moved] {code}{title} is now at {start}. Please answer again: join {code} {reason}",
    ),
    "meeting_moved_often_told": (
        "【多次改期】{code}{title}已改期 {moves} 次，现为 {start}。",
        "[Moved again] {code}{title} was moved {moves} times, now {start}.",
    ),
    "meeting_cancelled_told": (
        "【会议取消】{code}{title}（原定 {start}）已取消。{reason}",
        "[Cancelled] {code}{title}, planned for {start}. {reason}",
    ),
    "meeting_kept_told": (
        "组长不同意取消 {code}{title}，{start} 照常召开。",
        "The leader keeps {code}{title}; it is held at {start}.",
    ),
    "meeting_skipped_told": (
        "【免开】本周没有工作日，{code}{title}免开。",
        "[Skipped] The week has no working day: {code}{title} is not held.",
    ),
    "meeting_shifted_told": (
        "【会议顺延】工作日历调整，{code}{title}改到 {start}。",
        "[Shifted] The calendar changed: {code}{title} is now at {start}.",
    ),
    "meeting_delegate_told": (
        "请您代 {person} 参加 {code}{title}：{start}。{place}",
        "Please come to {code}{title} in the place of {person}: {start}. {place}",
    ),
    "sync_call": (
        "【沟通会提醒】{department}本周还没有参加对接人沟通会，请在 {due} 完成。",
        "[Liaison sync] {department} was at no sync this week yet; due {due}.",
    ),
    "milestone_missed": (
        "【节点提醒】{code}{title}的{node}节点已过，没有召开推进会。可安排：会议 安排 推进会 {code} 时间 节点:{node}",
        "[Milestone] {code}{title}: the {node} node has passed without a meeting. To plan one: meet milestone {code} time node:{node}",
    ),
    # ---------------------------------------------------------------- progress report
    "meeting_no_report": ("只有推进会需要会前进度报告。", "Only a milestone meeting has a progress report."),
    "meeting_report_sent": (
        "{code} 的进度报告已分发给 {count} 人。",
        "The progress report of {code} went to {count} people.",
    ),
    "meeting_report_told": (
        "【进度报告】{code}{title}的会前进度报告已分发，会议 {start}。发送“会议 {code}”查看。",
        "[Progress report] The report for {code}{title} is out; the meeting is at {start}. Send “meeting {code}” to read it.",
    ),
}
