"""Ports, against a listener of the operating system's; a running `rastup up`, against its lease."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from rastup.cli.ports import require_free_port, require_not_up
from rastup.core.errors import LeaseHeld, Unavailable
from rastup.core.paths import Home
from rastup.state.leases import Lease


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_refused_before_anything_starts(taken: int, tmp_path: Path) -> None:
    with pytest.raises(
        Unavailable, match=rf"^ingest\.port: 127\.0\.0\.1:{taken} .*choose another port with --port\.$"
    ) as refused:
        require_free_port("127.0.0.1", taken, "ingest.port", "--port", Home(tmp_path))
    assert "already runs" not in str(refused.value)


def test_what_runs_from_this_folder_is_named_with_its_process(taken: int, tmp_path: Path) -> None:
    home = Home(tmp_path)
    says = rf"RastUp already runs from this folder \(process {os.getpid()}\)"
    require_not_up(home)
    with Lease(home.run / "up.lease", purpose="rastup up"):
        with pytest.raises(Unavailable, match=says):
            require_free_port("127.0.0.1", taken, "ingest.port", "--port", home)
        with pytest.raises(LeaseHeld, match=f"^{says}"):
            require_not_up(home)
    require_not_up(home)


def test_a_home_that_is_no_folder_hides_no_taken_port(taken: int, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match=r"ingest\.port"):
        require_free_port("127.0.0.1", taken, "ingest.port", "--port", Home(tmp_path / "file"))
