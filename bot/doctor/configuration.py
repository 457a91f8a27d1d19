"""The configuration: what cannot work, who can read the secrets, what was left from an example, what is odd."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path

from adapters.dingtalk.emulator import EmulatedApp as OfDingTalk
from adapters.feishu.emulator_state import EmulatedApp
from adapters.wecom.emulator_state import EmulatedApp as OfWeCom
from bot.company import CompanyFile, read_company_file
from bot.config import DingTalkSection, FeishuSection, Settings, WeComSection, load_settings
from bot.doctor.findings import fine, odd, wrong
from bot.domain.directory import Person
from bot.errors import ConfigError, Problem
from bot.ports import Finding
from storage.engine import kind_of, sqlite_path

#: secrets that stand in documentation and emulators, so that everybody knows them
KNOWN_SECRETS = frozenset(
    {
        EmulatedApp().app_secret,
        EmulatedApp().verification_token,
        "test key",
        OfDingTalk().client_secret,
        OfDingTalk().event_token,
        OfDingTalk().event_aes_key,
        OfWeCom().secret,
        OfWeCom().token,
        OfWeCom().aes_key,
        OfWeCom().bot_secret,
        OfWeCom().bot_token,
        OfWeCom().bot_aes_key,
        # the pair of the vendor's own documentation
        "QDG6eK",
        "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    }
)
#: an encrypt key or token that is shorter can be guessed
SHORTEST_SECRET = 12
#: what an administrator types in a console; everything else the platform makes itself, and long enough
_GUESSABLE = frozenset({"encrypt_key", "verification_token", "event_token", "token", "card_secret"})
_READABLE_BY_OTHERS = 0o077


async def read(config_file: Path, environ: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    """The settings, None when they cannot be used, and what is wrong with them."""
    try:
        settings = await asyncio.to_thread(load_settings, config_file, environ)
    except ConfigError as problem:
        return None, [_as_finding(one) for one in problem.problems]
    count = len(settings.origins)
    return settings, [fine("config.file", f"{config_file} {count} 项，无未知键 / keys: {count}, none unknown")]


def _as_finding(problem: Problem) -> Finding:
    value = problem.value or "空 empty"
    return wrong("config.key", f"{problem.key}：{value}，应为 / expected {problem.expected}", problem.fix)


async def look(config_file: Path, settings: Settings, *, now: datetime) -> list[Finding]:
    """Everything about settings that can be loaded."""
    company, findings = await _company(settings)
    return [
        *await asyncio.to_thread(lambda: list(_modes(config_file, settings))),
        *_secrets(settings),
        *_oddities(settings, now),
        *findings,
        *(_unreachable(settings, company) if company is not None else ()),
    ]


# ---------------------------------------------------------------- secrets


def secret_files(config_file: Path, settings: Settings) -> Iterator[Path]:
    """Files that hold a secret: the configuration itself when one stands in it, and those that values point to."""
    for key in _secret_keys(settings):
        origin = settings.origins.get(key, "")
        _, arrow, target = origin.partition(" → ")
        if arrow and target.startswith("file:"):
            yield config_file.parent / target.removeprefix("file:")
        elif origin == config_file.name:
            yield config_file


def _secret_keys(settings: Settings) -> Iterator[str]:
    sections: list[tuple[str, object]] = [("server", settings.server), ("storage", settings.storage)]
    sections += [(f"platforms.{name}", getattr(settings.platforms, name)) for name in settings.platforms.present]
    for place, section in sections:
        for key, _ in _secrets_in(section):
            yield f"{place}.{key}"


def _secrets_in(section: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Key and value of every secret that a section and the sections in it have."""
    for item in fields(section):  # type: ignore[arg-type]  # every section is a dataclass
        value = getattr(section, item.name)
        if is_dataclass(value):
            yield from _secrets_in(value, f"{place}{item.name}.")
        elif not item.repr and value:
            yield f"{place}{item.name}", value


def is_open_to_others(path: Path) -> bool:
    """Whether another account of this machine may read or change the file."""
    try:
        return bool(path.stat().st_mode & _READABLE_BY_OTHERS)
    except OSError:
        return False


def _modes(config_file: Path, settings: Settings) -> Iterator[Finding]:
    files = sorted(set(secret_files(config_file, settings)))
    found = [path for path in files if is_open_to_others(path)]
    for path in found:
        mode = path.stat().st_mode & 0o777
        yield wrong(
            "secrets.mode",
            f"{path} 权限 {mode:04o}，其他用户可读 / can be read by other accounts",
            f"chmod 600 {path}（huiyin doctor --fix 可代办 / does it）",
        )
    if not found:
        yield fine("secrets.mode", f"含密钥的文件只有本用户可读 / files with secrets are private: {len(files)}")


