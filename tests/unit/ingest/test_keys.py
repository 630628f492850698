"""Names of sources: the collector's own is no sender's."""

from __future__ import annotations

from pathlib import Path

import pytest

from rastup.core.errors import UsageError
from rastup.ingest.keys import REDIRECT, create_key, is_source, list_keys
from rastup.state.database import open_state


@pytest.mark.parametrize("name", [REDIRECT, "", "Web", "redirect ", "x" * 65, "a/b"])
def test_no_key_is_made_for_a_name_that_is_not_a_sender_s(tmp_path: Path, name: str) -> None:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    with pytest.raises(UsageError, match="collector's own"):
        create_key(engine, source=name, env="prod")
    assert list_keys(engine) == []


@pytest.mark.parametrize("name", ["web", "redirects", "my.redirect", "x" * 64])
def test_other_names_are_taken(name: str) -> None:
    assert is_source(name)
