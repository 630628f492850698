"""The project of models: compiled by dbt once for each version of it, and kept as SQL of the engine.

dbt takes seconds and a hundred megabytes to read a project, in which nothing changes from one run to the next. So a
process of its own does that (`compilation`), and runs read what it left.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from rastup.core.config import Settings
from rastup.core.errors import ProjectBroken
from rastup.core.paths import data_dir
from rastup.lake.spec import CheckSpec, ModelSpec
from rastup.state.leases import Lease

EVENTS = "silver.events"
_LONGEST_S, _VERSIONS_KEPT = 300, 3


@dataclass(frozen=True)
class Project:
    """Models, each after those that it reads, and checks; `digest` is that of the version it was compiled from."""

    digest: str
    models: tuple[ModelSpec, ...]
    checks: tuple[CheckSpec, ...]

    def part(self, schemas: Collection[str]) -> Project:
        """The models of those schemas, and the checks of their tables."""
        models = tuple(m for m in self.models if m.table.partition(".")[0] in schemas)
        checks = tuple(c for c in self.checks if c.table.partition(".")[0] in schemas)
        return Project(self.digest, models, checks)

    @property
    def specs(self) -> Mapping[str, ModelSpec]:
        """The models by table."""
        return {model.table: model for model in self.models}


def digest(settings: Settings, folder: Path | None = None) -> str:
    """A digest of everything that decides what a build makes of the same events. Cheap, unlike compiling the project.

    That is the project, the code that compiles and builds it, the libraries that do the work, and the settings it reads.
    """
    versions = ",".join(f"{name} {version(name)}" for name in ("rastup", "dbt-core", "dbt-duckdb", "duckdb"))
    content = hashlib.sha256(f"{versions}\0{settings.lake.marts_env}".encode())
    folder, code = folder or data_dir("transform"), Path(__file__).parent
    ours = [path for path in folder.rglob("*") if path.suffix in (".sql", ".yml")]
    for root, paths in ((folder, ours), (code, code.glob("*.py"))):
        for path in sorted(paths):
            text = path.read_bytes()
            content.update(f"\0{path.relative_to(root).as_posix()}\0{len(text)}\0".encode() + text)
    return content.hexdigest()[:16]


def load(settings: Settings, folder: Path | None = None) -> Project:
    """The project, compiled if this version of it was not yet.

    Args:
        settings: of the deployment.
        folder: of the dbt project, by default the product's.

    Raises:
        ProjectBroken: it does not compile.
    """
    folder = folder or data_dir("transform")
    of_files = digest(settings, folder)
    kept = settings.home.run / "dbt" / of_files / "project.json"
    with Lease(settings.home.run / "models.lease", purpose="reading the models", wait_s=_LONGEST_S):
        if not kept.is_file():
            _forget_older(kept.parent)
            _compile(folder, kept, {"marts_env": settings.lake.marts_env})
        content = orjson.loads(kept.read_bytes())
    return _project(of_files, content)


def compiled_files(settings: Settings) -> list[Path]:
    """What compilations have left, the newest first. Never compiles."""
    found = []
    for path in (settings.home.run / "dbt").glob("*/project.json"):
        try:
            found.append((path.stat().st_mtime_ns, path))
        except FileNotFoundError:  # a run has just removed it
            continue
    return [path for _, path in sorted(found, reverse=True)]


def compiled(path: Path) -> Project | None:
    """The project that a compilation left; None when it cannot be read."""
    try:
        return _project(path.parent.name, orjson.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _project(of_files: str, content: dict[str, Any]) -> Project:
    models = tuple(ModelSpec(**_frozen(model)) for model in content["models"])
    checks = tuple(CheckSpec(**_frozen(check)) for check in content["checks"])
    return Project(of_files, models, checks)


def _compile(folder: Path, kept: Path, variables: Mapping[str, str]) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    request = {"folder": str(folder), "kept": str(kept), "variables": dict(variables)}
    command = [sys.executable, "-P", "-m", "rastup.lake.compilation"]
    try:
        done = subprocess.run(
            command, input=orjson.dumps(request), capture_output=True, timeout=_LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ProjectBroken(f"{folder}: dbt was not done after {_LONGEST_S} s.") from error
    if done.returncode or not kept.is_file():
        said = (done.stdout or done.stderr).decode("utf-8", "replace").strip()
        raise ProjectBroken(f"{folder}: {said or f'dbt ended with {done.returncode}'}")


def _forget_older(target: Path) -> None:
    """Removes what other versions left, but the last few: two settings may take turns on one home."""
    if target.parent.is_dir():
        older = sorted(target.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for folder in older[_VERSIONS_KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)


def _frozen(fields: dict[str, Any]) -> dict[str, Any]:
    """Lists as the specs hold them."""
    frozen = {name: _tuples(value) for name, value in fields.items()}
    return frozen | {"inputs": frozenset(fields["inputs"])}


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
