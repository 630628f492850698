"""What the package asks for beside its code is also there when it is installed."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[3]


def asked_for() -> set[str]:
    """Every name that the sources give to `data_dir`."""
    names: set[str] = set()
    for path in (CHECKOUT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "data_dir":
                (name,) = node.args
                assert isinstance(name, ast.Constant), f"{path}: data_dir of a name that cannot be read here"
                names.add(str(name.value))
    return names


def test_the_build_takes_along_every_folder_that_is_asked_for() -> None:
    document = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    taken = document["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert len(asked_for()) >= 3
    assert taken == {name: f"rastup/_data/{name}" for name in asked_for()}


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed")
def test_a_wheel_holds_every_file_of_these_folders(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(CHECKOUT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(["git", "ls-files", *asked_for()], cwd=CHECKOUT, capture_output=True, text=True)
    files = tracked.stdout.split()
    assert files
    assert {f"rastup/_data/{name}" for name in files} <= held
