"""Decisions on numbered objects: one verb for every kind of object that it fits (ux.md A5.2, domain.md 2.8).

What a verb does to which kind stands in `handlers.deeds`; the words here are those of buttons and of phones.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.command import CommandSpec, Need

#: without a prefix or a quoted card, a code or a number has to follow: `同意，明天见` is talk
CODE_FOLLOWS = r"\s*[,:]?\s*(?:[a-z]{2}\s?[-–—−_]?\s?\d|jb-|#|第|\d)"
REASON = {"原因": ("事由", "理由", "意见", "reason", "because")}


def on_object(
    verb: str,
    chinese: tuple[str, ...],
    english: tuple[str, ...],
    *,
    topic: str,
    pairs: Mapping[str, tuple[str, ...]] | None = None,
    needs: tuple[Need, ...] = (Need.CODE,),
    shape: str = CODE_FOLLOWS,
    takes_times: bool = False,
    takes_form: bool = False,
) -> CommandSpec:
    """A verb on one object: its number, whole or bare, stands behind the word or on the quoted card."""
    return CommandSpec(
        verb=verb,
        chinese=chinese,
        english=english,
        topic=topic,
        pairs=pairs or {},
        needs=needs,
        takes_number=True,
        takes_times=takes_times,
        takes_form=takes_form,
        shape=shape,
        is_quotable=True,
    )


def decision(verb: str, chinese: tuple[str, ...], english: tuple[str, ...], *, topic: str = "decide") -> CommandSpec:
    """A verb on one object, with a reason or a line behind its number."""
    return on_object(verb, chinese, english, topic=topic, pairs=REASON)


def with_form(
    verb: str,
    chinese: tuple[str, ...],
    english: tuple[str, ...],
    *,
    topic: str,
    needs: tuple[Need, ...] = (Need.CODE,),
    shape: str = CODE_FOLLOWS,
) -> CommandSpec:
    """A verb on one object, with `字段名：值` lines behind its number."""
    return on_object(verb, chinese, english, topic=topic, needs=needs, shape=shape, takes_form=True)


SPECS: tuple[CommandSpec, ...] = (
    decision("approve", ("同意", "批准", "审核通过", "通过", "会签同意"), ("approve", "yes", "agree")),
    decision("reject", ("驳回", "不同意", "会签不同意", "否决"), ("reject", "no", "disagree")),
    decision("send_back", ("退回", "退回补充", "退回修改"), ("return", "send back")),
    decision("withdraw", ("撤回",), ("withdraw",)),
    decision("sign", ("签字", "签字确认"), ("sign",)),
    decision("confirm", ("确认", "确认已解决", "确认完成"), ("confirm",)),
    decision("not_solved", ("仍未解决", "未解决"), ("not solved", "unsolved")),
    decision("close", ("闭环", "关闭"), ("close",)),
    decision("reopen", ("重开", "重新打开"), ("reopen",)),
)
