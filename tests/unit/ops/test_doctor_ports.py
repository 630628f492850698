"""What `rastup doctor` finds of ports, against a listener of the operating system's."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from rastup.core.config import IngestConfig, Settings
from rastup.ops.doctor import GOOD, WARN, Finding, examine


def found(settings: Settings, host: str, port: int) -> Finding:
    findings = examine(replace(settings, ingest=IngestConfig(host=host, port=port)))
    return next(finding for finding in findings if finding.check == "collector port")


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_a_port_of_an_ipv6_address_is_looked_at_like_any_other(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6) as listener:
        listener.bind(("::1", 0))
        port = listener.getsockname()[1]
        assert found(settings, "::1", port) == Finding("collector port", GOOD, f"[::1]:{port} is free")
        listener.listen()
        taken = found(settings, "::1", port)
        assert (taken.state, taken.found) == (WARN, f"[::1]:{port} is in use")
