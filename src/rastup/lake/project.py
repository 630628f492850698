"""The dbt project: parsed once a process, and what its models say about tables, inputs and versions."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from rastup import __version__
from rastup.core.config import Settings
from rastup.core.errors import RastupError, UsageError
from rastup.core.paths import data_dir
from rastup.lake.spec import ModelSpec

EVENTS = "silver.events"


def digest(settings: Settings, folder: Path | None = None) -> str:
    """A digest of everything that decides what a build makes of the same events. Cheap, unlike parsing the project."""
    content = hashlib.sha256(f"{__version__}\0{settings.lake.marts_env}".encode())
    for path in sorted((folder or data_dir("transform")).rglob("*")):
        if path.suffix in (".sql", ".yml"):
            content.update(f"{path.name}\0".encode() + path.read_bytes())
    return content.hexdigest()[:16]


class Project:
    """The parsed project. Making one imports dbt and costs seconds; keep it."""

    def __init__(self, settings: Settings, folder: Path | None = None) -> None:
        self.folder = folder or data_dir("transform")
        self.target = settings.home.run / "dbt"
        self.variables = {"marts_env": settings.lake.marts_env}
        self.manifest = self._parse()
        self.specs = _specs(self.manifest)

    def invoke(self, *command: str) -> Any:
        """Runs a dbt command over the parsed project; returns dbt's result."""
        from dbt.cli.main import dbtRunner

        for node in self.manifest.nodes.values():
            # What dbt has compiled it takes for done, and would not put the ephemeral models into it again.
            node.compiled, node.compiled_code = False, None
            node.extra_ctes, node.extra_ctes_injected = [], False
        return dbtRunner(manifest=self.manifest).invoke(self._arguments(*command))

    def _arguments(self, *command: str) -> list[str]:
        """The command line for dbt, which must not speak, track or write into the repository."""
        import json

        return [
            *(
                "--no-write-json",
                "--quiet",
                "--no-send-anonymous-usage-stats",
                "--no-version-check",
                "--no-use-colors",
            ),
            *("--log-level", "none", "--log-level-file", "none", "--log-path", str(self.target / "logs")),
            *command,
            *("--project-dir", str(self.folder), "--profiles-dir", str(self.folder)),
            *("--target-path", str(self.target), "--vars", json.dumps(self.variables)),
        ]

    def tables(self, schemas: Collection[str]) -> list[str]:
        """The tables of those schemas."""
        return [table for table in self.specs if table.partition(".")[0] in schemas]

    def table_of(self, check: Any) -> str:
        """The table that a check is about."""
        about = getattr(check, "attached_node", None)
        names = [about] if about else [n for n in check.depends_on.nodes if n.startswith("model.")]
        return _table(self.manifest.nodes[names[0]]) if names else "?"

    def _parse(self) -> Any:
        os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        from dbt.cli.main import dbtRunner

        if not (self.folder / "dbt_project.yml").is_file():
            raise UsageError(f"{self.folder}: there is no dbt_project.yml.")
        self.target.mkdir(parents=True, exist_ok=True)
        result = dbtRunner().invoke(self._arguments("parse"))
        if not result.success:
            raise ProjectBroken(f"the dbt project does not parse: {_said(result.exception)}")
        return result.result


class ProjectBroken(RastupError):
    """The dbt project cannot be parsed or compiled."""


def _said(error: BaseException | None) -> str:
    return " ".join(str(error or "see dbt's log").split())


def _specs(manifest: Any) -> dict[str, ModelSpec]:
    models = [node for node in manifest.nodes.values() if node.resource_type == "model"]
    stored = [node for node in models if node.config.materialized == "lake_table"]
    return {_table(node): _spec(manifest, node) for node in stored}


def _table(node: Any) -> str:
    return f"{node.schema}.{node.alias or node.name}"


def _spec(manifest: Any, node: Any) -> ModelSpec:
    write = node.config.get("write") or "whole"
    if write not in ("event", "whole"):
        raise ProjectBroken(
            f"{node.original_file_path}: write='{write}' is not allowed; give event or whole."
        )
    return ModelSpec(
        table=_table(node),
        write=write,
        partition_by=_names(node.config.get("partition_by")),
        sort_by=_names(node.config.get("sort_by")),
        is_unique=node.config.get("unique_key") is not None,
        inputs=frozenset(_inputs(manifest, node)),
        fingerprint=_fingerprint(manifest, node),
        is_held=bool(node.config.get("held")),
    )


def _names(value: Any) -> tuple[str, ...]:
    return () if not value else (value,) if isinstance(value, str) else tuple(value)


def _parents(manifest: Any, node: Any) -> Iterable[Any]:
    return (manifest.nodes[name] for name in node.depends_on.nodes if name in manifest.nodes)


def _inputs(manifest: Any, node: Any) -> Iterable[str]:
    """The lake tables that a model reads, those behind ephemeral models included."""
    for parent in _parents(manifest, node):
        if parent.config.materialized == "ephemeral":
            yield from _inputs(manifest, parent)
        else:
            yield _table(parent)


def _fingerprint(manifest: Any, node: Any) -> str:
    """A digest of the model's text, of the ephemeral models and of the macros it uses."""
    parts = sorted(set(_texts(manifest, node, set())))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _texts(manifest: Any, node: Any, seen: set[str]) -> Iterable[str]:
    yield f"{node.unique_id}\n{node.raw_code}\n{sorted(_layout(node.config).items())}"
    yield from _macro_texts(manifest, node.depends_on.macros, node.package_name, seen)
    for parent in _parents(manifest, node):
        if parent.config.materialized == "ephemeral":
            yield from _texts(manifest, parent, seen)


def _layout(config: Any) -> Mapping[str, str]:
    return {key: str(config.get(key)) for key in ("write", "partition_by", "sort_by", "unique_key")}


def _macro_texts(manifest: Any, names: Iterable[str], package: str, seen: set[str]) -> Iterable[str]:
    for name in names:
        macro = manifest.macros.get(name)
        if macro is None or name in seen or macro.package_name != package:
            continue
        seen.add(name)
        yield f"{name}\n{macro.macro_sql}"
        yield from _macro_texts(manifest, macro.depends_on.macros, package, seen)
