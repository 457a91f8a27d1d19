"""What is everybody's own: `/设置`, `/静音`, `/撤销`, `/我的数据` (domain.md 2.7, EC-77)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.folding import folded
from bot.domain.records import Preference
from bot.domain.roles import Basis
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.access import actor
from handlers.calls import Call, Commands
from handlers.conversation import undo
from handlers.conversation.misread import misread
from handlers.people import leaves
from handlers.scores import scorecards
from handlers.texts import keys
from handlers.words import Words, words_for

#: nobody is quiet for longer than this at once
LONGEST_MUTE = timedelta(days=7)
LANGUAGES = {
    "zh": "zh-CN", "zh-cn": "zh-CN", "中文": "zh-CN", "汉语": "zh-CN", "简体中文": "zh-CN", "chinese": "zh-CN",
    "en": "en", "en-us": "en", "en-gb": "en", "英文": "en", "英语": "en", "english": "en",
}  # fmt: skip
#: what people call zones; anything else is a name of the IANA list
ZONES = {
    "北京": "Asia/Shanghai", "上海": "Asia/Shanghai", "中国": "Asia/Shanghai", "beijing": "Asia/Shanghai",
    "东京": "Asia/Tokyo", "日本": "Asia/Tokyo", "tokyo": "Asia/Tokyo", "首尔": "Asia/Seoul", "新加坡": "Asia/Singapore",
    "香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "伦敦": "Europe/London", "london": "Europe/London",
    "柏林": "Europe/Berlin", "巴黎": "Europe/Paris", "纽约": "America/New_York", "洛杉矶": "America/Los_Angeles",
    "悉尼": "Australia/Sydney", "迪拜": "Asia/Dubai", "莫斯科": "Europe/Moscow", "utc": "UTC",
}  # fmt: skip
#: a setting without its value: the settings are shown
_BARE_NAMES = frozenset({"语言", "时区", "language", "lang", "timezone", "time zone", "tz", "zone"})
#: gives a setting back to the company
_AS_COMPANY = frozenset({"跟随公司", "默认", "公司", "company", "default", "reset"})


def answer_commands(commands: Commands) -> None:
    """Put the personal commands on the table."""
    commands.on("settings", on_settings)
    commands.on("mute", on_mute)
    commands.on("undo", on_undo)
    commands.on("my_data", on_my_data)


def _preference(call: Call) -> Preference:
    """What the person set so far; nothing at all for most."""
    return call.context.uow.preferences.get(call.person.id) or Preference(person=call.person.id)


def _store(context: Context, preference: Preference) -> Preference:
    if preference.version:
        return context.uow.preferences.put(preference)
    return context.uow.preferences.add(preference)


# ---------------------------------------------------------------- settings


def on_settings(call: Call) -> None:
    """Change language or zone; without anything show what is set."""
    pairs = dict(call.command.pairs)
    if not pairs:
        pairs = _unnamed(call.command.words)
    if not pairs:
        if call.command.words and folded(call.command.words) not in _BARE_NAMES:
            raise misread(call.words, "setting", call.command.words, verb="settings")
        call.answer(_shown(call.words, _preference(call)))
        return
    before = _preference(call)
    after = before
    if "语言" in pairs:
        after = replace(after, language=_language(call, pairs["语言"]))
    if "时区" in pairs:
        after = replace(after, timezone=_zone(call, pairs["时区"]))
    _change(call, before, after, action="settings")
    words = words_for(call.context, call.person)
    call.answer(words.say("settings_saved", what=_what(words, after, pairs)))


def _unnamed(said: str) -> dict[str, str]:
    """`设置 en`, `设置 东京`: a value that says itself what it is for."""
    wanted = folded(said)
    return {"语言": said} if wanted in LANGUAGES else {"时区": said} if wanted in ZONES else {}


def _language(call: Call, said: str) -> str:
    wanted = folded(said)
    if wanted in _AS_COMPANY:
        return ""
    if wanted not in LANGUAGES:
        raise misread(call.words, "language", said, verb="settings")
    return LANGUAGES[wanted]


def _zone(call: Call, said: str) -> str:
    wanted = folded(said)
    if wanted in _AS_COMPANY:
        return ""
    if wanted in ZONES:
        return ZONES[wanted]
    found = next((name for name in available_timezones() if name.casefold() == wanted.replace(" ", "_")), None)
    if found is None:
        raise misread(call.words, "timezone", said, verb="settings_timezone")
    return ZoneInfo(found).key


def _change(call: Call, before: Preference, after: Preference, *, action: str) -> Preference:
    """Store it, and let it be taken back."""
    stored = _store(call.context, after)
    until = before.muted_until.isoformat() if before.muted_until is not None else ""
    facts = {"language": before.language, "timezone": before.timezone, "muted_until": until}
    undo.remember(
        call.context, call.person.id, action=action, ref=call.person.id, ref_version=stored.version, facts=facts
    )
    return stored


def _what(words: Words, preference: Preference, pairs: object) -> str:
    lines = {"语言": _language_line(words, preference), "时区": _zone_line(words, preference)}
    return words.listing(line for key, line in lines.items() if isinstance(pairs, dict) and key in pairs)


def _shown(words: Words, preference: Preference) -> str:
    lines = [words.say("settings_head"), _language_line(words, preference), _zone_line(words, preference)]
    if preference.muted_until is not None and preference.muted_until > words.context.now:
        lines.append(words.say("settings_muted", until=words.time(preference.muted_until)))
    lines.append(words.say("settings_example"))
    return "\n".join(lines)


def _language_line(words: Words, preference: Preference) -> str:
    name = {"": "settings_company_default", "zh-CN": "language_zh", "en": "language_en"}[preference.language]
    return words.say("settings_language", language=words.say(name))


def _zone_line(words: Words, preference: Preference) -> str:
    zone = words.zone_name(preference.timezone) if preference.timezone else words.say("settings_company_default")
    return words.say("settings_timezone", timezone=zone)


# ---------------------------------------------------------------- quiet time


def on_mute(call: Call) -> None:
    """Hold notices back for a while; what the person owes comes through nevertheless (A4 44)."""
    before = _preference(call)
    if call.command.switch is False:
        is_muted = before.muted_until is not None and before.muted_until > call.context.now
        if before.muted_until is not None:
            _change(call, before, replace(before, muted_until=None), action="mute")
        call.say("unmuted" if is_muted else "not_muted")
        return
    until = _mute_end(call)
    _change(call, before, replace(before, muted_until=until), action="mute")
    call.say("muted", until=call.words.time(until))


def _mute_end(call: Call) -> datetime:
    now, command = call.context.now, call.command
    if command.duration is not None:
        until = now + command.duration
    elif len(command.moments) == 1:
        until = command.moments[0].at
    else:
        raise misread(call.words, "duration", command.words, verb="mute")
    if not now < until <= now + LONGEST_MUTE:
        raise RuleViolation("mute_too_long", {"days": LONGEST_MUTE.days})
    return until


# ---------------------------------------------------------------- taking back


def on_undo(call: Call) -> None:
    """Take back the last own action, within two minutes and while nobody acted on it."""
    what = undo.take_back(call.context, call.person.id, call.words)
    call.answer(call.words.say("undone", what=what))


# ---------------------------------------------------------------- what is stored about me


def on_my_data(call: Call) -> None:
    """Everything that is kept about the person, and for how long (EC-77)."""
    context, words, person = call.context, call.words, call.person
    parameters = context.world.company.parameters
    asked = context.uow.clocks.find(asker=person.id)
    answered = [c for c in context.uow.clocks.find(department=person.department) if c.answered_by == person.id]
    seen = context.uow.seen_messages.find(sender=person.id)
    held = context.uow.obligations.find(holder=person.id)
    lines = [
        words.say("my_data_head"),
        words.say(
            "my_data_person",
            name=person.name,
            department=words.department(person.department),
            roles=words.listing(_roles(call)),
        ),
        words.say(
            "my_data_accounts",
            accounts=words.listing(f"{words.platform(p)} {_masked(a)}" for p, a in person.accounts.items()) or "-",
        ),
        words.say("my_data_clocks", asked=len(asked), answered=len(answered)),
        words.say("my_data_work", held=len(held), leaves=len(leaves.own_open(context, person))),
        words.say("my_data_messages", count=len(seen)),
        scorecards.own_line(context, person, words),
        words.say("my_data_retention", days=parameters.privacy_excerpt_days, years=parameters.privacy_ledger_years),
    ]
    call.answer_privately("\n".join(lines))


def _roles(call: Call) -> list[str]:
    """The roles held now, as people call them, with a word where they are held for somebody else."""
    found = actor(call.context)
    names: list[str] = []
    for holding in found.holdings if found is not None else ():
        key = f"role_{holding.role.value.lower()}"
        if key not in keys() or holding.basis is Basis.STANDBY:
            continue
        name = call.words.say(key)
        if holding.behalf is not None:
            name = call.words.say("role_for", role=name, name=call.words.name(holding.behalf))
        names.append(name)
    return list(dict.fromkeys(names))


def _masked(account: str) -> str:
    """Enough of an account id to be recognised by its owner."""
    return account if len(account) <= 8 else f"{account[:4]}…{account[-4:]}"
