"""Settings: precedence, and refusals that name source, key, value and what is allowed."""

import dataclasses
import ipaddress
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rastup.core.config import PARTS, Settings, known_keys, load
from rastup.core.errors import ConfigError


def test_flags_win_over_environment_over_file_over_defaults(tmp_path: Path) -> None:
    (tmp_path / "rastup.toml").write_text("[ingest]\nport = 1\nworkers = 5\nhost = '0.0.0.0'\n")
    found = load(
        tmp_path,
        environ={"RASTUP_INGEST__PORT": "2", "RASTUP_INGEST__WORKERS": "6"},
        overrides={"ingest.port": 3},
    )
    assert (found.ingest.port, found.ingest.workers, found.ingest.host, found.console.port) == (
        3,
        6,
        "0.0.0.0",
        8701,
    )
    assert found.origin["ingest.port"] == "flag"
    assert found.origin["ingest.workers"] == "RASTUP_INGEST__WORKERS"
    assert found.origin["ingest.host"] == str(tmp_path / "rastup.toml")
    assert "console.port" not in found.origin


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        (
            {"RASTUP_INGEST__PORT": "70000"},
            r"RASTUP_INGEST__PORT: ingest\.port = '70000' .* port from 0 to 65535",
        ),
        ({"RASTUP_INGEST__PORT": "eight"}, r"ingest\.port = 'eight'"),
        ({"RASTUP_SPOOL__MAX_BYTES": "-1"}, r"spool\.max_bytes = '-1' .* whole number"),
        ({"RASTUP_BRONZE__S3_PATH_STYLE": "maybe"}, r"true or false"),
        (
            {"RASTUP_INGEST__PROT": "1"},
            r"unknown setting 'ingest\.prot'; did you mean ingest\.port\? Otherwise allowed: .*ingest\.host",
        ),
        ({"RASTUP_INGEST__WORKERS": "0"}, r"whole number ≥ 1"),
        ({"RASTUP_BRONZE__QUARANTINE_KEEP_DAYS": "99999999"}, r"a whole number from 0 to 36500"),
        ({"RASTUP_BRONZE__QUARANTINE_KEEP_DAYS": "-1"}, r"a whole number from 0 to 36500"),
        ({"RASTUP_LAKE__MARTS_ENV": "x'y"}, r"dev, stage or prod"),
        ({"RASTUP_LAKE__WAREHOUSE": "ftp://x"}, r"s3://bucket"),
        ({"RASTUP_BRONZE__URL": "/var/bronze"}, r"file:///"),
        ({"RASTUP_BRONZE__URL": "s3://"}, r"s3://bucket"),
        ({"RASTUP_INGEST__HOST": "999.1.1.1"}, r"an IP address"),
        ({"RASTUP_CONSOLE__ALLOWED_HOSTS": "a.example,b.example:80"}, r"host names and IP addresses without"),
        ({"RASTUP_CONSOLE__ALLOWED_HOSTS": "*"}, r"host names and IP addresses without ports"),
        ({"RASTUP_CONSOLE__ALLOWED_HOSTS": "http://a.example"}, r"for example console\.example\.com"),
        ({"RASTUP_CONSOLE__ALLOWED_HOSTS": "[fd00::g]"}, r"host names and IP addresses without ports"),
        ({"RASTUP_INGEST__TRUSTED_PROXIES": "10.0.0.1,proxy"}, r"a list of IP addresses"),
        ({"RASTUP_PIPELINE__LEASE_WAIT_S": "nan"}, r"a number ≥ 0"),
        ({"RASTUP_PIPELINE__BUILD_INTERVAL_S": "nan"}, r"a number from 0\.1 to 86400"),
        ({"RASTUP_CONSOLE__QUERY_TIMEOUT_S": "inf"}, r"a number from 0\.1 to 86400"),
        ({"RASTUP_SPOOL__COMMIT_LINGER_MS": "1e300"}, r"a number from 0 to 1000"),
        ({"RASTUP_STATE__URL": "nonsense"}, r"state\.url = its secret value .* SQLAlchemy URL"),
        ({"RASTUP_INGST__PORT": "1"}, r"unknown setting 'ingst\.port'; did you mean ingest\.port\?"),
        ({"RASTUP_NOPE__X": "1"}, r"unknown setting 'nope\.x'; allowed: ingest, "),
    ],
)
def test_a_wrong_variable_is_named_with_what_is_allowed(
    tmp_path: Path, environ: dict[str, str], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        load(tmp_path, environ=environ)


MAY_BE_0 = {
    *("ingest.port", "console.port"),  # any free one
    *("ingest.dedupe_window_events", "ingest.rate_limit_events_per_s"),
    *("redirect.skew_s", "redirect.store_wait_ms", "spool.commit_linger_ms", "pipeline.lease_wait_s"),
    *("spool.min_free_disk_bytes", "spool.segment_max_age_s", "bronze.quarantine_keep_days"),
    *("lake.engine_threads", "lake.release_keep", "lake.release_keep_hours", "lake.release_keep_days"),
    "lake.snapshot_grace_s",
}
"""Numbers that mean something at 0: none kept, no wait, no bound, or what the machine has."""


@pytest.mark.parametrize(
    "key",
    [
        f"{part}.{f.name}"
        for part, cls in PARTS.items()
        for f in dataclasses.fields(cls)
        if type(f.default) in (int, float)
    ],
)
def test_a_number_is_0_only_where_that_means_something(tmp_path: Path, key: str) -> None:
    part, _, name = key.partition(".")
    if key in MAY_BE_0:
        assert getattr(getattr(load(tmp_path, environ={}, overrides={key: 0}), part), name) == 0
    else:
        with pytest.raises(ConfigError, match=rf"flag: {key} = 0 is not allowed; give a (whole )?number "):
            load(tmp_path, environ={}, overrides={key: 0})


@pytest.mark.parametrize(
    "text",
    [
        "[ingest\n",
        "[nope]\nx = 1\n",
        "[ingest]\nport = true\n",
        "[ingest]\nport = [1]\n",
        "[bronze]\nfile_max_bytes = inf\n",
        "[ingest]\nport = inf\n",
        "x = 1\n",
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "rastup.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"rastup\.toml"):
        load(tmp_path, environ={})


@pytest.mark.parametrize(
    ("text", "meant"), [("[ingest]\nprot = 8800\n", "ingest.port"), ("[ingset]\nport = 1\n", "ingest")]
)
def test_a_slip_in_the_file_is_answered_with_what_was_probably_meant(
    tmp_path: Path, text: str, meant: str
) -> None:
    (tmp_path / "rastup.toml").write_text(text)
    with pytest.raises(ConfigError, match=rf"; did you mean {re.escape(meant)}\? Otherwise allowed: "):
        load(tmp_path, environ={})


def test_every_setting_has_a_line_of_help() -> None:
    for part, cls in PARTS.items():
        for f in dataclasses.fields(cls):
            assert f.metadata["help"].strip(), f"{part}.{f.name}"
    assert len(known_keys()) == len(set(known_keys()))


def test_urls_point_below_the_home_unless_set(tmp_path: Path, settings: Settings) -> None:
    assert settings.bronze_url == (tmp_path / "home" / "bronze").as_uri()
    elsewhere = load(tmp_path, environ={"RASTUP_BRONZE__URL": "s3://bucket/prefix/"})
    assert elsewhere.bronze_url == "s3://bucket/prefix"


@pytest.mark.parametrize(
    "name", ["que?s=t", "ha#sh", "per%20cent", 'quo"te', "new\nline", os.fsdecode(b"h\xff")]
)
def test_a_home_that_a_url_would_name_differently_is_refused_before_anything_is_written(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(ConfigError, match="choose another folder") as told:
        load(tmp_path / name, environ={})
    assert str(told.value).isprintable()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8700"),
        ("10.1.2.3", "http://10.1.2.3:8700"),
        ("0.0.0.0", "http://127.0.0.1:8700"),
        ("::1", "http://[::1]:8700"),
        ("::", "http://[::1]:8700"),
        ("0:0:0:0:0:0:0:0", "http://[::1]:8700"),
        ("FD00::5", "http://[fd00::5]:8700"),
    ],
)
def test_an_address_to_show_is_one_that_a_client_can_use(tmp_path: Path, host: str, expected: str) -> None:
    ingest = load(tmp_path, environ={"RASTUP_INGEST__HOST": host}).ingest
    assert ingest.url == expected
    parts = urlsplit(ingest.url)
    assert (parts.port, parts.path) == (8700, "")
    ipaddress.ip_address(parts.hostname or "")
