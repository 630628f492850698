"""What is generated from the contracts and committed with them. `rastup contracts check` fails when it is out of date.

Staging models (`staging`), the event reference (`reference`), the typed constructors of the Python client
(`python_client`) and TypeScript types (`typescript`).
"""

from __future__ import annotations

from pathlib import Path

from rastup.contracts.generation.python_client import python_files
from rastup.contracts.generation.reference import reference_files
from rastup.contracts.generation.staging import staging_files, staging_name
from rastup.contracts.generation.typescript import typescript_files
from rastup.contracts.registry import Registry

__all__ = ["drift", "generated_files", "staging_name", "write"]

OWNED = ("transform/models/staging/stg_*.sql", "docs/reference/events/*.md")
"""Where every file is a generated one: what no contract asks for any more is removed."""


def generated_files(registry: Registry) -> dict[str, str]:
    """Every generated file: its path below the project's root, and its text."""
    return {
        **staging_files(registry),
        **reference_files(registry),
        **python_files(registry),
        **typescript_files(registry),
    }


def write(registry: Registry, project: Path) -> list[str]:
    """Writes what differs and removes what is no longer generated; returns the changed paths."""
    files = generated_files(registry)
    changed = drift(registry, project)
    for path in changed:
        target = project / path
        if path in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path])
        else:
            target.unlink()
    return changed


def drift(registry: Registry, project: Path) -> list[str]:
    """Generated files that are missing, different, or no longer generated. Installed, only the dbt project is there."""
    is_checkout = (project / "pyproject.toml").is_file()
    files = generated_files(registry) if is_checkout else staging_files(registry)
    stale = [
        path
        for path, text in files.items()
        if not (project / path).is_file() or (project / path).read_text() != text
    ]
    present = (str(p.relative_to(project)) for pattern in OWNED for p in project.glob(pattern))
    return sorted(stale) + sorted(path for path in present if path not in files)
