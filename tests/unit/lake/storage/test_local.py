"""A folder as a store: nothing half-written ever has a name, and a disk that fails is told as such."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from rastup.core.config import BronzeConfig
from rastup.core.errors import ConfigError, StoreUnavailable
from rastup.lake.storage import open_store
from rastup.lake.storage.local import INCOMING, LocalStore


def names(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def die_after(links: int) -> None:
    """From here on this process ends, as if killed, before it gives one more file its name."""
    real, left = os.link, [links]

    def link(source: str, target: str) -> None:
        if left[0] == 0 and Path(target).parent.exists():
            os._exit(9)
        real(source, target)
        left[0] -= 1

    os.link = link  # type: ignore[assignment]


@pytest.mark.parametrize("survivors", [0, 1, 7])
def test_killed_between_any_two_files_leaves_only_whole_ones(tmp_path: Path, survivors: int) -> None:
    objects = [(f"d/{n}", bytes([n]) * 10_000) for n in range(20)]
    pid = os.fork()
    if pid == 0:
        die_after(survivors)
        LocalStore(str(tmp_path)).put_all(objects)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    store = LocalStore(str(tmp_path))
    there = {info.key: store.get(info.key) for info in store.list()}
    assert len(there) == survivors and there.items() <= dict(objects).items()
    assert store.put_all(objects) == sorted(there)
    assert {info.key: store.get(info.key) for info in store.list()} == dict(objects)
    assert store.sweep(older_than_s=-1) > 0
    assert names(tmp_path) == {key for key, _ in objects}


def test_what_another_writer_is_writing_is_not_swept(tmp_path: Path) -> None:
    store = LocalStore(str(tmp_path))
    (tmp_path / INCOMING).mkdir()
    (tmp_path / INCOMING / "1-2-3").write_bytes(b"half")
    assert store.sweep() == 0
    old = time.time() - 7_200
    os.utime(tmp_path / INCOMING / "1-2-3", (old, old))
    assert store.sweep() == 1


@pytest.mark.parametrize("count", [1, 50])
def test_a_full_disk_is_unavailable_and_leaves_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    def full(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    store = LocalStore(str(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StoreUnavailable, match="No space left"):
            store.put_all((f"k/{n}", b"x") for n in range(count))
    assert names(tmp_path) == set()
    assert store.put_all((f"k/{n}", b"x") for n in range(count)) == []


def test_a_root_that_is_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "root").write_text("in the way")
    with pytest.raises(StoreUnavailable):
        LocalStore(str(tmp_path / "root")).put_if_absent("a", b"x")


@pytest.mark.parametrize("url", ["", "bronze", "ftp://host/x", "file://host/x", "s3://", "s3:///prefix"])
def test_a_url_that_names_no_store_is_a_config_error(url: str) -> None:
    with pytest.raises(ConfigError, match="file:///folder or s3://bucket/prefix"):
        open_store(url, BronzeConfig())


def test_a_server_that_is_away_is_unavailable() -> None:
    config = BronzeConfig(s3_endpoint="http://127.0.0.1:9", s3_access_key_id="a", s3_secret_access_key="b")
    with pytest.raises(StoreUnavailable, match="s3_endpoint"):
        open_store("s3://bucket/x", config).put_if_absent("a", b"x")
