"""Drills write what they found to `benchmarks/results/drills/`, so that the figures are kept."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def results() -> Path:
    """The folder of the drills' results."""
    folder = Path(__file__).resolve().parents[2] / "benchmarks" / "results" / "drills"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
