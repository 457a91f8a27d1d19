"""What only Feishu's callbacks have to stand: attacks over the wire, unsigned address checks, the padding oracle (T1, T6).

The oracle is tried on an endpoint that is open to it, too, so that its failure against ours means something.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial

import aiohttp
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from adapters.feishu.envelope import Challenge, Gate
from bot.errors import WebhookRejected
from bot.ports import RawRequest
from tests.adapters.feishu.callbacks import KEY, NOW, SETTINGS, TOKEN, callback, event, push, seal, sign
from tests.adapters.feishu.tenant import Tenant, webhook_tenant
from tests.adapters.shared.kits import FEISHU
from tests.adapters.shared.test_forgery import REJECTED, Mutations, forged, shape
from tests.support.figures import Figures

MESSAGE = event("message_text_with_mention")
GENUINE = push(MESSAGE)
CHALLENGE = {"challenge": "c-7f3a", "token": TOKEN, "type": "url_verification"}


def judged(request: RawRequest) -> object:
    """What the gate says: an Opened, or the shape of its rejection. Other exceptions are let through."""
    try:
        return Gate(SETTINGS).open(request, now=NOW)
    except WebhookRejected as rejection:
        return shape(rejection)


# ---------------------------------------------------------------- over the wire


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
        for variant in forged(FEISHU):
            if (
                variant.method == "POST"
                and "content-encoding" not in variant.headers
                and all(value.isprintable() and value == value.strip() for value in variant.headers.values())
            ):
                async with session.post(url, data=variant.body, headers=variant.headers) as answer:
                    answers.add((answer.status, await answer.read(), answer.headers["Content-Type"]))
        assert tenant.intake.brought == []
        async with session.post(url, data=GENUINE.body, headers=GENUINE.headers) as answer:
            assert answer.status == 200
    assert len(answers) == 1
    assert {answer[0] for answer in answers} == {401}
    assert tenant.intake.brought == ["om_1"]


# ---------------------------------------------------------------- the address check, which nobody signs


@pytest.mark.slow
def test_mutations_of_an_address_check_are_that_check_or_one_rejection() -> None:
    """It is echoed as long as it still is one; nothing of it is stored or acted upon."""
    check = seal(json.dumps(CHALLENGE).encode())
    mutations, gate = Mutations(FEISHU, 20260102), Gate(SETTINGS)
    shapes: set[object] = set()
    echoed = 0
    for _ in range(20_000):
        try:
            opened = gate.open(callback(mutations.changed(check), {}), now=NOW)
        except WebhookRejected as rejection:
            shapes.add(shape(rejection))
        else:
            assert isinstance(opened, Challenge)
            echoed += 1
    assert shapes == {REJECTED}
    assert echoed < 4_000


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
