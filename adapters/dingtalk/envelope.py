"""The gates of the three callbacks: a raw request goes in, and comes out as something believed, or not at all.

Events are signed and sealed whole. Robot messages and clicks carry a signature over the time alone: what is decided by
such a message is refused further in; a click is judged by the proof that its button carries, and its signature counts
once, so that whoever saw it cannot press anything with it (T3). Everything that is not believed is one WebhookRejected
(T1, T2, T6).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from adapters._hardened_json import BadJson, JsonLimits, JsonTable, parse_table
from adapters._members import text
from adapters._replay import ReplayCache, is_timely
from adapters.dingtalk.settings import DingTalkSettings, WebhookSecrets
from adapters.dingtalk.signature import (
    SignedQuery,
    decrypt,
    is_card_signature,
    is_robot_signature,
    is_signed_by,
    read_query,
    stamp_seconds,
)
from bot.errors import WebhookRejected
from bot.ports import RawRequest

#: a callback, a card form with all its fields included (B9)
MAX_BODY_BYTES = 256 * 1024
ENVELOPE_LIMITS = JsonLimits(max_bytes=MAX_BODY_BYTES, string=MAX_BODY_BYTES)
#: what is signed over its time alone is believed for a minute (B9); the platform itself would allow an hour
SHORT_WINDOW = timedelta(seconds=60)
_NOTHING_ELSE = re.compile(rb'\s*\{\s*"encrypt"\s*:\s*"([A-Za-z0-9+/=]+)"\s*\}\s*')
_CHECKS = frozenset({"check_url", "check_create_suite_url", "check_update_suite_url"})
_SIGN = re.compile(r"[A-Za-z0-9+/=]{44}")


@dataclass(frozen=True, slots=True)
class Seal:
    """What the answer to an event is sealed with: the pair and the owner that the event itself was sealed with."""

    secrets: WebhookSecrets = field(repr=False)
    owner: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The platform checks our address and wants its word back."""

    seal: Seal


@dataclass(frozen=True, slots=True)
class Believed:
    """A genuine push, decrypted and parsed."""

    body: JsonTable
    #: what it is remembered by
    mark: str = field(repr=False)
    #: None where the answer is not sealed
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A genuine request that was stored already, byte for byte."""

    seal: Seal | None = None


Opened: TypeAlias = Checked | Believed | Repeated


class Gate:
    """Opens callbacks of one app. Remembers only what `remember` was told, which is what the store has."""

    def __init__(self, settings: DingTalkSettings, *, cache: ReplayCache | None = None) -> None:
        self._settings = settings
        self._cache = cache if cache is not None else ReplayCache()

    def open_event(self, request: RawRequest, *, now: datetime) -> Opened:
        """What an event callback is. Raises WebhookRejected for everything not believed, whatever the reason."""
        secrets = self._settings.secrets(now=now)
        if not secrets or not _is_shaped(request):
            raise WebhookRejected
        query, sealed = read_query(dict(request.query)), _sealed(request.body)
        pair = _signing_pair(query, sealed, secrets)
        timely = is_timely(stamp_seconds(query.timestamp), now=now, window=self._settings.replay_window)
        if pair is None or not timely:
            raise WebhookRejected
        owners = (self._settings.client_id, self._settings.corp_id)
        plain, owner = decrypt(sealed, aes_key=pair.aes_key, owners=owners)
        seal = Seal(pair, owner)
        if self._cache.knows(query.signature, now=now):
            return Repeated(seal)
        body = _table(plain)
        if (text(body, "EventType") or text(body, "eventType")) in _CHECKS:
            return Checked(seal)
        return Believed(body, query.signature, seal)

    def open_robot(self, request: RawRequest, *, now: datetime) -> Opened:
        """What a robot message over HTTP is. Raises WebhookRejected."""
        given, stamp = _signed_time(request, "sign", "timestamp")
        secret = self._settings.client_secret
        is_theirs = is_robot_signature(given, timestamp=stamp, secret=secret)
        # two people may write in the same millisecond, so that the words have to tell a repetition
        mark = f"robot:{given}:{hashlib.sha256(request.body).hexdigest()}"
        return self._opened_plain(request, mark, is_theirs, stamp, now=now)

    def open_card(self, request: RawRequest, *, now: datetime) -> Opened:
        """What a click over HTTP is. Raises WebhookRejected."""
        given, stamp = _signed_time(request, "x-ddpaas-signature", "x-ddpaas-signature-timestamp")
        is_theirs = is_card_signature(given, timestamp=stamp, secret=self._settings.card_secret)
        return self._opened_plain(request, f"card:{given}", is_theirs, stamp, now=now)

    def _opened_plain(self, request: RawRequest, mark: str, is_theirs: bool, stamp: str, *, now: datetime) -> Opened:
        timely = is_timely(stamp_seconds(stamp), now=now, window=SHORT_WINDOW)
        if not is_theirs or not timely or not _is_shaped(request):
            raise WebhookRejected
        return Repeated() if self._cache.knows(mark, now=now) else Believed(_table(request.body), mark)

    def remember(self, opened: Believed, *, now: datetime) -> None:
        """Call only after the push is stored."""
        self._cache.remember(opened.mark, now=now)


def _is_shaped(request: RawRequest) -> bool:
    encoding = request.headers.get("content-encoding", "identity")
    return request.method == "POST" and encoding == "identity" and 0 < len(request.body) <= MAX_BODY_BYTES


def _signing_pair(query: SignedQuery, sealed: str, secrets: tuple[WebhookSecrets, ...]) -> WebhookSecrets | None:
    """The pair that made the signature; both are tried in any case while secrets are rotated (T4)."""
    pairs = [one for one in secrets if is_signed_by(query, sealed, token=one.token)]
    return pairs[0] if pairs else None


def _signed_time(request: RawRequest, sign: str, stamp: str) -> tuple[str, str]:
    given, timestamp = request.headers.get(sign, ""), request.headers.get(stamp, "")
    if not _SIGN.fullmatch(given) or not stamp_seconds(timestamp):
        raise WebhookRejected
    return given, timestamp


def _sealed(body: bytes) -> str:
    """The ciphertext; the platform writes nothing around it, so that a whole parser is rarely needed."""
    alone = _NOTHING_ELSE.fullmatch(body)
    sealed = alone.group(1).decode() if alone else _table(body).get("encrypt")
    if not isinstance(sealed, str):
        raise WebhookRejected
    return sealed


def _table(raw: bytes) -> JsonTable:
    try:
        return parse_table(raw, limits=ENVELOPE_LIMITS)
    except BadJson:
        raise WebhookRejected from None
