"""`rastup config show` prints no secret, wherever it is set."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rastup.cli.config import config
from rastup.core.config import known_keys, without_credentials

PASSWORD = "c0rrect-horse"


@pytest.mark.parametrize(
    "setting",
    [
        ("LAKE__CATALOG_URI", f"postgresql+psycopg://lake:{PASSWORD}@db.internal/catalog"),
        ("STATE__URL", f"postgresql+psycopg://state:{PASSWORD}@db.internal/state"),
        ("BRONZE__S3_SECRET_ACCESS_KEY", PASSWORD),
        ("BRONZE__S3_ACCESS_KEY_ID", PASSWORD),
        ("BRONZE__S3_ENDPOINT", f"https://minio:{PASSWORD}@store.internal:9000"),
        ("BRONZE__URL", f"s3://id:{PASSWORD}@bucket/prefix"),
        ("LAKE__WAREHOUSE", f"s3://id:{PASSWORD}@bucket/prefix"),
        ("INGEST__JWKS", f"https://pool.example/jwks.json?token={PASSWORD}&x=1"),
    ],
)
@pytest.mark.parametrize("output", ["table", "json", "csv"])
def test_no_credential_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: tuple[str, str], output: str
) -> None:
    monkeypatch.setenv(f"RASTUP_{setting[0]}", setting[1])
    told = CliRunner().invoke(config, ["show", "--home", str(tmp_path), "--output", output])
    assert told.exit_code == 0, told.output
    assert PASSWORD not in told.output.replace("\n", "")


def test_what_is_no_secret_is_printed_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASTUP_BRONZE__URL", "s3://bucket/a@b:c/prefix")
    told = CliRunner().invoke(config, ["show", "--home", str(tmp_path), "--output", "json"])
    rows = {row["key"]: row["value"] for row in json.loads(told.output)}
    assert rows["bronze.url"] == "s3://bucket/a@b:c/prefix"
    assert set(rows) == set(known_keys())


@given(st.text(min_size=4).filter(lambda text: quote(text, safe="") not in "https://user:***@host/path"))
def test_any_password_in_an_address_is_masked(password: str) -> None:
    written = quote(password, safe="@:")
    assert without_credentials(f"https://user:{written}@host/path") == "https://user:***@host/path"
