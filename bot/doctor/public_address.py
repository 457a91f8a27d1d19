"""The public address, tried as the platform tries it: a sealed question through the address that the console has.

What comes back is compared with what the platform needs: status, type, body, time, certificate. Where the bot does not
run, a listener answers for it for as long as the question takes.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from bot.clock import Clock
from bot.config import Settings
from bot.doctor.findings import fine, odd, wrong
from bot.doctor.network import SECONDS, TROUBLES, Asker, Reply
from bot.errors import StoreUnavailable
from bot.metrics import Metrics
from bot.ports import Answer, CallsItself, Finding, PlatformAdapter, SelfCall
from bot.updates import AnyUpdate
from bot.web.health import VitalsSnapshot
from bot.web.server import PublicServer

#: the platform takes an address only when it answers within this
_CHALLENGE_SECONDS = 1.0
#: a certificate that ends sooner is to be renewed now
_CERTIFICATE_DAYS = 14


async def look(
    asker: Asker, settings: Settings, adapters: Sequence[PlatformAdapter], clock: Clock, *, is_running: bool
) -> list[Finding]:
    """The findings; none where no platform calls us."""
    public, now = settings.server.public_url, clock.now()
    calls = _calls(adapters, now)
    if not calls or not public:
        return []
    findings: list[Finding] = []
    async with contextlib.nullcontext() if is_running else standing_in(settings, adapters, clock):
        for platform, call in calls:
            findings.append(await _tried(asker, public, platform, call))
        figures = await asker.ask("GET", f"{public}/metrics")
    if figures.status == 200 and b"huiyin_" in figures.body:
        paths = "、".join(sorted({call.path for _, call in calls}))
        findings.append(
            odd(
                "public.metrics",
                f"外网能读到 / anybody can read {public}/metrics",
                f"反向代理只转发 {paths} / let the proxy pass {paths} only",
            )
        )
    return [*findings, *await certificate(public, asker.trusted, now=now)]


def missing(settings: Settings, adapters: Sequence[PlatformAdapter], *, now: datetime) -> list[Finding]:
    """Whether a platform calls us, and nobody wrote down under which address."""
    if settings.server.public_url or not _calls(adapters, now):
        return []
    return [
        odd(
            "config.public_url",
            "平台用回调，却没有写 server.public_url，无法自检 / callbacks without server.public_url cannot be tried",
            'server.public_url = "https://bot.example.com"',
        )
    ]


def _calls(adapters: Sequence[PlatformAdapter], now: datetime) -> list[tuple[str, SelfCall]]:
    callers = [adapter for adapter in adapters if isinstance(adapter, CallsItself)]
    return [(adapter.platform, call) for adapter in callers for call in adapter.self_calls(now=now)]


async def _tried(asker: Asker, public: str, platform: str, call: SelfCall) -> Finding:
    """One callback, through the address that the console has."""
    url = f"{public}{call.path}"
    query = f"?{urlencode(call.query)}" if call.query else ""
    headers = {"Content-Type": "application/json; charset=utf-8"} if call.body else {}
    reply = await asker.ask(call.method, f"{url}{query}", body=call.body, headers=headers)
    return verdict(url, reply, call, platform=platform)


def verdict(url: str, reply: Reply, call: SelfCall, *, platform: str) -> Finding:
    """What the answer says about the way from the platform to us."""
    name = "public.callback"
    if reply.trouble:
        return wrong(
            name, f"{url} 访问失败 / cannot be reached（{reply.trouble}: {reply.detail}）", TROUBLES[reply.trouble]
        )
    told = f"{url} 返回 / answers {reply.status} {reply.content_type}".rstrip()
    if reply.status == 200 and call.is_right(reply.body):
        if call.content_type and reply.content_type != call.content_type:
            return wrong(name, told, "反向代理改了 Content-Type / the proxy changed Content-Type; pass it unchanged")
        if reply.seconds > _CHALLENGE_SECONDS:
            shown = f"{told}，用时 / took {reply.seconds:.1f} s"
            return odd(name, shown, "平台只等 1 秒：检查代理缓冲与网络 / the platform waits 1 s: look at the proxy")
        return fine(name, f"{url} 回答正确 / answers rightly")
    return wrong(name, told, _hint(reply, call, platform=platform))


def _hint(reply: Reply, call: SelfCall, *, platform: str) -> str:
    """What usually stands behind an answer that is not the right one."""
    names = "、".join(f"platforms.{platform}.{name}" for name in call.secrets)
    location = reply.headers.get("location", "")
    if 300 <= reply.status < 400:
        return (
            f"跳转到 {location}：server.public_url 写成最终地址，不能跳转"
            " / is redirected: write the final address as server.public_url"
        )
    known = {
        401: f"密钥与正在运行的程序或控制台不一致：核对 {names}，改后重启"
        f" / the secrets differ from those of the running bot or the console: compare {names}, then restart",
        404: "路径被改写或没有转发：反向代理要原样转发到本端口"
        " / the path is rewritten or not passed on: the proxy must pass it unchanged to this port",
        405: f"反向代理不允许 {call.method} / the proxy does not allow {call.method}",
        413: "反向代理限制了大小：client_max_body_size 512k / the proxy limits the size: client_max_body_size 512k",
        502: "反向代理连不上本程序：检查转发地址和端口 / the proxy cannot reach the bot: check address and port",
        503: "程序暂时不能存储：看 huiyin doctor 的数据库一项 / the bot cannot store: look at the database findings",
        504: "反向代理等不到本程序：检查转发地址和端口 / the proxy gets no answer: check address and port",
    }
    if reply.status in known:
        return known[reply.status]
    if reply.content_type == "text/html":
        return (
            "回来的是网页：有登录页、WAF 或别的站点挡在前面，放行这个路径"
            " / a web page came back: a login page, a firewall or another site stands before it; let this path through"
        )
    return "回来的不是本程序的回答：检查转发目标 / not an answer of this bot: check where the proxy passes it to"


# ---------------------------------------------------------------- the certificate


async def certificate(url: str, trusted: ssl.SSLContext, *, now: datetime) -> list[Finding]:
    """How long the certificate of an https address is still good; trouble with it was told already."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname is None:
        return []
    ends = await _end_of_certificate(parts.hostname, parts.port or 443, trusted)
    if ends is None:
        return []
    left = (datetime.fromtimestamp(ends, now.tzinfo) - now) / timedelta(days=1)
    shown = f"证书还有 {int(left)} 天 / days left of the certificate"
    if left < _CERTIFICATE_DAYS:
        return [odd("public.certificate", shown, "续期，并检查自动续期 / renew it, and see why it did not by itself")]
    return [fine("public.certificate", shown)]


