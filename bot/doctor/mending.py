"""What `doctor --fix` does by itself: only what cannot do harm."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.config import load_settings
from bot.doctor.configuration import is_open_to_others, secret_files
from bot.errors import ConfigError

_PRIVATE = 0o600


def mend(config_file: Path, environ: Mapping[str, str]) -> list[str]:
    """Make files with secrets private; a line for each. Nothing is touched when the settings cannot be read."""
    try:
        settings = load_settings(config_file, environ)
    except ConfigError:
        return []
    found = sorted({path for path in secret_files(config_file, settings) if is_open_to_others(path)})
    for path in found:
        path.chmod(_PRIVATE)
    return [f"✔ chmod 600 {path}" for path in found]
