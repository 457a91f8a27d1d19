"""Attacks on the callback by somebody who can reach it and has seen a genuine request, but does not have the key.

Whatever is tried, there is one answer and no effect (T1, T6; the figures of B8). The padding-oracle attack is run against
an endpoint that is open to it, too, so that its failure against ours means something.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import aiohttp
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from adapters.feishu.decode import decode
from adapters.feishu.envelope import Believed, Challenge, Gate
from adapters.feishu.event import Self
from bot.errors import WebhookRejected
from bot.ports import RawRequest
from bot.updates import encode_update
from tests.adapters.feishu.callbacks import APP_ID, KEY, NOW, SETTINGS, TOKEN, callback, event, push, seal, sign
from tests.adapters.feishu.tenant import Tenant, webhook_tenant
from tests.support.figures import Figures

MUTATIONS = 1_000_000
#: how many of them are signed after the change, as only the platform could
SIGNED = 40_000
MESSAGE = event("message_text_with_mention")
GENUINE = push(MESSAGE)
CHALLENGE = {"challenge": "c-7f3a", "token": TOKEN, "type": "url_verification"}


def judged(request: RawRequest) -> object:
    """What the gate says: an Opened, or the shape of its rejection. Other exceptions are let through."""
    try:
        return Gate(SETTINGS).open(request, now=NOW)
    except WebhookRejected as rejection:
        return type(rejection), rejection.args, rejection.__cause__


REJECTED = (WebhookRejected, ("rejected",), None)


# ---------------------------------------------------------------- two hundred forgeries


def forged() -> Iterator[RawRequest]:
    """Variants of a genuine request that a stranger can make."""
    body, headers = GENUINE.body, dict(GENUINE.headers)
    signature, timestamp, nonce = (
        headers[f"x-lark-{name}"] for name in ("signature", "request-timestamp", "request-nonce")
    )
    for name in ("x-lark-signature", "x-lark-request-timestamp", "x-lark-request-nonce"):
        yield replace(GENUINE, headers={key: value for key, value in headers.items() if key != name})
        for value in (
            "",
            " ",
            "null",
            "0",
            "\x00",
            "é",
            headers[name] + "0",
            headers[name][:-1],
            headers[name] * 2,
            " " + headers[name],
        ):
            yield replace(GENUINE, headers={**headers, name: value})
    for value in (
        signature.upper(),
        signature[::-1],
        f"sha256={signature}",
        signature[:32],
        "0" * 64,
        "f" * 64,
        f"{signature},{signature}",
    ):
        yield replace(GENUINE, headers={**headers, "x-lark-signature": value})
    for key in ("", "x", KEY.upper(), KEY[:-1], KEY + " ", TOKEN, APP_ID, "emulated-app-secret"):
        yield replace(GENUINE, headers=sign(body, key=key))
        yield callback(
            seal(json.dumps(MESSAGE).encode(), key=key), sign(seal(json.dumps(MESSAGE).encode(), key=key), key=key)
        )
    for other in (body + b" ", b" " + body, body[:-1], body.replace(b'"encrypt"', b'"Encrypt"'), body * 2, b"{}", b""):
        yield replace(GENUINE, body=other)
    for kept in (timestamp + nonce, nonce + timestamp):
        for border in range(len(kept)):
            moved = {"x-lark-request-timestamp": kept[:border], "x-lark-request-nonce": kept[border:]}
            if (moved["x-lark-request-timestamp"], moved["x-lark-request-nonce"]) != (timestamp, nonce):
                yield replace(GENUINE, headers={**headers, **moved})
    plain = json.dumps(MESSAGE).encode()
    for bare in (plain, body, json.dumps({**MESSAGE, "token": TOKEN, "type": "url_verification"}).encode()):
        yield callback(bare, {})
        yield callback(bare, {"x-lark-signature": ""})
        if bare != body:
            yield callback(bare, headers)
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
        yield replace(GENUINE, method=method)
    yield from _of_others(plain)
    yield from _mutations_of_each_place(random.Random(1))


def _of_others(plain: bytes) -> Iterator[RawRequest]:
    """Requests of other tenants, apps and instants, each as its owner would sign it."""
    for key in ("other-tenant-key", "kudryavka-encrypt-key-02"):
        yield push(MESSAGE, key=key)
    for name, value in (("token", "vt_other"), ("token", ""), ("app_id", "cli_other")):
        yield push({**MESSAGE, "header": {**MESSAGE["header"], name: value}})
    for timestamp in ("0000000000", "9999999999", "1767315601.0", "17673156010", "176731560", "0x69571b51"):
        yield replace(GENUINE, headers={**GENUINE.headers, "x-lark-request-timestamp": timestamp})
    for padding in (b"\x00", b"\x11", b"\xff"):
        body = seal(plain, padding=padding * (16 - len(plain) % 16))
        yield callback(body, sign(body))


def _mutations_of_each_place(dice: random.Random) -> Iterator[RawRequest]:
    for _ in range(80):
        body = bytearray(GENUINE.body)
        body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        yield replace(GENUINE, body=bytes(body))


def test_two_hundred_forgeries_are_one_and_the_same_rejection(figures: Figures) -> None:
    variants = list(forged())
    assert len(variants) >= 200
    assert {judged(variant) for variant in variants} == {REJECTED}
    figures("feishu callbacks forged", f"{len(variants)} variants, 0 believed")
    assert isinstance(judged(GENUINE), Believed)


@pytest.fixture
async def tenant() -> AsyncIterator[Tenant]:
    async with webhook_tenant() as tenant:
        yield tenant


@pytest.mark.slow
async def test_over_the_wire_every_forgery_gets_the_same_answer_and_has_no_effect(tenant: Tenant) -> None:
    tenant.clock.move(NOW)  # the time of the captured request: it is not its age that is rejected
    answers = set()
    url = tenant.emulator.webhook.event_url
    async with aiohttp.ClientSession() as session:
        for variant in forged():
            if variant.method == "POST" and all(
                value.isprintable() and value == value.strip() for value in variant.headers.values()
            ):
                async with session.post(url, data=variant.body, headers=variant.headers) as answer:
                    answers.add((answer.status, await answer.read(), answer.headers["Content-Type"]))
        assert tenant.intake.brought == []
        async with session.post(url, data=GENUINE.body, headers=GENUINE.headers) as answer:
            assert answer.status == 200
    assert len(answers) == 1
    assert {answer[0] for answer in answers} == {401}
    assert tenant.intake.brought == ["om_1"]


# ---------------------------------------------------------------- a million mutations


class Mutations:
    """Genuine requests with one thing changed, by a seeded die."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._address_check = seal(json.dumps(CHALLENGE).encode())

    def one(self) -> RawRequest:
        """A changed body or header under the captured signature; now and then an address check, which has none."""
        headers, body = GENUINE.headers, GENUINE.body
        match self._dice.randrange(20):
            case 0 | 1 | 2 | 3:
                headers = self._changed_header()
            case 4:
                headers, body = {}, self.changed(self._address_check)
            case _:
                body = self.changed(body)
        return RawRequest(method="POST", path="/", query={}, headers=headers, body=body, received_at=NOW)

    def signed(self) -> RawRequest:
        """A changed body under a right signature, which only the platform can make."""
        body = self.changed(GENUINE.body)
        return callback(body, sign(body))

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

    def _changed_header(self) -> dict[str, str]:
        name = self._dice.choice(("x-lark-signature", "x-lark-request-timestamp", "x-lark-request-nonce"))
        value = GENUINE.headers[name]
        at = self._dice.randrange(len(value))
        other = self._dice.choice("0123456789abcdef\x00é ")
        return {**GENUINE.headers, name: value[:at] + other + value[at + self._dice.randrange(2) :]}


