"""Ports that a server is about to listen on."""

from __future__ import annotations

import contextlib
import socket

from rastup.core.errors import LeaseHeld, Unavailable
from rastup.core.paths import Home
from rastup.state.leases import Holder, holder_of


def require_free_port(host: str, port: int, setting: str, option: str, home: Home) -> None:
    """Refuses to start on a port that somebody listens on.

    Raises:
        Unavailable: names the port, its setting, the option that chooses another, and a `rastup up` of this home.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            holder = _who_is_up(home)
            raise Unavailable(
                f"{setting}: {host}:{port} cannot be used ({error.strerror}). "
                + (f"{_already(holder)}. " if holder else "")
                + f"Stop what listens there, or choose another port with {option}."
            ) from error


def require_not_up(home: Home) -> None:
    """Refuses a second `rastup up` of one home, whatever its ports.

    Raises:
        LeaseHeld: names the process.
    """
    if holder := _who_is_up(home):
        raise LeaseHeld(f"{_already(holder)}: {home.root}. `rastup status` shows it; Ctrl-C there stops it.")


def _who_is_up(home: Home) -> Holder | None:
    with contextlib.suppress(OSError):  # a home that cannot be read is said of what is needed from it
        return holder_of(home.run / "up.lease")
    return None


def _already(holder: Holder) -> str:
    return f"RastUp already runs from this folder (process {holder.pid})"
