"""What a slip on the command line is answered with."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from rastup.cli.main import main

RASTUP = [sys.executable, "-m", "rastup"]


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Standard error of a command that is used wrongly."""
    monkeypatch.setattr(sys, "argv", ["rastup", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["sqll"], "rastup: no such command 'sqll'; did you mean sql? See `rastup --help`."),
        (["xyzzy"], "rastup: no such command 'xyzzy'. See `rastup --help`."),
        (
            ["keys", "craete"],
            "rastup: no such command 'craete'; did you mean create? See `rastup keys --help`.",
        ),
        (["up", "--once"], "rastup: --once goes with --demo. See `rastup up --help`."),
        (
            ["up", "--port", "18790", "--console-port", "18790"],
            "rastup: collector and console cannot both listen on port 18790; give --port or --console-port another one.",
        ),
        (["quarantine", "show"], "rastup: Missing argument 'BAD_ID'. See `rastup quarantine show --help`."),
    ],
)
def test_a_slip_is_answered_in_one_line_that_says_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], answer: str
) -> None:
    assert said(monkeypatch, capsys, *arguments) == answer + "\n"


def test_options_and_values_that_are_none_take_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["sql", "--outptu", "json"], ["sql", "--output", "yaml"], ["up", "--port", "x"]):
        line = said(monkeypatch, capsys, *arguments)
        assert line.startswith("rastup: ") and line.count("\n") == 1 and arguments[1] in line


def test_a_group_alone_still_shows_its_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Commands:\n" in said(monkeypatch, capsys, "quarantine")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the machine has no /dev/full")
@pytest.mark.parametrize("output", ["table", "json"])
def test_a_result_that_finds_no_room_is_no_success(output: str) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*RASTUP, "contracts", "list", "--output", output],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (3, b"rastup: the output: No space left on device\n")


def test_whoever_closes_the_standard_streams_finds_no_output_in_files(tmp_path: Path) -> None:
    """The state database would be opened as standard output, and be written into."""
    command = shlex.join([*RASTUP, "keys", "list", "--home", str(tmp_path)])
    assert subprocess.run(["sh", "-c", f"{command} <&- >&- 2>&-"], check=False).returncode == 0
    again = subprocess.run(
        [*RASTUP, "keys", "list", "--home", str(tmp_path), "--output", "json"],
        capture_output=True,
        check=False,
    )
    assert (again.returncode, again.stdout, again.stderr) == (0, b"[]\n", b"")
    assert all(b"(nothing)" not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
