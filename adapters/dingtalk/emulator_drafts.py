"""Reads what robots and webhooks send: `msgKey` with `msgParam`, and webhook bodies (dingtalk.md 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from adapters._emulator.wire_json import Json, rows, table, text, texts, wire
from adapters.dingtalk.emulator_codes import ApiError, LegacyError
from adapters.dingtalk.emulator_fields import is_address, json_text
from adapters.dingtalk.emulator_limits import MSG_PARAM_BYTES, WEBHOOK_BYTES
from adapters.dingtalk.emulator_posts import Draft
from adapters.dingtalk.emulator_text import shown_at, shown_markdown

#: fields of each kind; all have to be there
KINDS: Mapping[str, tuple[str, ...]] = {
    "sampleText": ("content",),
    "sampleMarkdown": ("title", "text"),
    "sampleImageMsg": ("photoURL",),
    "sampleLink": ("title", "text", "picUrl", "messageUrl"),
    "sampleActionCard": ("title", "text", "singleTitle", "singleURL"),
    "sampleActionCard6": ("title", "text", "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2"),
    "sampleAudio": ("mediaId", "duration"),
    "sampleFile": ("mediaId", "fileName", "fileType"),
    "sampleVideo": ("videoMediaId", "picMediaId", "duration", "videoType"),
} | {
    f"sampleActionCard{count}": (
        "title",
        "text",
        *(f"{part}{number}" for number in range(1, count + 1) for part in ("actionTitle", "actionURL")),
    )
    for count in range(2, 6)
}
_WRONG_KEY, _WRONG = "invalidParameter.msgKey.invalid", "invalidParameter.msgParam.invalid"
_TOO_LONG = "invalidParameter.msgParam.tooLong"
_WEBHOOK_KINDS = frozenset({"text", "markdown", "link", "actionCard", "feedCard"})
_BAD_BODY, _BODY_TOO_LONG = 400101, 460101

NameOf = Callable[[str], str]


def read_robot_message(
    body: Json, *, has_media: Callable[[str], bool], name_of: NameOf, mentions: Sequence[str] = ()
) -> Draft:
    """What a robot asks to send. Raises ApiError."""
    kind = body.get("msgKey")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ApiError(_WRONG_KEY, f"msgKey {kind} is not known")
    raw = body.get("msgParam")
    if isinstance(raw, str) and len(raw.encode(errors="surrogatepass")) > MSG_PARAM_BYTES:
        raise ApiError(_TOO_LONG)
    given = json_text(body, "msgParam", _WRONG)
    if given.keys() != set(KINDS[kind]) or not all(isinstance(value, str) and value for value in given.values()):
        raise ApiError(_WRONG, f"{kind} wants {', '.join(KINDS[kind])} as strings")
    found: dict[str, str] = {key: str(value) for key, value in given.items()}
    for key in found:
        if "url" in key.lower() and key != "photoURL" and not is_address(found[key]):
            raise ApiError(_WRONG, f"{key} is no address")
    return _draft(kind, found, has_media=has_media, name_of=name_of, mentions=mentions)


def _draft(
    kind: str, found: Mapping[str, str], *, has_media: Callable[[str], bool], name_of: NameOf, mentions: Sequence[str]
) -> Draft:
    match kind:
        case "sampleText":
            words, named = shown_at(found["content"], mentions, name_of=name_of)
            return Draft(kind="text", words=words, mentions=named)
        case "sampleMarkdown":
            words, named = shown_at(found["text"], mentions, name_of=name_of)
            return Draft(kind="markdown", words=shown_markdown(words), title=found["title"], mentions=named)
        case "sampleImageMsg":
            if not is_address(found["photoURL"]) and not has_media(found["photoURL"]):
                raise ApiError(_WRONG, "photoURL is neither an address nor a media_id")
            return Draft(kind="image", words="[图片]")
        case "sampleLink":
            link = (found["title"], found["messageUrl"])
            return Draft(kind="link", words=found["text"], title=found["title"], links=(link,))
        case "sampleAudio" | "sampleFile" | "sampleVideo":
            media = found.get("mediaId") or found["videoMediaId"]
            if not has_media(media):
                raise ApiError(_WRONG, "the media_id is not known")
            words = f"[文件] {found['fileName']}" if kind == "sampleFile" else f"[{kind}]"
            return Draft(kind=kind.removeprefix("sample").lower(), words=words)
        case _:
            links = tuple(_links(found))
            words = shown_markdown(found["text"])
            return Draft(kind="actionCard", words=words, title=found["title"], links=links)


def _links(found: Mapping[str, str]) -> list[tuple[str, str]]:
    pairs = (("singleTitle", "singleURL"), *((f"actionTitle{n}", f"actionURL{n}") for n in range(1, 6)))
    more = ((f"buttonTitle{n}", f"buttonUrl{n}") for n in range(1, 3))
    return [(found[name], found[url]) for name, url in (*pairs, *more) if name in found]


def read_webhook_message(body: Json, *, name_of: NameOf, account_by_mobile: Callable[[str], str]) -> Draft:
    """What is posted to a webhook. Raises LegacyError."""
    if len(wire(body)) > WEBHOOK_BYTES:
        raise LegacyError(_BODY_TOO_LONG, "message too long")
    kind = text(body, "msgtype")
    if kind not in _WEBHOOK_KINDS:
        raise LegacyError(_BAD_BODY, f"msgtype {kind} is not known")
    if body.keys() - {"msgtype", kind, "at", "msgUuid"}:
        raise LegacyError(_BAD_BODY, "unknown members")
    part, at = table(body, kind), table(body, "at")
    accounts = [*texts(at, "atUserIds"), *(account_by_mobile(one) for one in texts(at, "atMobiles"))]
    for name in _NEEDED[kind]:
        if not isinstance(part.get(name), str | list) or not part[name]:
            raise LegacyError(_BAD_BODY, f"{kind} wants {name}")
    words, named = shown_at(text(part, _WORDS_OF[kind]), [one for one in accounts if one], name_of=name_of)
    links = [(text(one, "title"), text(one, "actionURL")) for one in rows(part, "btns")]
    links += [(text(one, "title"), text(one, "messageURL")) for one in rows(part, "links")]
    if text(part, "singleURL"):
        links.append((text(part, "singleTitle"), text(part, "singleURL")))
    return Draft(
        kind=kind,
        words=words if kind in {"text", "link"} else shown_markdown(words),
        title=text(part, "title"),
        links=tuple(links),
        mentions=named,
        mentions_all=at.get("isAtAll") is True,
    )


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "text": ("content",),
    "markdown": ("title", "text"),
    "link": ("title", "text", "messageUrl"),
    "actionCard": ("title", "text"),
    "feedCard": ("links",),
}
_WORDS_OF: Mapping[str, str] = {
    "text": "content", "markdown": "text", "link": "text", "actionCard": "text", "feedCard": "text",
}  # fmt: skip
