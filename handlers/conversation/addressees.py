"""Whom a person means: real mentions only; a typed name is offered as a numbered choice, never guessed (ux.md A4 12-14)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.command import Command
from bot.domain.directory import Person
from bot.domain.folding import folded
from bot.domain.ids import AccountKey, PersonId
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from bot.updates import Mention
from handlers.words import Words

#: more people of one name than this are not offered; the @ list of the platform is the better choice then
MOST = 9
_NUMBER = re.compile(r"\s*[(（]?(\d{1,2})[)）.、]?\s*\Z")


def people_of(context: Context, mentions: Iterable[Mention]) -> tuple[Person, ...]:
    """The mentioned people, once each. Raises RuleViolation `no_such_person` for somebody whom the directory does not know."""
    found: dict[PersonId, Person] = {}
    for mention in mentions:
        person = context.world.directory.by_account(mention.account) if mention.account is not None else None
        if person is None:
            raise RuleViolation("no_such_person", {"name": inert(mention.name, limit=20)})
        found[person.id] = person
    return tuple(found.values())


def candidates(context: Context, command: Command, typed: str) -> tuple[str, tuple[Person, ...]]:
    """A name that was typed instead of picked, and the people who are called so; two empty things where no name was typed.

    Without an @ only a whole first word is taken for a name.
    """
    names = command.typed_names or ((typed.strip(" @＠，,。."),) if 1 < len(typed.strip()) <= 20 else ())
    for name in names:
        found = _called(context, name)
        if found:
            return name, found
    if command.typed_names:
        return names[0], ()
    first = re.split(r"[\s,，、:：]", command.words, maxsplit=1)[0]
    return first, context.world.directory.named(first)[:MOST]


def _called(context: Context, name: str) -> tuple[Person, ...]:
    """People of exactly that name; a name runs into the text behind it where no space was typed."""
    exact = context.world.directory.named(name)
    if exact:
        return exact[:MOST]
    everybody = sorted(
        (p for p in context.world.directory.people if p.is_active and len(p.name) > 1), key=lambda p: -len(p.name)
    )
    longest = next((p.name for p in everybody if name.startswith(p.name)), None)
    return context.world.directory.named(longest)[:MOST] if longest is not None else ()


def offer(words: Words, name: str, people: Sequence[Person]) -> str:
    """The numbered choice, 0 to give up."""
    head = (
        words.say("two_of_one_name", count=len(people), name=name)
        if len(people) > 1
        else words.say("typed_mention", name=name)
    )
    lines = [head]
    lines.extend(
        words.say("choice_line", number=number, name=p.name, department=words.department(p.department))
        for number, p in enumerate(people, start=1)
    )
    lines.append(words.say("choice_cancel"))
    return "\n".join(lines)


def chosen(context: Context, answer: str, choices: Sequence[str]) -> Mention | None:
    """The person behind the number that was answered, as a mention; None for anything but one of the numbers."""
    match = _NUMBER.match(folded(answer))
    number = int(match.group(1)) if match is not None else 0
    if not 1 <= number <= len(choices):
        return None
    person = context.world.directory.person(PersonId(choices[number - 1]))
    return mention_of(person) if person is not None else None


def mention_of(person: Person) -> Mention | None:
    """The person as if he or she had been picked from the platform's list; None without any account."""
    platform = next(iter(person.accounts), None)
    return Mention(AccountKey(platform, person.accounts[platform]), person.name) if platform is not None else None
