"""Addresses of collectors."""

import pytest

from rastup.core.errors import UsageError
from rastup.ingest.sending import Sender


@pytest.mark.parametrize(
    "url",
    ["", "collector:8700", "ftp://host", "http://", "http://[::1", "http://host:99999999", "http:///path"],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(UsageError, match="give an address such as"):
        Sender(url, "key")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8700", "https://collect.example/", "http://[::1]:8700"])
def test_addresses_are_taken(url: str) -> None:
    assert Sender(url, "key").sent.accepted == 0
