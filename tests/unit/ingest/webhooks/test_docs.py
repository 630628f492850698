"""The guide names every setting, and every type and event of the mappings: these are its oracle."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

from rastup.core.config import WebhooksConfig
from rastup.ingest.webhooks.mapping import ProviderMapping
from rastup.ingest.webhooks.reception import ROUTES

GUIDE = (Path(__file__).parents[4] / "docs" / "webhooks.md").read_text()


def _words() -> set[str]:
    """Every code word of the guide; `.x` after `a.b` stands for `a.x`."""
    words: set[str] = set()
    for line in GUIDE.splitlines():
        stem = ""
        for word in re.findall(r"`([^`]+)`", line):
            if word.startswith("."):
                words.add(stem + word)
            else:
                stem = word.rpartition(".")[0]
                words.add(word)
    return words


def test_the_guide_names_every_setting_and_route() -> None:
    words = _words()
    assert [f.name for f in dataclasses.fields(WebhooksConfig) if f.name not in words] == []
    assert [route for route in ROUTES if f"POST {route}" not in words] == []


def test_the_guide_names_every_type_and_every_event_that_it_becomes(
    mappings: Mapping[str, ProviderMapping],
) -> None:
    words = _words()
    for mapping in mappings.values():
        assert [kind for kind in mapping.rules if kind not in words] == []
        made = {rule.event for rules in mapping.rules.values() for rule in rules}
        assert sorted(made - words) == []
