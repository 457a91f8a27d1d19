"""Where every message of a person is taken in: is it a command, an answer to a question of ours, or talk that moves clocks?

A command runs in a savepoint: what a refusal interrupts is undone, and the person reads the sentence of its rule. An
unexpected error is none of this file's business; the dispatcher tries the update again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.arguments import as_field
from bot.command import (
    Command,
    Missing,
    Need,
    NotACommand,
    Parsed,
    Pending,
    Quoted,
    Silence,
    Unknown,
    Where,
    WrongPlace,
)
from bot.courtesies import is_accepting, is_cancelling, strip_bot
from bot.domain.codes import CodeRef, read_codes
from bot.domain.directory import Person
from bot.domain.draft import FormDraft
from bot.domain.folding import folded
from bot.domain.form_text import FormField
from bot.domain.ids import Code
from bot.errors import RuleViolation
from bot.grammar import Grammar
from bot.messages import inert
from bot.routing import Context, Router
from bot.updates import (
    ChatType,
    ContentKind,
    MessageEdited,
    MessageRecalled,
    MessageReceived,
    ReactionAdded,
    ReactionRemoved,
    display_text,
    mention_token,
    without_mentions,
)
from bot.vocabulary import LATER, grammar
from handlers import effects, refusing
from handlers.calls import Call, Commands
from handlers.clocks import clock_access, replies
from handlers.conversation import addressees, bare_codes, limits, listening, placing, questions, quoting
from handlers.conversation.misread import misread
from handlers.conversation.vouching import is_harmless
from handlers.deadlines import deadline_words
from handlers.forms.form_filling import Forms
from handlers.reserved import may_ever
from handlers.texts import keys
from handlers.words import Words, words_for

#: a command of more characters is refused with the count (EC-65)
LONGEST = 2000
#: the same for a form with all its fields
LONGEST_FORM = 20_000
#: seconds for which one answer to a stranger is enough
STRANGER_PAUSE = 600


def register(router: Router, commands: Commands, forms: Forms) -> None:
    """Take in messages, and what happens to messages afterwards."""
    router.on(MessageReceived, Desk(commands, grammar(), forms).on_message)
    router.on(MessageEdited, listening.on_edited)
    router.on(MessageRecalled, listening.on_recalled)
    router.on(ReactionAdded, listening.on_reaction)
    router.on(ReactionRemoved, listening.on_reaction)


@dataclass(frozen=True, slots=True)
class _Message:
    """A message with everything that reading it needs."""

    context: Context
    update: MessageReceived
    person: Person
    words: Words
    quoted: Quoted

    @property
    def is_private(self) -> bool:
        return self.update.chat_type is ChatType.DIRECT

    @property
    def is_addressed(self) -> bool:
        """Is it for the bot (ux.md A4 1, 2, 5)?"""
        return self.is_private or self.quoted is Quoted.BOT or any(m.is_bot for m in self.update.mentions)


class Desk:
    """Reads messages and hands commands to their handlers."""

    def __init__(self, commands: Commands, reader: Grammar, forms: Forms) -> None:
        self._commands = commands
        self._grammar = reader
        self._forms = forms

    def on_message(self, context: Context, update: MessageReceived) -> None:
        """Take one message in. Bots and people of other companies are not heard at all (EC-36, EC-84)."""
        if update.sender_is_bot or update.sender_is_external:
            return
        if context.person is None:
            _meet_stranger(context, update)
            return
        update = placing.placed(context, update)
        message = _Message(
            context, update, context.person, words_for(context, context.person), quoting.whose(context, update.reply_to)
        )
        self._read(message)

    def _read(self, message: _Message) -> None:
        draft = self._forms.asked(message.context, message.person, message.update)
        limit = LONGEST_FORM if draft is not None else self._longest(message)
        if message.is_addressed and len(message.update.text) > limit:
            self._too_long(message, limit)
            return
        waiting = questions.waiting(message.context, message.person.id, message.update.chat)
        if waiting is not None and _may_answer(message, *waiting):
            questions.forget(message.context, message.person.id, message.update.chat)
            self._answered(message, *waiting)
            return
        parsed = self._parse(message, message.update.text)
        if draft is not None and self._is_for_form(message, draft, parsed):
            self._filled_in(message, draft)
            return
        self._act(message, parsed)

    def _is_for_form(self, message: _Message, draft: FormDraft, parsed: Parsed) -> bool:
        """Does the message answer the form that asks: words, no command, and about nothing else that was quoted?"""
        if message.update.content is not ContentKind.TEXT:
            return False
        if quoting.code_of(message.context, message.update.reply_to) is not None:
            return False
        field = _field(message)
        if not _has_prefix(parsed) and self._forms.is_expected(draft, field.text):
            return True
        if _is_command_of_its_own(parsed):
            return False
        if self._is_bare_code(message) and not self._forms.fits(message.context, message.person, draft, field):
            return False
        is_thanks = isinstance(parsed, NotACommand) and parsed.why is Silence.COURTESY
        return not (is_thanks and self._forms.wants_words(draft))

    def _filled_in(self, message: _Message, draft: FormDraft) -> None:
        """The message answers the question of a form; a refusal undoes what the answer wrote."""
        if not _is_heard(message):
            return
        context, update = message.context, message.update
        if update.is_unsigned:
            _answer(message, message.words.say("unsigned_words"))
            return
        try:
            with context.uow.savepoint():
                said = self._forms.answered(context, message.person, draft, _field(message), update.chat)
        except RuleViolation as refusal:
            context.refresh()
            said = refusing.sentence(message.words, refusal)
        if said:
            _answer(message, said)

    def _longest(self, message: _Message) -> int:
        """A whole form may be longer than a command."""
        if len(message.update.text) <= LONGEST:
            return LONGEST
        beginning = self._parse(message, message.update.text[:LONGEST])
        command = getattr(beginning, "command", beginning)
        takes_form = isinstance(command, Command) and self._grammar.spec(command.verb).takes_form
        return LONGEST_FORM if takes_form else LONGEST

    def _parse(self, message: _Message, text: str) -> Parsed:
        return self._grammar.parse(
            text,
            message.update.mentions,
            chat_type=message.update.chat_type,
            now=message.context.now,
            days=message.context.world.calendars,
            quoted=message.quoted,
        )

    def _too_long(self, message: _Message, limit: int) -> None:
        """A command over the limit is refused; talk is talk, however long (EC-65)."""
        beginning = self._parse(message, message.update.text[:LONGEST])
        if message.is_private or isinstance(beginning, Command | Missing | WrongPlace):
            if not _is_heard(message):
                return
            count = sum(1 for _ in without_mentions(message.update.text))
            _answer(message, message.words.say("too_long", count=count, limit=limit))
        else:
            listening.on_message(message.context, message.update)

    # ------------------------------------------------------------ answers to questions

    def _answered(self, message: _Message, pending: Pending, choices: tuple[str, ...]) -> None:
        text, mentions = message.update.text, message.update.mentions
        picked = addressees.chosen(message.context, strip_bot(text, mentions), choices) if choices else None
        if picked is not None:
            text, mentions = mention_token(0), (picked,)
        parsed = self._grammar.complete(
            pending,
            text,
            mentions,
            chat_type=message.update.chat_type,
            now=message.context.now,
            days=message.context.world.calendars,
            quoted=message.quoted,
        )
        if isinstance(parsed, Command) and parsed.verb == "cancel":
            _answer(message, message.words.say("cancelled_question"))
            return
        self._act(message, parsed)

    # ------------------------------------------------------------ what a text turned out to be

    def _act(self, message: _Message, parsed: Parsed) -> None:
        match parsed:
            case Command() if _is_heard(message):
                self._run(message, parsed)
            case Missing() if _is_heard(message):
                self._ask_back(message, parsed)
            case WrongPlace() if _is_heard(message):
                self._elsewhere(message, parsed)
            case Command() | Missing() | WrongPlace():
                pass
            case NotACommand():
                self._talk(message, parsed.why)
            case Unknown():
                self._unknown(message, parsed)

    def _run(self, message: _Message, command: Command, *, privately: bool = False, ending: str = "") -> None:
        context = message.context
        spec = self._grammar.spec(command.verb)
        if Need.CODE in spec.needs or spec.is_quotable:
            command = replace(command, codes=quoting.with_code(context, command, message.update.reply_to))
        if Need.CODE in spec.needs and not command.codes:
            self._ask_back(message, self._grammar.ask_for(command, Need.CODE, message.update.mentions))
            return
        call = self._call(message, command, privately=privately)
        call.ending = ending
        if message.update.is_unsigned and not is_harmless(command.verb):
            refusing.refuse(call, RuleViolation("unsigned_words"))
            return
        if command.codes and not limits.may_look_up(context, message.person):
            refusing.refuse(call, RuleViolation("too_fast"))
            return
        self._attempt(call)

    @staticmethod
    def _call(message: _Message, command: Command, *, privately: bool = False) -> Call:
        return Call(message.context, command, message.update, message.person, message.words, privately=privately)

    def _attempt(self, call: Call) -> None:
        """Run the handler; a refusal undoes what it wrote."""
        try:
            with call.context.uow.savepoint():
                self._commands.of(call.command.verb)(call)
        except RuleViolation as refusal:
            call.context.refresh()
            refusing.refuse(call, refusal)

    def _elsewhere(self, message: _Message, parsed: WrongPlace) -> None:
        """A command of the private chat is answered there; one of groups has to be given in a group (ux.md A4 18)."""
        spec = self._grammar.spec(parsed.command.verb)
        if parsed.where is Where.DIRECT and not spec.needs:
            self._run(message, parsed.command, privately=True)
            return
        key = "direct_only" if parsed.where is Where.DIRECT else "group_only"
        _answer(message, message.words.say(key, command=parsed.command.word))

    def _talk(self, message: _Message, why: Silence) -> None:
        """Talk moves clocks; only a call by name or a lone mention in private wants an answer."""
        if not message.is_private:
            listening.on_message(message.context, message.update)
        match why:
            case Silence.EMPTY if message.update.content is ContentKind.TEXT and _is_heard(message):
                self._run(message, Command(verb="help", word="帮助"))
            case Silence.EMPTY | Silence.TALK if message.is_private and _is_heard(message):
                _answer(message, message.words.say("see_help"))
            case Silence.EMPTY | Silence.TALK | Silence.COURTESY | Silence.NOT_ADDRESSED:
                pass

    # ------------------------------------------------------------ asking back

    def _ask_back(self, message: _Message, missing: Missing) -> None:
        """Ask once for what is missing; an answer that did not give it either gets the example (ux.md A4 21, 24)."""
        words, spec = message.words, self._grammar.spec(missing.command.verb)
        if not may_ever(message.context, spec.verb):
            refusing.refuse(self._call(message, missing.command), RuleViolation("no_right"))
            return
        if missing.need is Need.PEOPLE and self._offer_people(message, missing):
            return
        if missing.is_repeat:
            typed = inert(display_text(message.update.text, message.update.mentions).strip(), limit=20)
            refusal = misread(words, missing.need.value, typed, verb=spec.verb)
            _answer(message, refusing.sentence(words, refusal))
            return
        questions.ask(
            message.context, message.person.id, message.update.chat, missing.pending, command=missing.command.verb
        )
        own = f"{missing.need.question_key}_{spec.verb}"
        key = own if own in keys() else missing.need.question_key
        # of a form only the command itself: how it goes on is asked for later
        question = words.say(key, example=words.say(spec.example_key).split("\n", 1)[0])
        _answer(message, question if message.is_private else f"{question}\n{words.say('ask_in_group')}")

    def _offer_people(self, message: _Message, missing: Missing) -> bool:
        """A name that was only typed: say who is called so, and let the person choose by number."""
        typed = strip_bot(message.update.text, message.update.mentions) if missing.is_repeat else ""
        name, people = addressees.candidates(message.context, missing.command, typed)
        people = tuple(p for p in people if addressees.mention_of(p) is not None)
        if not people and not missing.command.typed_names:
            return False
        name = people[0].name if people else inert(name, limit=20)
        if not people:
            _answer(message, message.words.say("no_such_person", name=name))
            return True
        pending = replace(missing.pending, text=re.sub(rf"[@＠]?{re.escape(name)}", " ", missing.pending.text, count=1))
        questions.ask(
            message.context,
            message.person.id,
            message.update.chat,
            pending,
            command=missing.command.verb,
            choices=tuple(p.id for p in people),
        )
        _answer(message, addressees.offer(message.words, name, people))
        return True

    def _unknown(self, message: _Message, parsed: Unknown) -> None:
        """Not a command: it may be an answer to a question that was asked; else say what it may have meant (ux.md A4 21, 23)."""
        if self._is_answer(message):
            return
        is_named = message.is_private or parsed.had_prefix or any(m.is_bot for m in message.update.mentions)
        if not is_named and not parsed.suggestions:
            return
        if not _is_heard(message):
            return
        words = message.words
        if self._looked_up(message, parsed):
            return
        spec = self._grammar.spec_of_word(parsed.typed)
        if spec is not None and spec.where is Where.GROUP and message.is_private:
            _answer(message, words.say("group_only", command=spec.chinese[0]))
            return
        if spec is not None and spec.is_bare:
            pending = Pending(f"/{spec.chinese[0]}", ())
            questions.ask(message.context, message.person.id, message.update.chat, pending)
            _answer(message, words.say("bare_command", typed=parsed.typed, example=words.say(spec.example_key)))
            return
        key = "later_command" if folded(parsed.typed) in LATER else "unknown_command"
        lines = [words.say(key, typed=inert(parsed.typed, limit=20))]
        if parsed.suggestions and parsed.pending is not None:
            questions.ask(message.context, message.person.id, message.update.chat, parsed.pending)
            shown = [inert(display_text(s.text, message.update.mentions), limit=40) for s in parsed.suggestions]
            lines.append(words.say("did_you_mean", suggestions="\n".join(("", *shown) if len(shown) > 1 else shown)))
            lines.append(words.say("accept_first"))
        else:
            lines.append(words.say("see_help"))
        owed = clock_access.waiting_for(message.context, message.person.id) if message.is_private else []
        if owed:
            # in private the talk of somebody who is asked is most likely an answer
            hint = self._reply_hint(message, [clock.code for clock in owed])
            lines = [*lines[:-1], hint] if parsed.suggestions else [hint]
        _answer(message, "\n".join(lines))

    def _reply_hint(self, message: _Message, owed: list[Code]) -> str:
        """What was written, ready to be sent as an answer: to the question that it names, else to the first."""
        said = display_text(message.update.text, message.update.mentions)
        codes, rest = read_codes(said)
        year = message.context.world.calendars.local(message.context.now).year
        named = [code for ref in codes if (code := ref.code(year)) in owed]
        text = inert(" ".join((rest if named else said).split()), limit=40)
        return message.words.say("reply_hint", code=named[0] if named else owed[0], text=text)

    def _looked_up(self, message: _Message, parsed: Unknown) -> bool:
        """Nothing but a number, also behind the word of a command that takes none (`方案 FA-7`): what has it is shown."""
        context, typed = message.context, strip_bot(message.update.text, message.update.mentions)
        spec = self._grammar.spec_of_word(parsed.typed)
        ref = bare_codes.code_of(typed, word=parsed.typed if spec is not None and spec.is_bare else "")
        if ref is not None:
            self._show(message, ref)
            return True
        number = bare_codes.number_of(typed)
        if number is None or (message.is_private and clock_access.waiting_for(context, message.person.id)):
            return False
        found = bare_codes.having(context, number)
        if len(found) == 1:
            self._show(message, read_codes(found[0])[0][0])
        elif found:
            call = self._call(message, Command(verb=bare_codes.EXPLAINS, word=typed))
            call.answer_privately(bare_codes.offer(context, message.words, number, found))
        return bool(found)

    def _show(self, message: _Message, ref: CodeRef) -> None:
        """The object of a number, as the command of its kind shows it, and what whoever asks has to do about it."""
        context, verb = message.context, bare_codes.shown_by(ref)
        code = ref.code(context.world.calendars.local(context.now).year) or ""
        parsed = self._parse(message, f"/{self._grammar.spec(verb).chinese[0]} {code}")
        if isinstance(parsed, Command):
            own = deadline_words.own_lines(context, code, message.person, message.words)
            self._run(message, parsed, ending="\n".join(own))

    @staticmethod
    def _is_bare_code(message: _Message) -> bool:
        """Nothing but one number: whoever sends it wants to know how it stands."""
        return bare_codes.code_of(strip_bot(message.update.text, message.update.mentions)) is not None

    def _is_answer(self, message: _Message) -> bool:
        """Does the text answer or ask something, as far as reply clocks are concerned?"""
        if not message.is_private:
            return listening.on_message(message.context, message.update).is_about_clocks
        return replies.answered_by_quoting(message.context, message.update, message.words)


def _is_heard(message: _Message) -> bool:
    """Is there room for one more answer to this person? After thirty in a minute the bot is silent (T19)."""
    if limits.may_command(message.context, message.person):
        return True
    message.context.count("commands_silenced")
    return False


def _field(message: _Message) -> FormField:
    """The message as the answer to a question of a form."""
    update = message.update
    return as_field(strip_bot(update.text, update.mentions), update.mentions)


def _is_command_of_its_own(parsed: Parsed) -> bool:
    """While a form asks: a command with all that it needs is none of its answers, others only with a prefix."""
    match parsed:
        case Command() as command:
            return command.verb != "cancel" and command.stands_alone
        case Missing() | WrongPlace() | Unknown() | NotACommand():
            return _has_prefix(parsed)


def _has_prefix(parsed: Parsed) -> bool:
    match parsed:
        case Command() as command:
            return command.had_prefix
        case Missing(command=command) | WrongPlace(command=command):
            return command.had_prefix
        case Unknown():
            return parsed.had_prefix
        case NotACommand():
            return False


def _may_answer(message: _Message, pending: Pending, choices: tuple[str, ...]) -> bool:
    """In a group only what is for the bot, or is nothing but the answer, may be taken for one."""
    text, mentions = message.update.text, message.update.mentions
    if message.is_addressed or is_accepting(text, mentions) or is_cancelling(text, mentions):
        return True
    bare = without_mentions(text).strip()
    return (pending.need is Need.PEOPLE and not bare and bool(mentions)) or (bool(choices) and bare.isdigit())


def _meet_stranger(context: Context, update: MessageReceived) -> None:
    """Somebody whom the directory does not know: no clock, no command, in private a word on what to do (EC-43)."""
    if update.chat_type is ChatType.GROUP:
        listening.on_message(context, update)
        return
    key = f"stranger:{update.sender}:{int(context.now.timestamp()) // STRANGER_PAUSE}"
    effects.post(context, update.chat, effects.text(words_for(context, None).say("unknown_person")), key=key)


def _answer(message: _Message, text: str) -> None:
    reply_to = None if message.is_private else message.update.message
    key = f"answer:{message.update.message}:desk"
    effects.post(message.context, message.update.chat, effects.text(text), key=key, reply_to=reply_to)
