"""The coverage table of the rules in both languages: `make rules` writes it, a test compares it (docs/*/rules.md).

Commands, cards, timers, limits and reports come from `handlers.carriers`, the tests from those that name a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from bot.domain.ids import CodeKind as Kind
from bot.domain.timers import TimerKind as Timer
from bot.vocabulary import grammar
from handlers.carriers import CARRIERS, Carrier
from handlers.texts import say
from handlers.texts.rules import CHAPTERS, RULES, Both, Rule, chapter_of
from tests.architecture.pages import LANGUAGES, ROOT
from tests.architecture.test_rule_coverage import named

KINDS: Mapping[Kind, Both] = {
    Kind.REQUEST: ("需求单", "request"),
    Kind.PLAN: ("实施方案", "plan"),
    Kind.ITEM: ("协作事项", "item"),
    Kind.TASK: ("任务", "task"),
    Kind.REPORT: ("周进度", "weekly report"),
    Kind.ACCEPTANCE: ("验收", "acceptance"),
    Kind.ISSUE: ("问题", "issue"),
    Kind.CONFLICT: ("冲突", "conflict"),
    Kind.MEETING: ("会议", "meeting"),
    Kind.RESOLUTION: ("决议", "resolution"),
    Kind.LIAISON_CHANGE: ("对接人变更", "change of liaison"),
    Kind.DOCUMENT: ("文档", "document"),
    Kind.PROPOSAL: ("奖惩", "proposal"),
    Kind.CLOCK: ("响应计时", "reply clock"),
}
TIMERS: Mapping[Timer, Both] = {
    Timer.SLA_NUDGE: ("响应提醒", "reply reminder"),
    Timer.SLA_BREACH: ("响应超时", "reply overdue"),
    Timer.SLA_ESCALATE: ("升级负责人", "escalation to the head"),
    Timer.SLA_CLOSE: ("停止计时", "end of counting"),
    Timer.DIGEST: ("每日简报", "daily digest"),
    Timer.GROUP_CHECK: ("每日核对群成员", "daily check of groups"),
    Timer.DIRECTORY_SYNC: ("同步通讯录", "directory sync"),
    Timer.LEAVE_START: ("请假开始", "leave begins"),
    Timer.LEAVE_END: ("请假结束", "leave ends"),
    Timer.RETENTION: ("到期清理", "retention"),
    Timer.DEADLINE: ("期限提醒", "reminders of limits"),
    Timer.REQUEST_IDLE: ("草稿久置", "idle drafts"),
    Timer.WEEK_START: ("每周一安排", "the week on Monday"),
    Timer.WEEKLY_PACK: ("会前材料", "pack before the meeting"),
    Timer.MEETING_NEAR: ("会前半小时", "half an hour before"),
    Timer.MEETING_LONG: ("会议过长", "a long meeting"),
    Timer.MEETING_OPEN_END: ("会议未结束", "a meeting without end"),
    Timer.MEETING_UNHELD: ("会议未召开", "a meeting not held"),
    Timer.SYNC_CALL: ("沟通会催办", "last call for the sync"),
    Timer.MAJOR_ACK: ("重大问题催办", "major issue not noted"),
    Timer.LIAISON_EFFECTIVE: ("变更生效", "change takes effect"),
    Timer.DOCUMENTS: ("每周文档检查", "weekly look at documents"),
    Timer.MONTHLY: ("每月事务", "duties of the month"),
    Timer.COVERAGE: ("每晚缺口检查", "nightly audit of gaps"),
}
_HEAD = {
    "zh": """# 制度条款对照表

[English](../en/rules.md) · [文档目录](README.md)

方案的 {count} 条规则，每条由什么落实：指令、卡片、计时与期限、报告，以及点名检验它的测试。有 {people} 条只能由人把握，写明了原因，旁边的是支持手段。
在聊天里发 `规则 R-40`，可以看一条规则的全文。

本页由 `make rules` 从代码生成，请勿手改；有一条规则没有测试、也没有写明由人把握，构建就会失败。
""",
    "en": """# Coverage of the rules

[中文](../zh/rules.md) · [contents](README.md)

The {count} rules of the plan and what carries each of them: commands, cards, timers and limits, reports, and the tests that name it. {people} of
them only people can keep; the reason is given, and what stands beside it supports them. `rule R-40` in the chat shows all of one rule.

`make rules` writes this page from the code; it is not edited by hand. A rule with neither a test nor such a reason fails the build.
""",
}
_COLUMNS = {
    "zh": ("规则", "一句话", "指令", "卡片", "计时与期限", "报告及其他", "测试"),
    "en": ("rule", "in one sentence", "commands", "cards", "timers and limits", "reports and more", "tests"),
}
_BY_PEOPLE = {"zh": "**由人把握**：{why}", "en": "**by people**: {why}"}
_COMMA = {"zh": "、", "en": ", "}


def page_of(language: str) -> str:
    """The whole page."""
    people = sum(bool(carrier.by_people[0]) for carrier in CARRIERS.values())
    parts = [_HEAD[language].format(count=len(RULES), people=people)]
    for chapter, rules in groupby(RULES.values(), key=chapter_of):
        rows = "\n".join(_row(_cells(rule, language)) for rule in rules)
        head = _row(_COLUMNS[language])
        parts.append(f"## {chapter[_index(language)]}\n\n{head}\n{_row(['---'] * len(_COLUMNS[language]))}\n{rows}\n")
    return "\n".join(parts)


def path_of(language: str) -> Path:
    """Where the page stands."""
    return ROOT / "docs" / language / "rules.md"


def _cells(rule: Rule, language: str) -> Iterator[str]:
    which, comma, carrier = _index(language), _COMMA[language], CARRIERS[rule.number]
    yield rule.code
    yield rule.text[which]
    yield comma.join(f"`{_command(verb, which)}`" for verb in carrier.verbs)
    yield comma.join(KINDS[kind][which] for kind in carrier.cards)
    yield comma.join(_limits(carrier, which))
    yield comma.join(_reports(carrier, language))
    yield comma.join(_link(test) for test in sorted({test.split("::")[0] for test in named()[1].get(rule.code, ())}))


def _command(verb: str, which: int) -> str:
    spec = grammar().spec(verb)
    return (spec.english if which else spec.chinese)[0]


def _limits(carrier: Carrier, which: int) -> Iterator[str]:
    yield from (TIMERS[timer][which] for timer in carrier.timers)
    yield from (say(f"kind_{kind.name.lower()}", ("zh-CN", "en")[which]) for kind in carrier.owed)
    yield from (f"`{key.replace('_', '.', 1).replace('group.', 'groups.')}`" for key in carrier.settings)


def _reports(carrier: Carrier, language: str) -> Iterator[str]:
    which = _index(language)
    yield from (report.value[which] for report in carrier.reports)
    if carrier.besides[which]:
        yield carrier.besides[which]
    if carrier.by_people[which]:
        yield _BY_PEOPLE[language].format(why=carrier.by_people[which])


def _link(test: str) -> str:
    return f"[{test.removesuffix('.py').replace('test_', '', 1)}](../../tests/{test})"


def _row(cells: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _index(language: str) -> int:
    return LANGUAGES.index(language)


def main() -> None:
    """Write both pages."""
    assert sum(1 for _ in groupby(RULES.values(), key=chapter_of)) == len(CHAPTERS)
    for language in LANGUAGES:
        path_of(language).write_text(page_of(language), encoding="utf-8")


if __name__ == "__main__":
    main()
