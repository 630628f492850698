"""The project of models: compiled by dbt once for each version of it, and kept as SQL of the engine.

dbt takes seconds and a hundred megabytes to read a project, in which nothing changes from one run to the next. So a
process of its own does that (`compilation`), and runs read what it left.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from rastup import __version__
from rastup.core.config import Settings
from rastup.core.errors import RastupError
from rastup.core.paths import data_dir
from rastup.lake.spec import CheckSpec, ModelSpec

EVENTS = "silver.events"
_LONGEST_S = 300


class ProjectBroken(RastupError):
    """The dbt project cannot be parsed or compiled."""


@dataclass(frozen=True)
class Project:
    """Models, each after those that it reads, and checks."""

    models: tuple[ModelSpec, ...]
    checks: tuple[CheckSpec, ...]

    def part(self, schemas: Collection[str]) -> Project:
        """The models of those schemas, and the checks of their tables."""
        models = tuple(m for m in self.models if m.table.partition(".")[0] in schemas)
        checks = tuple(c for c in self.checks if c.table.partition(".")[0] in schemas)
        return Project(models, checks)

    @property
    def specs(self) -> Mapping[str, ModelSpec]:
        """The models by table."""
        return {model.table: model for model in self.models}


def digest(settings: Settings, folder: Path | None = None) -> str:
    """A digest of everything that decides what a build makes of the same events. Cheap, unlike compiling the project."""
    content = hashlib.sha256(f"{__version__}\0{settings.lake.marts_env}".encode())
    for path in sorted((folder or data_dir("transform")).rglob("*")):
        if path.suffix in (".sql", ".yml"):
            content.update(f"{path.name}\0".encode() + path.read_bytes())
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
    target = settings.home.run / "dbt"
    kept = target / f"{digest(settings, folder)}.json"
    if not kept.is_file():
        _compile(folder, target, kept, {"marts_env": settings.lake.marts_env})
    content = orjson.loads(kept.read_bytes())
    models = tuple(ModelSpec(**_frozen(model)) for model in content["models"])
    return Project(models, tuple(CheckSpec(**_frozen(check)) for check in content["checks"]))


def _compile(folder: Path, target: Path, kept: Path, variables: Mapping[str, str]) -> None:
    request = {"folder": str(folder), "target": str(target), "kept": str(kept), "variables": dict(variables)}
    command = [sys.executable, "-m", "rastup.lake.compilation"]
    try:
        done = subprocess.run(
            command, input=orjson.dumps(request), capture_output=True, timeout=_LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ProjectBroken(f"{folder}: dbt was not done after {_LONGEST_S} s.") from error
    if done.returncode or not kept.is_file():
        said = (done.stdout or done.stderr).decode("utf-8", "replace").strip()
        raise ProjectBroken(f"{folder}: {said or f'dbt ended with {done.returncode}'}")


def _frozen(fields: dict[str, Any]) -> dict[str, Any]:
    """Lists as the specs hold them."""
    frozen = {name: _tuples(value) for name, value in fields.items()}
    return frozen | {"inputs": frozenset(fields["inputs"])}


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
