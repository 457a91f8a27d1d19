"""aiohttp with nothing but the crypto: read, compare the signature, decrypt, parse, answer. Stores nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys

from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from bench.requests import ENCRYPT_KEY, VERIFICATION_TOKEN

_KEY = hashlib.sha256(ENCRYPT_KEY.encode()).digest()


async def receive(request: web.Request) -> web.Response:
    """The least that an honest callback has to do."""
    body, headers = await request.read(), request.headers
    stamp, nonce = headers["X-Lark-Request-Timestamp"], headers["X-Lark-Request-Nonce"]
    signature = hashlib.sha256(f"{stamp}{nonce}{ENCRYPT_KEY}".encode() + body).hexdigest()
    if not hmac.compare_digest(signature, headers["X-Lark-Signature"]):
        return web.Response(status=401)
    raw = base64.b64decode(json.loads(body)["encrypt"])
    decryptor = Cipher(algorithms.AES256(_KEY), modes.CBC(raw[:16])).decryptor()
    unpadder = PKCS7(128).unpadder()
    plain = unpadder.update(decryptor.update(raw[16:]) + decryptor.finalize()) + unpadder.finalize()
    if json.loads(plain)["header"]["token"] != VERIFICATION_TOKEN:
        return web.Response(status=401)
    return web.json_response({})


def main() -> None:
    """Serve until killed."""
    app = web.Application()
    app.router.add_post("/hook/feishu", receive)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[sys.argv.index("--port") + 1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
