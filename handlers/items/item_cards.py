"""Cards of items: the start with its confirmation of contact (kick_off, contact), an end or a lower level that needs several
people (ending, lowering). In groups a sensitive item shows number and state, a confidential one nothing (2.5).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.item import ITEM, Item, ItemState
from bot.domain.slots import SlotState
from bot.messages import ButtonStyle, CardColour
from bot.routing import Context, Shown
from handlers.cards.matter import Choice, matter_card
from handlers.matter_notices import may_be_told
from handlers.words import Words, words_for

KICK_OFF, CONTACT, ENDING, LOWERING = "kick_off", "contact", "ending", "lowering"
LEVEL_KEYS = ("level_normal", "level_sensitive", "level_confidential")


def state_key(item: Item) -> str:
    """Catalogue key of the state's word."""
    return ITEM.state_key(item.state)


def make(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    """The card of an item for a purpose. One that stands where a confidential item may not be read is made empty (EC-72)."""
    item = context.uow.items.get(code)
    if item is None:
        return None
    words = words_for(context, reader)
    kind, _, detail = purpose.partition(":")
    is_open = item.secrecy < Secrecy.CONFIDENTIAL
    is_reader = is_open or (reader is not None and may_be_told(context, item, reader.id))
    card = matter_card(
        words,
        kind=words.say("item_kind"),
        code=item.code,
        title=item.title,
        state=words.say(state_key(item)),
        colour=colour_of(item),
        rows=rows_of(context, item, words, kind),
        choices=tuple(_choices(context, item, kind, detail, reader)) if is_reader else (),
        secrecy=item.secrecy,
        reads_with=words.say("item_reads_with") if is_reader else "",
    )
    return Shown(card=card, revision=f"{item.version}")


def colour_of(item: Item) -> CardColour:
    """Colour by state only."""
    match item.state:
        case ItemState.ACCEPTED | ItemState.ARCHIVED:
            return CardColour.DONE
        case ItemState.TERMINATED | ItemState.SUSPENDED:
            return CardColour.CLOSED
        case ItemState.PLANNING | ItemState.IN_PROGRESS | ItemState.ACCEPTANCE | ItemState.RECTIFYING:
            return CardColour.WAITING


# ---------------------------------------------------------------- rows


def rows_of(context: Context, item: Item, words: Words, kind: str) -> Iterator[tuple[str, str]]:
    """At most six facts, what matters for the purpose among them."""
    yield (
        words.say("item_row_lead"),
        words.say("item_lead_value", department=words.department(item.lead), head=accountable(context, item, words)),
    )
    yield words.say("item_row_coop"), words.listing(words.department(d) for d in item.coop)
    yield words.say("item_row_dates"), dates_line(item, words)
    if kind == ENDING:
        yield words.say("item_row_reason"), item.ending_reason
        yield words.say("item_row_agreed"), ending_line(item, words)
    elif kind == LOWERING:
        yield words.say("item_row_level"), level_line(item, words)
    else:
        yield words.say("item_row_plan"), plan_line(item)
        yield words.say("item_row_contact"), contact_line(context, item, words)


def accountable(context: Context, item: Item, words: Words) -> str:
    """牵头责任人: the head of the lead department, one for each item (R-07, R-30)."""
    return words.name(context.world.posts.head_post(item.lead))


def dates_line(item: Item, words: Words) -> str:
    """From, to; the date that was planned first stands behind a changed one."""
    start = words.day(item.start_on) if item.start_on is not None else "—"
    end = words.day(item.end_on) if item.end_on is not None else "—"
    if item.original_end_on is not None and item.original_end_on != item.end_on:
        return words.say("item_dates_changed", start=start, end=end, original=words.day(item.original_end_on))
    return words.say("item_dates", start=start, end=end)


def plan_line(item: Item) -> str:
    """FA-2026-0010 v1."""
    return f"{item.plan} v{item.plan_version}" if item.plan and item.plan_version else item.plan


def contact_line(context: Context, item: Item, words: Words) -> str:
    """Which cooperating departments still have to get in touch."""
    held = {one.department for one in context.uow.obligations.find(code=item.code) if one.kind.name == "CONTACT"}
    waiting = [d for d in item.coop if d in held]
    if waiting:
        return words.say("item_contact_waiting", departments=words.listing(words.department(d) for d in waiting))
    return words.say("item_contact_all") if item.contacted else ""


def ending_line(item: Item, words: Words) -> str:
    """Whose agreement is there, and whose is missing."""
    waiting = [slot.department for slot in item.ending if slot.state is SlotState.OPEN]
    agreed = len(item.ending) - len(waiting)
    if not item.ending:
        return words.say("item_ending_none")
    return words.say(
        "item_ending_waiting",
        agreed=agreed,
        all=len(item.ending),
        departments=words.listing(words.department(d) for d in waiting) or "—",
    )


def level_line(item: Item, words: Words) -> str:
    """涉密 → 普通."""
    now = words.say(LEVEL_KEYS[item.secrecy])
    if item.lower_to is None:
        return now
    return words.say("item_level_change", before=now, after=words.say(LEVEL_KEYS[item.lower_to]))


# ---------------------------------------------------------------- buttons


def _choices(context: Context, item: Item, kind: str, detail: str, reader: Person | None) -> Iterator[Choice]:
    if kind in {KICK_OFF, CONTACT}:
        waiting = [one for one in context.uow.obligations.find(code=item.code) if one.kind.name == "CONTACT"]
        if any(not detail or one.department == detail for one in waiting):
            yield Choice(verb="contact", label="item_button_contact", style=ButtonStyle.PRIMARY, slot=detail)
    elif reader is not None and ((kind == ENDING and item.ending) or (kind == LOWERING and item.lower_to is not None)):
        yield Choice(verb="approve", label="item_button_agree", style=ButtonStyle.PRIMARY, slot=kind)
        yield Choice(verb="reject", label="item_button_refuse", style=ButtonStyle.DANGER, slot=kind)
