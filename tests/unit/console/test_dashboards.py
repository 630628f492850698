"""Dashboards as files: none at all is said, not shown as an empty console."""

from __future__ import annotations

from pathlib import Path

import pytest

from rastup.console.cards.definition import load_dashboards
from rastup.core.errors import ConfigError


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_without_dashboards_is_a_wrong_installation(tmp_path: Path, is_there: bool) -> None:
    root = tmp_path / "dashboards"
    if is_there:
        root.mkdir()
        (root / "readme.md").write_text("nothing")
    with pytest.raises(ConfigError, match=r"dashboards: no dashboards here"):
        load_dashboards(root)
