"""Commands of conflicts (3.8)."""

from __future__ import annotations

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import CODE_FOLLOWS, decision

_TOPIC = "conflict"


def _form(verb: str, chinese: tuple[str, ...], english: tuple[str, ...]) -> CommandSpec:
    """A step on one conflict that takes lines."""
    return CommandSpec(
        verb=verb,
        chinese=chinese,
        english=english,
        topic=_TOPIC,
        needs=(Need.CODE,),
        takes_number=True,
        takes_form=True,
        shape=CODE_FOLLOWS,
        is_quotable=True,
    )


SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="conflict_file",
        chinese=("冲突 上报", "冲突 新建"),
        english=("report conflict", "conflict new", "new conflict"),
        topic=_TOPIC,
        takes_form=True,
        shape=r"[\s,:]+\S",
    ),
    CommandSpec(
        verb="conflict",
        chinese=("冲突", "查冲突", "冲突 列表"),
        english=("conflict", "conflicts", "conflict list"),
        topic=_TOPIC,
        takes_number=True,
        shape=CODE_FOLLOWS,
    ),
    decision("verify", ("核实", "核实信息"), ("verify",), topic=_TOPIC),
    _form("mediate", ("调解", "调解意见"), ("mediate", "mediation")),
    _form("rule_conflict", ("裁定", "冲突 裁定"), ("ruling",)),
    decision("refer", ("报办公会", "报总经理办公会", "冲突 转办"), ("refer", "office meeting"), topic=_TOPIC),
    _form("office_decision", ("办公会决定", "记录办公会决定"), ("office decision",)),
)
