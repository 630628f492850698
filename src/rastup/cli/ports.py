"""Ports that a server is about to listen on."""

from __future__ import annotations

import socket

from rastup.core.errors import Unavailable


def require_free_port(host: str, port: int, setting: str) -> None:
    """Refuses to start on a port that somebody listens on.

    Raises:
        Unavailable: names the port and the setting that chooses another.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(
                f"{setting}: {host}:{port} cannot be used ({error.strerror}). "
                "Stop what listens there, or choose another port."
            ) from error
