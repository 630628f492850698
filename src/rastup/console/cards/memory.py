"""The last good figure of each card, to be shown, with its age, while the card cannot be loaded."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

MOST = 512


@dataclass(frozen=True)
class Remembered:
    """A figure and when it was true."""

    figure: str
    at: datetime


class LastGood:
    """Figures by card and filters. Safe for threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Remembered] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, key: str, figure: str | None, at: datetime) -> None:
        """Remembers a figure."""
        if figure is None:
            return
        with self._lock:
            self._kept[key] = Remembered(figure, at)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def get(self, key: str) -> Remembered | None:
        """The figure kept for the key."""
        with self._lock:
            return self._kept.get(key)
