"""What an object store does for the platform, whichever one it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rastup.core.errors import UsageError

KEY_MAX_BYTES = 900


class NoSuchObject(UsageError):
    """The store holds no object of that key."""


@dataclass(frozen=True)
class ObjectInfo:
    """One stored object: its key relative to the store's root, its size, and when it was stored (epoch seconds)."""

    key: str
    size: int
    stored_at_s: float


class ObjectStore(ABC):
    """Write-once objects below one root. Keys are relative paths with `/`; every method may be called by any thread.

    Every method raises StoreUnavailable when the store does not answer or refuses, and ValueError for a key that
    would leave the root.
    """

    url: str

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """Stores `data` durably unless the key is taken; never overwrites. Returns whether it was stored."""
        return not self.put_all([(key, data)])

    @abstractmethod
    def put_all(self, objects: Iterable[tuple[str, bytes]]) -> list[str]:
        """`put_if_absent` of many at once, cheaper. All are durable on return. Returns the keys that were taken."""

    @abstractmethod
    def get(self, key: str) -> bytes:
        """The object's bytes.

        Raises:
            NoSuchObject: there is none.
        """

    @abstractmethod
    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Every object whose key is below the folder `prefix`, in no order."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Removes the object; one that is not there is no error."""

    def sweep(self, *, older_than_s: float = 3_600.0) -> int:  # noqa: ARG002  a store without leftovers
        """Removes what killed writers left half-written; returns how many pieces. Called by the one writer."""
        return 0

    @abstractmethod
    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""


def checked_key(key: str) -> str:
    """The key itself, or ValueError when it could name something outside of the root."""
    parts = key.split("/")
    if (
        not key.isprintable()
        or not key.isascii()
        or len(key) > KEY_MAX_BYTES
        or "\\" in key
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise ValueError(f"not an object key: {key[:100]!r}")
    return key
