"""What becomes of the calls that carry texts and cards, where state has to follow (L-07; P3).

Which message carries which card is kept by delivery; here clocks learn that their card arrived or never will, and texts of
ours stay recognisable when somebody quotes them.
"""

from __future__ import annotations

from bot.domain.records import CardPost
from bot.messages import EditCard, SendCard, SendText, ToChat
from bot.ports import SendState
from bot.routing import Context, Outcome, Router
from handlers import matter_cards
from handlers.clocks import clock_notices, clocks


def register(router: Router) -> None:
    """Put the outcomes on the table."""
    router.outcome(SendCard, on_card)
    router.outcome(EditCard, on_card)
    router.outcome(SendText, on_text)


def on_card(context: Context, outcome: Outcome) -> None:
    """A card was sent or edited, or could not be."""
    out = outcome.outbound
    if not isinstance(out, SendCard | EditCard):
        return
    match outcome.state:
        case SendState.SENT:
            clocks.on_card_sent(context, outcome, out.target)
            matter_cards.refresh(context, outcome.envelope.ref, only=out.card_id)
        case SendState.UNKNOWN:
            # it may stand there: the clock starts, and its reminder shows the card again
            clocks.on_card_sent(context, outcome, out.target)
        case SendState.FAILED:
            clocks.on_card_lost(context, outcome, out.target)
            clock_notices.on_notice_lost(context, outcome, out.target)
        case SendState.PENDING | SendState.DROPPED:
            pass


def on_text(context: Context, outcome: Outcome) -> None:
    """Quoting one of our texts is speaking to us, and about what it was about (ux.md A4 5)."""
    out, receipt = outcome.outbound, outcome.receipt
    if isinstance(out, SendText) and outcome.state is SendState.FAILED:
        clock_notices.on_notice_lost(context, outcome, out.target)
    if not isinstance(out, SendText) or receipt is None or receipt.message is None:
        return
    key = f"text:{receipt.message}"
    if outcome.state is not SendState.SENT or context.uow.cards.get(key) is not None:
        return
    chat, account = (out.target.chat, None) if isinstance(out.target, ToChat) else (None, out.target.account)
    context.uow.cards.add(
        CardPost(
            key=key,
            card_id="",
            code=outcome.envelope.ref,
            lane=outcome.envelope.lane,
            target_chat=chat,
            target_account=account,
            message=receipt.message,
            posted_at=context.now,
            is_live=False,
        )
    )
