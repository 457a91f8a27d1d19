"""`/帮助` and the first word to everybody: what waits comes first, then what this person may do here (ux.md A4 25, 26).

A page of help has at most twelve lines of eighteen full-width characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from bot.command import Command, CommandSpec, Where
from bot.domain.directory import Person, Role
from bot.domain.folding import folded
from bot.domain.ids import ChatKey, MessageKey
from bot.domain.records import Preference
from bot.messages import Button, ButtonStyle, Card, CardColour, Text, ToChat, inert
from bot.ports import Answer
from bot.routing import Context, Router
from bot.updates import CardClicked, ChatType, DirectChatOpened, MessageReceived
from bot.vocabulary import SPECS, grammar
from handlers import effects
from handlers.access import actor
from handlers.calls import Call, Commands
from handlers.company import calendar_commands
from handlers.conversation import todos
from handlers.conversation.places import group_of
from handlers.reserved import may_ever
from handlers.texts import keys
from handlers.words import Words, words_for

MOST_COMMANDS = 8
MOST_LINES = 12
COLUMNS = 36
#: the button of the welcome that runs a command
RUN = "run_command"
#: what is offered first, by where it is asked and which post one holds; the rest stands behind the topics
_IN_GROUPS = ("ask", "key", "acknowledge", "issue_file", "progress", "meeting", "todo", "group_check")
_OF_A_POST = (
    (Role.LEADER, ("digest", "approve", "sign", "send_back", "take_note", "weekly_report", "todo", "ledger")),
    (Role.ALTERNATE, ("approve", "send_back", "todo", "item", "ledger", "ask", "rule", "calendar")),
    (Role.SECRETARY, ("grade", "meeting_plan", "minutes", "ledger", "assess", "digest", "todo", "ask")),
    (Role.HEAD, ("approve", "send_back", "todo", "team_todo", "countersign", "issue_file", "ask", "ledger")),
    (Role.LIAISON, ("request_new", "progress", "weekly_progress", "issue_file", "ask", "todo", "document_register")),
    (Role.BACKUP_LIAISON, ("issue_file", "progress", "ask", "todo", "acknowledge", "item", "meeting")),
    (Role.PERFORMANCE, ("score", "training_plan", "export", "issue_file", "progress", "ask", "todo")),
    (Role.ADMINISTRATOR, ("status", "doctor", "issue_file", "progress", "ask", "todo", "leave")),
)
_OF_EVERYBODY = ("issue_file", "progress", "ask", "todo", "task_done", "leave", "kudos", "own_score")
#: topics in the order in which people need them
TOPICS = (
    "reply",
    "decide",
    "request",
    "item",
    "task",
    "acceptance",
    "issue",
    "conflict",
    "meeting",
    "minutes",
    "document",
    "group",
    "people",
    "report",
    "score",
    "award",
    "rules",
    "self",
    "admin",
)
_WELCOME = ("help", "todo", "organisation")
_READER = grammar()


def answer_commands(commands: Commands) -> None:
    """Put help and `取消` on the table; buttons of the welcome run commands of this table."""
    commands.on("help", on_help)
    commands.on("cancel", on_cancel)


def register(router: Router) -> None:
    """Greet whoever opens the private chat."""
    router.on(DirectChatOpened, on_opened)


def on_buttons(router: Router, commands: Commands) -> None:
    """Let the buttons of the welcome run their commands."""

    def pressed(context: Context, click: CardClicked) -> Answer | None:
        return _run(commands, context, click)

    router.action(RUN, pressed)


# ---------------------------------------------------------------- help


def on_cancel(call: Call) -> None:
    """Nothing of the bot waits for an answer; a change of the calendar that waits for its confirmation is dropped."""
    call.say("calendar_dropped" if calendar_commands.drop(call.context, call.person.id) else "nothing_to_cancel")


def on_help(call: Call) -> None:
    """The first page, the commands of a topic, or one command with its example."""
    asked = call.command.words.strip()
    spec = _READER.spec_of_word(asked) if asked else None
    of_topic = list(_of_topic(call, _topic(asked, call.words)))
    if of_topic:
        call.answer("\n".join((call.words.say("help_topic_title", topic=asked), *of_topic)))
    elif spec is not None and not spec.is_hidden and _may(call, spec):
        call.answer("\n".join(_of_command(call, spec)))
    else:
        call.answer("\n".join(_first_page(call, unknown=asked)))


def _first_page(call: Call, *, unknown: str) -> list[str]:
    """What waits, what may be done here, and the topics; a topic that there is not is named instead of the title."""
    title = call.words.say("help_no_topic", topic=inert(unknown, limit=8)) if unknown else _title(call)
    head = [title, _waiting(call)]
    foot = [*_topics(call), *([call.words.say("help_secrets")] if call.is_private else [])]
    usable = [spec for spec in map(_READER.spec, _offered(call)) if _is_usable(call, spec)]
    room = min(MOST_COMMANDS, MOST_LINES - len(head) - len(foot))
    return [*head, *(call.words.say(spec.help_key) for spec in usable[:room]), *foot]


def _offered(call: Call) -> tuple[str, ...]:
    """What people of that post need most; who holds several is offered what the first of them needs."""
    if not call.is_private:
        return _IN_GROUPS
    who = actor(call.context)
    return next((verbs for role, verbs in _OF_A_POST if who is not None and who.has(role)), _OF_EVERYBODY)


def _title(call: Call) -> str:
    group = None if call.is_private else group_of(call.context, call.message.chat)
    if group is None:
        return call.words.say("help_title", name=call.context.around.name)
    return call.words.say("help_title_group", name=call.context.around.name, group=group.name)


def _waiting(call: Call) -> str:
    """In a group only how many: what waits is nobody else's business."""
    waiting = todos.waiting_for(call.context, call.person, call.words)
    if not waiting:
        return call.words.say("help_nothing_waiting")
    if not call.is_private:
        return call.words.say("help_waiting_here", count=len(waiting))
    return call.words.say(
        "help_waiting", count=len(waiting), items=_first_code(waiting[0].code, len(waiting), call.words)
    )


