"""Scores, kudos and peer ratings."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # kudos (R-09, EC-91)
    "help_kudos": ("表扬 @人 事由", "kudos @name reason"),
    "example_kudos": ("表扬 @张三 连夜赶出样件，帮我们稳住客户", "kudos @zhang made the samples overnight"),
    "kudos_said": (
        "✅ 已表扬 {names}，本人和部门负责人都会收到。",
        "✅ Kudos to {names}; the department's head hears of it, too.",
    ),
    "kudos_told": (
        "👏 {by}（{department}）表扬了您：{reason}",
        "👏 {by} ({department}) thanks you: {reason}",
    ),
    "kudos_told_head": (
        "👏 {by}（{department}）表扬了 {name}：{reason}",
        "👏 {by} ({department}) thanks {name}: {reason}",
    ),
    "kudos_self": ("❌ 不能表扬自己。", "❌ You cannot praise yourself."),
    "kudos_own_department": (
        "❌ {name} 与您同部门；表扬用于感谢其他部门的同事。",
        "❌ {name} is of your own department; kudos are for people of other ones.",
    ),
    "kudos_known": ("❌ 您今天已表扬过 {name}。", "❌ You praised {name} today already."),
    # peer rating (K7)
    "help_peer_rating": ("互评 SX-8 行政 5 4 5 4 5", "rate SX-8 行政 5 4 5 4 5"),
    "example_peer_rating": ("互评 SX-8 行政 5 4 5 4 5", "rate SX-8 行政 5 4 5 4 5"),
    "rating_obligation": ("互评《{title}》", "peer rating of {title}"),
    "rating_title": ("协作互评 · {code}", "Peer rating · {code}"),
    "rating_state_open": ("待互评", "to be rated"),
    "rating_state_done": ("已互评", "rated"),
    "rating_state_closed": ("已截止", "closed"),
    "rating_row_item": ("事项", "Item"),
    "rating_row_left": ("待评部门", "To rate"),
    "rating_row_due": ("截止", "Due"),
    "rating_body": (
        "请为合作部门打分（1 最低，5 最高）。互评对被评部门匿名。",
        "Please rate the other departments (1 lowest, 5 highest). They do not learn who rated how.",
    ),
    "rating_thanks": ("互评已结束，谢谢。", "The rating is over; thank you."),
    "rating_by_text": (
        "也可以直接回复：互评 {code} {department} 5 4 5 4 5（依次为主动性、响应、解决时间、反馈及时、结果质量）",
        "Or just send: rate {code} {department} 5 4 5 4 5 (initiative, response, time to solution, feedback, quality)",
    ),
    "rating_field_department": ("评价哪个部门", "Which department"),
    "rating_question_initiative": ("主动性", "Initiative"),
    "rating_question_response": ("响应", "Response"),
    "rating_question_solution": ("解决时间", "Time to solution"),
    "rating_question_feedback": ("反馈及时", "Feedback in time"),
    "rating_question_quality": ("结果质量", "Quality of the result"),
    "rating_button": ("提交互评", "Rate"),
    "rating_said": ("✅ 已提交对 {department} 的互评（{code}）。", "✅ Your rating of {department} ({code}) is in."),
    "rating_left": ("还可评：{departments}", "Still to rate: {departments}"),
    "rating_waiting_head": ("待互评：", "To be rated:"),
    "rating_waiting_line": ("· {code}：{departments}，{due}", "· {code}: {departments}, {due}"),
    "rating_none": ("没有待您部门互评的事项。", "Nothing is to be rated by your department."),
    "rating_own": ("❌ 不能评价本部门。", "❌ Nobody rates the own department."),
    "rating_not_involved": ("❌ 该部门未参与此事项。", "❌ That department was not involved."),
    "rating_answers": (
        "❌ 请给出五个 1 到 5 的分数，依次为主动性、响应、解决时间、反馈及时、结果质量。",
        "❌ Give five numbers from 1 to 5: initiative, response, time to solution, feedback, quality.",
    ),
    "rating_known": ("❌ 贵部门已评价过 {department}。", "❌ Your department has rated {department} already."),
    "rating_closed": ("❌ {code} 的互评未开放或已截止。", "❌ The rating of {code} is not open."),
}
