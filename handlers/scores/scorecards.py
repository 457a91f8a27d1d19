"""`/评分`: scorecards of departments and people, what is behind them, objections (domain.md 6.4; P-57, P-58, R-102, R-103).

Scores are read and exported here, never changed: the secretary corrects the verdict behind one, with a reason (SoD-6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.action import Action
from bot.domain.directory import Department, Person
from bot.domain.folding import folded
from bot.domain.ids import DepartmentId
from bot.domain.permissions import Limit
from bot.domain.relation import Relation
from bot.domain.scorecard import Metric, Scorecard, month_before, month_of
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import effects
from handlers.access import allows, require
from handlers.calls import Call
from handlers.conversation.addressees import people_of
from handlers.conversation.misread import misread
from handlers.progress import report_charts
from handlers.scores import scorecard_contests, scorecard_keeping, scorecard_views
from handlers.scores.scorecard_data import personal_card
from handlers.tables import Tables
from handlers.upkeep import monthly
from handlers.words import Words

_MONTH = re.compile(r"(20\d\d)\s?[-/.年]\s?(\d{1,2})(?!\d)\s?月?|(?<!\d)(\d{1,2})\s?月(?:份)?")
_LAST_MONTH = re.compile(r"上个?月|last month")
_THIS_MONTH = re.compile(r"[本这]个?月|this month")
_METRIC = re.compile(r"(?<![a-z\d])k\s?([1-7])(?!\d)")
_RANKING = frozenset({"全部", "排名", "所有部门", "all", "ranking"})


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    tables.commands.on("score", on_score)
    tables.commands.on("own_score", on_own_score)
    tables.commands.on("score_detail", on_detail)
    scorecard_contests.register(tables)
    monthly.register(tables)


# ---------------------------------------------------------------- what was asked for


@dataclass(frozen=True, slots=True)
class Asked:
    """Which card, of which month; `words` are what names neither."""

    month: str
    department: Department | None
    metric: Metric | None
    words: str


def read(call: Call) -> Asked:
    """Department, month and metric in any order. Raises RuleViolation for a department that there is not."""
    command, words = call.command, call.command.words
    said = command.pairs.get("月份", "")
    month, rest = _month(call.context, said) if said else _month(call.context, words)
    rest = words if said else rest
    found = _METRIC.search(folded(rest))
    metric = Metric(f"K{found.group(1)}") if found is not None else None
    rest = re.sub(r"(?i)(?<![a-z\d])k\s?[1-7](?!\d)", " ", rest).strip()
    name = command.pairs.get("部门", "") or rest
    department = call.context.world.directory.department_named(name) if name else None
    if name and department is None and folded(name).strip() not in _RANKING:
        raise misread(call.words, "department", name, verb="score")
    return Asked(month, department, metric, rest)


def _month(context: Context, said: str) -> tuple[str, str]:
    """The month that is named, this one if none is, and what else was said."""
    local = context.world.calendars.local(context.now)
    present, plain = month_of(local), folded(said)
    if _LAST_MONTH.search(plain):
        return month_before(present), _LAST_MONTH.sub(" ", plain).strip()
    found = _MONTH.search(plain)
    if found is None:
        return present, _THIS_MONTH.sub(" ", said).strip()
    year, number = (found.group(1), found.group(2)) if found.group(1) else (str(local.year), found.group(3))
    month = f"{year}-{int(number):02d}"
    if not 1 <= int(number) <= 12 or month > present:
        raise RuleViolation("score_month", {"month": found.group().strip()})
    return month, f"{plain[: found.start()]} {plain[found.end() :]}".strip()


def relation_of(department: DepartmentId) -> Relation:
    """A department's score, as rights ask about it."""
    return Relation(department=department, is_scorecard=True)


# ---------------------------------------------------------------- departments


def on_score(call: Call) -> None:
    """One department's card, the ranking, or a person's card. Nobody else's business: in private."""
    if call.command.people or call.command.typed_names:
        _person(call)
        return
    asked = read(call)
    own = call.person.department
    is_ranking = folded(asked.words).strip() in _RANKING
    if is_ranking or (asked.department is None and sees_all(call.context)):
        _ranking(call, asked.month)
        return
    department = asked.department.id if asked.department is not None else own
    require_card(call.context, department)
    _show(call, scorecard_keeping.present(call.context, department, asked.month))


def _show(call: Call, card: Scorecard) -> None:
    """The card as text, and as a picture behind it where there is something to look at."""
    call.answer_privately(scorecard_views.card(call.context, card, call.words))
    chart = report_charts.scorecard(card, call.words)
    if chart is not None:
        call.illustrate(chart)


