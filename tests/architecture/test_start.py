"""What a start need not load: it costs every installation seconds and memory that hardly any use of the program needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: read or write office files and pictures, other countries' days, migrations of a database that has the schema already
LATER = ("openpyxl", "docx", "docxtpl", "lxml", "jinja2", "holidays.countries", "alembic", "mako")
_STARTING = """
import sys
import bot.app, bot.cli.running, handlers
from bot.calendars import build_calendars
from bot.company import read_company, sample_text
build_calendars(read_company(sample_text()).calendar, year=2027)
print(*(name for name in {later!r} if name in sys.modules))
"""


@pytest.mark.slow
def test_a_start_loads_nothing_that_only_papers_other_countries_and_migrations_need() -> None:
    program = _STARTING.format(later=LATER)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == []
