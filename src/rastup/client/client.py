"""The client: takes events at once, sends them in batches from a thread of its own."""

from __future__ import annotations

import atexit
import functools
import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal

import orjson

from rastup.client.errors import ClientError, Closed, QueueFull, Refused, Undelivered
from rastup.client.event import Event, moment
from rastup.client.transport import TOO_LARGE, Interrupted, Rejection, Transport
from rastup.core.ids import new_event_id

Role = Literal["buyer", "seller", "studio_owner", "admin", "guest"]
log = logging.getLogger("rastup.client")

_Waiting = tuple[str, bytes]


def _log_rejection(rejection: Rejection) -> None:
    why = f"{rejection.code} at {rejection.path}: {rejection.message}"
    log.warning("event %s was quarantined: %s", rejection.event_id, why)


def _log_loss(event_ids: Sequence[str], error: ClientError) -> None:
    log.error("%d events were lost: %s", len(event_ids), error)


class Client:
    """Sends events to one collector. Safe to share between threads; one per process is enough.

    An event gets its id and its time when it is given to `send`, so that sending it again is the same event. While the
    collector cannot be reached, events wait and are tried again for as long as the client is open.

    Args:
        url: the collector's address, for example `http://127.0.0.1:8700`.
        key: a write key.
        role: of whoever acts, unless `send` says otherwise.
        city: code of the city, unless `send` says otherwise.
        batch_events: most events in one request.
        batch_bytes: most bytes in one request, before packing.
        every_s: longest time that an event waits for others.
        room: most events that may wait.
        timeout_s: for one answer of the collector.
        on_rejected: called from the client's thread for each event that went to quarantine; logs by default.
        on_lost: called with the ids of events that nobody will get, and why; logs by default.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        role: Role = "guest",
        city: str | None = None,
        batch_events: int = 200,
        batch_bytes: int = 500_000,
        every_s: float = 1.0,
        room: int = 10_000,
        timeout_s: float = 10.0,
        on_rejected: Callable[[Rejection], None] = _log_rejection,
        on_lost: Callable[[Sequence[str], ClientError], None] = _log_loss,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is not an address; give one such as http://127.0.0.1:8700.")
        if not (key.isascii() and key.isprintable()):
            raise ValueError("the key is not a write key; `rastup keys create` prints one.")
        self._role, self._city = role, city
        self._batch_events, self._batch_bytes, self._every_s = batch_events, batch_bytes, every_s
        self._room = room
        self._on_rejected, self._on_lost = on_rejected, on_lost
        self._is_closed = False
        self._connect: Callable[[], Transport] = functools.partial(
            Transport, url, key, timeout_s=timeout_s, wait=self._wait
        )
        self._begin()
        _clients.add(self)

    def _begin(self) -> None:
        """A client with nothing in it: a new one, or one in a process that was forked off with the parent's events."""
        self._changed = threading.Condition()
        self._given_up = threading.Event()
        self._waiting: deque[_Waiting] = deque()
        self._in_flight = 0
        self._is_urgent = False
        self._thread: threading.Thread | None = None
        self._transport = self._connect()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(
        self,
        event: Event,
        *,
        user_id: str | None = None,
        anon_id: str | None = None,
        session_id: str | None = None,
        city: str | None = None,
        role: Role | None = None,
        occurred_at: datetime | str | None = None,
        event_id: str | None = None,
    ) -> str:
        """Takes an event to be sent soon and returns its id; does not wait for the network.

        Raises:
            QueueFull: too many events wait; nothing of this one is kept.
            Closed: the client was closed.
            ValueError: the event cannot be said in JSON, or a time has no time zone.
        """
        now = datetime.now(UTC)
        event_id = event_id or new_event_id(int(now.timestamp() * 1000))
        record: dict[str, Any] = {
            "event_id": event_id,
            "event": event.name,
            "v": event.v,
            "occurred_at": moment(occurred_at or now),
            "context": {"role": role or self._role},
            "ids": dict(event.ids),
            "payload": dict(event.payload),
        }
        about = {"user_id": user_id, "anon_id": anon_id, "session_id": session_id, "money": event.money}
        about["city"] = city or self._city
        record |= {name: value for name, value in about.items() if value is not None}
        self._put(event_id, _line(record))
        return event_id

    def flush(self, timeout_s: float = 30.0) -> None:
        """Returns when everything that was given to `send` before has been answered.

        Raises:
            Undelivered: it took longer; the events still wait and are tried on.
        """
        if left := self._drained(timeout_s):
            raise Undelivered(left, self._transport.last_reason)

    def close(self, timeout_s: float = 30.0) -> None:
        """Sends what waits and ends the client; what cannot be sent in time goes to `on_lost`.

        Raises:
            Undelivered: some could not be sent.
        """
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        atexit.unregister(self.close)
        left = self._drained(timeout_s)
        self._given_up.set()
        if self._thread is not None:
            self._thread.join()
        self._transport.close()
        if left:
            raise Undelivered(left, self._transport.last_reason)

    def _put(self, event_id: str, line: bytes) -> None:
        with self._changed:
            if self._is_closed:
                raise Closed("the client was closed; nothing more can be sent with it.")
            if len(self._waiting) >= self._room:
                reason = self._transport.last_reason or "they are being sent"
                raise QueueFull(f"{self._room} events wait already: {reason}.")
            self._waiting.append((event_id, line))
            if self._thread is None:
                self._start()
            if len(self._waiting) == 1 or len(self._waiting) >= self._batch_events:
                self._changed.notify_all()

    def _wait(self, seconds: float) -> bool:
        """Waits before another try; False when there shall be none."""
        return not self._given_up.wait(seconds)

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="rastup-client", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def _drained(self, timeout_s: float) -> int:
        """Waits until nothing is left, and returns how many events are."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            self._is_urgent = True
            self._changed.notify_all()
            while self._left() and (left_s := deadline - time.monotonic()) > 0:
                self._changed.wait(left_s)
            return self._left()

    def _left(self) -> int:
        return len(self._waiting) + self._in_flight

    def _work(self) -> None:
        while batch := self._next_batch():
            self._deliver(batch)

    def _deliver(self, batch: list[_Waiting]) -> None:
        """Sends a batch, in halves where it is too large, and tells of each part what became of it."""
        try:
            if self._given_up.is_set():
                raise Interrupted(self._transport.last_reason)
            rejections = self._transport.post([line for _, line in batch])
        except Refused as error:
            if error.status == TOO_LARGE and len(batch) > 1:
                middle = len(batch) // 2
                self._deliver(batch[:middle])
                self._deliver(batch[middle:])
                return
            self._lose(batch, error)
        except Interrupted as error:
            self._lose(batch, Undelivered(len(batch), str(error)))
        except Exception as error:  # a fault of ours must not be a silent loss
            log.exception("sending failed")
            self._lose(batch, ClientError(f"{type(error).__name__}: {error}"))
        else:
            for rejection in rejections:
                self._tell(self._on_rejected, rejection)
        with self._changed:
            self._in_flight -= len(batch)
            self._changed.notify_all()

    def _lose(self, batch: list[_Waiting], error: ClientError) -> None:
        self._tell(self._on_lost, [event_id for event_id, _ in batch], error)

    def _tell(self, callback: Callable[..., None], *what: object) -> None:
        try:
            callback(*what)
        except Exception:
            # Whose callback fails loses what it was told, and no event.
            log.exception("on_rejected or on_lost failed")

    def _next_batch(self) -> list[_Waiting]:
        """The next batch when it is full, when its first event waited long enough or when somebody waits for it."""
        with self._changed:
            while not self._waiting:
                self._is_urgent = False
                if self._is_closed:
                    return []
                self._changed.wait()
            deadline = time.monotonic() + self._every_s
            while not self._is_due() and (left_s := deadline - time.monotonic()) > 0:
                self._changed.wait(left_s)
            return self._taken()

    def _is_due(self) -> bool:
        return self._is_urgent or self._is_closed or len(self._waiting) >= self._batch_events

    def _taken(self) -> list[_Waiting]:
        batch, size = [self._waiting.popleft()], 0
        while self._waiting and len(batch) < self._batch_events:
            size += len(batch[-1][1])
            if size + len(self._waiting[0][1]) > self._batch_bytes:
                break
            batch.append(self._waiting.popleft())
        self._in_flight = len(batch)
        return batch


_clients: weakref.WeakSet[Client] = weakref.WeakSet()


def _begin_anew() -> None:
    # A fork copies what waits and no thread: the parent sends its events, and the child's client starts empty.
    for client in _clients:
        client._begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def _line(record: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(record)
    except TypeError as error:
        raise ValueError(f"{record['event']} cannot be said in JSON: {error}.") from error
