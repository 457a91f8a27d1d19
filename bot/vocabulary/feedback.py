"""Commands of what departments think, and of what the secretary adds to the digest (R-23, L-23, 6.1)."""

from __future__ import annotations

from bot.command import CommandSpec, Need

_TOPIC = "report"
#: `反馈一下情况`, `反馈给客户了吗` are talk
_NO_TALK = r"(?!一下|给|了|到|过|的|表|单|渠道|机制)"

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="feedback_ask",
        chinese=("反馈 征集", "征集意见"),
        english=("collect feedback", "feedback round"),
        topic=_TOPIC,
        pairs={"截止": ("期限", "by", "until", "due")},
        takes_times=True,
    ),
    CommandSpec(
        verb="feedback",
        chinese=("反馈", "反馈意见", "意见反馈"),
        english=("feedback",),
        topic=_TOPIC,
        shape=_NO_TALK,
    ),
    CommandSpec(
        verb="digest_note",
        chinese=("简报 批注", "批注"),
        english=("digest note", "digest comment"),
        topic=_TOPIC,
        needs=(Need.TEXT,),
    ),
)
