"""Sentences about acceptance and archive (3.6)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "topic_acceptance": ("验收", "accept"),
    # states and words
    "acceptance_state_applied": ("已申请", "applied for"),
    "acceptance_state_scheduled": ("已安排", "scheduled"),
    "acceptance_state_voting": ("评议中", "being judged"),
    "acceptance_state_split": ("意见不一，待组长决定", "opinions differ, the leader decides"),
    "acceptance_state_passed": ("合格，待归档", "passed, to be archived"),
    "acceptance_state_archived": ("已归档", "archived"),
    "acceptance_state_rectify": ("需整改", "to be rectified"),
    "acceptance_state_failed": ("不合格", "failed"),
    "acceptance_state_withdrawn": ("已撤回", "withdrawn"),
    "verdict_passed": ("合格", "passed"),
    "verdict_rectify": ("整改", "rectify"),
    "verdict_failed": ("不合格", "failed"),
    "proposal_rework": ("返工", "rework"),
    "proposal_terminate": ("终止", "terminate"),
    # the cards
    "acceptance_kind": ("验收", "Acceptance"),
    "acceptance_title": ("《{title}》", " “{title}”"),
    "acceptance_reads_with": ("验收", "acceptance"),
    "acceptance_head": ("{code}《{title}》{state}", "{code} “{title}”: {state}"),
    "acceptance_row_item": ("事项", "Item"),
    "acceptance_row_by": ("申请", "By"),
    "acceptance_row_due": ("截止", "Due"),
    "acceptance_row_acceptors": ("验收人", "Who"),
    "acceptance_row_votes": ("意见", "Votes"),
    "acceptance_row_reason": ("原因", "Why"),
    "acceptance_row_leftovers": ("遗留", "Left"),
    "acceptance_by_value": ("{name}（{department}）{time}", "{name} ({department}) {time}"),
    "acceptance_vote_value": ("{name} {verdict}", "{name}: {verdict}"),
    "acceptance_vote_body": (
        "{criteria}\n全部合格点“合格”；也可发“评议 {code} 合格 整改 …”逐项给出。",
        "{criteria}\nAll fine: “passed”. One by one: “vote {code} passed rectify …”.",
    ),
    "acceptance_organise_body": (
        "请安排验收会：会议 安排 验收会 {code} 时间 @验收人",
        "Please call the meeting: meet acceptance {code} time @acceptors",
    ),
    "acceptance_needs_independent": (
        "本事项没有配合部门，请另请一位部门负责人独立验收（SoD-3）。",
        "No department cooperates; please name an independent head as acceptor (SoD-3).",
    ),
    "acceptance_lacks_resolution": (
        "⚠️ 没有已签字的验收前推进会决议，已记录。",
        "⚠️ No signed resolution of a meeting before acceptance; this is noted.",
    ),
    "acceptance_rectify_body": (
        "整改项列出后成为任务，全部完成后再发“验收 {item}”。",
        "What is to be put right becomes tasks; when all are done, send “acceptance {item}” again.",
    ),
    "acceptance_failed_body": (
        "请在 2 个工作日内发“处理建议 {code} 返工 说明”或“处理建议 {code} 终止 说明”。",
        "Within 2 working days please “propose {code} rework why” or “propose {code} terminate why”.",
    ),
    "acceptance_button_passed": ("合格", "Passed"),
    "acceptance_button_rectify": ("整改", "Rectify"),
    "acceptance_button_failed": ("不合格", "Failed"),
    "acceptance_button_each": ("逐项提交", "Each"),
    "acceptance_button_conclude": ("结束评议", "Conclude"),
    "acceptance_button_archive": ("确认归档", "Archive"),
    # what was done
    "acceptance_offer": ("{code} 申请验收，请填写：", "Acceptance of {code}, please fill in:"),
    "acceptance_applied": (
        "✅ {code} 已申请（{item} 验收中）。已请 {name} 组织验收，结果应于 {due} 前给出。",
        "✅ {code} applied for ({item} is in acceptance). {name} was asked to organise it; the result is due {due}.",
    ),
    "acceptance_unchecked": (
        "自评缺少方案中的验收标准：{criteria}\n已填内容已保存，补上后再发即可。",
        "The self check leaves out criteria of the plan: {criteria}\nWhat you wrote is kept; add them and send again.",
    ),
    "acceptance_withdrawn": (
        "✅ {code} 已撤回，{item} 恢复执行。",
        "✅ {code} withdrawn; {item} is in progress again.",
    ),
    "acceptance_voted": (
        "✅ 已记录您对 {code} 的意见，还差 {left} 位。",
        "✅ Your opinion on {code} is noted; {left} to go.",
    ),
    "acceptance_split": ("{code} 意见不一，已报组长决定。", "Opinions on {code} differ; the leader decides."),
    "acceptance_result_passed": (
        "✅ {code} 验收合格，{item} 待归档。",
        "✅ {code} passed; {item} is to be archived.",
    ),
    "acceptance_result_rectify": (
        "↩️ {code} 需整改，{item} 整改中。",
        "↩️ {code}: something has to be put right; {item} is being rectified.",
    ),
    "acceptance_result_failed": (
        "❌ {code} 不合格，{item} 整改中，已报组长。",
        "❌ {code} failed; {item} is being rectified and the leader was informed.",
    ),
    "acceptance_rectifications": (
        "✅ {code} 已列 {count} 项整改，已作为 {item} 的任务下达。",
        "✅ {count} things of {code} are tasks of {item} now.",
    ),
    "acceptance_proposed": (
        "✅ {code} 处理建议“{proposal}”已报组长。",
        "✅ {code}: “{proposal}” was proposed to the leader.",
    ),
    # notices
    "acceptance_withdrawn_told": (
        "{code}{title} 的验收申请已由 {name} 撤回，如已约验收会请取消。",
        "{code}{title}: {name} withdrew the application; please cancel its meeting if there is one.",
    ),
    "acceptance_passed_told": (
        "{code}{title} 验收合格，{item} 待归档。",
        "{code}{title} passed; {item} is to be archived.",
    ),
    "acceptance_rectify_told": (
        "{code}{title} 需整改（{item}）。请执行秘书发“整改 {code}”列明内容、责任人、时限。",
        "{code}{title} has to be put right ({item}). The secretary lists what, by whom and until when: “rectify {code}”.",
    ),
    "acceptance_failed_told": (
        "{code}{title} 验收不合格（{item}）。牵头负责人将在 2 个工作日内提出返工或终止建议。",
        "{code}{title} failed ({item}). The lead head proposes rework or termination within 2 working days.",
    ),
    "acceptance_proposed_told": (
        "{code}{title} 处理建议：{proposal}（{name}）。{reason}\n需终止请发“终止 {item} 原因”。",
        "{code}{title}: {name} proposes {proposal}. {reason}\nTo end it: “terminate {item} why”.",
    ),
    # refusals
    "acceptance_open_tasks": (
        "还有任务未完成，不能申请验收：{codes}",
        "Acceptance has to wait for open tasks: {codes}",
    ),
    "acceptance_open_issues": (
        "还有重要或重大问题未闭环，不能申请验收：{codes}",
        "Acceptance has to wait for open important or major issues: {codes}",
    ),
    "acceptance_needs_resolution": (
        "专项事项须先有已签字的验收前推进会决议，才能申请验收。",
        "A special item needs the signed resolution of its meeting before acceptance first.",
    ),
    "acceptors_needed": (
        "验收人中没有可计票的部门负责人：牵头部门不能验收自己的成果，请 @ 配合或使用部门负责人，或另请一位独立验收人（SoD-3）。",
        (
            "Nobody named has a vote that counts: the lead does not accept its own result. Please name heads of cooperating"
            " or using departments, or an independent one (SoD-3)."
        ),
    ),
    "acceptance_is_split": ("{code} 意见不一，等组长决定。", "Opinions on {code} differ; it waits for the leader."),
    "acceptance_not_split": ("{code} 没有等组长决定。", "{code} does not wait for the leader."),
    "no_vote_counts": ("{code} 还没有计票的意见。", "No vote on {code} counts yet."),
    "vote_incomplete": ("共 {count} 项标准，请逐项给出意见。", "There are {count} criteria; please judge each."),
    "vote_not_understood": (
        "请写合格、整改或不合格，例如：评议 {code} 合格；逐项：评议 {code} 合格 整改 标识不清楚",
        "Please write passed, rectify or failed, for example: vote {code} passed; each: vote {code} passed rectify labels unclear",
    ),
    "rectifications_listed": ("{code} 的整改项已列出。", "What is to be put right for {code} is listed already."),
    "already_proposed": ("{code} 的处理建议已提出。", "A proposal for {code} was made already."),
    "proposal_not_understood": (
        "请写返工或终止，例如：处理建议 {code} 返工 重做展架",
        "Please write rework or terminate, for example: propose {code} rework rebuild the stand",
    ),
    # archive
    "archive_row": ("清单{number}", "List{number}"),
    "archive_row_documents": ("文档", "Files"),
    "archive_documents_fine": ("均合规", "all compliant"),
    "archive_there": ("{name} ✓ {found}", "{name} ✓ {found}"),
    "archive_missing": ("{name} 缺", "{name} missing"),
    "archive_none": ("{name} 无", "no {name}"),
    "archive_request": ("需求单", "request"),
    "archive_opinion": ("评估意见", "assessment"),
    "archive_plan": ("实施方案", "plan"),
    "archive_progress": ("进度记录", "progress"),
    "archive_records": ("会议纪要/决议", "minutes"),
    "archive_issues": ("问题记录", "issues"),
    "archive_results": ("成果文件", "results"),
    "archive_acceptance": ("验收意见", "acceptance"),
    "archived_said": ("✅ {what} 已归档。", "✅ {what} is archived."),
    "archive_documents": (
        "还有文档不合规或失效，不能归档：{codes}",
        "Archiving has to wait for documents that are not compliant or lost: {codes}",
    ),
    "archive_incomplete": ("归档清单缺少：{entries}", "The archive list lacks: {entries}"),
    # who may
    "who_acceptance": ("申请验收限牵头部门的对接人、负责人。", "For liaison and head of the lead department."),
    "who_vote": (
        "评议限验收人（配合或使用部门负责人、组长）；牵头部门的意见不计票（SoD-3）。",
        "For the acceptors: heads of cooperating or using departments, the leader. The lead has no vote (SoD-3).",
    ),
    "who_conclude": ("结束评议限执行秘书{secretary}。", "For the secretary, {secretary}."),
    "who_rectify": ("整改项由执行秘书{secretary}列出。", "The secretary, {secretary}, lists it."),
    "who_propose": ("处理建议由牵头部门负责人提出。", "For the head of the lead department."),
    "who_archive": (
        "归档限牵头部门的对接人、负责人和执行秘书{secretary}。",
        "For liaison and head of the lead department and the secretary, {secretary}.",
    ),
    # help
    "help_acceptance": ("验收 SX-8　申请验收", "acceptance SX-8"),
    "help_vote": ("评议 YS-6 合格|整改|不合格", "vote YS-6 passed|rectify"),
    "help_conclude": ("结束评议 YS-6", "conclude YS-6"),
    "help_rectify": ("整改 YS-6　列整改项", "rectify YS-6"),
    "help_propose": ("处理建议 YS-6 返工 说明", "propose YS-6 rework why"),
    "help_archive": ("归档 SX-8", "archive SX-8"),
    "example_acceptance": (
        "验收 SX-8\n完成情况说明：展位与物料全部到位\n成果清单：搭建合同 | 共享盘\n对照验收标准自评：物料齐备 | 达到\n遗留问题：无",
        "acceptance SX-8\nsummary: stand and material are there\nresults: contract | share\nself check: all material | 达到\nleftovers: none",
    ),
    "example_vote": ("评议 YS-6 合格", "vote YS-6 passed"),
    "example_conclude": ("结束评议 YS-6", "conclude YS-6"),
    "example_rectify": (
        "整改 YS-6\n整改要求：补标识 | 张三 | 2026-09-25",
        "rectify YS-6\nrectifications: add labels | zhang | 2026-09-25",
    ),
    "example_propose": ("处理建议 YS-6 返工 重做展架", "propose YS-6 rework rebuild the stand"),
    "example_archive": ("归档 SX-8", "archive SX-8"),
}
