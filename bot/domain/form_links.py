"""What a form points at: web addresses and numbers of other objects (domain.md 4; EC-64)."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from bot.domain.codes import read_codes
from bot.domain.form import FieldSpec, rows
from bot.domain.form_characters import as_line, as_lines
from bot.domain.form_problems import Names, Understood, problem, quoted, wrong
from bot.domain.form_text import FormField
from bot.domain.ids import CodeKind

MOST_LINKS = 20
_LONGEST = 2000
_URL = re.compile(r"https?://[^\s，；、]+", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def read_links(spec: FieldSpec, written: FormField, _: Names, __: datetime) -> Understood:
    """Addresses, once each; what is none is told (EC-64)."""
    text = as_lines(written.text)
    links = [match[0].rstrip(",;。") for match in _URL.finditer(text)]
    rest = " ".join(word for word in re.split(r"[\s,;，；、。]+", _URL.sub(" ", text)) if word)
    others = [rest] if rest else []
    others += [link for link in links if not is_web_address(link)]
    problems = [problem(spec, "form_no_link", typed=quoted(word)) for word in others]
    if len(links) > MOST_LINKS:
        problems.append(problem(spec, "form_too_many_links", count=str(len(links)), limit=str(MOST_LINKS)))
    return Understood(None, tuple(problems)) if problems else Understood(rows(dict.fromkeys(links)))


def is_web_address(link: str) -> bool:
    """Is it a http or https address of a host in plain letters, without a user before it (EC-64)?"""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    is_plain = parts.scheme.lower() in {"http", "https"} and "@" not in parts.netloc and "xn--" not in host.lower()
    return is_plain and _HOST.fullmatch(host) is not None and len(link) <= _LONGEST


def read_code(spec: FieldSpec, written: FormField, _: Names, now: datetime) -> Understood:
    """The number of one object, of the kinds that the field takes."""
    refs, rest = read_codes(as_line(written.text), takes_number=len(spec.options) == 1)
    kind = CodeKind(spec.options[0]) if len(spec.options) == 1 else None
    code = refs[0].code(now.year, kind) if len(refs) == 1 and not rest.strip() else None
    if code is None or (spec.options and code[:2] not in spec.options):
        return wrong(spec, "form_no_code", written.text)
    return Understood(str(code))
