"""Doctor tries the public address as the platform does, through proxies that get it wrong in the ways proxies do (A3 1)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from yarl import URL

from bot import app, doctor
from bot.clock import SystemClock
from bot.company import sample_text
from bot.config import load_settings
from bot.doctor.network import Reply, connections
from bot.doctor.public_address import verdict
from bot.ports import Finding, SelfCall, Severity
from tests.ops.platform import platform, section
from tests.ops.rig import SECRETS, Installation

OK, WARNING, FAILURE = Severity.OK, Severity.WARNING, Severity.FAILURE
Passing = Callable[[web.Request, int], Awaitable[web.StreamResponse]]


def free_port() -> int:
    """One that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def found(findings: list[Finding], name: str) -> Finding:
    """The one finding of that id."""
    [finding] = [f for f in findings if f.id == name]
    return finding


# ---------------------------------------------------------------- proxies


async def as_it_is(request: web.Request, port: int) -> web.StreamResponse:
    """A proxy that does its work."""
    return await relay(request, port, path=request.path)


async def relay(request: web.Request, port: int, *, path: str) -> web.Response:
    """Pass a request on to the bot."""
    body = await request.read()
    names = ("Content-Type", "User-Agent")
    headers = {name: request.headers[name] for name in names if name in request.headers}
    headers["X-Forwarded-For"] = "203.0.113.7"
    async with (
        aiohttp.ClientSession() as session,
        session.request(request.method, onward(request, port, path), data=body, headers=headers) as answer,
    ):
        return web.Response(
            status=answer.status, body=await answer.read(), headers={"Content-Type": answer.headers["Content-Type"]}
        )


def onward(request: web.Request, port: int, path: str) -> URL:
    """The bot's own address for what was asked, query and all."""
    query = f"?{request.rel_url.raw_query_string}" if request.rel_url.raw_query_string else ""
    return URL(f"http://127.0.0.1:{port}{path}{query}", encoded=True)


async def without_prefix(request: web.Request, port: int) -> web.StreamResponse:
    return await relay(request, port, path=request.path.removeprefix("/hook"))


async def as_text(request: web.Request, port: int) -> web.StreamResponse:
    answer = await relay(request, port, path=request.path)
    answer.headers["Content-Type"] = "text/plain"
    return answer


async def login_page(request: web.Request, port: int) -> web.StreamResponse:
    return web.Response(text="<html>请登录</html>", content_type="text/html")


async def to_https(request: web.Request, port: int) -> web.StreamResponse:
    return web.Response(status=301, headers={"Location": "https://bot.example.com/hook/feishu"})


async def upstream_gone(request: web.Request, port: int) -> web.StreamResponse:
    return web.Response(status=502, text="Bad Gateway")


async def no_post(request: web.Request, port: int) -> web.StreamResponse:
    return web.Response(status=405)


