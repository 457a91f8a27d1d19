"""Sentences about minutes, sync records and resolutions (domain.md 3.10, 3.11)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # ---------------------------------------------------------------- help
    "help_minutes": ("纪要 JY-29　查看或填写", "minutes JY-29  read or write"),
    "help_minutes_publish": ("纪要 发布 JY-29", "publish minutes JY-29"),
    "help_minutes_correct": ("纪要 更正 JY-29 说明", "correct minutes JY-29 note"),
    "help_minutes_object": ("纪要 异议 JY-29 理由", "object to minutes JY-29 reason"),
    "help_minutes_answer": ("纪要 答复 JY-29 答复", "answer objection JY-29 answer"),
    "help_sync_record": ("沟通纪要　填写本周沟通纪要", "sync record: write this week’s"),
    "help_sync_submit": ("沟通纪要 提交 GT-36", "submit sync record GT-36"),
    "help_resolution": ("决议 HY-44　填写推进会决议", "resolution HY-44: write it"),
    "help_resolution_submit": ("决议 提交 JD-12", "submit resolution JD-12"),
    "help_resolution_amend": ("决议 修订 JD-12", "amend resolution JD-12"),
    "example_minutes": (
        (
            "纪要 HY-42\n会议议程：各部门汇报；问题协调\n问题及解决方案：展会尾款进度不明 | 对账后付款 | 财务部 | 夏知微 | 9-24\n"
            "待办事项：提交展会总结 | 销售部 | 苏念初 | 9-24"
        ),
        "minutes HY-42\nagenda: reports of the departments\nproblems: the final payment is open | check and pay | 财务部 | 夏知微 | 9-24",
    ),
    "example_minutes_publish": ("纪要 发布 JY-29", "publish minutes JY-29"),
    "example_minutes_correct": (
        "纪要 更正 JY-29 时限写错\n待办事项：提交展会总结 | 销售部 | 苏念初 | 9-28",
        "correct minutes JY-29 the date was wrong\nactions: sum the fair up | 销售部 | 苏念初 | 9-28",
    ),
    "example_minutes_object": ("纪要 异议 JY-29 第二条不是会上的结论", "object to minutes JY-29 that was not decided"),
    "record_delivered": ("送达：{count} 人，全部送达（{time}）", "Delivered to all {count} ({time})"),
    "record_not_delivered": (
        "送达：{count}/{all} 人，尚未送达：{names}",
        "Delivered to {count} of {all}; not yet to {names}",
    ),
    "example_minutes_answer": ("纪要 答复 JY-29 已核对录音，维持原文", "answer objection JY-29 the recording says so"),
    "example_sync_record": (
        "沟通纪要\n方式：线上\n进度跟进：新品X1试产 | 首件试制进行中\n需求对接：销售部 | 下周样机 2 台 | 生产部 | 可以安排",
        "sync record\nmode: 线上\nprogress: trial production | first piece under way\ndemands: 销售部 | two samples | 生产部 | yes",
    ),
    "example_sync_submit": ("沟通纪要 提交 GT-36", "submit sync record GT-36"),
    "example_resolution": (
        (
            "决议 HY-44\n难点问题：检测夹具到位晚\n解决方案：夹具专人跟催 | 袁知行 | 9-23\n"
            "下一步工作计划：夹具验证报告 | 质量部 | 袁知行 | 9-23\n决议事项：按计划进入下一阶段"
        ),
        (
            "resolution HY-44\ndifficulties: the fixture is late\nsolutions: follow it up | 袁知行 | 9-23\n"
            "next_steps: report on the fixture | 质量部 | 袁知行 | 9-23\nresolved: go on as planned"
        ),
    ),
    "example_resolution_submit": ("决议 提交 JD-12", "submit resolution JD-12"),
    "example_resolution_amend": (
        "决议 修订 JD-12\n决议事项：节点顺延一周",
        "amend resolution JD-12\nresolved: one week later",
    ),
    # ---------------------------------------------------------------- minutes
    "minutes_state_drafting": ("起草中", "being drafted"),
    "minutes_state_published": ("已发布", "published"),
    "minutes_reads_with": ("纪要", "minutes"),
    "minutes_publish_with": ("纪要 发布", "publish minutes"),
    "minutes_not_yet": (
        "{code} 还没有登记结束，结束后才有记录。请先发送：会议 结束 {code}",
        "{code} is not over yet; its record begins then. First: end meeting {code}",
    ),
    "minutes_none": (
        "{code} 的记录不是会议纪要：评估会记评估意见，推进会出决议，验收会记验收结果。",
        "{code} has no minutes: an assessment has its opinion, a milestone meeting its resolution, an acceptance its result.",
    ),
    "minutes_published": (
        "{code} 已发布，不能直接修改。需要更正请用：纪要 更正 {code} 更正说明",
        "{code} is published and does not change. To correct it: correct minutes {code} note",
    ),
    "minutes_saved": ("{code} 已保存。发布期限：{due}", "{code} is kept. Publication: {due}"),
    "minutes_ready": ("内容已齐，可以发布：{example}", "Everything is there: {example}"),
    "minutes_rows_lacking": (
        "{code} 还不能发布（R-63），请补全：\n{rows}",
        "{code} cannot be published yet (R-63):\n{rows}",
    ),
    "minutes_problem_row": ("· 问题第 {number} 行“{text}”缺{lacking}", "· problem {number} “{text}” lacks {lacking}"),
    "minutes_action_row": ("· 待办第 {number} 行“{text}”缺{lacking}", "· action {number} “{text}” lacks {lacking}"),
    "minutes_lacks_solution": ("解决方案", "a solution"),
    "minutes_lacks_owner": ("责任人", "a responsible person"),
    "minutes_lacks_due": ("完成时限", "a date"),
    "minutes_rows_incomplete": (
        "第 {rows} 行缺解决方案、责任人或完成时限，补全后才能发布（R-63）。",
        "Rows {rows} lack a solution, a person or a date (R-63).",
    ),
    "minutes_due_past": ("以下事项的完成时限已过，请改为今后的日期：{rows}", "These dates have passed: {rows}"),
    "minutes_owner_gone": ("以下事项的责任人已不在职，请换人：{rows}", "Whoever is responsible has left: {rows}"),
    "minutes_confidential_row": (
        "问题第 {number} 行涉密，不能写进这份纪要，请单独记录。",
        "Problem {number} is confidential and needs a record of its own.",
    ),
    "minutes_published_now": (
        "{what} 已发布，发送 {count} 人。",
        "{what} is published and goes to {count} people.",
    ),
    "minutes_published_alone": ("{what} 已发布。", "{what} is published."),
    "minutes_late": ("应于 {due} 前完成，已记为逾期。", "It was due {due} and is marked late."),
    "minutes_next_meeting": ("下次周例会：{start}。", "The next weekly meeting: {start}."),
    "minutes_told": (
        "{what} 会议纪要已发布，查看：{command}\n您参加了会议，有异议请在 {until} 前发送：纪要 异议 {code} 理由",
        "{what}: the minutes are published; to read them: {command}\nYou took part; objections by {until}: minutes object {code} why",
    ),
    "minutes_told_besides": (
        "{what} 会议纪要已发布，涉及贵部门，查看：{command}",
        "{what}: the minutes are published and concern your department; to read them: {command}",
    ),
    "minutes_corrected": (
        "{code} 已更正为第 {number} 版，已通知相关人员。",
        "{code} is now version {number}; everybody is told.",
    ),
    "minutes_corrected_told": (
        "{what} 已更正为第 {number} 版：{note}\n查看：{command}",
        "{what} is now version {number}: {note}\nTo read it: {command}",
    ),
    "minutes_nothing_corrected": (
        "没有看到要更正的内容，请在说明下面写明各栏。例：\n{example}",
        "Nothing to correct was given; write the fields below the note. Example:\n{example}",
    ),
    "minutes_head": ("{code}《{title}》{state}，第 {number} 版", "{code} “{title}”, {state}, version {number}"),
    "minutes_edition": ("第 {number} 版 {time}：{note}", "Version {number}, {time}: {note}"),
    "minutes_length": ("（历时 {length}）", " ({length})"),
    "minutes_attendance": ("{department} {name} {presence}", "{department} {name} {presence}"),
    "minutes_absence": ("{name} {presence}{by}{reason}", "{name} {presence}{by}{reason}"),
    "minutes_absence_by": ("，由 {by} 代", ", by {by}"),
    "minutes_follow_up": ("{code} {title}，{owner}，{due}，{progress}%", "{code} {title}, {owner}, {due}, {progress}%"),
    # ---------------------------------------------------------------- objections
    "objection_taken": (
        "已登记您对 {code} 的异议，执行秘书将答复。",
        "Your objection to {code} is noted; the secretary will answer.",
    ),
    "objection_too_late": (
        "异议须在发布后 2 个工作日内提出。",
        "Objections are possible within 2 working days of publication.",
    ),
    "objection_open": ("您的异议还在等待答复。", "Your objection is waiting for an answer."),
    "objection_none": ("没有待答复的异议。", "There is no open objection."),
    "objection_told": (
        "{code} 收到 {name} 的异议：{reason}\n可更正（纪要 更正 {code} 说明）或说明理由（{example}）。",
        "{code}: {name} objects: {reason}\nCorrect it (correct minutes {code} note) or answer ({example}).",
    ),
    "objection_answered": ("已答复 {code} 的 {count} 条异议。", "{count} objections to {code} are answered."),
    "objection_answered_told": ("您对 {code} 的异议已答复：{answer}", "Your objection to {code} is answered: {answer}"),
    "objection_line": ("异议 {name} {time}：{reason}{answer}", "Objection, {name} {time}: {reason} {answer}"),
    "objection_open_line": ("（待答复）", "(open)"),
    "objection_corrected_line": ("（已更正：{answer}）", "(corrected: {answer})"),
    "objection_kept_line": ("（答复：{answer}）", "(answer: {answer})"),
    # ---------------------------------------------------------------- sync record
    "sync_submit_with": ("沟通纪要 提交", "submit sync record"),
    "sync_record_none": (
        "没有待填写的沟通纪要。对接人沟通会登记结束后再填写：会议 结束 编号",
        "No sync record is waiting. It begins when the liaison sync is ended: end meeting number",
    ),
    "sync_record_wrong": ("{code} 不是对接人沟通会。", "{code} is no liaison sync."),
    "sync_record_saved": (
        "{code} 已保存。提交期限：{due}\n提交请发送：{command}",
        "{code} is kept. Submission: {due}\nTo submit: {command}",
    ),
    "sync_rows_lacking": ("以下待办缺责任人或时限：{rows}", "These actions lack a person or a date: {rows}"),
    "sync_record_sent": (
        "{code} 已提交，转发各部门负责人和执行秘书共 {count} 人。",
        "{code} went to {count} people: the heads and the secretary.",
    ),
    "sync_record_unreached": ("以下人员没有可用账号，未送达：{names}", "Not reachable: {names}"),
    "sync_record_receipt": ("{name} {time}", "{name} {time}"),
    "sync_record_told": (
        "{code} 对接人沟通纪要（第 {number} 版，{name} 提交）{note}\n{body}",
        "{code} liaison sync record (version {number}, by {name}) {note}\n{body}",
    ),
    # ---------------------------------------------------------------- resolutions
    "resolution_word": ("决议", "Resolution"),
    "resolution_state_drafting": ("起草中", "being drafted"),
    "resolution_state_pending_signature": ("待组长签字", "waits for the signature"),
    "resolution_state_signed": ("已签字生效", "signed"),
    "resolution_reads_with": ("决议", "resolution"),
    "resolution_submit_with": ("决议 提交", "submit resolution"),
    "resolution_button_sign": ("签字确认", "Sign"),
    "resolution_button_return": ("退回", "Return"),
    "resolution_row_project": ("项目", "Item"),
    "resolution_row_node": ("节点", "Node"),
    "resolution_row_meeting": ("会议时间", "Held"),
    "resolution_row_by": ("提交", "By"),
    "resolution_row_due": ("截止", "Due"),
    "resolution_row_hash": ("文本哈希", "Hash"),
    "resolution_row_signed": ("签字", "Signed"),
    "resolution_row_reason": ("退回原因", "Why"),
    "resolution_submitter": ("{name}（{department}）", "{name} ({department})"),
    "resolution_signed_by": ("{name} {time}", "{name} {time}"),
    "resolution_for": ("{name} 代 {behalf}", "{name} for {behalf}"),
    "resolution_wrong_meeting": (
        "{code} 不是推进会，没有决议。",
        "{code} is no milestone meeting and has no resolution.",
    ),
    "resolution_head": ("{code}《{title}》{state}", "{code} “{title}”, {state}"),
    "resolution_saved": (
        "{code} 已保存。提交期限：{due}\n提交请发送：{command}",
        "{code} is kept. Submission: {due}\nTo submit: {command}",
    ),
    "resolution_begin": (
        "还没有决议草稿。请在编号下面写明各栏。例：\n{example}",
        "There is no draft yet; write the fields below the number:\n{example}",
    ),
    "resolution_empty": ("还没有决议内容，请先填写。例：\n{example}", "Nothing was written yet. Example:\n{example}"),
    "resolution_locked": (
        "{code} 正待组长签字，不能修改；须先由组长退回。",
        "{code} waits for the leader’s signature and cannot be edited; it has to be returned first.",
    ),
    "resolution_signed": (
        "{code} 已签字生效，不能修改。需要变更请用：决议 修订 {code}",
        "{code} is signed and does not change. To amend it: amend resolution {code}",
    ),
    "resolution_not_signed": (
        "{code} 还没有签字，可直接修改：决议 {code}",
        "{code} is not signed; edit it: resolution {code}",
    ),
    "resolution_rows_lacking": (
        "以下内容缺责任人或完成时限（R-68）：{rows}",
        "These lack a person or a date (R-68): {rows}",
    ),
    "resolution_rows_incomplete": (
        "第 {rows} 行缺责任人或完成时限（R-68）。",
        "Rows {rows} lack a person or a date (R-68).",
    ),
    "resolution_host": (
        "推进会由牵头部门主持，请核对主持人（R-66）。",
        "A milestone meeting is hosted by the lead department (R-66).",
    ),
    "resolution_submitted": (
        "{code} 已提交 {name} 签字，应于 {due} 完成。",
        "{code} went to {name} for the signature, due {due}.",
    ),
    "resolution_text_changed": (
        "决议内容与您看到的不一致，没有签字。请查看最新卡片后再签。",
        "The text is not the one you were shown; nothing was signed. Look at the latest card.",
    ),
    "resolution_signed_now": ("{code} 已签字生效，生成任务 {count} 项。", "{code} is signed; {count} tasks were made."),
    "resolution_signed_told": (
        "{code}{title}已由组长签字生效。发送“{command}”查看。",
        "{code}{title} is signed and in force. Send “{command}” to read it.",
    ),
    "resolution_returned": (
        "{code} 已退回牵头部门，应于 {due} 重新提交。",
        "{code} went back to the lead department, due {due}.",
    ),
    "resolution_returned_told": (
        "{code}{title}被组长退回：{reason}\n修改后重新提交：{command}",
        "{code}{title} was returned: {reason}\nEdit it and submit again: {command}",
    ),
    "resolution_plan_reason": ("决议 {code} 要求调整实施方案", "Resolution {code} wants the plan changed"),
    "resolution_amendment_title": ("{title}（修订）", "{title} (amended)"),
    "resolution_amendment": ("已建立 {code}，修订 {amends}。", "{code} amends {amends}."),
}
