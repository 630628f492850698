"""Who may ask the console, by the host that a request names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rastup.cli.main import main
from rastup.console.app import create_app
from rastup.console.hosts import hosts_of
from rastup.core.config import load
from rastup.core.errors import ConfigError

OPEN = {
    "RASTUP_CONSOLE__HOST": "0.0.0.0",
    "RASTUP_CONSOLE__ALLOWED_HOSTS": "Console.Example.com, 10.1.2.3, [FD00:0::5]",
}


def status_of(home: Path, environ: dict[str, str], host: str, method: str = "GET") -> int:
    app = create_app(load(home, environ=environ))
    with TestClient(app, base_url="http://localhost") as client:
        headers = {"Host": host, "Origin": f"http://{host}"}
        return client.request(method, "/health/live", headers=headers).status_code


@pytest.mark.parametrize(
    "host",
    [
        "console.example.com",
        "CONSOLE.example.com:8701",
        "10.1.2.3:80",
        "[fd00::5]:8701",
        "localhost",
        "127.0.0.1:8701",
    ],
)
def test_whom_the_setting_names_and_this_machine_are_answered(tmp_path: Path, host: str) -> None:
    assert status_of(tmp_path, OPEN, host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "console.example.com.evil.example",
        "evil-console.example.com",
        "10.1.2.4",
        "example.com",
        "*",
    ],
)
def test_a_name_that_somebody_has_pointed_here_is_refused(tmp_path: Path, host: str) -> None:
    assert status_of(tmp_path, OPEN, host) == 421
    assert status_of(tmp_path, OPEN, host, "POST") == 421


def test_an_address_of_this_machine_is_answered_by_it(tmp_path: Path) -> None:
    environ = {"RASTUP_CONSOLE__HOST": "fd00:0::5", "RASTUP_CONSOLE__ALLOWED_HOSTS": "console.example.com"}
    assert status_of(tmp_path, environ, "[fd00::5]:8701") == 200


def test_behind_a_proxy_of_this_machine_a_name_is_enough(tmp_path: Path) -> None:
    assert (
        status_of(tmp_path, {"RASTUP_CONSOLE__ALLOWED_HOSTS": "console.example.com"}, "console.example.com")
        == 200
    )
    assert status_of(tmp_path, {}, "console.example.com") == 421


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3"])
def test_a_console_that_others_reach_needs_the_host_that_they_use(tmp_path: Path, host: str) -> None:
    console = load(tmp_path, environ={"RASTUP_CONSOLE__HOST": host}).console
    with pytest.raises(ConfigError, match=r"no log-in: .* Name in console\.allowed_hosts .* or leave"):
        hosts_of(console)


@pytest.mark.parametrize(
    "command", [("up", "--port", "0", "--console-port", "0"), ("console", "serve", "--port", "0")]
)
def test_it_does_not_start_without_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
) -> None:
    monkeypatch.setattr(sys, "argv", ["rastup", *command, "--home", str(tmp_path)])
    monkeypatch.setenv("RASTUP_CONSOLE__HOST", "0.0.0.0")
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("rastup: console.host = 0.0.0.0 lets others reach the console")