def _secrets(settings: Settings) -> Iterator[Finding]:
    sections = {name: getattr(settings.platforms, name) for name in settings.platforms.present}
    known = [
        f"platforms.{name}.{key}"
        for name, section in sections.items()
        for key, value in _secrets_in(section)
        if value in KNOWN_SECRETS
    ]
    for key in known:
        yield wrong(
            "secrets.example",
            f"{key} 是文档或模拟器里的示例值 / is a value out of an example",
            "换成开发者后台里的真实值 / use the real one from the developer console",
        )
    if sections and not known:
        yield fine("secrets.example", "密钥不是示例值 / no secret is out of an example")
    for name, section in sections.items():
        for key, value in _secrets_in(section):
            if key.rpartition(".")[2] in _GUESSABLE and len(value) < SHORTEST_SECRET:
                yield odd(
                    "secrets.short",
                    f"platforms.{name}.{key} 太短 / is short",
                    "在控制台重置它，并先把旧值放进 previous_…（有这一项的话）"
                    " / reset it in the console, after moving the old one to previous_… where there is such a key",
                )


# ---------------------------------------------------------------- oddities


def _oddities(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.bot.mode == "shadow":
        yield odd("config.mode", "影子模式：只记录，不发送 / shadow mode: nothing is sent", 'bot.mode = "live"')
    if settings.log.level == "debug":
        yield odd("config.debug", "日志级别是 debug / the log level is debug", 'log.level = "info"')
    if not settings.platforms.present:
        yield odd(
            "config.platforms",
            "没有启用任何平台 / no platform is configured",
            "在 config.toml 写 [platforms.feishu]、[platforms.dingtalk] 或 [platforms.wecom]，照文档里接入飞书、钉钉、企业微信的一页"
            " / write one of these sections, as the page about that platform says",
        )
    for name in settings.platforms.present:
        yield from _oddities_of(name, getattr(settings.platforms, name), now)


def _oddities_of(
    name: str, section: FeishuSection | DingTalkSection | WeComSection, now: datetime
) -> Iterator[Finding]:
    """What is strange about one platform's section, whatever it has of these keys."""
    previous_until: datetime | None = getattr(section, "previous_until", None)
    if previous_until is not None and previous_until <= now:
        yield odd(
            "config.previous",
            "旧密钥已过期，不再接受 / the previous secrets are past their time",
            f"删掉 platforms.{name}.previous_… / remove platforms.{name}.previous_…",
        )
    if section.base_url.startswith("http://"):
        yield odd(
            "config.base_url",
            f"平台地址是本机模拟器 / the platform is an emulator on this machine: {section.base_url}",
            f'platforms.{name}.base_url = "{type(section)().base_url}"',
        )


# ---------------------------------------------------------------- company


async def _company(settings: Settings) -> tuple[CompanyFile | None, list[Finding]]:
    path = Path(settings.bot.company)
    if not await asyncio.to_thread(path.exists):
        told, hint = f"没有公司文件 / no company file: {path}", "huiyin init 会写一份 / writes one to start from"
        is_new = await asyncio.to_thread(_is_new, settings.storage.url)
        return None, [wrong("company.file", told, hint) if is_new else odd("company.file", told, hint)]
    try:
        company = await asyncio.to_thread(read_company_file, path)
    except ConfigError as problem:
        return None, [
            wrong("company.file", f"{path.name} {p.key}：{p.value or '空 empty'}，应为 / expected {p.expected}", p.fix)
            for p in problem.problems
        ]
    counts = f"{len(company.people)} 人、{len(company.departments)} 个部门 / people, departments"
    warnings = [odd("company.warning", f"{w.key}：{w.value or '空 empty'}", w.fix) for w in company.warnings]
    return company, [fine("company.file", f"{path.name}：{counts}"), *warnings]


def _is_new(url: str) -> bool:
    """Whether no company can have been imported yet, as far as a look at the file system tells."""
    return kind_of(url) == "sqlite" and not sqlite_path(url).exists()


def _has_account(person: Person, platforms: tuple[str, ...]) -> bool:
    return any(person.accounts.get(name) for name in platforms)


def _unreachable(settings: Settings, company: CompanyFile) -> Iterator[Finding]:
    """People whom no message can reach. Accounts may still come from the address book by their employee number."""
    platforms = settings.platforms.present
    if not platforms:
        return
    missing = [p for p in company.people if p.is_active and not _has_account(p, platforms) and not p.employee_no]
    if missing:
        names = "、".join(p.name for p in missing[:5]) + ("…" if len(missing) > 5 else "")
        yield odd(
            "company.accounts",
            f"{len(missing)} 人没有账号 / people without an account: {names}",
            f"在公司文件写 accounts.{platforms[0]} 或工号后 huiyin directory sync"
            f" / give accounts.{platforms[0]}, or an employee number and sync",
        )
    else:
        yield fine("company.accounts", "每人都能联系到 / everybody can be reached")