async def _end_of_certificate(host: str, port: int, trusted: ssl.SSLContext) -> int | None:
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=trusted)
    except (OSError, TimeoutError):
        return None
    found = writer.get_extra_info("peercert") or {}
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    ends = found.get("notAfter")
    return ssl.cert_time_to_seconds(ends) if isinstance(ends, str) else None


# ---------------------------------------------------------------- standing in


class _Closed:
    """An intake that takes nothing: a real event that arrives during the check is sent again later."""

    async def accept(self, updates: object) -> None:  # noqa: ARG002 - the port's signature
        raise StoreUnavailable("doctor")

    async def accept_click(self, update: AnyUpdate, *, within: float) -> Answer | None:  # noqa: ARG002 - as above
        raise StoreUnavailable("doctor")

    async def vitals(self) -> VitalsSnapshot:
        raise StoreUnavailable("doctor")


@contextlib.asynccontextmanager
async def standing_in(settings: Settings, adapters: Sequence[PlatformAdapter], clock: Clock) -> AsyncIterator[None]:
    """The public listener with the real adapters behind it, and nothing behind them."""
    closed = _Closed()
    server = PublicServer(settings.server, adapters, closed, closed, Metrics(), clock=clock)
    await server.start()
    try:
        yield
    finally:
        await server.stop()
