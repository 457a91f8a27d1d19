"""Who has what in hand: `谁在办 RW-31`, `部门待办` (domain.md 2.7, R-17)."""

from __future__ import annotations

from bot.command import CommandSpec
from bot.vocabulary.decisions import on_object

SPECS: tuple[CommandSpec, ...] = (
    on_object("in_hand", ("谁在办", "谁在处理", "在谁手里", "经手"), ("who has", "in whose hands"), topic="reply"),
    CommandSpec(
        verb="team_todo",
        chinese=("部门待办", "本部门待办", "我部门的待办"),
        english=("team to do", "department to do"),
        topic="reply",
        is_bare=True,
    ),
)
