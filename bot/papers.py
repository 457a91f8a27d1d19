"""Forms set as documents: the company's own template where there is one, else ours (domain.md 4.1, 4.2, 4.4; R-120).

A template is trusted to lay out, not to run: it is filled in a sandbox, and what people wrote is data in it (EC-61). The libraries
are loaded when the first document is made.
"""

from __future__ import annotations

import io
from importlib.resources import files
from pathlib import Path
from typing import Any

import structlog

from bot.domain.paper import Paper

log = structlog.get_logger(__name__)

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: the folder beside the database in which a company keeps its own templates
TEMPLATES = "templates"
#: a template larger than this is none
_LARGEST = 4 * 1024 * 1024


def templates_beside(storage_url: str) -> Path | None:
    """The folder of the company's templates: beside a SQLite file; None where the rows are elsewhere."""
    if not storage_url.startswith("sqlite:///"):
        return None
    return Path(storage_url.removeprefix("sqlite:///")).parent / TEMPLATES


def as_docx(paper: Paper, folder: Path | None = None) -> bytes:
    """The document. A template of the company that cannot be filled is logged, and ours takes its place."""
    own = folder / f"{paper.template}.docx" if folder is not None else None
    if own is not None and own.is_file() and own.stat().st_size <= _LARGEST:
        try:
            return _filled(own.read_bytes(), paper)
        except Exception:
            log.exception("a template of the company could not be filled", action="template_broke", file=str(own))
    ours = files("bot") / "data" / "templates" / f"{paper.template}.docx"
    return _filled(ours.read_bytes(), paper)


def _filled(template: bytes, paper: Paper) -> bytes:
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SandboxedEnvironment

    document = DocxTemplate(io.BytesIO(template))
    document.render(_facts(paper), SandboxedEnvironment(autoescape=True), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _facts(paper: Paper) -> dict[str, Any]:
    """What a template can name: each field by its key, and `title`, `fields`, `tables`, `note` for a whole form."""
    return {
        **{key: _writable(text) for key, text in paper.values.items()},
        "form_title": paper.title,
        "form_code": paper.code,
        "fields": [{"label": label, "text": _writable(text)} for label, text in paper.fields],
        "tables": [
            {
                "label": table.label,
                "titles": list(table.titles),
                "rows": [[_writable(cell) for cell in row] for row in table.rows],
            }
            for table in paper.tables
        ],
        "note": _writable(paper.note),
    }


def _writable(text: str) -> str:
    """Without what no XML document may hold, and without the characters that the library takes for its own commands."""
    return "".join(c for c in text if c == "\n" or (c >= " " and c not in "\x7f\ufffe\uffff"))
