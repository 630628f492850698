"""Ports, against a listener of the operating system's."""

import socket

import pytest

from rastup.cli.ports import require_free_port
from rastup.core.errors import Unavailable


def test_a_taken_port_is_refused_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"--port: 127\.0\.0\.1:{port} .*choose another port"):
            require_free_port("127.0.0.1", port, "--port")
