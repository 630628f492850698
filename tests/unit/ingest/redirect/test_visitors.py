"""Who asks for a link, by headers that browsers and programs really send."""

from __future__ import annotations

import pytest

from rastup.ingest.redirect.visitors import AHEAD, HEAD, PERSON, PROGRAM, visitor

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize("agent", [FIREFOX, PHONE])
def test_browsers_are_people(agent: str) -> None:
    assert visitor("GET", {"user-agent": agent}) == PERSON


@pytest.mark.parametrize(
    "agent",
    [
        None,
        "",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0",
        "curl/8.5.0",
        "python-requests/2.32.3",
    ],
)
def test_programs_are_told_apart(agent: str | None) -> None:
    headers = {} if agent is None else {"user-agent": agent}
    assert visitor("GET", headers) == PROGRAM


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch;anonymous-client-ip"),
        ("purpose", "prefetch"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
    ],
)
def test_browsers_that_look_ahead_are_told_apart(name: str, value: str) -> None:
    assert visitor("GET", {"user-agent": FIREFOX, name: value}) == AHEAD


def test_head_asks_for_nothing() -> None:
    assert visitor("HEAD", {"user-agent": FIREFOX}) == HEAD
