"""`doctor --bundle`: what somebody who helps needs to see, in one file, with every secret taken out twice."""

from __future__ import annotations

import os
import platform
import zipfile
from collections.abc import Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path

from bot import config
from bot.doctor.report import as_json, as_tree
from bot.errors import ConfigError
from bot.logs import Redactor
from bot.ports import Finding


def write_bundle(target: Path, config_file: Path, environ: Mapping[str, str], findings: Sequence[Finding]) -> None:
    """Write findings, the configuration without secrets, and versions. Raises OSError when the file exists."""
    shown, secrets = _configuration(config_file, environ)
    clean = Redactor(secrets).clean
    pages = {
        "doctor.txt": as_tree(findings),
        "doctor.json": as_json(findings),
        "config.txt": shown,
        "versions.txt": _versions(),
    }
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in pages.items():
            bundle.writestr(name, clean(text) + "\n")


def _configuration(config_file: Path, environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The configuration as `config show` has it, or what is wrong with it."""
    try:
        settings = config.load_settings(config_file, environ)
    except ConfigError as problem:
        return config.check_report(problem.problems), ()
    return config.show(settings), config.secrets_of(settings)


def _versions() -> str:
    found = sorted({f"{found.name} {found.version}" for found in distributions()}, key=str.casefold)
    return "\n".join([platform.platform(), f"Python {platform.python_version()}", *found])
