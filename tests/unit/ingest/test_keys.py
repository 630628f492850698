"""Names of sources: the collector's own is no sender's."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rastup.cli.import_ import import_
from rastup.core.errors import UsageError
from rastup.ingest.keys import PUBLISHABLE, REDIRECT, create_key, is_source, list_keys
from rastup.state.database import open_state


@pytest.mark.parametrize("name", [REDIRECT, "", "Web", "redirect ", "x" * 65, "a/b"])
def test_no_key_is_made_for_a_name_that_is_not_a_sender_s(tmp_path: Path, name: str) -> None:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    with pytest.raises(UsageError, match="collector's own"):
        create_key(engine, source=name, env="prod")
    assert list_keys(engine) == []


@pytest.mark.parametrize("name", [REDIRECT, "a/b"])
def test_nothing_is_imported_under_such_a_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text("{}\n")
    home = tmp_path / "home"
    told = CliRunner().invoke(import_, [str(file), "--source", name, "--home", str(home)])
    assert isinstance(told.exception, UsageError) and "collector's own" in str(told.exception)
    assert not home.exists()


@pytest.mark.parametrize("name", ["web", "redirects", "my.redirect", "x" * 64])
def test_other_names_are_taken(name: str) -> None:
    assert is_source(name)


@pytest.mark.parametrize(
    "origin", ["shop.example", "https://a.b/c", "https://a.b?x", "https://u@a.b", "https://", "https://a.b:x"]
)
def test_no_key_is_made_for_an_origin_that_no_browser_says(tmp_path: Path, origin: str) -> None:
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    with pytest.raises(UsageError, match="scheme and a host, and nothing after them"):
        create_key(engine, source="web", env="prod", kind=PUBLISHABLE, origins=(origin,))
    assert list_keys(engine) == []


def test_an_origin_is_kept_as_browsers_say_it(tmp_path: Path) -> None:
    """Fetch standard: scheme and host in lower case, no slash at the end."""
    engine = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    create_key(
        engine, source="web", env="prod", kind=PUBLISHABLE, origins=("https://Shop.Example:8443/", "*")
    )
    assert [key.origins for key in list_keys(engine)] == [("https://shop.example:8443", "*")]
