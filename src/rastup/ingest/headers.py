"""What is read of a request's headers, whatever server it came through."""

from __future__ import annotations

from typing import Protocol


class Headers(Protocol):
    """Headers of a request, by their names in lower case."""

    def get(self, name: str, /) -> str | None:
        """The header's value."""
        ...
