"""By which hosts the console may be asked."""

from __future__ import annotations

import ipaddress

from rastup.core.config import ConsoleConfig
from rastup.core.errors import ConfigError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def hosts_of(console: ConsoleConfig) -> frozenset[str]:
    """What a request may name as its host, IPv6 addresses in brackets, ports left out.

    Raises:
        ConfigError: others can reach the console, and nothing says by which host.
    """
    if is_open(console) and not console.allowed_hosts:
        raise ConfigError(
            f"console.host = {console.host} lets others reach the console, which has no log-in: whoever reaches it sees "
            "everything and may repair. Name in console.allowed_hosts the names or addresses that they use, or leave "
            "console.host at 127.0.0.1."
        )
    named = {str(ipaddress.ip_address(console.host)), *console.allowed_hosts}
    return LOOPBACK | {f"[{host}]" if ":" in host else host for host in named}


def is_open(console: ConsoleConfig) -> bool:
    """Whether it listens on more than this machine's own address."""
    return not ipaddress.ip_address(console.host).is_loopback
