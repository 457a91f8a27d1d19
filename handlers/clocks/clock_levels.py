"""What is kept of the talk in a group whose matter became more confidential (domain.md 2.5; EC-72): words go, times stay."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.confidentiality import Secrecy
from bot.domain.ids import ChatKey
from bot.domain.reply_clock import FactKind
from bot.routing import Context
from handlers.clocks import clock_cards
from handlers.conversation.listening import shortened

#: stands where a line of answer was: that there was one still counts (5.5)
GONE = "…"


def raise_in(context: Context, chat: ChatKey, secrecy: int) -> None:
    """Clocks and messages of the group follow at once, and so do the cards that stand."""
    for clock in context.uow.clocks.find(chat=str(chat)):
        if clock.secrecy >= secrecy:
            continue
        after = replace(clock, secrecy=secrecy)
        if secrecy >= Secrecy.CONFIDENTIAL:
            facts = tuple(
                replace(f, text=GONE) if f.text and f.kind is FactKind.ACKNOWLEDGED else f for f in clock.facts
            )
            after = replace(after, excerpt="", facts=facts)
        clock_cards.refresh(context, context.uow.clocks.put(after), clock)
    if secrecy < Secrecy.CONFIDENTIAL:
        return
    for seen in context.uow.seen_messages.find(chat=str(chat)):
        if seen.heard is not None and seen.heard.excerpt:
            spoken = shortened(context, seen.heard.spoken, secrecy)
            context.uow.seen_messages.put(replace(seen, heard=replace(seen.heard, spoken=spoken, excerpt="")))
