"""An installation in a folder, and the command line called the way a shell calls it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.config import Settings, load_settings

#: long enough to pass every check, and easy to look for
APP_SECRET = "canary-app-secret-4711"
ENCRYPT_KEY = "canary-encrypt-key-4711"
VERIFICATION_TOKEN = "canary-verification-4711"
SECRETS = (APP_SECRET, ENCRYPT_KEY, VERIFICATION_TOKEN)

FEISHU = f"""
[platforms.feishu]
app_id = "cli_a1b2c3d4e5f60718"
app_secret = "{APP_SECRET}"
encrypt_key = "{ENCRYPT_KEY}"
verification_token = "{VERIFICATION_TOKEN}"
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with a configuration in it."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "huiyin.db"

    def write(self, text: str, *, mode: int = 0o600) -> Installation:
        """Write the configuration."""
        self.config.write_text(text, encoding="utf-8")
        self.config.chmod(mode)
        return self

    def write_company(self, text: str) -> Installation:
        """Write the company file."""
        (self.folder / "company.toml").write_text(text, encoding="utf-8")
        return self

    def settings(self, **environ: str) -> Settings:
        """The settings in force."""
        return load_settings(self.config, environ)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Everything it said."""
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands of the command line in this process."""

    installation: Installation
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, with_config: bool = True) -> Ended:
        """Run one command to its end, on the installation's configuration."""
        place = ("--config", str(self.installation.config)) if with_config else ()
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*arguments, *place])
        said = self.capture.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Ended(code, said.out, said.err)


def clean_environment() -> dict[str, str]:
    """The environment of a subprocess, without settings of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
