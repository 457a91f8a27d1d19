"""The company and its plan: `/组织`, `/方案`, `/规则` (R-01, R-11 to R-27, R-117 to R-119)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.directory import DepartmentKind, Role
from bot.domain.folding import folded
from bot.domain.ids import DepartmentId, PersonId
from bot.errors import RuleViolation
from bot.messages import inert
from bot.vocabulary import grammar
from handlers import effects
from handlers.calls import Call, Commands
from handlers.carriers import CARRIERS
from handlers.reserved import may_ever
from handlers.texts.rules import RULES, Rule, chapter_of
from handlers.upkeep import plan_versions

#: how many rules a search shows
FOUND = 6
SEARCHED = 20


def answer_commands(commands: Commands) -> None:
    """Put the commands on the table."""
    commands.on("organisation", on_organisation)
    commands.on("plan", on_plan)
    commands.on("rule", on_rule)


# ---------------------------------------------------------------- who is who


def on_organisation(call: Call) -> None:
    """Leader, secretary, and each department's head and liaisons; vacancies and stand-ins are said."""
    world, words = call.context.world, call.words
    lines = [words.say("organisation_head", company=world.company.short_name or world.company.name or "-")]
    lines.append(_post(call, "leader", world.posts.leader_post(), world.posts.leader()))
    alternates = [words.name(p.id) for p in world.directory.holders(Role.ALTERNATE)]
    if alternates:
        lines.append(words.say("organisation_alternate", names=words.listing(alternates)))
    secretary = next((p.id for p in world.directory.holders(Role.SECRETARY)), None)
    lines.append(_post(call, "secretary", secretary, world.posts.secretary()))
    administrators = [p.name for p in effects.administrators(call.context)]
    if administrators:
        lines.append(words.say("organisation_administrators", names=words.listing(administrators)))
    lines.extend(
        _department(call, d.id)
        for d in world.directory.departments
        if d.is_active and d.kind is DepartmentKind.NORMAL and d.merged_into is None
    )
    call.answer("\n".join(lines))


def _post(call: Call, post: str, holder: PersonId | None, acting: PersonId | None) -> str:
    words = call.words
    name = words.name(holder) if holder is not None else words.say("vacant")
    if acting is not None and acting != holder:
        return words.say(f"organisation_{post}_away", name=name, acting=words.name(acting))
    return words.say(f"organisation_{post}", name=name)


def _department(call: Call, department: DepartmentId) -> str:
    posts, words = call.context.world.posts, call.words
    head_post, head = posts.head_post(department), posts.head_of(department)
    acting = head.acting if head is not None else None
    liaisons = [_liaison(call, person) for person in posts.liaisons(department)]
    backups = [_liaison(call, person) for person in posts.backups(department)]
    shown = words.listing(liaisons) if liaisons else words.say("vacant")
    if backups:
        shown += words.say("organisation_backup", names=words.listing(backups))
    return words.say(
        "organisation_department",
        department=words.department(department),
        head=_acting(call, head_post, acting),
        liaisons=shown,
    )


def _acting(call: Call, post: PersonId | None, acting: PersonId | None) -> str:
    if post is None:
        return call.words.say("vacant")
    if acting is not None and acting != post:
        return call.words.say("organisation_acting", name=call.words.name(post), acting=call.words.name(acting))
    return call.words.name(post)


def _liaison(call: Call, person: PersonId) -> str:
    """The name, and that the person is away or cannot be reached."""
    name = call.words.name(person)
    found = call.context.world.directory.person(person)
    if call.context.world.posts.is_away(person):
        delegate = call.context.world.posts.assignee(found.department, person) if found is not None else None
        if delegate is not None and delegate.acting != person:
            return call.words.say("organisation_acting", name=name, acting=call.words.name(delegate.acting))
    if found is not None and effects.account_of(call.context, found) is None:
        return call.words.say("organisation_unreachable", name=name)
    return name


# ---------------------------------------------------------------- the plan and its rules


def on_plan(call: Call) -> None:
    """Title, version, issuing unit, effective date, scope, and that older rules give way."""
    plan, words = call.context.world.company.plan, call.words
    date = words.day(plan.effective_date) if plan.effective_date is not None else words.say("plan_undated")
    unit = plan.issuing_unit or "-"
    lines = [
        words.say("plan_head", title=plan.title, version=plan.version),
        words.say("plan_body", unit=unit, date=date, scope=plan.scope or "-"),
    ]
    lines.extend(
        words.say("plan_superseded", version=old.version, until=words.day(old.superseded))
        for old in plan_versions.known(call.context)
    )
    call.answer("\n".join(lines))


def on_rule(call: Call) -> None:
    """One rule by its number, or the rules that have a word in them."""
    number = call.command.rule_number
    if number is None and call.command.codes:
        number = call.command.codes[0].number
    if number is None:
        call.answer(_search(call, call.command.words))
        return
    rule = RULES.get(number)
    if rule is None:
        raise RuleViolation("rule_none", {"code": f"R-{number:02d}", "count": len(RULES), "last": max(RULES)})
    call.answer(_whole(call, rule))


def _whole(call: Call, rule: Rule) -> str:
    words, which = call.words, _which(call)
    lines = [
        words.say("rule_head", code=rule.code, chapter=chapter_of(rule)[which], section=rule.section),
        rule.text[which],
        words.say("rule_who", who=rule.who[which]),
        words.say("rule_limit", limit=rule.limit[which]) if rule.limit[which] else "",
        words.say("rule_support", support=rule.support[which]),
        _commands(call, rule),
    ]
    return "\n".join(line for line in lines if line)


def _commands(call: Call, rule: Rule) -> str:
    """The commands with which this person keeps the rule; empty where there is none."""
    usable = [grammar().spec(verb) for verb in CARRIERS[rule.number].verbs if may_ever(call.context, verb)]
    names = [(spec.english if _which(call) else spec.chinese)[0] for spec in usable]
    return call.words.say("rule_commands", commands=call.words.listing(names)) if names else ""


def _search(call: Call, text: str) -> str:
    words, which = call.words, _which(call)
    word = inert(text.strip(), limit=SEARCHED)
    found = list(_matching(folded(word)))
    if not word or not found:
        return words.say("rule_not_found", word=word)
    lines = [words.say("rule_found", word=word, count=len(found))]
    lines.extend(words.say("rule_found_line", code=rule.code, text=rule.text[which]) for rule in found[:FOUND])
    lines.append(words.say("rule_found_more"))
    return "\n".join(lines)


def _matching(word: str) -> Iterable[Rule]:
    """Rules with every part of the word in their text, chapter or whom they concern; in either language."""
    parts = word.split()
    for rule in RULES.values():
        fields = (*rule.text, *rule.who, *rule.limit, *chapter_of(rule))
        whole = folded(" ".join(fields))
        if parts and all(part in whole for part in parts):
            yield rule


def _which(call: Call) -> int:
    return 1 if call.words.language.startswith("en") else 0