def is_genuine(request: RawRequest) -> bool:
    """A change that changed nothing."""
    return request.body == GENUINE.body and dict(request.headers) == GENUINE.headers


@pytest.mark.slow
def test_a_million_mutations_of_genuine_requests_are_one_rejection(figures: Figures) -> None:
    mutations, gate = Mutations(20260102), Gate(SETTINGS)
    shapes: set[object] = set()
    challenges = 0
    started = time.perf_counter()
    for _ in range(MUTATIONS - SIGNED):
        request = mutations.one()
        try:
            opened = gate.open(request, now=NOW)
        except WebhookRejected as rejection:
            shapes.add((type(rejection), rejection.args, rejection.__cause__))
        else:
            challenges += isinstance(opened, Challenge)
            assert isinstance(opened, Challenge) or is_genuine(request)
    believed = sum(_signed_is_told(gate, mutations.signed(), shapes) for _ in range(SIGNED))
    rate = MUTATIONS / (time.perf_counter() - started)
    figures(
        "feishu envelopes mutated",
        f"{MUTATIONS:,} at {rate:,.0f}/s, {len(shapes)} kind of rejection, 0 other exceptions",
    )
    assert shapes == {REJECTED}
    # an address check that still is one is echoed; nothing of it is stored or acted upon
    assert challenges < MUTATIONS / 1_000
    assert believed < SIGNED / 10


