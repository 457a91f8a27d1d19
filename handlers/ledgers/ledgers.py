"""`/台账`, `/导出` and `/备注`: the ledgers in the chat, as files, and the secretary's column (6.3; P-18, P-53, P-54, P-63; R-22, R-100)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.codes import CodeRef
from bot.domain.folding import folded
from bot.domain.ids import CodeKind
from bot.domain.issue import MACHINE
from bot.domain.issue_ledger import IssueFacts
from bot.domain.ledger import What
from bot.domain.progress_ledger import ItemFacts
from bot.errors import RuleViolation
from bot.messages import Link, Text, inert
from bot.routing import Context
from handlers import matter_access
from handlers.calls import Call
from handlers.items.item_cards import state_key
from handlers.ledgers.ledger_export import Format, Wanted, address, require_export
from handlers.ledgers.ledger_notes import VERB, annotate
from handlers.ledgers.ledger_rows import may_see_any, seen
from handlers.ledgers.papers import KINDS, paper
from handlers.tables import Tables
from handlers.texts import Named
from handlers.words import Words

#: what does not fit on a phone screen is counted
MOST = 12
TITLE = 24
_WHAT = {
    "进度": What.PROGRESS, "进度台账": What.PROGRESS, "事项": What.PROGRESS, "f3": What.PROGRESS, "progress": What.PROGRESS,
    "问题": What.ISSUES, "问题台账": What.ISSUES, "f9": What.ISSUES, "issues": What.ISSUES, "issue": What.ISSUES,
}  # fmt: skip
_FORMATS = {"csv": Format.CSV, "xlsx": Format.XLSX, "excel": Format.XLSX, "表格": Format.XLSX}


def register(tables: Tables) -> None:
    """Put ledgers on the tables."""
    tables.commands.on("ledger", on_ledger)
    tables.commands.on("export", on_export)
    for kind in (CodeKind.ITEM, CodeKind.ISSUE):
        tables.deeds.on(VERB, kind, annotate)


# ---------------------------------------------------------------- in the chat


def on_ledger(call: Call) -> None:
    """The rows that the person may see, always in private. Raises RuleViolation."""
    what, _ = _asked(call)
    if what is None:
        raise RuleViolation("ledger_which")
    if not may_see_any(call.context, what):
        raise RuleViolation("no_right")
    found = seen(call.context, what)
    words = call.words
    rows = len(found.items) + len(found.issues)
    lines = [words.say(f"ledger_head_{what.value}", count=rows)]
    if what is What.PROGRESS:
        ordered = sorted(found.items, key=lambda facts: (facts.item.is_finished, facts.item.code))
        for facts in ordered[:MOST]:
            lines.extend(_item_lines(words, facts))
    else:
        by_state = sorted(found.issues, key=lambda facts: (not facts.issue.is_open, facts.issue.code))
        for one in by_state[:MOST]:
            lines.extend(_issue_lines(words, one))
    if rows > MOST:
        lines.append(words.say("ledger_more", count=rows - MOST))
    if found.left_out:
        lines.append(words.say("ledger_left_out", count=found.left_out))
    call.answer_privately("\n".join(lines))


def _item_lines(words: Words, facts: ItemFacts) -> Iterator[str]:
    item = facts.item
    yield words.say(
        "ledger_item",
        code=item.code,
        title=Named("", inert(item.title, limit=TITLE)) if facts.shows_title else "",
        state=words.say(state_key(item)),
        percent=facts.progress,
        light=words.say(f"light_{facts.light.colour.name.lower()}"),
    )
    problems = words.listing(i.code for i in facts.issues if i.is_open and not facts.is_summary)
    yield words.say(
        "ledger_item_more" if problems else "ledger_item_who",
        lead=words.department(item.lead),
        due=words.day(item.end_on) if item.end_on is not None else "—",
        problems=problems,
    )


def _issue_lines(words: Words, facts: IssueFacts) -> Iterator[str]:
    issue = facts.issue
    yield words.say(
        "ledger_issue",
        code=issue.code,
        title=Named("", inert(issue.title, limit=TITLE)) if facts.shows_title else "",
        grade=words.option(issue.grade) if issue.grade is not None else words.say("ledger_ungraded"),
        state=words.say(MACHINE.state_key(issue.state)),
    )
    if issue.lead is not None and issue.due_at is not None and issue.is_open:
        yield words.say("ledger_issue_who", lead=words.department(issue.lead), due=words.deadline(issue.due_at))


# ---------------------------------------------------------------- as a file


def on_export(call: Call) -> None:
    """`导出 进度`, `导出 问题 csv`, `导出 XQ-15`: a link, or the administrator's command where there is no address. Raises RuleViolation."""
    context, words = call.context, call.words
    wanted, name = _wanted(call)
    link = address(context, wanted)
    if not link:
        command = f"huiyin export {wanted.what} --as {call.person.id} --format {wanted.format.value}"
        call.answer_privately(words.say("export_no_address", name=name, command=command))
        return
    before = words.say("export_ready", name=name)
    call.answer_privately((Text(f"{before}\n"), Link(words.say("export_link"), link)))


def _wanted(call: Call) -> tuple[Wanted, str]:
    words = call.words
    if call.command.codes:
        code = _code(call.context, call.command.codes[0])
        taken = paper(call.context, code, by=call.person)
        return Wanted(what=code, format=Format.DOCX), f"{taken.title} {code}"
    what, given = _asked(call)
    if what is None:
        raise RuleViolation("export_which")
    require_export(call.context)
    wanted = Wanted(what=what.value, format=given or Format.XLSX)
    return wanted, words.say(f"ledger_title_{what.value}")


def _code(context: Context, ref: CodeRef) -> str:
    """The full number of what was named, as far as it can be a paper and may be known."""
    year = context.world.calendars.local(context.now).year
    code = ref.code(year)
    if ref.kind is None or code is None:
        raise RuleViolation("not_found_or_no_right")
    if not matter_access.may_see(context, code):
        raise RuleViolation("not_found_or_no_right")
    if ref.kind not in KINDS:
        raise RuleViolation("export_which")
    return code


def _asked(call: Call) -> tuple[What | None, Format | None]:
    """Which ledger, and as what; nothing said is the progress ledger."""
    said = [folded(word) for word in f"{call.command.word} {call.command.words}".replace("、", " ").split()]
    whats = [_WHAT[word] for word in said if word in _WHAT]
    known = {"台账", "ledger", "导出", "export", "看台账", *_WHAT, *_FORMATS}
    given = next((_FORMATS[word] for word in said if word in _FORMATS), None)
    is_clear = all(word in known for word in said)
    if whats:
        return whats[0], given
    return (What.PROGRESS if is_clear else None), given
