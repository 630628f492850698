"""Results: what was measured against what was promised, one JSON file a benchmark and one table of all."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import machine

FOLDER = Path(__file__).parent / "results"
TABLE = FOLDER / "README.md"


@dataclass(frozen=True)
class Figure:
    """One measured number and its bounds.

    Attributes:
        name: what was measured.
        value: in `unit`.
        at_least, at_most: the promise, when there is one.
    """

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_kept(self) -> bool | None:
        """Whether the promise is kept; None without one."""
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    @property
    def promise(self) -> str:
        """The bounds as people write them."""
        parts = (("≥", self.at_least), ("≤", self.at_most))
        return ", ".join(f"{sign} {number(bound)}" for sign, bound in parts if bound is not None)


@dataclass(frozen=True)
class Result:
    """What one benchmark came to.

    Attributes:
        figures: for the table.
        details: everything else that was seen, as JSON.
        notes: what could not be measured and why.
    """

    figures: tuple[Figure, ...]
    details: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def write(name: str, result: Result, settings: dict[str, Any], *, was_busy: bool) -> Path:
    """Writes `<name>.json` and the table anew.

    Args:
        name: of the benchmark.
        result: of it.
        settings: it ran with.
        was_busy: others used the machine when it began.
    """
    document = {
        "benchmark": name,
        "machine": machine.describe(),
        "was_busy": was_busy,
        "settings": settings,
        "figures": [
            {**asdict(figure), "value": round(figure.value, 3), "is_kept": figure.is_kept}
            for figure in result.figures
        ],
        "notes": list(result.notes),
        "details": result.details,
    }
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    TABLE.write_text(table(json.loads(one.read_text()) for one in sorted(FOLDER.glob("*.json"))))
    return path


def table(documents: Iterable[dict[str, Any]]) -> str:
    """All results as one Markdown page."""
    lines = ["# Results", "", "Written by `python -m benchmarks`; `../README.md` says how to read them.", ""]
    for document in documents:
        lines += [*_section(document), ""]
    return "\n".join(lines)


def _section(document: dict[str, Any]) -> list[str]:
    about = document["machine"]
    ran = ", ".join(f"{key} {value}" for key, value in document["settings"].items())
    lines = [
        f"## {document['benchmark']}",
        "",
        f"{about['date_utc']} UTC, commit {about['commit']}, {about['cpu']}, {about['cores']} cores, "
        f"{about['memory_gb']} GB. {ran}.",
    ]
    if document["was_busy"]:
        lines.append("**Others used the machine meanwhile: only the CPU figures say something.**")
    lines += [f"*{note}*" for note in document["notes"]]
    lines += ["", "| | measured | promised | |", "|---|---:|---:|---|"]
    for entry in document["figures"]:
        figure = Figure(**{key: value for key, value in entry.items() if key != "is_kept"})
        kept = {True: "kept", False: "**missed**", None: ""}[figure.is_kept]
        lines.append(f"| {figure.name} | {number(figure.value)} {figure.unit} | {figure.promise} | {kept} |")
    return lines


def number(value: float) -> str:
    """With as many digits as say something."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.3g}"
