"""The change against the period before: absolute and relative, and whether it is good."""

from __future__ import annotations

from dataclasses import dataclass

UP, DOWN, NEUTRAL = "up", "down", "neutral"


@dataclass(frozen=True)
class Delta:
    """`change` and `ratio` are None without a baseline; `ratio` alone when the baseline is 0.

    `verdict` is good, bad or flat; neutral where neither direction is better. `note` says what was compared.
    """

    change: float | None
    ratio: float | None
    verdict: str
    note: str

    @property
    def direction(self) -> str:
        """`rises`, `falls`, or nothing: where the arrow points, whatever is better."""
        return "" if not self.change else "rises" if self.change > 0 else "falls"


def compare(now: float | None, before: float | None, *, good: str, note: str) -> Delta:
    """Compares a value with its baseline.

    Args:
        now: the value.
        before: the baseline, None when there is none.
        good: the direction that is better: `up`, `down` or `neutral`.
        note: what is compared, for people.
    """
    if now is None or before is None:
        return Delta(None, None, NEUTRAL, note)
    change = now - before
    ratio = change / abs(before) if before else None
    return Delta(change, ratio, _verdict(change, good), note)


def _verdict(change: float, good: str) -> str:
    if change == 0:
        return "flat"
    if good == NEUTRAL:
        return NEUTRAL
    return "good" if (change > 0) == (good == UP) else "bad"
