"""The real adapter behind the real listener: what is genuine gets in, everything else gets one answer (T1, T6, M5, M8)."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import AsyncIterator

import pytest

from adapters import feishu
from adapters.feishu.emulator_crypto import sealed_body, signature_of
from bot.clock import VirtualClock
from bot.config import FeishuSection
from bot.metrics import Metrics
from bot.updates import Unreadable
from bot.web.server import PublicServer
from tests.storage.samples import NOW
from tests.support.housing import housing
from tests.web.rig import QUICK, Desk, Fragile, Listener, Patient, body_of, request, status_of

KEY, TOKEN = "an-encrypt-key-0123", "a-verification-token"
PATH = "/hook/feishu"
SECTION = FeishuSection(
    app_id="cli_1",
    app_secret="app-secret-0123",
    encrypt_key=KEY,
    verification_token=TOKEN,
    delivery="webhook",
    base_url="http://127.0.0.1:1",
)
_numbers = itertools.count(1)


@pytest.fixture
async def hook() -> AsyncIterator[Listener]:
    """The listener with the real adapter."""
    clock = VirtualClock(NOW)
    adapter = feishu.create(SECTION, housing(clock, busy_text="…"))
    desk, patient, metrics = Desk(), Patient(), Metrics()
    server = PublicServer(QUICK, [adapter], desk, patient, metrics, clock=clock)
    await server.start()
    yield Listener(server, Fragile(), desk, patient, metrics)
    await server.stop()
    await adapter.close()


def envelope(message: str = '"你好"', **extra: str) -> str:
    """An event as JSON text, so that it can be written in ways that no encoder writes."""
    number = next(_numbers)
    more = "".join(f', "{key}": {value}' for key, value in extra.items())
    return (
        f'{{"schema": "2.0", "header": {{"event_id": "e{number}", "event_type": "im.message.receive_v1", '
        f'"create_time": "1772413200000", "token": "{TOKEN}", "app_id": "cli_1", "tenant_key": "t"}}, '
        f'"event": {{"sender": {{"sender_id": {{"open_id": "ou_1"}}, "sender_type": "user"}}, '
        f'"message": {{"message_id": "om_{number}", "create_time": "1772413200000", "chat_id": "oc_1", '
        f'"chat_type": "p2p", "message_type": "text", "content": {message}{more}}}}}}}'
    )


CONTENT = '"{\\"text\\":\\"你好\\"}"'


def signed(body: bytes, *, key: str = KEY, at: int | None = None, nonce: str = "") -> bytes:
    """The whole request with a signature of that body."""
    timestamp = str(int(NOW.timestamp()) if at is None else at)
    nonce = nonce or f"n{next(_numbers)}"
    signature = signature_of(timestamp=timestamp, nonce=nonce, encrypt_key=key, body=body)
    headers = (
        f"X-Lark-Request-Timestamp: {timestamp}\r\nX-Lark-Request-Nonce: {nonce}\r\nX-Lark-Signature: {signature}\r\n"
    )
    return request(body, path=PATH, headers=headers)


def sealed(plain: str | bytes, *, key: str = KEY, seed: int = 0) -> bytes:
    """The body that the platform would send."""
    raw = plain if isinstance(plain, bytes) else plain.encode("utf-8", "surrogatepass")
    return sealed_body(raw, encrypt_key=key, iv=hashlib.sha256(str(seed).encode()).digest()[:16])


async def test_a_genuine_event_is_taken(hook: Listener) -> None:
    assert status_of(await hook.send(signed(sealed(envelope(CONTENT))))) == 200
    assert len(hook.desk.taken) == 1


async def test_the_challenge_is_answered(hook: Listener) -> None:
    plain = f'{{"challenge": "c-1", "token": "{TOKEN}", "type": "url_verification"}}'
    reply = await hook.send(request(sealed(plain), path=PATH))
    assert (status_of(reply), body_of(reply)) == (200, b'{"challenge":"c-1"}')


async def test_ec_80_two_hundred_forgeries_get_one_answer_and_leave_nothing(hook: Listener) -> None:
    """T1, T6: wrong keys, wrong times, cut and altered bodies, missing and doubled headers."""
    dice = random.Random(4711)
    good = signed(sealed(envelope(CONTENT)))
    head, _, body = good.partition(b"\r\n\r\n")
    forged: list[bytes] = [
        signed(sealed(envelope(CONTENT)), key="another-key"),
        signed(sealed(envelope(CONTENT), key="another-key")),
        signed(sealed(envelope(CONTENT).replace(TOKEN, "another-token"))),
        signed(sealed(envelope(CONTENT).replace("cli_1", "cli_2"))),
        signed(envelope(CONTENT).encode()),
        signed(sealed(envelope(CONTENT)), at=int(NOW.timestamp()) - 8 * 86_400),
        signed(sealed(envelope(CONTENT)), at=int(NOW.timestamp()) + 301),
        request(body, path=PATH),
        good.replace(b"X-Lark-Signature: ", b"X-Lark-Signature: 0"),
        good.replace(b"X-Lark-Request-Nonce", b"X-Lark-Other"),
        head.replace(b"X-Lark-Signature", b"X-Lark-Signature: 00\r\nX-Lark-Signature") + b"\r\n\r\n" + body,
    ]
    for _ in range(200):
        altered = bytearray(body)
        altered[dice.randrange(len(altered))] ^= 1 << dice.randrange(7)
        forged.append(head + b"\r\n\r\n" + bytes(altered))
    replies = {await hook.send(one) for one in forged}
    answers = {b"\r\n".join(x for x in reply.split(b"\r\n") if not x.startswith(b"Date")) for reply in replies}
    assert len(answers) == 1
    assert status_of(answers.pop()) == 401
    assert hook.desk.taken == []


@pytest.mark.parametrize(
    "plain",
    [
        "[" * 50_000,
        '{"a":' * 20_000,
        '{"n": NaN}',
        '{"n": 1e400}',
        '{"n": ' + "9" * 5_000 + "}",
        '{"header": {}, "header": {}}',
        "[]",
        "null",
        "",
        b"\xff\xfe",
    ],
)
async def test_json_that_hurts_other_parsers_is_not_believed_even_when_it_is_signed(
    hook: Listener, plain: str | bytes
) -> None:
    """M8; the sender has the key, and still nothing falls over."""
    reply = await hook.send(signed(sealed(plain)))
    assert status_of(reply) == 401
    assert hook.desk.taken == []


@pytest.mark.parametrize(
    "content",
    [
        '"{\\"text\\":\\"\\\\ud800\\"}"',
        '"\\ud800"',
        '"{\\"text\\":\\"\\\\u0000\\"}"',
        '"not json"',
        "7",
        '"' + "x" * 60_000 + '"',
    ],
)
async def test_odd_content_of_a_genuine_event_is_kept_for_later_and_acknowledged(hook: Listener, content: str) -> None:
    """What is genuine is never sent again and again because we cannot read it."""
    assert status_of(await hook.send(signed(sealed(envelope(content))))) == 200
    assert len(hook.desk.taken) == 1


async def test_a_genuine_event_that_cannot_be_stored_is_not_acknowledged(hook: Listener) -> None:
    hook.desk.is_away = True
    one = signed(sealed(envelope(CONTENT)))
    assert status_of(await hook.send(one)) == 503
    hook.desk.is_away = False
    assert status_of(await hook.send(one)) == 200
    assert len(hook.desk.taken) == 1
    assert not any(isinstance(update, Unreadable) for update in hook.desk.taken)
