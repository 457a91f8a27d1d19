"""Commands of scores, kudos, peer ratings and proposals (6.4, 6.5, 3.16)."""

from __future__ import annotations

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import CODE_FOLLOWS, REASON, decision

_MONTH = {"月份": ("月", "month"), "部门": ("dept", "department")}

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="kudos",
        chinese=("表扬", "点赞"),
        english=("kudos", "praise"),
        topic="score",
        needs=(Need.PEOPLE, Need.TEXT),
        shape=r"(?!信|大会|稿)",
    ),
    CommandSpec(
        verb="peer_rating",
        chinese=("互评", "协作互评"),
        english=("rate", "peer rating"),
        topic="score",
        shape=r"[\s,:]*(?:\Z|[a-z]{2}\s?[-–—−_]?\s?\d)",
        is_quotable=True,
    ),
    CommandSpec(
        verb="score",
        chinese=("评分", "部门评分", "协作评分"),
        english=("score", "scores", "scorecard"),
        topic="score",
        pairs=_MONTH,
    ),
    CommandSpec(
        verb="own_score",
        chinese=("我的评分", "个人评分"),
        english=("my score", "personal score"),
        topic="score",
        pairs=_MONTH,
    ),
    CommandSpec(
        verb="score_detail",
        chinese=("评分 明细", "评分明细"),
        english=("score detail", "score details"),
        topic="score",
        pairs=_MONTH,
    ),
    CommandSpec(
        verb="score_contest",
        chinese=("评分 异议", "评分异议"),
        english=("contest score", "score contest"),
        topic="score",
        pairs={**_MONTH, **REASON},
        needs=(Need.CODE, Need.REASON),
    ),
    CommandSpec(
        verb="score_answer",
        chinese=("评分 答复", "评分答复"),
        english=("answer contest", "score answer"),
        topic="score",
        pairs={**_MONTH, **REASON, "结论": ("结果", "verdict")},
        needs=(Need.CODE, Need.REASON),
    ),
    CommandSpec(
        verb="proposals",
        chinese=("奖惩", "奖惩建议"),
        english=("awards", "proposals"),
        topic="award",
        shape=r"[\s,:]*(?:\Z|jc)",
    ),
    CommandSpec(
        verb="propose_award",
        chinese=("奖惩 表彰", "提名表彰", "建议表彰"),
        english=("propose award", "award proposal"),
        topic="award",
        pairs={"部门": ("dept", "department"), **REASON},
    ),
    CommandSpec(
        verb="propose_criticism",
        chinese=("奖惩 批评", "建议批评", "建议通报批评"),
        english=("propose criticism", "criticism proposal"),
        topic="award",
        pairs={"部门": ("dept", "department"), **REASON},
    ),
    decision("put_forward", ("提交候选", "推进候选", "奖惩 推进"), ("put forward",), topic="award"),
    decision("drop_candidate", ("放弃候选", "奖惩 放弃"), ("drop candidate",), topic="award"),
    decision("state_case", ("陈述", "情况陈述"), ("statement", "state case"), topic="award"),
    CommandSpec(
        verb="confirm_proposal",
        chinese=("奖惩 确认", "确认奖惩"),
        english=("confirm proposal",),
        topic="award",
        pairs={"分值": ("分", "points"), "范围": ("scope",), **REASON},
        needs=(Need.CODE,),
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
    decision("publish_notice", ("奖惩 发布", "发布通报", "预览通报"), ("publish notice",), topic="award"),
    decision("appeal", ("申诉", "奖惩 申诉"), ("appeal",), topic="award"),
    decision("uphold_appeal", ("维持原决定", "申诉 不成立"), ("dismiss appeal",), topic="award"),
    decision("grant_appeal", ("撤销处理", "申诉 成立"), ("grant appeal",), topic="award"),
)
