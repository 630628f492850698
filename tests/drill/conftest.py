"""Drills write what they found to `benchmarks/results/drills/`, so that the figures are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks import machine

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "results" / "drills"
HEAD = """# Drills

Written by `make drill`: what each drill did and found when it last passed. The checks are in `tests/drill/`.
"""


@pytest.fixture
def record() -> Callable[..., None]:
    """Keeps the figures of a drill that has passed under its name, with machine and commit."""

    def write(name: str, **figures: Any) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        document = {"drill": name, "machine": machine.describe(), "figures": figures}
        FOLDER.joinpath(f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")
        FOLDER.joinpath("README.md").write_text(_listing())

    return write


def _listing() -> str:
    parts = [HEAD]
    for file in sorted(FOLDER.glob("*.json")):
        found = json.loads(file.read_text())
        if "machine" not in found:
            continue
        on = found["machine"]
        where = f"{on['date_utc']} UTC, commit {on['commit']}, {on['cpu']}, {on['cores']} cores, {on['memory_gb']} GB."
        rows = [f"| {name.replace('_', ' ')} | {_shown(value)} |" for name, value in found["figures"].items()]
        parts.append("\n".join([f"## {found['drill']}\n", where, "", "| | |", "|---|---:|", *rows, ""]))
    return "\n".join(parts)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)