def _first_code(code: str, count: int, words: Words) -> str:
    return code if count == 1 else words.say("help_and_more", code=code)


def _topics(call: Call) -> list[str]:
    """The topics in which this person finds something here, on as many lines as a phone needs."""
    usable = {s.topic for s in SPECS if not s.is_hidden and _is_usable(call, s)}
    lines = [call.words.say("help_topics", topics="")]
    for topic in (topic for topic in TOPICS if topic in usable):
        name = call.words.say(f"topic_{topic}")
        separator = "" if lines[-1].endswith((" ", "　")) else call.words.say("help_topic_separator")
        if columns(lines[-1] + separator + name) > COLUMNS:
            lines.append(name)
        else:
            lines[-1] += separator + name
    return lines


def columns(line: str) -> int:
    """How many half-width columns a line takes; a phone has thirty-six."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def _topic(asked: str, words: Words) -> str:
    """The topic of that name in either language; empty for anything else."""
    name = folded(asked)
    for topic in TOPICS:
        key = f"topic_{topic}"
        other = replace(words, language="en" if not words.language.startswith("en") else "zh-CN")
        if name and name in {folded(words.say(key)), folded(other.say(key))}:
            return topic
    return ""


def _of_topic(call: Call, topic: str) -> Iterator[str]:
    for spec in SPECS:
        if spec.topic == topic and not spec.is_hidden and _may(call, spec):
            yield call.words.say(spec.help_key)


def _of_command(call: Call, spec: CommandSpec) -> Iterator[str]:
    yield call.words.say(spec.help_key)
    yield call.words.say("help_example", example=call.words.say(spec.example_key))
    others = (spec.english if call.words.language.startswith("en") else spec.chinese)[1:4]
    if others:
        yield call.words.say("help_also", words=call.words.listing(others))


def _is_usable(call: Call, spec: CommandSpec) -> bool:
    """May this person use it in this chat?"""
    here = Where.DIRECT if call.is_private else Where.GROUP
    return spec.where in (Where.ANYWHERE, here) and _may(call, spec)


def _may(call: Call, spec: CommandSpec) -> bool:
    """Only what a role can never do is left out; what depends on the object is judged when it is tried."""
    return f"help_{spec.verb}" in keys() and may_ever(call.context, spec.verb)


# ---------------------------------------------------------------- the first word


def on_opened(context: Context, update: DirectChatOpened) -> None:
    """A welcome with three buttons, once in a lifetime; a stranger reads whom to ask, once a day."""
    if context.person is None:
        day = context.world.calendars.local(context.now).date().isoformat()
        words = words_for(context, None)
        key = f"stranger:{update.account}:{day}"
        effects.post(context, update.chat, effects.text(words.say("unknown_person")), key=key)
        return
    preference = context.uow.preferences.get(context.person.id)
    if preference is not None and preference.greeted:
        return
    if preference is None:
        context.uow.preferences.add(Preference(person=context.person.id, greeted=True))
    else:
        context.uow.preferences.put(replace(preference, greeted=True))
    effects.show(
        context,
        ToChat(update.chat),
        _welcome(context, words_for(context, context.person)),
        card_id=_card_id(context.person),
        revision=0,
        ref="",
        priority=effects.ANSWER,
    )


def _welcome(context: Context, words: Words) -> Card:
    text = words.say("welcome", name=context.around.name)
    buttons = tuple(
        Button(
            id=f"{RUN}_{verb}",
            text=words.say(f"button_{verb}"),
            action=RUN,
            params={"verb": verb},
            style=ButtonStyle.PRIMARY if index == 0 else ButtonStyle.PLAIN,
        )
        for index, verb in enumerate(_WELCOME)
    )
    commands = words.listing(f"“{button.text}”" for button in buttons)
    return Card(
        kind="welcome",
        title=words.say("welcome_title"),
        state=words.say("welcome_state"),
        colour=CardColour.DONE,
        body=(Text(text),),
        buttons=buttons,
        fallback=(Text(f"{text}\n{words.say('card_by_text', commands=commands)}"),),
    )


def _run(commands: Commands, context: Context, click: CardClicked) -> Answer | None:
    """The button stands for the words: the same handler answers, in the private chat of whoever pressed."""
    person, verb = context.person, click.params.get("verb", "")
    words = words_for(context, person)
    if person is None:
        return Answer(toast=words.say("unknown_person"), is_error=True)
    chat = _own_chat(context, click, person)
    if verb not in _WELCOME or chat is None:
        return Answer(toast=words.say("no_right"), is_error=True)
    said = MessageReceived(
        source=click.source,
        message=MessageKey(chat.platform, f"press-{click.source.business_id}"),
        chat=chat,
        chat_type=ChatType.DIRECT,
        sender=click.operator,
    )
    command = Command(verb=verb, word=_READER.spec(verb).chinese[0])
    commands.of(verb)(Call(context, command, said, person, words))
    return None


def _own_chat(context: Context, click: CardClicked, person: Person) -> ChatKey | None:
    """The private chat in which this person was welcomed; a forwarded welcome runs nothing (EC-08)."""
    posts = context.uow.cards.find(card_id=_card_id(person))
    return next((p.target_chat for p in posts if p.target_chat is not None and p.target_chat == click.chat), None)


def _card_id(person: Person) -> str:
    return f"welcome:{person.id}"
