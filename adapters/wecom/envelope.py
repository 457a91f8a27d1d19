"""The gates of the callbacks, the app's and the bot's: a raw request goes in, and comes out as something believed, or not at all.

The outer XML is never parsed: a scan finds the one ciphertext that it may hold, the signature over it is checked, and only
what was decrypted is read (T1, T2, T6, T17). Everything that is not believed is one WebhookRejected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from adapters._hardened_json import BadJson, JsonTable, parse_table
from adapters._replay import ReplayCache, is_timely
from adapters.wecom import hardened_xml
from adapters.wecom.settings import WebhookSecrets
from adapters.wecom.signature import SignedQuery, decrypt, is_signed_by, read_query
from bot.errors import WebhookRejected
from bot.ports import RawRequest

MAX_BODY_BYTES = 64 * 1024
#: exactly one ciphertext, in CDATA or without
_XML = re.compile(rb"<Encrypt>(?:<!\[CDATA\[([A-Za-z0-9+/=]+)\]\]>|([A-Za-z0-9+/=]+))</Encrypt>")
_ECHO = re.compile(r"[A-Za-z0-9+/=]{64,1024}")
#: what the platform wants back is a number or a word; spliced blocks of another ciphertext would be neither
_WORD = re.compile(rb"[A-Za-z0-9_.\-]{1,256}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """The platform checks our address and wants this text back, and nothing around it."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Believed:
    """A genuine push, decrypted and parsed."""

    body: JsonTable
    signature: str = field(repr=False)
    nonce: str
    secrets: WebhookSecrets = field(repr=False)


@dataclass(frozen=True, slots=True)
class Repeated:
    """A genuine request that was stored already, byte for byte."""


Opened: TypeAlias = Challenge | Believed | Repeated


class Gate:
    """Opens the callbacks of one receiver. Remembers only what `remember` was told, which is what the store has."""

    def __init__(self, *, receiver: str, window: timedelta, is_json: bool, cache: ReplayCache | None = None) -> None:
        self._receiver = receiver
        self._window = window
        self._is_json = is_json
        self._cache = cache if cache is not None else ReplayCache()

    def open(self, request: RawRequest, secrets: Sequence[WebhookSecrets], *, now: datetime) -> Opened:
        """What the request is. Raises WebhookRejected for everything not believed, whatever the reason."""
        if not secrets:
            raise WebhookRejected
        query = read_query(request.query)
        sealed = self._echo(request) if request.method == "GET" else self._sealed(request)
        pair = _signing_pair(query, sealed, secrets)
        if pair is None or not is_timely(query.timestamp, now=now, window=self._window):
            raise WebhookRejected
        if request.method == "GET":
            return self._challenge(sealed, pair)
        if self._cache.knows(query.signature, now=now):
            return Repeated()
        plain = decrypt(sealed, aes_key=pair.aes_key, receiver=self._receiver)
        return Believed(self._table(plain), query.signature, query.nonce, pair)

    def remember(self, opened: Believed, *, now: datetime) -> None:
        """Call only after the push is stored."""
        self._cache.remember(opened.signature, now=now)

    def _challenge(self, sealed: str, pair: WebhookSecrets) -> Challenge:
        text = decrypt(sealed, aes_key=pair.aes_key, receiver=self._receiver)
        if not _WORD.fullmatch(text):
            raise WebhookRejected
        return Challenge(text)

    @staticmethod
    def _echo(request: RawRequest) -> str:
        """A plus that became a space on its way is a plus (wecom.md 2.2)."""
        echo = request.query.get("echostr", "").replace(" ", "+")
        if not _ECHO.fullmatch(echo):
            raise WebhookRejected
        return echo

    def _sealed(self, request: RawRequest) -> str:
        encoding = request.headers.get("content-encoding", "identity")
        body = request.body
        if request.method != "POST" or encoding != "identity" or not 0 < len(body) <= MAX_BODY_BYTES:
            raise WebhookRejected
        if self._is_json:
            sealed = _json(body).get("encrypt")
            if not isinstance(sealed, str):
                raise WebhookRejected
            return sealed
        found = _XML.findall(body)
        if len(found) != 1 or body.count(b"<Encrypt") != 1:
            raise WebhookRejected
        wrapped, bare = found[0]
        return str((wrapped or bare).decode())

    def _table(self, plain: bytes) -> JsonTable:
        if self._is_json:
            return _json(plain)
        try:
            return hardened_xml.parse_table(plain)
        except hardened_xml.BadXml:
            raise WebhookRejected from None


def _json(raw: bytes) -> JsonTable:
    try:
        return parse_table(raw)
    except BadJson:
        raise WebhookRejected from None


def _signing_pair(query: SignedQuery, sealed: str, secrets: Sequence[WebhookSecrets]) -> WebhookSecrets | None:
    """The pair that made the signature; all are tried in any case while secrets are rotated (T4)."""
    pairs = [one for one in secrets if is_signed_by(query, sealed, token=one.token)]
    return pairs[0] if pairs else None
