"""What docs/redirect.md promises is true: its commands run, and it names every setting and outcome."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration.redirect.conftest import Links

from rastup.contracts.registry import load_registry
from rastup.core.config import RedirectConfig
from rastup.ingest.redirect import endpoint, tokens, visitors
from rastup.ingest.redirect.minting import clicks

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "redirect.md").read_text()


def test_the_commands_end_as_the_page_says(links: Links) -> None:
    script, said = re.findall(r"```(?:bash|text)\n(.*?)```", PAGE, re.DOTALL)[:2]
    environ = {**os.environ, "COLLECTOR": links.collector.url, "RASTUP_HOME": str(links.collector.home)}
    shell = f'rastup() {{ {sys.executable} -m rastup "$@"; }}\n{script}'
    done = subprocess.run(["bash", "-c", shell], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == said


def test_the_python_makes_a_link_that_works(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    monkeypatch.setenv("RASTUP_HOME", str(links.collector.home))
    names: dict[str, object] = {}
    exec(compile(found[1], "redirect.md", "exec"), names)
    assert links.follow(str(names["token"])).headers["location"] == "https://rastup.com/alerts"


def test_every_setting_event_and_outcome_is_on_the_page() -> None:
    words = set(re.findall(r"`([^`\n]+)`", PAGE))
    assert {field.name for field in dataclasses.fields(RedirectConfig)} <= words
    assert set(clicks(load_registry())) <= words
    refusals = {tokens.FORGED, tokens.EARLY, tokens.EXPIRED, tokens.REPLAYED, tokens.ELSEWHERE}
    assert refusals | {visitors.PERSON, visitors.PROGRAM, visitors.AHEAD, visitors.HEAD} <= words
    assert {endpoint.UNCHECKED, endpoint.UNRECORDED} <= words
