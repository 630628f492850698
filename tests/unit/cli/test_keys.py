"""`rastup keys`: what is destroyed is said before, and only then done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from rastup.cli.keys import keys
from rastup.core.config import Settings
from rastup.core.errors import UsageError
from rastup.ingest.keys import create_key, list_keys
from rastup.state.database import open_state


def revoked(settings: Settings, *arguments: str) -> dict[str, Any]:
    home = ("--home", str(settings.home.root), "--output", "json")
    answer = CliRunner().invoke(keys, ["revoke", *arguments, *home], catch_exceptions=False)
    found: dict[str, Any] = json.loads(answer.output)
    return found


def test_a_dry_run_says_which_key_it_is_and_leaves_it_as_it_was(settings: Settings) -> None:
    engine = open_state(settings.state_url)
    other, key = (create_key(engine, source=name, env="prod").record for name in ("ios", "web"))
    said = revoked(settings, key.key_id, "--dry-run")
    assert (said["key_id"], said["source"], said["revoked_at"], said["dry_run"]) == (
        key.key_id,
        "web",
        None,
        True,
    )
    assert {key.revoked_at for key in list_keys(engine)} == {None}

    done = revoked(settings, key.key_id)
    assert done["revoked_at"] and not done["dry_run"]
    assert {key.key_id: key.revoked_at for key in list_keys(engine)} == {
        other.key_id: None,
        key.key_id: done["revoked_at"],
    }


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_a_key_that_there_is_not_is_no_success(settings: Settings, option: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"no key 'key_x'; `rastup keys list` shows them"):
        revoked(settings, "key_x", *option)
