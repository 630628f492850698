"""The loop of live traffic: what is due is sent, until the time is over or somebody asks to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event as Stop

from rastup_sim.sending import Sender, Sent, now_ms
from rastup_sim.traffic import Traffic

TICK_S = 0.25
SAY_EVERY_S = 30.0


def run_live(
    traffic: Traffic,
    sender: Sender,
    stop: Stop,
    *,
    duration_s: float | None = None,
    on_progress: Callable[[Sent, int], None] = lambda _sent, _open: None,
) -> Sent:
    """Sends until `duration_s` is over or `stop` is set; returns what was sent.

    Args:
        traffic: what to send.
        sender: to where.
        stop: ends it after the batch at hand.
        duration_s: None means until `stop`.
        on_progress: called every half minute with what was sent and how many orders are open.
    """
    ends_at = time.monotonic() + duration_s if duration_s is not None else float("inf")
    sender.ends_at = ends_at
    says_at = time.monotonic() + SAY_EVERY_S
    try:
        while not stop.is_set() and time.monotonic() < ends_at:
            tick = time.monotonic()
            if events := traffic.due(now_ms()):
                sender.send(events)
            if time.monotonic() >= says_at:
                on_progress(sender.sent, traffic.open_orders)
                says_at += SAY_EVERY_S
            stop.wait(max(0.0, TICK_S - (time.monotonic() - tick)))
    finally:
        sender.close()
    return sender.sent
