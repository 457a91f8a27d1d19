"""Which message carries a card in a conversation, and in which form its next state goes out: as an edit or anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.ids import AccountKey, ChatKey
from bot.domain.records import CardPost
from bot.messages import AnyOutbound, EditCard, SendCard, SendText, Target, Text, ToChat, lane_of
from bot.ports import LATE_MARK, Capabilities, Envelope, OutboxEntry, Receipt, UnitOfWork


def present_form(uow: UnitOfWork, entry: OutboxEntry, capabilities: Capabilities, *, now: datetime) -> AnyOutbound:
    """A card that stands in the chat already is edited; one that cannot be edited any more is sent anew."""
    outbound = entry.envelope.outbound
    if isinstance(outbound, SendText) and entry.attempts > 1 and not capabilities.keyed_sends:
        return _marked_late(outbound) if entry.envelope.repeat_unknown and entry.first_tried_at else outbound
    if not isinstance(outbound, SendCard):
        return outbound
    post = uow.cards.get(card_key(outbound))
    if post is None or post.message is None:
        return outbound
    if not capabilities.card_update:
        return outbound
    seconds = capabilities.card_edit_seconds
    if seconds and post.posted_at is not None and now - post.posted_at >= timedelta(seconds=seconds):
        return outbound
    return EditCard(target=outbound.target, card_id=outbound.card_id, message=post.message, card=outbound.card)


def forget_message(uow: UnitOfWork, outbound: EditCard) -> None:
    """The message is gone or too old to edit; the card's next state is a new message."""
    post = uow.cards.get(card_key(outbound))
    if post is not None:
        uow.cards.put(replace(post, message=None, posted_at=None))


def card_key(outbound: SendCard | EditCard) -> str:
    """Key of the record of one card in one conversation."""
    return f"{outbound.card_id}@{lane_of(outbound)}"


def remember_card(
    uow: UnitOfWork, envelope: Envelope, outbound: SendCard | EditCard, receipt: Receipt | None, *, now: datetime
) -> None:
    """Note that the card stands in the conversation, and in which message."""
    post = uow.cards.get(card_key(outbound))
    if isinstance(outbound, EditCard):
        if post is not None:
            uow.cards.put(replace(post, serial=post.serial + 1))
        return
    message = receipt.message if receipt is not None and not receipt.degraded else None
    chat, account = _ends(outbound.target)
    if post is None:
        uow.cards.add(
            CardPost(
                key=card_key(outbound),
                card_id=outbound.card_id,
                code=envelope.ref,
                lane=envelope.lane,
                target_chat=chat,
                target_account=account,
                message=message,
                posted_at=now,
                serial=1,
            )
        )
    else:
        uow.cards.put(replace(post, message=message, posted_at=now, serial=post.serial + 1))


def _ends(target: Target) -> tuple[ChatKey | None, AccountKey | None]:
    return (target.chat, None) if isinstance(target, ToChat) else (None, target.account)


def _marked_late(outbound: SendText) -> SendText:
    first = outbound.body[0] if outbound.body else None
    if isinstance(first, Text) and first.text.startswith(LATE_MARK.text):
        return outbound
    return SendText(target=outbound.target, body=(LATE_MARK, *outbound.body), reply_to=outbound.reply_to)
