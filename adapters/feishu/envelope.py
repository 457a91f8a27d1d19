"""The gate of the webhook: a raw callback goes in, and comes out as something believed, or not at all.

Shape and size, then the signature over the raw bytes, then the window of time, then the memory of repetitions, and only
then decryption, parsing and the token (T1, T2, T6). Everything that is not believed is one WebhookRejected; what was
wrong is neither said nor logged here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from adapters._hardened_json import BadJson, JsonLimits, JsonTable, JsonValue, parse_table
from adapters._replay import ReplayCache, is_timely
from adapters.feishu.decode import is_click
from adapters.feishu.settings import FeishuSettings, WebhookSecrets
from adapters.feishu.signature import (
    SignedHeaders,
    decrypt,
    decrypt_unsigned,
    is_same_token,
    is_signed_by,
    is_unsigned,
    read_headers,
)
from bot.errors import WebhookRejected
from bot.ports import RawRequest

#: a callback, a card form with all its fields included (B9)
MAX_BODY_BYTES = 256 * 1024
#: the address check; so small that an unsigned request buys little work
MAX_CHALLENGE_BYTES = 4 * 1024
#: what fits into a body also fits into one text: a long message is one string, and nothing genuine is turned away
ENVELOPE_LIMITS = JsonLimits(max_bytes=MAX_BODY_BYTES, string=MAX_BODY_BYTES)
#: The platform repeats an event for 7 h 5 min, and nobody says whether with a fresh timestamp (feishu.md 2.4, 2.7). So one
#: that old is still believed; that it is not taken twice is the work of the business id, which is kept for seven days.
REPEATED_FOR = timedelta(hours=7, minutes=15)
#: letters and digits only: with free text, blocks of a captured ciphertext could be spliced in and read back
_CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,256}")
_CHALLENGE_TYPE = "url_verification"
_NOTHING_ELSE = re.compile(rb'\s*\{\s*"encrypt"\s*:\s*"([A-Za-z0-9+/=]+)"\s*\}\s*')


@dataclass(frozen=True, slots=True)
class Challenge:
    """The platform checks our address and wants this text back."""

    text: str


@dataclass(frozen=True, slots=True)
class Believed:
    """A genuine event, decrypted and parsed."""

    envelope: JsonTable
    signature: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A genuine request that was stored already, byte for byte."""


Opened: TypeAlias = Challenge | Believed | Repeated


class Gate:
    """Opens callbacks of one app. Remembers only what `remember` was told, which is what the store has."""

    def __init__(self, settings: FeishuSettings, *, cache: ReplayCache | None = None) -> None:
        self._settings = settings
        self._cache = cache if cache is not None else ReplayCache()

    def open(self, request: RawRequest, *, now: datetime) -> Opened:
        """What the request is. Raises WebhookRejected for everything not believed, whatever the reason."""
        secrets = self._settings.secrets(now=now)
        if not secrets or not _is_shaped(request):
            raise WebhookRejected
        if is_unsigned(request.headers):
            return _challenge(request.body, secrets)
        signed = read_headers(request.headers)
        key = _signing_key(signed, request.body, secrets)
        window = self._settings.replay_window
        if key is None or not is_timely(signed.timestamp, now=now, window=window, age=REPEATED_FOR):
            raise WebhookRejected
        if self._cache.knows(signed.signature, now=now):
            return Repeated()
        envelope = _table(decrypt(_sealed(request.body), encrypt_key=key))
        if is_click(envelope) and not is_timely(signed.timestamp, now=now, window=window):
            raise WebhookRejected  # clicks are never repeated by the platform
        return self._believed(envelope, signed, secrets)

    def _believed(self, envelope: JsonTable, signed: SignedHeaders, secrets: tuple[WebhookSecrets, ...]) -> Opened:
        if not _is_token_right(_token(envelope), secrets):
            raise WebhookRejected
        if envelope.get("type") == _CHALLENGE_TYPE:
            return _challenge_of(envelope)
        if not is_for_app(envelope, self._settings.app_id):
            raise WebhookRejected
        return Believed(envelope, signed.signature)

    def remember(self, believed: Believed, *, now: datetime) -> None:
        """The event is stored: the same request has nothing more to bring."""
        self._cache.remember(believed.signature, now=now)


def is_for_app(envelope: JsonTable, app_id: str) -> bool:
    """False when the event names another app, whose person ids would mean other people here."""
    header = envelope.get("header")
    named = header.get("app_id") if isinstance(header, dict) else None
    return named is None or named == app_id


def _is_shaped(request: RawRequest) -> bool:
    encoding = request.headers.get("content-encoding", "identity")
    return request.method == "POST" and encoding == "identity" and 0 < len(request.body) <= MAX_BODY_BYTES


def _signing_key(signed: SignedHeaders, body: bytes, secrets: tuple[WebhookSecrets, ...]) -> str | None:
    """The encrypt key that made the signature; both are tried in any case while secrets are rotated (T4)."""
    keys = [one.encrypt_key for one in secrets if is_signed_by(signed, body, encrypt_key=one.encrypt_key)]
    return keys[0] if keys else None


def _table(raw: bytes) -> JsonTable:
    try:
        return parse_table(raw, limits=ENVELOPE_LIMITS)
    except BadJson:
        raise WebhookRejected from None


def _sealed(body: bytes) -> str:
    """The ciphertext; the platform writes nothing around it, so that a whole parser is rarely needed."""
    alone = _NOTHING_ELSE.fullmatch(body)
    sealed = alone.group(1).decode() if alone else _table(body).get("encrypt")
    if not isinstance(sealed, str):
        raise WebhookRejected
    return sealed


def _token(envelope: JsonTable) -> JsonValue:
    """`header.token` of an event, `token` of the address check and of events of the first generation."""
    header = envelope.get("header")
    return header.get("token") if isinstance(header, dict) else envelope.get("token")


def _is_token_right(given: JsonValue, secrets: tuple[WebhookSecrets, ...]) -> bool:
    matches = [is_same_token(given, one.verification_token) for one in secrets]
    return any(matches)


def _challenge(body: bytes, secrets: tuple[WebhookSecrets, ...]) -> Challenge:
    """An unsigned request: only the address check may be one, and only with the right token (feishu.md 2.2)."""
    if len(body) > MAX_CHALLENGE_BYTES:
        raise WebhookRejected
    outer = _table(body)
    if "encrypt" not in outer:
        return _checked_challenge(outer, secrets)
    sealed = _sealed(body)
    for one in secrets:
        opened = decrypt_unsigned(sealed, encrypt_key=one.encrypt_key)
        try:
            challenge = _checked_challenge(_table(opened.plain), secrets)
        except WebhookRejected:
            continue
        if opened.is_padded:
            return challenge
    raise WebhookRejected


def _checked_challenge(envelope: JsonTable, secrets: tuple[WebhookSecrets, ...]) -> Challenge:
    if not _is_token_right(envelope.get("token"), secrets) or envelope.get("type") != _CHALLENGE_TYPE:
        raise WebhookRejected
    return _challenge_of(envelope)


def _challenge_of(envelope: JsonTable) -> Challenge:
    text = envelope.get("challenge")
    if not isinstance(text, str) or not _CHALLENGE.fullmatch(text):
        raise WebhookRejected
    return Challenge(text)
