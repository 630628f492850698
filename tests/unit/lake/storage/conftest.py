"""The stores that the behaviour suite runs over: a folder, and a bucket of a real S3 server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rastup.core.config import BronzeConfig
from rastup.lake.storage import ObjectStore, open_store

ACCESS, SECRET, BUCKET = "rastup-test", "rastup-test-secret", "bronze"
SERVER = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
BUILD_LIMIT_S = 170


def s3_server_binary() -> str:
    """The path of an S3 server; it is built once where Go is, and the test is skipped with a word where neither is."""
    found = shutil.which("versitygw")
    if found:
        return found
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rastup-tests"
    built = cache / "versitygw"
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin:/usr/lib/go/bin")
    if not built.exists():
        if go is None:
            pytest.skip("neither a versitygw on the path nor a go to build one: S3 is not tested")
        cache.mkdir(parents=True, exist_ok=True)
        try:
            environ = {**os.environ, "GOBIN": str(cache)}
            subprocess.run(
                [go, "install", SERVER], check=True, capture_output=True, timeout=BUILD_LIMIT_S, env=environ
            )
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"versitygw could not be built ({type(error).__name__}): S3 is not tested")
    return str(built)


@pytest.fixture(scope="session")
def s3_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BronzeConfig]:
    """A running S3 server with an empty bucket `bronze`."""
    binary = s3_server_binary()
    root = tmp_path_factory.mktemp("s3")
    (root / BUCKET).mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        binary,
        "--access",
        ACCESS,
        "--secret",
        SECRET,
        "--port",
        f"127.0.0.1:{port}",
        "posix",
        str(root),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield BronzeConfig(
                s3_endpoint=f"http://127.0.0.1:{port}", s3_access_key_id=ACCESS, s3_secret_access_key=SECRET
            )
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "the S3 server did not start"
            time.sleep(0.05)


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty store of each kind."""
    if request.param == "local":
        return open_store((tmp_path / "a folder").as_uri(), BronzeConfig())
    config: BronzeConfig = request.getfixturevalue("s3_config")
    return open_store(f"s3://{BUCKET}/{tmp_path.name}", config)
