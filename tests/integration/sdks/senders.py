"""What each library is made to send, by its public interface and its own queue: the same visit, said its way.

Each sender tracks `EVENTS` searches of a known user, one of somebody unknown, links the two, and makes one spelling mistake.
Several threads, where a library has them, share the faults, so that nobody waits through a long series of its pauses.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import posthog
import rudderstack.analytics.client as rudder
import segment.analytics as segment
from snowplow_tracker import (
    AsyncEmitter,
    Emitter,
    SelfDescribing,
    SelfDescribingJson,
    StructuredEvent,
    Subject,
    Tracker,
)

EVENTS = 12
USER, VISITOR = "u-4711", "visitor-1"
MISSPELT = "Serch Query"
PATIENCE_S = 60
Failures = list[Any]
Sender = Callable[[str, str, Failures], None]
"""Takes a key and an address, and returns when all has arrived."""


def search(number: int) -> dict[str, Any]:
    """Properties of a search; its number tells the events of a sender apart."""
    return {"query_hash": "0a1b2c3d", "results": number}


def _segment_calls(client: Any) -> None:
    for number in range(EVENTS):
        client.track(USER, "Search Query", search(number))
    client.track(anonymous_id=VISITOR, event="search_query", properties=search(EVENTS))
    client.identify(USER, {"email": "jane@example.com"}, anonymous_id=VISITOR)
    client.alias("earlier-visitor", USER)
    client.track(USER, MISSPELT, search(99))


def send_segment(key: str, url: str, failures: Failures) -> None:
    client = segment.Client(key, host=url, gzip=True, upload_size=5, on_error=lambda e, _: failures.append(e))
    _segment_calls(client)
    client.flush()
    client.join()


def send_rudder(key: str, url: str, failures: Failures) -> None:
    client = rudder.Client(
        key, host=url, gzip=True, upload_size=3, thread=3, on_error=lambda e, _: failures.append(e)
    )
    _segment_calls(client)
    client.flush()
    client.join()


def _posthog(mode: str, **options: Any) -> Sender:
    def send(key: str, url: str, failures: Failures) -> None:
        client = posthog.Posthog(
            key,
            host=url,
            capture_mode=mode,
            flush_at=4,
            flush_interval=0.2,
            thread=4,
            max_retries=8,
            on_error=lambda e, _: failures.append(e),
            **options,
        )
        for number in range(EVENTS):
            client.capture("Search Query", distinct_id=USER, properties=search(number))
        somebody = {**search(EVENTS), "$process_person_profile": False}
        client.capture("search_query", distinct_id=VISITOR, properties=somebody)
        identify = {"$anon_distinct_id": VISITOR, "$set": {"email": "jane@example.com"}}
        client.capture("$identify", distinct_id=USER, properties=identify)
        client.alias(previous_id="earlier-visitor", distinct_id=USER)
        client.set(distinct_id=USER, properties={"email": "jane@example.com"})
        client.capture(MISSPELT, distinct_id=USER, properties=search(99))
        client.flush(PATIENCE_S)
        client.join()

    return send


send_posthog_v0 = _posthog("v0", gzip=True)
send_posthog_v1 = _posthog("v1", capture_compression="gzip")


def _self_describing(name: str, data: dict[str, Any], **options: Any) -> SelfDescribing:
    return SelfDescribing(SelfDescribingJson(f"iglu:com.rastup/{name}/jsonschema/1-0-0", data), **options)


def _snowplow(method: Any, *, is_async: bool, base64: bool) -> Sender:
    """The key travels as the user name in the URL, or, where the emitter's URL cannot hold one, as the app id."""

    def send(key: str, url: str, failures: Failures) -> None:
        host = url.removeprefix("http://")
        arrived = threading.Semaphore(0)
        options = {"protocol": "http", "method": method, "max_retry_delay_seconds": 1}

        def on_success(sent: list[Any]) -> None:
            arrived.release(len(sent))

        if is_async:
            emitter = AsyncEmitter(host, batch_size=5, on_success=on_success, **options)
        else:
            emitter = Emitter(
                f"{key}:@{host}", batch_size=1 if method == "get" else 5, on_success=on_success, **options
            )
        tracker = Tracker("web", emitter, app_id=key if is_async else "shop", encode_base64=base64)
        known, unknown = Subject().set_user_id(USER), Subject().set_domain_user_id(VISITOR)
        events = [_self_describing("search_query", search(n), event_subject=known) for n in range(EVENTS)]
        role = SelfDescribingJson("iglu:com.rastup/actor/jsonschema/1-0-0", {"role": "buyer"})
        events += [
            _self_describing("search.query", search(EVENTS), event_subject=unknown, context=[role]),
            _self_describing("identity_link", {"user_id": "usr_1", "anon_id": "an_1"}),
            _self_describing("identity_link", {"user_id": "usr_1", "anon_id": "an_2"}),
            StructuredEvent("shop", MISSPELT, event_subject=known),
        ]
        for event in events:
            tracker.track(event)
            if method == "get" and not arrived.acquire(timeout=PATIENCE_S):
                failures.append(
                    "an event did not arrive"
                )  # one at a time: see its send_events on what a later one hides
        if method == "get":
            return
        tracker.flush()
        if not all(arrived.acquire(timeout=PATIENCE_S) for _ in events):
            failures.append("not all events arrived")

    return send


SENDERS: dict[str, Sender] = {
    "segment": send_segment,
    "rudder": send_rudder,
    "posthog v0": send_posthog_v0,
    "posthog v1": send_posthog_v1,
    "snowplow post": _snowplow("post", is_async=False, base64=True),
    "snowplow post, plain JSON, threads, key as app id": _snowplow("post", is_async=True, base64=False),
    "snowplow get": _snowplow("get", is_async=False, base64=True),
}


def fresh_name() -> str:
    """A source's name of its own."""
    return f"s-{uuid.uuid4().hex[:8]}"
