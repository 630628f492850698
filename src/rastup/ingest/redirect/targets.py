"""Where links may lead: a list of hosts, and a form of address that every browser reads alike."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rastup.core.errors import ConfigError

LONGEST = 1024
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
_ADDRESS = re.compile(
    # No user, no backslash, no blank, no control character, nothing but ASCII: what browsers and parsers read in two ways.
    rf"(?P<scheme>https?)://(?P<host>{_HOST})(?::(?P<port>[1-9][0-9]{{0,4}}))?"
    r"(?:[/?#][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?",
    re.ASCII,
)
_ENTRY = re.compile(
    rf"(?:(?P<scheme>https?)://)?(?P<below>\*\.)?(?P<host>{_HOST})(?::(?P<port>[1-9][0-9]{{0,4}}))?", re.ASCII
)
_PORTS = {"https": "443", "http": "80"}
Origin = tuple[str, str, str]
"""Scheme, host, port."""


class Targets:
    """The allow list.

    Args:
        allowed: hosts (`rastup.com`), hosts below one (`*.rastup.com`), origins (`http://localhost:3000`).

    Raises:
        ConfigError: names the entry that is none of these.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        self._exact: set[Origin] = set()
        self._below: set[Origin] = set()
        for entry in allowed:
            found = _ENTRY.fullmatch(entry.lower().rstrip("/"))
            if found is None:
                raise ConfigError(
                    f"redirect.targets: {entry[:100]!r} is not allowed; give a host (rastup.com), hosts below one "
                    "(*.rastup.com) or an origin (http://localhost:3000)."
                )
            (self._below if found["below"] else self._exact).add(_origin(found))

    def allows(self, target: str) -> bool:
        """Whether a link may lead there."""
        if len(target) > LONGEST or (found := _ADDRESS.fullmatch(target)) is None:
            return False
        scheme, host, port = _origin(found)
        if (scheme, host, port) in self._exact:
            return True
        parts = host.split(".")
        return any((scheme, ".".join(parts[n:]), port) in self._below for n in range(1, len(parts)))


def _origin(found: re.Match[str]) -> Origin:
    scheme = found["scheme"] or "https"
    return scheme, found["host"], found["port"] or _PORTS[scheme]
