"""Proof that a button is one of ours, as it was made (T8): a MAC over the card, the action and the parameters.

It says that nobody changed what was pressed, and nothing more: whether the person may do it is decided from the
authenticated operator and the present state. The key is made once for an installation and kept with its rows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from bot.domain.records import Setting
from bot.messages import Button, Card
from bot.routing import Context
from bot.updates import CardClicked

#: names of the parameters that carry the card's id and the proof
CARD, PROOF = "card", "mac"
_SETTING = "button_key"
_KEY_BYTES = 32
#: of the 32 bytes of the hash, so many are kept: 128 bits, 22 characters
_PROOF_BYTES = 16


def sealed(context: Context, card: Card, *, card_id: str) -> Card:
    """The card with a proof on each of its buttons."""
    if not card.buttons:
        return card
    key = _key(context) or _made(context)
    return replace(card, buttons=tuple(_sealed(button, card_id, key) for button in card.buttons))


def _sealed(button: Button, card_id: str, key: bytes) -> Button:
    params = {**button.params, CARD: card_id}
    return replace(button, params={**params, PROOF: _proof(key, button.action, params)})


def is_genuine(context: Context, click: CardClicked) -> bool:
    """Was the button made here, with exactly this action and these parameters?"""
    key = _key(context)
    params = {name: value for name, value in click.params.items() if name != PROOF}
    given = click.params.get(PROOF, "").encode("utf-8", "surrogatepass")
    return key is not None and hmac.compare_digest(_proof(key, click.action, params).encode(), given)


def _proof(key: bytes, action: str, params: Mapping[str, str]) -> str:
    content = msgspec.json.encode([action, sorted(params.items())])
    digest = hmac.digest(key, content, hashlib.sha256)[:_PROOF_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _key(context: Context) -> bytes | None:
    setting = context.uow.settings.get(_SETTING)
    return bytes.fromhex(setting.body) if setting is not None else None


def _made(context: Context) -> bytes:
    key = secrets.token_bytes(_KEY_BYTES)
    context.uow.settings.add(Setting(name=_SETTING, body=key.hex()))
    return key
