"""How a resolution looks on the leader's card: its full text, and the fingerprint that the signature is bound to (R-70)."""

from __future__ import annotations

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.resolution import MACHINE, Resolution, ResolutionState
from bot.domain.resolution_form import RESOLUTION_FORM
from bot.messages import ButtonStyle, CardColour, inert
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.forms import form_filling
from handlers.words import Words, words_for

_COLOURS = {
    ResolutionState.DRAFTING: CardColour.CLOSED,
    ResolutionState.PENDING_SIGNATURE: CardColour.WAITING,
    ResolutionState.SIGNED: CardColour.DONE,
}
_SIGN = (
    Choice(verb="sign", label="resolution_button_sign", style=ButtonStyle.PRIMARY),
    Choice(verb="send_back", label="resolution_button_return", style=ButtonStyle.DANGER, wants_reason=True),
)
#: what people wrote; the frame stands in the rows
_TEXT = ("difficulties", "solutions", "next_steps", "resolved", "plan_change")


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card as it is now; None for people and groups that may not know of it."""
    resolution = context.uow.resolutions.get(code)
    if resolution is None or not _may_see(context, resolution, reader):
        return None
    words = words_for(context, reader)
    is_open = resolution.state is ResolutionState.PENDING_SIGNATURE and purpose == "sign"
    card = matter_card(
        words,
        kind=words.say("resolution_word"),
        code=resolution.code,
        title=resolution.title,
        state=words.say(MACHINE.state_key(resolution.state)),
        colour=_COLOURS[resolution.state],
        rows=_rows(words, resolution),
        body=form_filling.shown(words, RESOLUTION_FORM, resolution.content, keys=_TEXT),
        choices=_SIGN if is_open else (),
        step=resolution.shown_hash,
        secrecy=resolution.secrecy,
        footer=resolution.code,
        reads_with=words.say("resolution_reads_with"),
    )
    return Shown(card, revision=resolution.version)


def _may_see(context: Context, resolution: Resolution, reader: Person | None) -> bool:
    if resolution.secrecy < Secrecy.CONFIDENTIAL:
        return True
    return reader is not None and (
        reader.id in resolution.access or reader.id in {context.world.posts.leader(), context.world.posts.leader_post()}
    )


def _rows(words: Words, resolution: Resolution) -> list[tuple[str, str]]:
    content = resolution.content
    found = [
        (words.say("resolution_row_project"), str(content.get("project", ""))),
        (words.say("resolution_row_node"), str(content.get("node", ""))),
        (words.say("resolution_row_meeting"), str(content.get("held_at", ""))),
        (words.say("resolution_row_by"), _submitter(words, resolution)),
    ]
    match resolution.state:
        case ResolutionState.PENDING_SIGNATURE if resolution.due_at is not None:
            found.append((words.say("resolution_row_due"), words.due(resolution.due_at)))
            found.append((words.say("resolution_row_hash"), resolution.shown_hash))
        case ResolutionState.SIGNED if resolution.signed_at is not None:
            signed = words.say(
                "resolution_signed_by", name=words.name(resolution.signed_by), time=words.time(resolution.signed_at)
            )
            found.append((words.say("resolution_row_signed"), signed))
            found.append((words.say("resolution_row_hash"), resolution.shown_hash))
        case ResolutionState.DRAFTING if resolution.reason:
            found.append((words.say("resolution_row_reason"), inert(resolution.reason, limit=100)))
        case ResolutionState.DRAFTING | ResolutionState.PENDING_SIGNATURE | ResolutionState.SIGNED:
            pass
    return found


def _submitter(words: Words, resolution: Resolution) -> str:
    if resolution.submitted_by is None:
        return ""
    return words.say(
        "resolution_submitter",
        name=words.name(resolution.submitted_by),
        department=words.department(resolution.lead),
    )
