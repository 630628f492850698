"""Where links may lead: addresses that fooled others, and a second parser as the judge."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rastup.core.errors import ConfigError
from rastup.ingest.redirect.targets import Targets

TARGETS = Targets(("rastup.com", "*.rastup.com", "http://localhost:3000"))


@pytest.mark.parametrize(
    "target",
    [
        "https://rastup.com",
        "https://rastup.com/",
        "https://rastup.com:443/a",
        "https://www.rastup.com/a/b?c=d&e=%20#f",
        "https://a.b.rastup.com?x=https://evil.example/",
        "https://rastup.com/@evil.example",
        "http://localhost:3000/a",
    ],
)
def test_what_is_on_the_list_is_allowed(target: str) -> None:
    assert TARGETS.allows(target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "/",
        "//evil.example",
        "//rastup.com",
        "///rastup.com",
        "https:rastup.com",
        "https:/rastup.com",
        "https:///rastup.com",
        "http://rastup.com/",
        "https://rastup.com:8443/",
        "https://evil.example/",
        "https://rastup.com.evil.example/",
        "https://evilrastup.com/",
        "https://rastup.com@evil.example/",
        "https://rastup.com:443@evil.example/",
        "https://user:pass@rastup.com/",
        "https://evil.example#@rastup.com",
        "https://evil.example?@rastup.com",
        "https://evil.example\\@rastup.com",
        "https://rastup.com\\@evil.example",
        "https://rastup.com\\.evil.example",
        "https://evil.example%2f@rastup.com",
        "https://rastup.com%2eevil.example",
        "https://rastup.com%00.evil.example",
        "https://rastup.com\x00.evil.example",
        "https://rastup.com/\r\nset-cookie: a=b",
        "https://rastup.com/\n",
        "https://rastup.com\t.evil.example",
        " https://rastup.com/",
        "https://rastup.com/ x",
        "https://rastup.com./",
        "https://rastup.com:0443/",
        "https://rastup.com:/",
        "https://rastup。com/",
        "https://ｒastup.com/",
        "https://rastup.com。evil.example/",
        "https://RASTUP.com/",
        "HTTPS://rastup.com/",
        "javascript:alert(1)//rastup.com",
        "data:text/html,rastup.com",
        "https://[::1]/",
        "https://127.0.0.1/",
        "http://localhost:3001/",
        "https://localhost:3000/",
        'https://rastup.com/"onclick',
        "https://rastup.com/<script>",
        "https://rastup.com/ä",
        "https://rastup.com/" + "a" * 1100,
    ],
)
def test_what_is_not_is_refused(target: str) -> None:
    assert not TARGETS.allows(target)


@settings(deadline=None)
@given(
    st.from_regex(
        r"(https?:)?[/\\]{0,3}([a-z.@:#?\\]{0,8})(rastup\.com|evil\.example)[a-z.@:#?/\\%]{0,12}(rastup\.com)?",
        fullmatch=True,
    )
)
def test_what_is_allowed_leads_to_an_allowed_host_for_another_parser_too(target: str) -> None:
    if TARGETS.allows(target):
        parts = urlsplit(target)
        assert parts.scheme == "https" and parts.username is None and parts.port in (None, 443)
        assert parts.hostname is not None
        assert parts.hostname == "rastup.com" or parts.hostname.endswith(".rastup.com")


def test_only_what_is_below_a_star() -> None:
    below = Targets(("*.rastup.com",))
    assert below.allows("https://a.rastup.com/") and not below.allows("https://rastup.com/")


def test_an_empty_list_allows_nothing() -> None:
    assert not Targets(()).allows("https://rastup.com/")


@pytest.mark.parametrize("entry", ["*", "*.*", "https://", "rastup.com/path", "a b", "ftp://x.org", "r*.com"])
def test_an_entry_that_is_no_host_is_named(entry: str) -> None:
    with pytest.raises(ConfigError, match=r"redirect\.targets"):
        Targets((entry,))
