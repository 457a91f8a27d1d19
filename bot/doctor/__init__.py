"""`huiyin doctor`: everything that is known to go wrong, looked at one by one; each finding says exactly what to do next.

It changes nothing, sends nothing to anybody, and asks nobody for longer than a few seconds. Every check runs even when
another one failed, so that one run is enough.
"""

from bot.doctor.bundle import write_bundle
from bot.doctor.database import backup_mark
from bot.doctor.examination import examine
from bot.doctor.mending import mend
from bot.doctor.report import as_json, as_tree, exit_code, has_failures

__all__ = ["as_json", "as_tree", "backup_mark", "examine", "exit_code", "has_failures", "mend", "write_bundle"]
