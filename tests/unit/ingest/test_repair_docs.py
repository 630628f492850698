"""What `docs/quarantine.md` shows is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rastup.cli.quarantine import quarantine
from rastup.core.errors import UsageError
from rastup.ingest.repair.casts import KINDS
from rastup.ingest.repair.document import read, short_step, step_of

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "quarantine.md").read_text()


def test_the_document_shown_is_a_repair() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    repair = read(shown)
    assert repair.filters.event == "search.qwery" and len(repair.steps) == 2


def test_every_step_and_flag_is_in_the_table_and_works_as_written() -> None:
    rows = re.findall(r"^\| `--([\w-]+) ([^`]+)` \| `(.+?)` \|", TEXT, re.MULTILINE)
    with pytest.raises(UsageError) as told:
        step_of("shuffle", "")
    allowed = str(told.value).partition("allowed: ")[2].rstrip(".").split(", ")
    assert sorted("event" if flag == "event-name" else flag for flag, *_ in rows) == sorted(allowed)
    for flag, text, document in rows:
        kind = "event" if flag == "event-name" else flag
        assert (short_step(kind, text),) == read(f"steps:\n  - {document}").steps
    for kind in KINDS:
        assert kind in TEXT


def test_every_command_shown_is_one() -> None:
    shown = re.findall(r"rastup quarantine ([a-z]+)((?:[^`\n]|\\\n)*)", TEXT)
    assert {name for name, _ in shown} <= set(quarantine.commands)
    for name, rest in shown:
        known = {option for p in quarantine.commands[name].params for option in p.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known
