"""Objects as files below a folder: complete or absent, never overwritten, durable when a put returns."""

from __future__ import annotations

import ctypes
import itertools
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rastup.core.errors import StoreUnavailable
from rastup.lake.storage.base import NoSuchObject, ObjectInfo, ObjectStore, checked_key

INCOMING = ".incoming"
_BATCH = 1_000
_FEW = 8


class LocalStore(ObjectStore):
    """A folder. Files are written below `.incoming`, synced, and only then linked to their names."""

    def __init__(self, root: str) -> None:
        self.url = Path(root).as_uri()
        self._root = Path(root)
        self._incoming = self._root / INCOMING
        self._numbers = itertools.count()

    def put_all(self, objects: Iterable[tuple[str, bytes]]) -> list[str]:
        """See `ObjectStore.put_all`."""
        taken: list[str] = []
        rest = iter(objects)
        try:
            while batch := list(itertools.islice(rest, _BATCH)):
                taken += self._put_batch(batch)
        except OSError as error:
            raise _unavailable(self._root, error) from error
        return taken

    def get(self, key: str) -> bytes:
        """See `ObjectStore.get`."""
        try:
            return (self._root / checked_key(key)).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise NoSuchObject(f"{self.url}/{key}: there is no such object.") from error
        except OSError as error:
            raise _unavailable(self._root, error) from error

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore.list`."""
        folder = self._root / checked_key(prefix.rstrip("/")) if prefix else self._root
        try:
            yield from self._walk(folder)
        except OSError as error:
            raise _unavailable(self._root, error) from error

    def delete(self, key: str) -> None:
        """See `ObjectStore.delete`."""
        try:
            (self._root / checked_key(key)).unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise _unavailable(self._root, error) from error

    def exists(self, key: str) -> bool:
        """See `ObjectStore.exists`."""
        try:
            return (self._root / checked_key(key)).is_file()
        except OSError as error:
            raise _unavailable(self._root, error) from error

    def sweep(self, *, older_than_s: float = 3_600.0) -> int:
        """See `ObjectStore.sweep`: what lies below `.incoming`."""
        limit, removed = time.time() - older_than_s, 0
        for path in self._incoming.glob("*"):
            try:
                if path.stat().st_mtime < limit:
                    path.unlink()
                    removed += 1
            except FileNotFoundError:
                continue
        return removed

    def _put_batch(self, batch: Sequence[tuple[str, bytes]]) -> Sequence[str]:
        self._incoming.mkdir(parents=True, exist_ok=True)
        few = len(batch) <= _FEW
        written: list[tuple[str, Path]] = []
        try:
            for key, data in batch:
                written.append((checked_key(key), self._write(data, sync=few)))
        except BaseException:
            # A disk that is full must not stay full of what could not be stored.
            for _, path in written:
                path.unlink(missing_ok=True)
            raise
        # Thousands of small files cost a disk's flush each if synced one by one. syncfs flushes the whole file
        # system once and reports write errors (Linux 5.8), which gives the same promise: the bytes are on disk
        # before any name shows them, and the names are before we return.
        if not few:
            _sync_file_system(self._incoming, [path for _, path in written])
        folders: set[Path] = set()
        taken = [key for key, path in written if not self._link(path, self._root / key, folders)]
        if few:
            for folder in folders:
                _sync(folder, os.O_RDONLY | os.O_DIRECTORY)
        else:
            _sync_file_system(self._incoming, sorted(folders))
        return taken

    def _write(self, data: bytes, *, sync: bool) -> Path:
        path = self._incoming / f"{os.getpid()}-{time.time_ns()}-{next(self._numbers)}"
        fd = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o644)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(fd, rest) :]
            if sync:
                os.fsync(fd)
        except OSError:
            path.unlink()
            raise
        finally:
            os.close(fd)
        return path

    def _link(self, source: Path, target: Path, folders: set[Path]) -> bool:
        try:
            try:
                os.link(source, target)
            except FileNotFoundError:
                folders.update(_make_folders(target.parent))
                os.link(source, target)
            return True
        except FileExistsError:
            return False
        finally:
            # A name that was there may come from a writer that died before it synced the folder.
            folders.add(target.parent)
            source.unlink()

    def _walk(self, folder: Path) -> Iterator[ObjectInfo]:
        waiting = [str(folder)]
        root = len(str(self._root)) + 1
        while waiting:
            try:
                entries = list(os.scandir(waiting.pop()))
            except (FileNotFoundError, NotADirectoryError):
                continue
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != INCOMING:
                        waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    about = entry.stat()
                    yield ObjectInfo(entry.path[root:], about.st_size, about.st_mtime)


def _make_folders(folder: Path) -> list[Path]:
    """Makes the folder; returns those whose list of names has changed."""
    changed = []
    missing = folder
    while not missing.exists():
        missing = missing.parent
        changed.append(missing)
    folder.mkdir(parents=True, exist_ok=True)
    return changed


def _sync(path: Path, flags: int) -> None:
    fd = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _sync_file_system(place: Path, paths: Iterable[Path]) -> None:
    if sys.platform != "linux":
        for path in paths:
            _sync(path, os.O_RDONLY)
        return
    fd = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(fd) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(place))
    finally:
        os.close(fd)


def _unavailable(root: Path, error: OSError) -> StoreUnavailable:
    return StoreUnavailable(
        f"the store at {root}: {error.strerror or error}. Check that its disk is there, writable and not full."
    )