def require_card(context: Context, department: DepartmentId) -> None:
    """The right to the whole card of a department (P-57). Raises RuleViolation `no_right`."""
    grant = require(context, Action.SEE_DEPARTMENT_SCORE, relation_of(department))
    if grant.limit is Limit.RANKING or not context.world.posts.has_clocks(department):
        raise RuleViolation("no_right")


def sees_all(context: Context) -> bool:
    """Leader, secretary and performance officer see every card."""
    if context.person is None:
        return False
    others = [d for d in scorecard_keeping.scored_departments(context) if d != context.person.department]
    try:
        grant = require(context, Action.SEE_DEPARTMENT_SCORE, relation_of(others[0])) if others else None
    except RuleViolation:
        return False
    return grant is not None and grant.limit is Limit.NONE


def _ranking(call: Call, month: str) -> None:
    """All departments, as far as a ranking goes; heads see it, too."""
    some = next(iter(scorecard_keeping.scored_departments(call.context)), call.person.department)
    other = next((d for d in scorecard_keeping.scored_departments(call.context) if d != call.person.department), some)
    require(call.context, Action.SEE_DEPARTMENT_SCORE, relation_of(other))
    call.answer_privately(scorecard_views.ranking(cards_of(call.context, month), month, call.words))


def cards_of(context: Context, month: str) -> list[Scorecard]:
    """Every department's card of the month, frozen or as it would be now."""
    return [
        scorecard_keeping.present(context, department, month)
        for department in scorecard_keeping.scored_departments(context)
    ]


def on_detail(call: Call) -> None:
    """The objects behind one figure."""
    asked = read(call)
    department = asked.department.id if asked.department is not None else call.person.department
    require_card(call.context, department)
    if asked.metric is None:
        raise misread(call.words, "metric", call.command.words, verb="score_detail")
    card = scorecard_keeping.present(call.context, department, asked.month)
    call.answer_privately(scorecard_views.detail(call.context, card, asked.metric, call.words))


# ---------------------------------------------------------------- people


def on_own_score(call: Call) -> None:
    """One's own card."""
    month, _ = _month(call.context, call.command.pairs.get("月份", "") or call.command.words)
    if call.command.people:
        _person(call)
        return
    _show_person(call, call.person, month)


def _person(call: Call) -> None:
    people = people_of(call.context, call.command.people)
    named = [p for name in call.command.typed_names for p in call.context.world.directory.named(name)]
    found = [*people, *named]
    if len(found) != 1:
        raise misread(call.words, "person", "、".join(call.command.typed_names) or "@", verb="own_score")
    month, _ = _month(call.context, call.command.pairs.get("月份", "") or call.command.words)
    _show_person(call, found[0], month)


def _show_person(call: Call, person: Person, month: str) -> None:
    require(call.context, Action.SEE_PERSONAL_SCORE, _of_person(person))
    _show(call, card_of_person(call.context, person, month))


def _of_person(person: Person) -> Relation:
    return Relation(department=person.department, owners=frozenset({person.id}), is_scorecard=True)


def card_of_person(context: Context, person: Person, month: str) -> Scorecard:
    """The personal card as everything is now."""
    return personal_card(scorecard_keeping.found_of(context, month), person)


def own_line(context: Context, person: Person, words: Words) -> str:
    """One line for `/我的数据` (EC-77): the personal score of this month."""
    month = month_of(context.world.calendars.local(context.now))
    score = card_of_person(context, person, month).score
    return words.say("score_own_line", month=month, score=score if score is not None else words.say("score_too_few"))


# ---------------------------------------------------------------- for the performance assessment


#: one row for the file that the performance officer gets
HEADINGS = ("月份", "部门", "协作评分", "等级", *(m.value for m in Metric), "扣分", "加分", "绩效权重", "冻结时间")


def export_rows(context: Context, month: str) -> list[tuple[object, ...]]:
    """One row a department (R-102, R-103): score, metrics, points, share of the assessment. No pay is computed.

    The right is looked at when the rows are made (EC-75): leader, secretary, performance officer.
    """
    if not sees_all(context) or not allows(context, Action.EXPORT_LEDGER, Relation(is_scorecard=True)):
        raise RuleViolation("no_right")
    weight = context.world.company.parameters.score_performance_weight
    rows: list[tuple[object, ...]] = []
    for card in cards_of(context, month):
        department = context.world.directory.department(card.department)
        values = [card.value(metric) for metric in Metric]
        rows.append(
            (
                month,
                department.name if department is not None else card.department,
                float(card.score) if card.score is not None else None,
                card.band.value if card.band is not None else "",
                *(round(value, 1) if value is not None else None for value in values),
                sum(p.points for p in card.deductions),
                sum(p.points for p in card.bonuses),
                weight,
                card.frozen_at,
            )
        )
    effects.record(context, "score_exported", month, facts={"rows": str(len(rows))})
    return rows
