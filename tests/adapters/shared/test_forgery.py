"""Attacks on the callbacks by somebody who can reach them and has seen a genuine request, but does not have the keys.

Whatever is tried on whichever platform, there is one answer and no effect (T1, T6; the figures of B8).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from bot.errors import WebhookRejected
from bot.ports import RawRequest
from bot.updates import AnyUpdate, encode_update
from tests.adapters.shared.kits import KITS, Kit
from tests.support.figures import Figures

#: for each callback; more at night
MUTATIONS = int(os.environ.get("HUIYIN_MUTATIONS", "100000"))
#: how many of them are signed after the change, as only the platform could
SIGNED = MUTATIONS // 25
REJECTED = (WebhookRejected, ("rejected",), None)
EACH = pytest.mark.parametrize("kit", KITS, ids=lambda kit: kit.name)


def shape(rejection: WebhookRejected) -> object:
    """All that a caller could tell it by."""
    return type(rejection), rejection.args, rejection.__cause__


def judged(kit: Kit, request: RawRequest) -> object:
    """What the gate says: what it opened, or the shape of its rejection. Other exceptions are let through."""
    try:
        return kit.gate()(request)
    except WebhookRejected as rejection:
        return shape(rejection)


# ---------------------------------------------------------------- forgeries


def forged(kit: Kit) -> Iterator[RawRequest]:
    """Variants of a genuine request that a stranger can make."""
    signature = kit.signature[kit.parts[0]]
    for name in kit.parts:
        value = kit.signature[name]
        yield kit.with_part(name, None)
        for other in ("", " ", "null", "0", "\x00", "é", value + "0", value[:-1], value * 2, " " + value):
            yield kit.with_part(name, other)
    for other in (signature.upper(), signature[::-1], f"sha256={signature}", signature[:32], "0" * 64, "f" * 40):
        yield kit.with_part(kit.parts[0], other)
    yield from _shifted(kit)
    body = kit.genuine.body
    for changed in (
        body[:-30],
        body.replace(b"ncrypt", b"NCRYPT"),
        body * 2,
        b"{}",
        b"<xml></xml>",
        b"[]",
        b"",
        b"\x00",
    ):
        yield replace(kit.genuine, body=changed)
    for bare in (kit.plain, kit.plain + b" ", b'{"encrypt":7}', b'{"encrypt":"AAAA"}'):
        yield replace(kit.genuine, body=bare)
        yield replace(kit.with_parts({}), body=bare)
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
        yield replace(kit.genuine, method=method)
    yield replace(kit.genuine, headers={**kit.genuine.headers, "content-encoding": "gzip"})
    yield from kit.foreign
    dice = Random(1)
    for _ in range(110):
        raw = bytearray(_ciphertext(kit))
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        yield replace(kit.genuine, body=body.replace(_ciphertext(kit), bytes(raw)))


def _shifted(kit: Kit) -> Iterator[RawRequest]:
    """The same digits with the border between timestamp and nonce elsewhere (M1)."""
    _, at, nonce = kit.parts
    stamp, word = kit.signature[at], kit.signature[nonce]
    for both in (stamp + word, word + stamp):
        for border in range(len(both)):
            if (both[:border], both[border:]) != (stamp, word):
                yield kit.with_parts({**kit.signature, at: both[:border], nonce: both[border:]})


def _ciphertext(kit: Kit) -> bytes:
    found = re.search(rb"[A-Za-z0-9+/=]{60,}", kit.genuine.body)
    assert found is not None
    return found[0]


@EACH
def test_every_forgery_is_one_and_the_same_rejection(kit: Kit, figures: Figures) -> None:
    variants = list(forged(kit))
    assert len(variants) >= 200
    odd = [variant for variant in variants if judged(kit, variant) != REJECTED]
    assert odd == []
    figures(f"{kit.name} callbacks forged", f"{len(variants)} variants, 0 believed")
    assert kit.update(judged(kit, kit.genuine)) is not None


# ---------------------------------------------------------------- mutations


class Mutations:
    """A genuine request with one thing changed, by a seeded die."""

    def __init__(self, kit: Kit, seed: int) -> None:
        self._kit = kit
        self._dice = Random(seed)

    def one(self) -> RawRequest:
        """A changed body, or a changed part of the signature, under the captured rest."""
        if self._dice.randrange(5) == 0:
            return self._with_a_changed_part()
        return replace(self._kit.genuine, body=self.changed(self._kit.genuine.body))

    def signed(self) -> RawRequest:
        """A changed body under a right signature, which only the platform can make."""
        return self._kit.signed(self.changed(self._kit.genuine.body))

    def changed(self, raw: bytes) -> bytes:
        """The bytes with one flipped, one more, some less, or two places exchanged."""
        dice = self._dice
        at = dice.randrange(len(raw))
        match dice.randrange(8):
            case 0:
                return raw[:at]
            case 1:
                return raw[:at] + dice.randbytes(1) + raw[at:]
            case 2:
                return raw[:at] + raw[at + 1 :]
            case 3:
                other = dice.randrange(len(raw))
                return raw[:at] + raw[other : other + 16] + raw[at:]
            case _:
                return raw[:at] + bytes([raw[at] ^ 1 << dice.randrange(8)]) + raw[at + 1 :]

    def _with_a_changed_part(self) -> RawRequest:
        name = self._dice.choice(self._kit.parts)
        value = self._kit.signature[name]
        at = self._dice.randrange(len(value))
        other = self._dice.choice("0123456789abcdef\x00é ")
        return self._kit.with_part(name, value[:at] + other + value[at + self._dice.randrange(2) :])


def same_inside(kit: Kit, request: RawRequest) -> bool:
    """A change that changed nothing of what is signed: only what stands around the ciphertext, where nothing is read."""
    is_signed_alike = dict(kit.signature) == dict(getattr(request, kit.place))
    return is_signed_alike and _ciphertext(kit) in request.body.replace(b"\\/", b"/")


@pytest.mark.slow
@EACH
def test_mutations_of_a_genuine_request_are_one_rejection(kit: Kit, figures: Figures) -> None:
    mutations, opens = Mutations(kit, 20260102), kit.gate()
    shapes: set[object] = set()
    for _ in range(MUTATIONS - SIGNED):
        request = mutations.one()
        try:
            opens(request)
        except WebhookRejected as rejection:
            shapes.add(shape(rejection))
        else:
            assert same_inside(kit, request), request
    stored = sum(_is_told(kit, mutations.signed(), shapes) for _ in range(SIGNED))
    figures(f"{kit.name} envelopes mutated", f"{MUTATIONS:,}, {len(shapes)} kind of rejection, 0 other exceptions")
    assert shapes == {REJECTED}
    assert stored < SIGNED / 2


def _is_told(kit: Kit, request: RawRequest, shapes: set[object]) -> bool:
    """Whether it was believed; then it is an update that can be stored, or nothing that would be."""
    try:
        opened = kit.gate()(request)
    except WebhookRejected as rejection:
        shapes.add(shape(rejection))
        return False
    update = kit.update(opened)
    assert update is None or encode_update(update)
    return True


@EACH
def test_what_lies_inside_a_genuine_request_is_what_was_sealed(kit: Kit) -> None:
    """The suite would prove nothing about a request that is refused for another reason."""
    again = kit.signed(kit.genuine.body)
    assert encode_update(_read(kit, again)) == encode_update(_read(kit, kit.genuine))


def _read(kit: Kit, request: RawRequest) -> AnyUpdate:
    update = kit.update(kit.gate()(request))
    assert update is not None
    return update
