"""Sentences about what departments think, and what the secretary adds to the digest (R-23, L-23, 6.1)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # ---------------------------------------------------------------- commands
    "help_feedback_ask": ("反馈 征集 主题　问各部门意见", "collect feedback TOPIC  ask all"),
    "example_feedback_ask": (
        "反馈 征集 X1试产配合情况 截止：9-18 18:00",
        "collect feedback how the X1 trial goes by: 9-18 18:00",
    ),
    "who_feedback_ask": ("征集反馈限执行秘书{secretary}。", "Feedback is collected by the secretary, {secretary}."),
    "help_feedback": ("反馈 内容　向秘书反馈", "feedback TEXT  tell the secretary"),
    "example_feedback": ("反馈 夹具到位晚了两天", "feedback the jig came two days late"),
    "help_digest_note": ("简报 批注 文字　写进下期简报", "digest note TEXT  adds a line"),
    "example_digest_note": ("简报 批注 夹具问题本周可解决", "digest note the jig will be settled this week"),
    "who_digest_note": (
        "简报批注限执行秘书{secretary}。",
        "The comment in the digest is the secretary's, {secretary}.",
    ),
    # ---------------------------------------------------------------- asking
    "feedback_asked": (
        "已向 {count} 个部门征集“{topic}”的反馈，截止 {due}。到时提醒未反馈的部门；看结果发送“反馈”。",
        "{count} departments are asked about “{topic}”, until {due}. Who has not answered is reminded then; “feedback” shows the answers.",
    ),
    "feedback_unreached": ("{departments}暂无人可联系，请另行了解。", "Nobody can be reached in {departments}."),
    "feedback_topic": ("请写明征集什么，例：\n{example}", "Say what about, for example:\n{example}"),
    "feedback_past": ("截止时间已过，请另定。", "That time has passed, please name another one."),
    "feedback_reminder": (
        "“{topic}”的反馈现已截止，{department}还没有反馈。请直接回复：反馈 内容",
        "“{topic}”: feedback was wanted until now, and {department} has not answered. Please send: feedback TEXT",
    ),
    # ---------------------------------------------------------------- the card
    "feedback_card_title": ("征集反馈", "Feedback wanted"),
    "feedback_card_open": ("待反馈", "to answer"),
    "feedback_card_done": ("已反馈", "answered"),
    "feedback_card_how": (
        "请代表本部门填写；也可发送：反馈 内容。请勿写涉密或内部敏感内容。",
        "Please answer for your department, or send: feedback TEXT. Nothing confidential or sensitive, please.",
    ),
    "feedback_row_topic": ("主题", "Topic"),
    "feedback_row_due": ("截止", "Until"),
    "feedback_row_by": ("反馈人", "By"),
    "feedback_by": ("{name} {time}", "{name} {time}"),
    "feedback_field": ("反馈", "Feedback"),
    "feedback_button": ("提交", "Submit"),
    "feedback_over": (
        "这一轮反馈已结束。如有意见，请发送：反馈 内容",
        "That round is over. Please send: feedback TEXT",
    ),
    # ---------------------------------------------------------------- answering
    "feedback_taken": (
        "已收到“{topic}”的反馈，{name} 汇总后报组长。",
        "Noted for “{topic}”; {name} reports to the leader.",
    ),
    "feedback_changed": ("“{topic}”的反馈已更新。", "The answer to “{topic}” is changed."),
    "feedback_passed_on": ("已转给执行秘书 {name}。", "Passed on to the secretary, {name}."),
    "feedback_told": ("{name}（{department}）反馈：{text}", "{name} ({department}): {text}"),
    "feedback_all": (
        "“{topic}”的反馈已收齐（{count} 个部门），发送“反馈”查看。",
        "All {count} departments answered “{topic}”; send “feedback” to read them.",
    ),
    "feedback_empty": ("反馈内容为空，请写明后再发。", "There is nothing in it yet; please write what you think."),
    "feedback_too_long": ("反馈最多 {limit} 字，请精简。", "At most {limit} characters, please."),
    "feedback_secret": (
        "涉密和内部敏感事项不在这里写，请与执行秘书当面沟通。",
        "Confidential and sensitive matters do not belong here; please speak with the secretary.",
    ),
    # ---------------------------------------------------------------- looking
    "feedback_how": (
        "有意见请发送：反馈 内容。会转给执行秘书。",
        "Send: feedback TEXT. It goes to the secretary.",
    ),
    "feedback_runs": ("正在征集：{topic}，截止 {due}。", "Wanted now: {topic}, until {due}."),
    "feedback_none": ("还没有征集过反馈。", "No feedback was collected yet."),
    "feedback_head": (
        "“{topic}”：{done}/{all} 个部门已反馈，截止 {due}。",
        "“{topic}”: {done} of {all} answered, until {due}.",
    ),
    "feedback_line": ("· {department}（{name} {time}）：{text}", "· {department} ({name} {time}): {text}"),
    "feedback_line_late": (
        "· {department}（{name} {time}，晚于截止）：{text}",
        "· {department} ({name} {time}, late): {text}",
    ),
    "feedback_waiting": ("未反馈：{departments}", "Not yet: {departments}"),
    "feedback_unasked_head": ("近两周主动反馈 {count} 条：", "{count} unasked in two weeks:"),
    # ---------------------------------------------------------------- the comment in the digest
    "digest_comment": ("秘书：{text}", "Secretary: {text}"),
    "digest_note_kept": (
        "已写进下一期简报末尾（仅一次）：\n{comment}\n不要了请发送：简报 批注 清除",
        "At the end of the next digest, once:\n{comment}\nTo take it back: digest note clear",
    ),
    "digest_note_cleared": ("批注已清除。", "The comment is cleared."),
    "digest_note_none": ("下一期简报没有批注。", "There is no comment for the next digest."),
    "digest_note_long": ("批注 {count} 字，最多 {limit} 字，请精简。", "{count} characters; at most {limit}, please."),
}
