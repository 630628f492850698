"""What a caller of the client may have to handle.

ClientError
├── QueueFull     more waits than the client may hold: slow down, or give it more room
├── Closed        nothing can be sent after `close`
├── Undelivered   `flush` or `close` ran out of time; `events` says how many are still here
└── Refused       the collector does not take the batch, however often it is sent: key, size or form
"""

from __future__ import annotations


class ClientError(Exception):
    """Anything that the client raises."""


class QueueFull(ClientError):
    """More events wait than the client may hold."""


class Closed(ClientError):
    """The client was closed."""


class Undelivered(ClientError):
    """Time ran out; `events` are still waiting, or lost when the client was being closed."""

    def __init__(self, events: int, reason: str) -> None:
        super().__init__(f"{events} events were not delivered in time: {reason or 'no answer yet'}.")
        self.events = events


class Refused(ClientError):
    """The collector refuses a batch for good."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"the collector refused the batch with status {status}: {reason}")
        self.status = status
