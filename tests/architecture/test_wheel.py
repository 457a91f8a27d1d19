"""What is handed on installs and runs anywhere, without a network, and is nothing but the four packages.

Offline on purpose: the wheel is built with the hatchling of the development environment (`--no-isolation`) and installed
with `--no-deps --no-index` into a fresh virtual environment. Its dependencies come from the development environment
through a `.pth` file; `bot` and its neighbours are not there, so what is imported is what the wheel brought.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from tests.architecture.pages import ROOT

PACKAGES = ("adapters", "bot", "handlers", "storage")
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_MADE_BY_PYTHON = {"__pycache__"}


def run(*command: str | Path, cwd: Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run one of our own programs in an environment without our settings and without this source tree."""
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("HUIYIN_", "PYTHON", "PIP_", "VIRTUAL_ENV"))
    }
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONIOENCODING": "utf-8"}
    if home is not None:
        environment["HOME"] = str(home)
    arguments = [str(part) for part in command]
    return subprocess.run(arguments, cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter


def succeed(*command: str | Path, cwd: Path, home: Path | None = None) -> str:
    """The output of a program that has to succeed."""
    done = run(*command, cwd=cwd, home=home)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this source tree."""
    out = tmp_path_factory.mktemp("wheel")
    succeed(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ".", cwd=ROOT)
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a fresh environment with the wheel in it."""
    home = tmp_path_factory.mktemp("clean")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    install = ("install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    succeed(sys.executable, "-m", "pip", "--python", python, *install, wheel, cwd=home)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(ours)), encoding="utf-8")
    return home / "bin"


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def metadata_of(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode("utf-8"))


@pytest.mark.slow
def test_the_wheel_is_exactly_the_four_packages_with_all_their_files(wheel: Path) -> None:
    found = {name for name in names_in(wheel) if ".dist-info/" not in name}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not _MADE_BY_PYTHON & set(path.parts)
    }
    assert {name.partition("/")[0] for name in found} == set(PACKAGES)
    assert found == wanted


@pytest.mark.slow
def test_the_wheel_can_never_go_to_a_public_index_and_carries_its_licenses(wheel: Path) -> None:
    metadata = metadata_of(wheel)
    assert metadata["Name"] == "huiyin"
    assert metadata["Version"] == _PROJECT["version"]
    assert "Private :: Do Not Upload" in metadata.get_all("Classifier", [])
    assert metadata["License-Expression"] == "Apache-2.0 AND OFL-1.1", "the font of the charts has its own"
    assert metadata["Requires-Python"] == _PROJECT["requires-python"]
    licenses = {name.partition(".dist-info/licenses/")[2] for name in names_in(wheel)} - {""}
    assert licenses == {"LICENSE", "bot/data/fonts/OFL.txt"}


@pytest.mark.slow
def test_in_a_clean_environment_the_program_says_its_version(installed: Path, tmp_path: Path) -> None:
    assert (
        succeed(installed / "huiyin", "version", cwd=tmp_path, home=tmp_path).strip() == f"huiyin {_PROJECT['version']}"
    )
    assert succeed(installed / "python", "-m", "bot", "version", cwd=tmp_path, home=tmp_path).startswith("huiyin ")
    where = succeed(installed / "python", "-c", "import bot; print(bot.__file__)", cwd=tmp_path, home=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)


#: imports every module; whatever is not in the lock file does not exist for it, as on a user's machine
_IMPORT_ALL = f"""
import importlib, importlib.abc, json, pkgutil, re, sys, warnings
from importlib.metadata import packages_distributions

locked = set(json.loads(sys.argv[1]))
known = packages_distributions()
missing = {{
    name
    for name, distributions in known.items()
    if not locked & {{re.sub(r"[-_.]+", "-", one).lower() for one in distributions}}
}}

class NotLocked(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if fullname.partition(".")[0] in missing:
            raise ModuleNotFoundError(fullname, name=fullname)
        return None

sys.meta_path.insert(0, NotLocked())
warnings.simplefilter("error")
count = 0
for name in {PACKAGES!r}:
    package = importlib.import_module(name)
    for found in pkgutil.walk_packages(package.__path__, name + "."):
        if not found.name.endswith(("__main__", "migrations.env")):
            importlib.import_module(found.name)
            count += 1
print(json.dumps([count, sorted(missing)]))
"""


@pytest.mark.slow
def test_in_a_clean_environment_every_module_can_be_imported_with_the_locked_dependencies_alone(
    installed: Path, tmp_path: Path
) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {canonical(name) for name in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", lock, re.MULTILINE)}
    assert {"aiohttp", "sqlalchemy"} <= locked
    arguments = json.dumps(sorted({*locked, "huiyin"}))
    count, missing = json.loads(
        succeed(installed / "python", "-c", _IMPORT_ALL, arguments, cwd=tmp_path, home=tmp_path)
    )
    assert count > 150
    assert {"pytest", "lark_oapi"} <= set(missing)


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.slow
def test_in_a_clean_environment_a_newcomer_gets_as_far_as_a_database(installed: Path, tmp_path: Path) -> None:
    huiyin = installed / "huiyin"
    succeed(huiyin, "init", "--empty", cwd=tmp_path, home=tmp_path)
    empty = run(huiyin, "config", "check", cwd=tmp_path, home=tmp_path)
    assert empty.returncode == 2
    assert "platforms.feishu.app_id" in empty.stderr
    config = tmp_path / "config.toml"
    text = config.read_text(encoding="utf-8")
    filled = text.replace('app_id = ""', 'app_id = "cli_test"').replace('app_secret = ""', 'app_secret = "k7Jq2v9XbT"')
    config.write_text(filled, encoding="utf-8")
    assert succeed(huiyin, "config", "check", cwd=tmp_path, home=tmp_path).startswith("✔")
    succeed(huiyin, "db", "upgrade", cwd=tmp_path, home=tmp_path)
    assert succeed(huiyin, "db", "check", cwd=tmp_path, home=tmp_path).strip() == "✔ ok"
    assert (tmp_path / "data" / "huiyin.db").is_file()
