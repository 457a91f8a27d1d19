"""What is done in a step of the week, act by act, in words: who, where, what, and how much of it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.playground.showing import joined
from bot.playground.week import Act, Expectation, Step
from bot.playground.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """One act as the page lists it."""

    at: str
    who: str
    where: str
    words: str
    #: what is looked at afterwards
    checks: int


def act_views(step: Step, *, names: Mapping[str, str], language: str) -> list[ActView]:
    """Every act of a step, in its order; `names` are those of people and groups, by their ids."""
    return [_view(act, names, language) for act in step.acts]


def _view(act: Act, names: Mapping[str, str], language: str) -> ActView:
    place = names.get(act.into, act.into) or say(language, "act_private")
    return ActView(
        at=act.at,
        who=names.get(act.by, act.by) or say(language, "act_nobody"),
        where=place if act.by else "",
        words=_words(act, names, language),
        checks=sum(_checks(wanted) for wanted in act.expect),
    )


def _words(act: Act, names: Mapping[str, str], language: str) -> str:
    def named(ids: Iterable[str]) -> str:
        return joined([names.get(one, one) for one in ids], language)

    if act.says:
        return say(language, "act_says", said=act.says)
    if act.presses:
        key = "act_presses_old" if act.old else "act_presses"
        return say(language, key, button=act.presses, code=act.card)
    if act.reacts:
        return say(language, "act_reacts", emoji=act.reacts)
    if act.recalls:
        return say(language, "act_recalls")
    if act.adds:
        return say(language, "act_adds", names=named(act.adds))
    if act.removes:
        return say(language, "act_removes", names=named(act.removes))
    if act.forges:
        return say(language, "act_forges", code=act.card)
    return say(language, "act_looks")


def _checks(wanted: Expectation) -> int:
    """How many things of an expectation are looked at; a digest counts as one."""
    single = (wanted.answer, wanted.told, wanted.group, wanted.silent, wanted.missing, wanted.settled, wanted.digest)
    fields = len(wanted.has) if wanted.code or wanted.owes else 0
    return sum(map(bool, single)) + len(wanted.untold) + fields + bool(wanted.owes) + bool(wanted.audit)
