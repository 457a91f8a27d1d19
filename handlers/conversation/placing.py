"""What a poorer platform leaves out of a message, put back: who is meant by a written name, and what a quote is about.

Some platforms mention people by their written names only, others say who is mentioned but not where; some quote words without
saying which message they are from. Everything behind this file reads mentions and quotes as if there were no such gaps
(ux.md A5.3). A name that two people have is the one's who is in the group; where both are, or neither, it stays what it is,
words: whoever needs it asks back.
"""

from __future__ import annotations

import re

import msgspec

from bot.domain.codes import read_codes
from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.routing import Context
from bot.updates import Mention, MessageReceived, mention_token
from handlers.conversation import quoting

#: where a name was taken out of a text
_GAP = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
#: an @ that somebody wrote, not one inside a word or an address
_AT = re.compile(r"(?<![A-Za-z0-9._%+\-])[@＠]")


def placed(context: Context, update: MessageReceived) -> MessageReceived:
    """The message with its mentions in place and its quote by an id."""
    can = context.capabilities.get(update.chat.platform)
    if update.named or (can is not None and can.mentions_by_name):
        update = _with_mentions(context, update)
    return _with_quote(context, update) if update.quoted else update


def _with_mentions(context: Context, update: MessageReceived) -> MessageReceived:
    """Written names become mentions; people whom the platform names, and who are not written, stand at the end."""
    people = _named(context, update)
    called = sorted(_callable(context, update, people), key=lambda person: -len(person.name))
    mentions = list(update.mentions)
    found: set[PersonId] = set()

    def mention(person: Person) -> str:
        found.add(person.id)
        mentions.append(Mention(person.account_on(update.chat.platform), person.name))
        return mention_token(len(mentions) - 1)

    text, rest = "", update.text
    while (at := _AT.search(rest)) is not None:
        behind = rest[at.end() :]
        person = next((one for one in called if behind.startswith(one.name)), None)
        if person is None:
            text, rest = text + rest[: at.end()], behind
        else:
            text, rest = f"{text}{rest[: at.start()]}{mention(person)} ", behind[len(person.name) :].lstrip()
    text += rest
    for person in people:
        if person.id not in found:
            text = _filled(text, mention(person))
    return msgspec.structs.replace(update, text=text, mentions=tuple(mentions), named=())


def _filled(text: str, token: str) -> str:
    """A mention in the gap that its name has left, at the end where there is none."""
    gap = _GAP.search(text)
    return f"{text} {token}" if gap is None else f"{text[: gap.start()]} {token} {text[gap.end() :]}"


def _named(context: Context, update: MessageReceived) -> list[Person]:
    """Whom the platform says is mentioned."""
    known = {one.account for one in update.mentions}
    people = (context.world.directory.by_account(one) for one in update.named if one not in known)
    return list({person.id: person for person in people if person is not None}.values())


def _callable(context: Context, update: MessageReceived, people: list[Person]) -> list[Person]:
    """Whom a written name can mean: those whom the platform names, else everybody whose name nobody else has, or nobody
    else in the group."""
    if people:
        return people
    directory = context.world.directory
    present = {account for group in context.uow.groups.find(chat=str(update.chat)) for account in group.members}

    def is_meant(person: Person) -> bool:
        alike = directory.named(person.name)
        here = [one for one in alike if one.account_on(update.chat.platform) in present]
        return len(alike) == 1 or [one.id for one in here] == [person.id]

    return [person for person in directory.people if person.is_active and len(person.name) > 1 and is_meant(person)]


def _with_quote(context: Context, update: MessageReceived) -> MessageReceived:
    """The first number in the quoted words says what they are about, where their message says nothing."""
    if update.reply_to is not None and quoting.code_of(context, update.reply_to) is not None:
        return update
    year = context.world.calendars.local(context.now).year
    codes = (ref.code(year) for ref in read_codes(update.quoted)[0])
    code = next((one for one in codes if one is not None), None)
    if code is None:
        return update
    return msgspec.structs.replace(update, reply_to=quoting.by_words(code, update.chat.platform))
