"""Cards of tasks: for the owner (work), for whoever confirms (confirm) and for whoever decides about a later date (extension)."""

from __future__ import annotations

from bot.domain.directory import Person
from bot.domain.task import MACHINE, WORKED, Extension, Task, TaskState
from bot.messages import ButtonStyle, CardColour, Field, FieldKind, inert
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.words import Words, words_for

WORK, CONFIRM, EXTENSION = "work", "confirm", "extension"
#: what is typed on the owner's card: progress, evidence, or why it cannot go on
SAID = "said"


def state_key(task: Task) -> str:
    """Catalogue key of the state's word."""
    return MACHINE.state_key(task.state)


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of a task for a purpose; of confidential ones none in groups and for people outside the list."""
    task = context.uow.tasks.get(code)
    if task is None or (task.secrecy > 1 and (reader is None or reader.id not in task.access)):
        return None
    words = words_for(context, reader)
    choices = _choices(task, purpose, reader)
    card = matter_card(
        words,
        kind=words.say("task_kind"),
        code=task.code,
        title=task.title,
        state=words.say(_shown_state(context, task, purpose)),
        colour=colour_of(context, task),
        rows=rows_of(context, task, words, purpose),
        body=_ask(context, task, words, purpose, reader) if choices else "",
        choices=choices,
        fields=(_said(words),) if any(choice.submits_form for choice in choices) else (),
        secrecy=task.secrecy,
        reads_with=words.say("task_reads_with"),
    )
    return Shown(card=card, revision=f"{task.version}:{colour_of(context, task).value}")


def _ask(context: Context, task: Task, words: Words, purpose: str, reader: Person | None) -> str:
    """What is expected of this reader, where it is not simply the work."""
    if purpose == CONFIRM and task.state is TaskState.DONE_PENDING:
        return words.say("task_ask_confirm")
    if reader is None or purpose in {CONFIRM, EXTENSION} or reader.id == task.owner:
        return ""
    key = "task_ask_liaison" if context.world.posts.is_available(task.owner) else "task_ask_stand_in"
    return words.say(key, name=words.name(task.owner))


def colour_of(context: Context, task: Task) -> CardColour:
    """Colour by state only."""
    match task.state:
        case TaskState.DONE:
            return CardColour.DONE
        case TaskState.CANCELLED:
            return CardColour.CLOSED
        case TaskState.DONE_PENDING:
            return CardColour.WAITING
        case TaskState.TODO | TaskState.DOING | TaskState.BLOCKED:
            is_overdue = task.frozen_at is None and task.due_at < context.now
            return CardColour.OVERDUE if is_overdue else CardColour.WAITING


def _shown_state(context: Context, task: Task, purpose: str) -> str:
    if purpose == EXTENSION and task.asked is not None:
        return "task_state_extension"
    if task.frozen_at is not None and task.state in WORKED:
        return "task_state_frozen"
    if task.refused_reason:
        return "task_state_refused"
    if task.is_offered:
        return "task_state_offered"
    if colour_of(context, task) is CardColour.OVERDUE and task.state is not TaskState.BLOCKED:
        return "task_state_overdue"
    return MACHINE.state_key(task.state)


# ---------------------------------------------------------------- rows


def rows_of(context: Context, task: Task, words: Words, purpose: str) -> list[tuple[str, str]]:
    """At most six facts, what matters for the purpose among them."""
    item = context.uow.items.get(task.item) if task.item is not None else None
    where = words.say("task_item_value", code=item.code, title=item.short or item.title) if item else task.source
    owner = words.say("task_owner_value", name=words.name(task.owner), department=words.department(task.department))
    due = words.due(task.due_at) if task.state in WORKED and task.frozen_at is None else words.deadline(task.due_at)
    rows = [
        (words.say("task_row_item"), where),
        (words.say("task_row_owner"), owner),
        (words.say("task_row_due"), due),
    ]
    if purpose == EXTENSION:
        return [*rows, *_extension_rows(task, words)]
    rows.append((words.say("task_row_progress"), _progress(task, words)))
    if task.done_at is not None:
        key = "task_done_late" if task.is_late else "task_done_in_time"
        done = words.say(key, name=words.name(task.done_by), time=words.time(task.done_at))
        rows.append((words.say("task_row_done"), done))
        rows.append((words.say("task_row_evidence"), task.evidence))
    elif task.blocked_reason:
        rows.append((words.say("task_row_blocked"), task.blocked_reason))
    elif task.refused_reason or (task.reason and task.state is not TaskState.DONE):
        rows.append((words.say("task_row_reason"), task.refused_reason or task.reason))
    return rows


def _progress(task: Task, words: Words) -> str:
    note = inert(task.note, limit=80)
    return words.say("task_progress_value", percent=task.progress, note=note) if note else f"{task.progress}%"


def _extension_rows(task: Task, words: Words) -> list[tuple[str, str]]:
    last: Extension | None = task.extensions[-1] if task.extensions else None
    if last is None:
        return []
    decided = ""
    if last.is_refused:
        decided = words.say("extension_refused_word")
    elif last.granted_by is not None:
        decided = words.say("extension_granted_word", name=words.name(last.granted_by))
    return [
        (words.say("task_row_until"), words.deadline(last.due_at)),
        (words.say("task_row_reason"), last.reason),
        (words.say("task_row_decided"), decided),
    ]


# ---------------------------------------------------------------- buttons


def _said(words: Words) -> Field:
    return Field(
        name=SAID, label=words.say("task_field"), kind=FieldKind.LONG_TEXT, placeholder=words.say("task_field_hint")
    )


def _choices(task: Task, purpose: str, reader: Person | None) -> tuple[Choice, ...]:
    if reader is None:
        return ()
    if purpose == EXTENSION:
        return _on_extension(task)
    if purpose == CONFIRM:
        return _on_confirm(task)
    return _on_work(task, reader)


def _on_extension(task: Task) -> tuple[Choice, ...]:
    if task.asked is None or not task.is_open:
        return ()
    return (
        Choice(verb="approve", label="task_button_grant", style=ButtonStyle.PRIMARY),
        Choice(verb="reject", label="task_button_refuse", style=ButtonStyle.DANGER, wants_reason=True),
    )


def _on_confirm(task: Task) -> tuple[Choice, ...]:
    if task.state is not TaskState.DONE_PENDING:
        return ()
    return (
        Choice(verb="confirm", label="task_button_confirm", style=ButtonStyle.PRIMARY),
        Choice(verb="send_back", label="task_button_send_back", style=ButtonStyle.DANGER, wants_reason=True),
    )


def _on_work(task: Task, reader: Person) -> tuple[Choice, ...]:
    if task.frozen_at is not None:
        return ()
    if task.is_offered and reader.id == task.owner and task.state in WORKED:
        return (
            Choice(verb="accept", label="task_button_accept", style=ButtonStyle.PRIMARY),
            Choice(verb="send_back", label="task_button_return", wants_reason=True),
        )
    done = Choice(verb="task_done", label="task_button_done", submits_form=True)
    progress = Choice(verb="progress", label="task_button_progress", submits_form=True)
    block = Choice(verb="block", label="task_button_block", submits_form=True)
    match task.state:
        case TaskState.TODO:
            return (
                Choice(verb="task_start", label="task_button_start", style=ButtonStyle.PRIMARY),
                progress,
                done,
                block,
            )
        case TaskState.DOING:
            return (Choice(verb="progress", label="task_button_progress", style=ButtonStyle.PRIMARY, submits_form=True),
                    done, block)  # fmt: skip
        case TaskState.BLOCKED:
            return (Choice(verb="unblock", label="task_button_unblock", style=ButtonStyle.PRIMARY), done)
        case TaskState.DONE_PENDING | TaskState.DONE | TaskState.CANCELLED:
            return ()
