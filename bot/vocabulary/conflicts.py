"""Commands of conflicts (3.8)."""

from __future__ import annotations

from bot.command import CommandSpec
from bot.vocabulary.decisions import CODE_FOLLOWS, decision, with_form

_TOPIC = "conflict"


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
    with_form("mediate", ("调解", "调解意见"), ("mediate", "mediation"), topic=_TOPIC),
    with_form("rule_conflict", ("裁定", "冲突 裁定"), ("ruling",), topic=_TOPIC),
    decision("refer", ("报办公会", "报总经理办公会", "冲突 转办"), ("refer", "office meeting"), topic=_TOPIC),
    with_form("office_decision", ("办公会决定", "记录办公会决定"), ("office decision",), topic=_TOPIC),
)
