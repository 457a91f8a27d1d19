"""The command line. Names and exit codes are fixed (design.md section 3): 0 ok, 1 failure, 2 usage or configuration.

It parses arguments and prints; what is done stands in the rooms below. Rooms are imported where a command needs them, so
that `huiyin version` and `--help` answer at once.
"""

from bot.cli import database, running, setting_up, taking_over
from bot.cli.front import commands, main

__all__ = ["commands", "database", "main", "running", "setting_up", "taking_over"]
