"""Compiles the dbt project, in a process of its own: `python -m rastup.lake.compilation` with a request on its input.

The request is JSON: `folder` of the project, `kept` for the result, beside which dbt keeps its own, and dbt's `variables`.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from rastup.core.errors import ProjectBroken
from rastup.lake.spec import CheckSpec, ModelSpec


def main() -> None:
    """Compiles; what is wrong with the project is said on the standard output, and the exit code is 1."""
    request = json.load(sys.stdin)
    try:
        compile_project(Path(request["folder"]), Path(request["kept"]), request["variables"])
    except ProjectBroken as error:
        sys.stdout.write(str(error))
        sys.exit(1)


def compile_project(folder: Path, kept: Path, variables: Mapping[str, str]) -> None:
    """Writes the models and checks of `folder` to `kept`.

    Raises:
        ProjectBroken: it does not parse or compile.
    """
    if not (folder / "dbt_project.yml").is_file():
        raise ProjectBroken("there is no dbt_project.yml.")
    nodes, manifest = _compiled(folder, kept.parent, variables)
    models = [_model(manifest, node) for node in nodes if node.resource_type == "model" and _is_stored(node)]
    checks = [_check(manifest, node) for node in nodes if node.resource_type == "test"]
    content = {"models": [asdict(m) for m in in_order(models)], "checks": [asdict(c) for c in checks]}
    _keep(kept, orjson.dumps(content, default=sorted, option=orjson.OPT_INDENT_2))


def in_order(models: Iterable[ModelSpec]) -> tuple[ModelSpec, ...]:
    """The models, each after those that it reads."""
    waiting, ordered = {model.table: model for model in models}, []
    while waiting:
        ready = [table for table, model in waiting.items() if not model.inputs & (waiting.keys() - {table})]
        ordered += [waiting.pop(table) for table in sorted(ready)]
    return tuple(ordered)


def _compiled(folder: Path, target: Path, variables: Mapping[str, str]) -> tuple[list[Any], Any]:
    """The compiled nodes, and dbt's manifest."""
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(_arguments("parse", folder, target, variables))
    if not parsed.success:
        raise ProjectBroken(f"the dbt project does not parse: {_said(parsed.exception)}")
    manifest: Any = parsed.result
    compiled = dbtRunner(manifest=manifest).invoke(_arguments("compile", folder, target, variables))
    results: Any = compiled.result
    if not compiled.success:
        failed = [f"{one.node.name}: {one.message}" for one in results or () if str(one.status) == "error"]
        raise ProjectBroken(f"the models do not compile: {_said(compiled.exception, *failed)}")
    return [one.node for one in results], manifest


def _arguments(command: str, folder: Path, target: Path, variables: Mapping[str, str]) -> list[str]:
    """The command line for dbt, which must not speak, track or write into the repository."""
    quiet = ("--quiet", "--no-send-anonymous-usage-stats", "--no-version-check", "--no-use-colors")
    logs = ("--log-level", "none", "--log-level-file", "none", "--log-path", str(target / "logs"))
    places = ("--project-dir", str(folder), "--profiles-dir", str(folder), "--target-path", str(target))
    return ["--no-write-json", *quiet, *logs, command, *places, "--vars", json.dumps(dict(variables))]


def _keep(kept: Path, content: bytes) -> None:
    """Puts the result in its place at once."""
    unfinished = kept.with_suffix(f".{os.getpid()}.tmp")
    unfinished.write_bytes(content)
    unfinished.replace(kept)


def _is_stored(node: Any) -> bool:
    return bool(node.config.materialized == "lake_table")


def _model(manifest: Any, node: Any) -> ModelSpec:
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
        fingerprint=_fingerprint(node),
        links=_names(node.config.get("links")),
        seeds=_pairs(node.config.get("seeds")),
        touched_by=_pairs(node.config.get("touched_by")),
        query=str(node.compiled_code),
    )


def _check(manifest: Any, node: Any) -> CheckSpec:
    inputs = list(_inputs(manifest, node))
    about = manifest.nodes.get(getattr(node, "attached_node", None) or "")
    return CheckSpec(
        name=node.name,
        table=_table(about) if about is not None else inputs[0],
        inputs=frozenset(inputs),
        query=str(node.compiled_code),
        count=node.config.fail_calc,
        fails_if=node.config.error_if,
        description=node.description or "",
    )


def _table(node: Any) -> str:
    return f"{node.schema}.{node.alias or node.name}"


def _names(value: Any) -> tuple[str, ...]:
    return () if not value else (value,) if isinstance(value, str) else tuple(value)


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((value or {}).items())


def _parents(manifest: Any, node: Any) -> Iterable[Any]:
    return (manifest.nodes[name] for name in node.depends_on.nodes if name in manifest.nodes)


def _inputs(manifest: Any, node: Any) -> Iterable[str]:
    """The lake tables that a node reads, those behind ephemeral models included."""
    for parent in _parents(manifest, node):
        if parent.config.materialized == "ephemeral":
            yield from _inputs(manifest, parent)
        else:
            yield _table(parent)


def _fingerprint(node: Any) -> str:
    """A digest of what decides a table's rows: the query, in which variables and macros are resolved, and the layout."""
    layout = {key: str(node.config.get(key)) for key in ("write", "partition_by", "sort_by", "unique_key")}
    return hashlib.sha256(f"{node.compiled_code}\0{sorted(layout.items())}".encode()).hexdigest()[:16]


def _said(error: BaseException | None, *failed: str) -> str:
    return " ".join("; ".join((*failed, *([str(error)] if error else []))).split()) or "dbt does not say why"


if __name__ == "__main__":
    main()
