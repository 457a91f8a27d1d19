"""Commands of ledgers, exports and reports (6.2, 6.3)."""

from __future__ import annotations

from bot.command import CommandSpec
from bot.vocabulary.decisions import CODE_FOLLOWS, decision

_TOPIC = "report"
_WHICH = r"[\s,:]*(?:进度|问题|事项|f3\b|f9\b|progress|issues?)"

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="ledger",
        chinese=("台账", "看台账", "进度台账", "问题台账"),
        english=("ledger", "progress ledger", "issue ledger"),
        topic=_TOPIC,
        shape=rf"{_WHICH}?\s*\Z",
    ),
    CommandSpec(
        verb="export",
        chinese=("导出", "导出台账"),
        english=("export",),
        topic=_TOPIC,
        shape=rf"(?:{_WHICH}|{CODE_FOLLOWS})",
    ),
    decision("annotate", ("备注", "台账 备注", "秘书备注"), ("note", "annotate"), topic=_TOPIC),
)
