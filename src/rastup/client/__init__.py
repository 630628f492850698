"""The Python client: typed events, batched, sent in the background and again until the collector has them.

    from rastup.client import Client, events

    with Client("http://127.0.0.1:8700", key="rk_sec_1", city="houston") as client:
        client.send(events.studio_view(studio_id="std_7", verified=True), user_id="usr_1", role="buyer")

It needs nothing of the platform but an address and a write key.
"""

from __future__ import annotations

from rastup.client import events
from rastup.client.client import Client
from rastup.client.errors import ClientError, Closed, QueueFull, Refused, Undelivered
from rastup.client.event import Event
from rastup.client.transport import Rejection

__all__ = [
    "Client",
    "ClientError",
    "Closed",
    "Event",
    "QueueFull",
    "Refused",
    "Rejection",
    "Undelivered",
    "events",
]