def _signed_is_told(gate: Gate, request: RawRequest, shapes: set[object]) -> bool:
    """Whether it was believed; then it is an update that can be stored."""
    try:
        opened = gate.open(request, now=NOW)
    except WebhookRejected as rejection:
        shapes.add((type(rejection), rejection.args, rejection.__cause__))
        return False
    assert isinstance(opened, Believed)
    assert encode_update(decode(opened.envelope, me=Self(app_id=APP_ID), received_at=NOW))
    return True


# ---------------------------------------------------------------- the padding oracle (M5)

#: sends a ciphertext, sees an answer
Endpoint = Callable[[bytes], object]


def recovered(endpoint: Endpoint, block: bytes) -> bytes:
    """What the attack learns of one block: from the end, one guess of 256 must be answered unlike the others."""
    before = bytearray(16)
    intermediate: list[int] = []
    for place in range(15, -1, -1):
        length = 16 - place
        for done, value in enumerate(reversed(intermediate)):
            before[place + 1 + done] = value ^ length
        answers: dict[object, list[int]] = {}
        for guess in range(256):
            before[place] = guess
            answers.setdefault(endpoint(bytes(16) + bytes(before) + block), []).append(guess)
        odd = [guesses[0] for guesses in answers.values() if len(guesses) == 1]
        if len(odd) != 1:
            break
        intermediate.append(odd[0] ^ length)
    return bytes(reversed(intermediate))


def open_endpoint(sealed: bytes) -> object:
    """How it must not be done: decrypts what nobody signed, and says what was wrong."""
    decryptor = Cipher(algorithms.AES256(hashlib.sha256(KEY.encode()).digest()), modes.CBC(sealed[:16])).decryptor()
    plain = decryptor.update(sealed[16:]) + decryptor.finalize()
    length = plain[-1]
    is_right = 1 <= length <= 16 and plain[-length:] == bytes([length]) * length
    return "no JSON" if is_right else "bad padding"


def our_endpoint(sealed: bytes, *, headers: Callable[[bytes], Mapping[str, str]]) -> object:
    body = b'{"encrypt":"' + base64.b64encode(sealed) + b'"}'
    return judged(callback(body, headers(body)))


def captured_blocks() -> list[bytes]:
    raw = base64.b64decode(json.loads(GENUINE.body)["encrypt"])
    return [raw[at : at + 16] for at in range(16, len(raw), 16)]


@pytest.mark.slow
def test_the_padding_oracle_attack_opens_a_naive_endpoint_and_learns_nothing_from_ours(figures: Figures) -> None:
    blocks = captured_blocks()
    naive = len(recovered(open_endpoint, blocks[0]))
    assert naive == 16
    styles: dict[str, Callable[[bytes], Mapping[str, str]]] = {
        "unsigned": lambda _: {},
        "captured headers": lambda _: GENUINE.headers,
        "signed with a guessed key": lambda body: sign(body, key="guess"),
    }
    learnt = {
        name: sum(len(recovered(partial(our_endpoint, headers=headers), block)) for block in blocks[:6])
        for name, headers in styles.items()
    }
    figures("feishu padding oracle", f"{sum(learnt.values())} bytes recovered, {naive} of 16 from a naive endpoint")
    assert learnt == {"unsigned": 0, "captured headers": 0, "signed with a guessed key": 0}


def test_blocks_of_a_captured_event_cannot_be_read_back_through_an_address_check() -> None:
    """A captured address check has the right token; foreign blocks in its text must not come back as its answer."""
    dice = random.Random(3)
    plain = b'{"challenge":  "' + b"c" * 48 + b'","token":"' + TOKEN.encode() + b'","type":"url_verification"}'
    raw = base64.b64decode(json.loads(seal(plain))["encrypt"])
    assert isinstance(judged(callback(seal(plain), {})), Challenge)
    answers = set()
    for block in captured_blocks() * 20:
        spliced = raw[:32] + dice.randbytes(16) + block + raw[64:]
        answers.add(our_endpoint(spliced, headers=lambda _: {}))
    assert answers == {REJECTED}
