"""The network from here: the platform's clock, the port, and how the running bot says it is doing."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from bot.clock import Clock
from bot.config import ServerSection, Settings
from bot.doctor.findings import fine, odd, wrong
from bot.ports import Finding

#: a question that takes longer has no answer
SECONDS = 8.0
#: bytes of an answer that are read
_MOST = 65_536
#: how far clocks may be apart; a callback's time may differ by `replay_window_seconds`
_SMALL_SKEW = timedelta(seconds=30)
_CONNECTED = re.compile(r'^huiyin_connected\{platform="(\w+)"\} (\S+)$', re.MULTILINE)
_HERE = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104 - where a listener on all addresses is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, or why nothing did: `trouble` is dns, refused, tls, timeout or other."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""
    detail: str = ""
    seconds: float = 0.0

    @property
    def content_type(self) -> str:
        """Without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Asker:
    """Asks over HTTP, follows nothing, trusts what the system trusts."""

    def __init__(self, session: aiohttp.ClientSession, trusted: ssl.SSLContext) -> None:
        self._session = session
        self.trusted = trusted

    async def ask(self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        """The answer; never raises."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with self._session.request(
                method, url, data=body or None, headers=headers, allow_redirects=False
            ) as answer:
                content = await answer.content.read(_MOST)
                names = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(status=answer.status, headers=names, body=content, seconds=loop.time() - started)
        except aiohttp.ClientConnectorDNSError as problem:
            return Reply(trouble="dns", detail=str(problem.os_error))
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError, ssl.SSLError) as problem:
            return Reply(trouble="tls", detail=_tls_word(problem))
        except aiohttp.ClientConnectorError as problem:
            return Reply(trouble="refused", detail=problem.strerror or type(problem).__name__)
        except TimeoutError:
            return Reply(trouble="timeout", detail=f"{SECONDS:g} s")
        except aiohttp.ClientError as problem:
            return Reply(trouble="other", detail=type(problem).__name__)


def _tls_word(problem: Exception) -> str:
    """Why a certificate is not believed, without the address."""
    cause = getattr(problem, "certificate_error", None) or getattr(problem, "os_error", None) or problem
    return str(getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or type(cause).__name__)


@contextlib.asynccontextmanager
async def asking() -> AsyncIterator[Asker]:
    """A client for the length of a block."""
    limits = aiohttp.ClientTimeout(total=SECONDS, connect=SECONDS / 2)
    trusted = await asyncio.to_thread(ssl.create_default_context)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trusted),
        timeout=limits,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=True,
    ) as session:
        yield Asker(session, trusted)


# ---------------------------------------------------------------- the platform's clock


async def platforms(asker: Asker, settings: Settings, clock: Clock) -> tuple[set[str], list[Finding]]:
    """Which platforms can be reached at all, and our clock against theirs."""
    reached: set[str] = set()
    findings: list[Finding] = []
    for name in settings.platforms.present:
        section = getattr(settings.platforms, name)
        before = clock.now()
        reply = await asker.ask("HEAD", section.base_url)
        if reply.trouble:
            findings.append(
                wrong(
                    "network.platform",
                    f"{name} 连不上 / cannot be reached: {section.base_url}（{reply.trouble}: {reply.detail}）",
                    TROUBLES[reply.trouble],
                )
            )
            continue
        reached.add(name)
        findings.append(fine("network.platform", f"{name} 能连上 / can be reached: {section.base_url}"))
        theirs = _date(reply.headers.get("date", ""))
        if theirs is not None:
            middle = before + (clock.now() - before) / 2
            window = timedelta(seconds=section.replay_window_seconds)
            findings.append(skew_finding(middle - theirs, window=window))
    return reached, findings


def skew_finding(skew: timedelta, *, window: timedelta) -> Finding:
    """`Date` has whole seconds only, so a second either way says nothing."""
    seconds = round(abs(skew).total_seconds())
    shown = f"与平台相差 {seconds} s / apart from the platform by {seconds} s"
    hint = "启用 NTP / switch NTP on: timedatectl set-ntp true"
    if abs(skew) >= window:
        return wrong("clock.skew", f"{shown}，回调会被拒绝 / callbacks are refused", hint)
    if abs(skew) > _SMALL_SKEW:
        return odd("clock.skew", f"{shown}（允许 / allowed 30 s）", hint)
    return fine("clock.skew", shown)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo is not None else None


TROUBLES = {
    "dns": "域名解析失败：检查 DNS 与出口网络 / the name cannot be resolved: check DNS and the way out",
    "refused": "连接被拒：检查防火墙与代理（HTTPS_PROXY） / refused: check firewall and proxy (HTTPS_PROXY)",
    "tls": "证书不可信：检查中间代理与系统根证书 / not trusted: check proxies in between and the root certificates",
    "timeout": "超时：检查防火墙与代理（HTTPS_PROXY） / no answer: check firewall and proxy (HTTPS_PROXY)",
    "other": "检查出口网络与代理 / check the way out and the proxy",
}


# ---------------------------------------------------------------- our own port


async def is_free(settings: ServerSection) -> bool:
    """Whether the public port can be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


async def listener(asker: Asker, settings: Settings) -> tuple[bool, list[Finding]]:
    """Whether our bot runs on its port, and what it says of itself."""
    server = settings.server
    place = f"{server.host}:{server.port}"
    if await is_free(server):
        return False, [fine("server.port", f"{place} 空闲，程序没在运行 / free; the bot is not running")]
    here = _HERE.get(server.host, server.host)
    here = f"[{here}]" if ":" in here else here
    base = f"http://{here}:{server.port}"
    alive = await asker.ask("GET", f"{base}/livez")
    if alive.status != 200 or b'"huiyin"' not in alive.body:
        hint = "停掉它，或换 server.port / stop it, or take another server.port"
        return False, [wrong("server.port", f"{place} 被别的程序占用或不可用 / is taken or cannot be had", hint)]
    findings = [fine("server.port", f"{place} 程序正在运行 / the bot is running")]
    ready = await asker.ask("GET", f"{base}/readyz")
    if ready.status == 200:
        findings.append(fine("server.ready", "就绪 / ready"))
    else:
        said = ready.body.decode(errors="replace")[:200]
        findings.append(wrong("server.ready", f"未就绪 / not ready: {said}", "看日志 / look at the log"))
    headers = {"Authorization": f"Bearer {server.metrics_token}"} if server.metrics_token else {}
    figures = (await asker.ask("GET", f"{base}/metrics", headers=headers)).body.decode(errors="replace")
    return True, [*findings, *connections(figures)]


def connections(figures: str) -> list[Finding]:
    """How the running bot's connections are, out of its figures."""
    findings = []
    for platform, value in _CONNECTED.findall(figures):
        if float(value):
            findings.append(fine("server.connection", f"{platform} 已连接 / connected"))
        else:
            hint = "看日志里的 / look in the log for action=stream_…；检查出口网络 / check the way out"
            findings.append(wrong("server.connection", f"{platform} 未连接 / is not connected", hint))
    return findings
