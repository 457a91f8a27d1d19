"""Who has what in hand: `谁在办 RW-31`, `部门待办` (domain.md 2.7, R-17)."""

from __future__ import annotations

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import CODE_FOLLOWS

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="in_hand",
        chinese=("谁在办", "谁在处理", "在谁手里", "经手"),
        english=("who has", "in whose hands"),
        topic="reply",
        needs=(Need.CODE,),
        takes_number=True,
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
    CommandSpec(
        verb="team_todo",
        chinese=("部门待办", "本部门待办", "我部门的待办"),
        english=("team to do", "department to do"),
        topic="reply",
        is_bare=True,
    ),
)
