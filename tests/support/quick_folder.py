"""Where tests put their files: into memory where there is room for it.

The store writes every commit through to the disk, as it must (P1); on a disk that takes its time, that alone is half of a
long story's minutes and tells nothing about the program.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

#: the folder in memory that Linux has; containers often give it 64 MiB, which is too little
MEMORY = Path("/dev/shm")  # noqa: S108 - a place to look at, not a file
ROOM_BYTES = 4 * 2**30


def use_quick_folder() -> None:
    """Make it the place for temporary files of this process and those it starts; a `TMPDIR` that is set stays."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
