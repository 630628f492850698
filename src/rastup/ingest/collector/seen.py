"""Event ids that a worker has taken lately, so that it can answer `duplicate` at once. Silver makes events unique."""

from __future__ import annotations


class SeenIds:
    """A window of ids in two generations: the older half is forgotten at once when the newer one is full."""

    def __init__(self, window: int) -> None:
        self._half = max(1, window // 2)
        self.current: set[str] = set()
        self.previous: set[str] = set()

    def add(self, ids: set[str]) -> None:
        """Remembers ids whose records are on disk. Never before: an id that is known but not stored would lose its event."""
        self.current |= ids
        if len(self.current) > self._half:
            self.previous, self.current = self.current, set()
