"""A home in which nothing can be written, below a file, where not even root can make a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rastup.cli.main import main
from rastup.core.errors import Unavailable
from rastup.state.leases import Lease


@pytest.mark.parametrize(
    "command", ["status", "keys list", "quarantine list", "up --port 0 --console-port 0"]
)
def test_a_home_that_cannot_be_written_is_named_with_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    monkeypatch.setattr(sys, "argv", ["rastup", "--home", str(home), *command.split()])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 3
    assert capsys.readouterr().err == (
        f"rastup: {home}/state: cannot be written (Not a directory); "
        "set RASTUP_HOME or --home to a folder that can be written.\n"
    )


def test_a_lease_that_cannot_be_written_is_unavailable_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    with (
        pytest.raises(Unavailable, match=r"run: cannot be written \(.*set RASTUP_HOME or --home"),
        Lease(tmp_path / "run" / "up.lease", purpose="rastup up"),
    ):
        pass
