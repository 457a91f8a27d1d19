"""Mentions under the account that a person has where the message goes: people may have accounts on several platforms (5.4)."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from bot.domain.directory import Directory
from bot.messages import AnyOutbound, At, Rich, SendCard, SendText, Span, Text, platform_of


def in_their_place(outbound: AnyOutbound, directory: Directory) -> AnyOutbound:
    """The same call with mentions that its platform understands; whoever has no account there is named in writing."""
    platform = platform_of(outbound)
    match outbound:
        case SendText() if _is_elsewhere(outbound.body, platform):
            return msgspec.structs.replace(outbound, body=_there(outbound.body, platform, directory))
        case SendCard() if _is_elsewhere((*outbound.card.body, *outbound.card.fallback), platform):
            body, fallback = (
                _there(rich, platform, directory) for rich in (outbound.card.body, outbound.card.fallback)
            )
            card = replace(outbound.card, body=body, fallback=fallback)
            return msgspec.structs.replace(outbound, card=card)
        case _:
            return outbound


def _is_elsewhere(body: Rich, platform: str) -> bool:
    return any(isinstance(span, At) and span.account.platform != platform for span in body)


def _there(body: Rich, platform: str, directory: Directory) -> Rich:
    return tuple(_span(span, platform, directory) for span in body)


def _span(span: Span, platform: str, directory: Directory) -> Span:
    if not isinstance(span, At) or span.account.platform == platform:
        return span
    person = directory.by_account(span.account)
    account = person.account_on(platform) if person is not None else None
    return At(account=account, name=span.name) if account is not None else Text(f"@{span.name}")
