"""What the dbt project says of its models: descriptions, owners and columns, read from its YAML files as data."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rastup.core.paths import data_dir


@dataclass(frozen=True)
class Model:
    """One model. `sql` is its source as written, with macros."""

    name: str
    description: str
    owner: str
    columns: Mapping[str, str]
    sql: str


def model_of(table: str) -> Model | None:
    """The model behind `gold.kpi_gmv_daily`, None when the project has none of that name."""
    return _models().get(table.rpartition(".")[2])


@functools.lru_cache(maxsize=1)
def _models() -> Mapping[str, Model]:
    root = data_dir("transform") / "models"
    described: dict[str, Mapping[str, Any]] = {}
    for path in [*root.rglob("*.yml"), *root.rglob("*.yaml")]:
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models") or ():
            described[model["name"]] = model
    return {path.stem: _model(path, described.get(path.stem, {})) for path in root.rglob("*.sql")}


def _model(path: Path, about: Mapping[str, Any]) -> Model:
    meta = {**(about.get("meta") or {}), **((about.get("config") or {}).get("meta") or {})}
    return Model(
        name=path.stem,
        description=" ".join(str(about.get("description", "")).split()),
        owner=str(meta.get("owner", "")),
        columns={c["name"]: str(c.get("description", "")) for c in about.get("columns") or ()},
        sql=path.read_text(encoding="utf-8"),
    )