@asynccontextmanager
async def proxy(passing: Passing, port: int, *, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A reverse proxy before the bot's port; its own port."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await passing(request, port)

    made = web.Application()
    made.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(made, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    try:
        yield site.port
    finally:
        await runner.cleanup()


async def examined(installation: Installation, passing: Passing, *, delivery: str = "webhook") -> list[Finding]:
    """Doctor's findings with that proxy before the bot, which does not run."""
    port = free_port()
    async with platform() as emulator, proxy(passing, port) as public:
        await configured(installation, emulator.base_url, port, f"http://127.0.0.1:{public}", delivery=delivery)
        return await doctor.examine(installation.config, {})


async def configured(installation: Installation, base_url: str, port: int, public: str, *, delivery: str) -> None:
    """Write the configuration."""
    server = f'[server]\nport = {port}\npublic_url = "{public}"\n'
    await asyncio.to_thread(installation.write, server + section(base_url, delivery=delivery))


@pytest.mark.parametrize(
    ("passing", "severity", "hint"),
    [
        (as_it_is, OK, ""),
        (without_prefix, FAILURE, "原样转发"),
        (as_text, FAILURE, "Content-Type"),
        (login_page, FAILURE, "登录页"),
        (to_https, FAILURE, "https://bot.example.com/hook/feishu"),
        (upstream_gone, FAILURE, "连不上本程序"),
        (no_post, FAILURE, "POST"),
    ],
)
async def test_what_the_proxy_gets_wrong_is_told(
    installation: Installation, passing: Passing, severity: Severity, hint: str
) -> None:
    findings = await examined(installation, passing)
    finding = found(findings, "public.callback")
    assert finding.severity is severity
    assert hint in finding.hint
    assert found(findings, "server.port").message.endswith("the bot is not running")
    assert not any(secret in doctor.as_json(findings) for secret in SECRETS)


async def test_with_a_long_connection_nobody_needs_an_address(installation: Installation) -> None:
    findings = await examined(installation, login_page, delivery="stream")
    assert not any(f.id.startswith("public.") for f in findings)


async def test_figures_that_anybody_can_read_are_told(installation: Installation) -> None:
    """A proxy on the same machine that adds no header makes every caller look local."""

    async def secretive(request: web.Request, port: int) -> web.StreamResponse:
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{port}{request.path}"
            async with session.request(request.method, url, data=await request.read()) as answer:
                kind = answer.headers["Content-Type"].partition(";")[0]
                return web.Response(status=answer.status, body=await answer.read(), content_type=kind)

    findings = await examined(installation, secretive)
    assert found(findings, "public.callback").severity is OK
    assert "/hook/feishu" in found(findings, "public.metrics").hint


async def test_the_running_bot_is_asked_and_wrong_secrets_show(installation: Installation) -> None:
    """After a rotation somebody restarted nothing: the bot still has the old key."""
    port = free_port()
    await asyncio.to_thread(installation.write_company, await asyncio.to_thread(sample_text))
    async with platform() as emulator, proxy(as_it_is, port) as public:
        address = f"http://127.0.0.1:{public}"
        await configured(installation, emulator.base_url, port, address, delivery="webhook")
        running = await app.build(await asyncio.to_thread(load_settings, installation.config, {}))
        await running.start()
        try:
            findings = await doctor.examine(installation.config, {})
            await asyncio.to_thread(
                installation.write,
                (await asyncio.to_thread(installation.config.read_text)).replace(SECRETS[1], "a-new-key-0123456"),
            )
            rotated = await doctor.examine(installation.config, {})
        finally:
            await running.stop()
    for name in ("public.callback", "server.port", "server.ready", "server.connection", "database.integrity"):
        assert found(findings, name).severity is OK, name
    wrong = found(rotated, "public.callback")
    assert wrong.severity is FAILURE
    assert "encrypt_key" in wrong.hint


async def test_another_program_on_the_port_is_told(installation: Installation) -> None:
    async with platform() as emulator, proxy(login_page, 0) as taken:
        await configured(installation, emulator.base_url, taken, "", delivery="stream")
        findings = await doctor.examine(installation.config, {})
    finding = found(findings, "server.port")
    assert finding.severity is FAILURE
    assert "server.port" in finding.hint


# ---------------------------------------------------------------- certificates


def certificate(folder: Path, *, days: float) -> tuple[Path, Path]:
    """A certificate for this machine that ends in so many days, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = SystemClock().now()
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.parametrize(
    ("days", "is_trusted", "callback", "ending"),
    [(90, True, OK, OK), (5, True, OK, WARNING), (-1, True, FAILURE, None), (90, False, FAILURE, None)],
)
async def test_certificates_that_end_or_are_not_trusted_are_told(
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    days: float,
    is_trusted: bool,
    callback: Severity,
    ending: Severity | None,
) -> None:
    files = await asyncio.to_thread(certificate, installation.folder, days=days)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    await asyncio.to_thread(context.load_cert_chain, *files)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    port = free_port()
    async with platform() as emulator, proxy(as_it_is, port, context=context) as public:
        await configured(installation, emulator.base_url, port, f"https://127.0.0.1:{public}", delivery="webhook")
        findings = await doctor.examine(installation.config, {})
    told = found(findings, "public.callback")
    assert told.severity is callback
    assert ("tls" in told.message) == (callback is FAILURE)
    assert [f.severity for f in findings if f.id == "public.certificate"] == ([ending] if ending is not None else [])


# ---------------------------------------------------------------- the table of verdicts

CALL = SelfCall(
    method="POST",
    path="/hook/feishu",
    is_right=lambda body: body == b'{"challenge":"c"}',
    content_type="application/json",
    secrets=("encrypt_key", "verification_token"),
)


@pytest.mark.parametrize(
    ("reply", "severity", "hint"),
    [
        (Reply(trouble="dns", detail="x"), FAILURE, "DNS"),
        (Reply(trouble="refused", detail="x"), FAILURE, "防火墙"),
        (Reply(trouble="timeout", detail="8 s"), FAILURE, "超时"),
        (Reply(status=200, headers={"content-type": "application/json"}, body=b'{"challenge":"c"}'), OK, ""),
        (
            Reply(status=200, headers={"content-type": "application/json"}, body=b'{"challenge":"c"}', seconds=1.5),
            WARNING,
            "1 秒",
        ),
        (
            Reply(status=200, headers={"content-type": "application/json"}, body=b'{"challenge":"other"}'),
            FAILURE,
            "转发目标",
        ),
        (Reply(status=200, headers={"content-type": "application/json"}, body=b'["c"]'), FAILURE, "转发目标"),
        (Reply(status=200, headers={"content-type": "text/plain"}, body=b"c"), FAILURE, "转发目标"),
        (Reply(status=200, headers={"content-type": "text/html"}, body=b"<html>"), FAILURE, "网页"),
        (Reply(status=401), FAILURE, "encrypt_key"),
        (Reply(status=404), FAILURE, "原样转发"),
        (Reply(status=413), FAILURE, "client_max_body_size"),
        (Reply(status=503), FAILURE, "数据库"),
        (Reply(status=504), FAILURE, "转发地址"),
        (Reply(status=308, headers={"location": "https://x/y/"}), FAILURE, "https://x/y/"),
    ],
)
def test_every_answer_has_its_verdict(reply: Reply, severity: Severity, hint: str) -> None:
    finding = verdict("https://bot.example.com/hook/feishu", reply, CALL, platform="feishu")
    assert finding.severity is severity
    assert hint in finding.hint
    assert bool(finding.hint) == (severity is not OK)


def test_the_running_bots_connections_are_read_from_its_figures() -> None:
    figures = 'x 1\nhuiyin_connected{platform="feishu"} 1.0\nhuiyin_connected{platform="wecom"} 0.0\n'
    assert [(f.severity, f.message.split()[0]) for f in connections(figures)] == [(OK, "feishu"), (FAILURE, "wecom")]
    assert connections("") == []
