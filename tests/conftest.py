"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from rastup.core.config import Settings, load

# No example has a time to keep, because machines differ. The same examples in every run: a failure stands for the change
# that brought it; `HYPOTHESIS_PROFILE=searching` draws others.
_UNTIMED = hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
hypothesis_settings.register_profile("repeatable", _UNTIMED, derandomize=True)
hypothesis_settings.register_profile("searching", _UNTIMED)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

SHARED_FIXTURES = Path(__file__).resolve().parents[2] / "shared" / "fixtures"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("RASTUP_"):
            monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of an empty deployment."""
    return load(tmp_path / "home", environ={})


def shared_fixture(*parts: str) -> Path:
    """A public fixture's path; the test is skipped, with a word, where it is absent."""
    path = SHARED_FIXTURES.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"public fixture {'/'.join(parts)} is not beside the checkout")
    return path
