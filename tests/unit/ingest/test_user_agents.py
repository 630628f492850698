"""User agents against the tests of uap-core and the examples of crawler-user-agents."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import shared_fixture

from rastup.contracts.mapping import hashed
from rastup.contracts.registry import load_registry
from rastup.ingest.user_agents import LONGEST_KEPT, AgentFields, describe, read

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.5 Mobile/15E148 Safari/604.1"
)


def _agents() -> list[dict[str, Any]]:
    return [json.loads(line) for line in shared_fixture("ua", "bots.jsonl").read_text().splitlines()]


def test_every_listed_crawler_is_a_bot_and_no_person_is() -> None:
    wrong = [agent["ua"] for agent in _agents() if read(agent["ua"]).is_bot is not agent["bot"]]
    assert not wrong


def test_systems_are_named_as_uap_core_names_them() -> None:
    cases = json.loads(shared_fixture("ua", "uap_test_os.json").read_text())
    wrong = [c for c in cases if (read(c["user_agent_string"]).os or "Other") != c["family"]]
    assert len(cases) > 200
    assert not wrong


@pytest.mark.parametrize(
    ("agent", "os", "device_class"),
    [
        (IPHONE, "iOS", "mobile"),
        (
            "Mozilla/5.0 (iPad; CPU OS 12_5_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
            "iOS",
            "tablet",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/131.0.0.0 Mobile Safari/537.36",
            "Android",
            "mobile",
        ),
        (
            "Mozilla/5.0 (Linux; Android 9; CUBOT_NOVA) Chrome/96.0.4664.45 Mobile Safari/537.36",
            "Android",
            "mobile",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36", "Windows", "desktop"),
        ("Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15", None, "console"),
        ("curl/8.5.0", "", "bot"),
        ("", "", ""),
    ],
)
def test_classes_of_devices(agent: str, os: str | None, device_class: str) -> None:
    told = read(agent)
    assert told.device_class == device_class
    assert os is None or told.os == os


@given(st.text(max_size=2_000))
def test_any_text_can_be_read_and_only_its_hash_is_kept(agent: str) -> None:
    told = read(agent)
    assert told.ua_hash == hashed(agent)
    assert len(told.os) <= 64


def test_a_long_user_agent_does_not_fill_the_memory() -> None:
    long = IPHONE + " x" * LONGEST_KEPT
    assert read(long) == read(long)
    assert read(long) is not read(long)
    assert read(IPHONE) is read(IPHONE)


def test_a_message_says_its_user_agent_where_its_dialect_does() -> None:
    fields = AgentFields(load_registry().root)
    messages = {
        "web": {"device": {"ua": IPHONE}},
        "segment": {"context": {"userAgent": IPHONE}},
        "posthog": {"properties": {"$raw_user_agent": IPHONE}},
        "snowplow": {"ua": IPHONE},
    }
    assert {dialect for dialect, message in messages.items() if fields.of(dialect, message)} == set(messages)
    assert fields.of("domain", messages["web"]) is None
    assert fields.of("web", {"device": "x"}) is None
    assert fields.of("web", {"device": {"ua": 7}}) is None


def test_what_a_record_says_itself_stands() -> None:
    record = {"context": {"device_class": "tv"}, "device": {"os": "webOS"}}
    describe(record, read(IPHONE))
    assert record == {
        "context": {"device_class": "tv"},
        "device": {"os": "webOS", "ua_hash": hashed(IPHONE)},
    }
