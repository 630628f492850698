"""One event as each SDK says it, and whole HTTP requests of such events for the load generator."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.collector import bodies
from benchmarks.collector.bodies import SLOT

Said = Callable[[dict[str, Any], int], dict[str, Any]]
TIME = "2026-11-06T15:24:{second:02d}.{ms:03d}456+00:00"
LIBRARY = {"library": {"name": "analytics-python", "version": "2.4.0"}}
IGLU = "iglu:com.snowplowanalytics.snowplow"


@dataclass(frozen=True)
class Route:
    """One way in: what a message is, and what is around messages in a batch and in a request of one."""

    name: str
    path: str
    said: Said
    around: Callable[[list[dict[str, Any]]], Any]
    single_path: str
    is_pixel: bool = False

    def request(self, events: int, key: str) -> bytes:
        """A whole request whose message ids have slots for counters."""
        messages = [self.said(json.loads(bodies.event(number, SLOT)), number) for number in range(events)]
        if self.is_pixel:
            return _head(f"GET {self.single_path}?{urlencode(messages[0])}", key) + b"\r\n"
        path = self.path if events > 1 else self.single_path
        is_bare = events == 1 and path != self.path
        content = json.dumps(
            messages[0] if is_bare else self.around(messages), separators=(",", ":")
        ).encode()
        length = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        return _head(f"POST {path}", key) + length + content


def _head(first: str, key: str) -> bytes:
    credentials = base64.b64encode(f"{key}:".encode()).decode()
    return f"{first} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {credentials}\r\n".encode()


def _properties(event: dict[str, Any]) -> dict[str, Any]:
    return {**event["payload"], "impression_id": event["ids"]["impression_id"]}


def _time(number: int) -> str:
    return TIME.format(second=number % 60, ms=number * 37 % 1000)


def _message_id(number: int) -> str:
    return f"6e2b7f8e-52f7-4c6e-{number:04x}-{SLOT}"


def _collect(event: dict[str, Any], number: int) -> dict[str, Any]:  # noqa: ARG001
    return event


def _segment(event: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "integrations": {},
        "anonymousId": event["anon_id"],
        "properties": _properties(event),
        "timestamp": _time(number),
        "context": LIBRARY,
        "userId": event["user_id"],
        "type": "track",
        "event": event["event"],
        "messageId": _message_id(number),
    }


def _rudder(event: dict[str, Any], number: int) -> dict[str, Any]:
    return {**_segment(event, number), "integrations": {"All": True}, "channel": "server"}


def _posthog(event: dict[str, Any], number: int) -> dict[str, Any]:
    machine = {
        "$python_runtime": "CPython",
        "$python_version": "3.11.7",
        "$os": "Linux",
        "$os_version": "6.18",
    }
    library = {"$lib": "posthog-python", "$lib_version": "7.91.1", "$geoip_disable": True, "$is_server": True}
    return {
        "properties": {**_properties(event), **machine, **library},
        "timestamp": _time(number),
        "distinct_id": event["user_id"],
        "event": event["event"],
        "uuid": _message_id(number),
    }


def _posthog_v1(event: dict[str, Any], number: int) -> dict[str, Any]:
    message = _posthog(event, number)
    for name in ("$lib", "$lib_version"):
        del message["properties"][name]
    return {**message, "options": {}}


def _snowplow(event: dict[str, Any], number: int) -> dict[str, Any]:
    schema = f"iglu:com.rastup/{event['event'].replace('.', '_')}/jsonschema/1-0-0"
    described = {"schema": f"{IGLU}/unstruct_event/jsonschema/1-0-0"}
    described["data"] = {"schema": schema, "data": _properties(event)}  # type: ignore[assignment]
    return {
        "e": "ue",
        "ue_px": base64.urlsafe_b64encode(json.dumps(described).encode()).decode(),
        "p": "pc",
        "uid": event["user_id"],
        "duid": event["anon_id"],
        "eid": _message_id(number),
        "dtm": str(1_762_442_658_123 + number * 37),
        "tv": "py-1.1.0",
        "tna": "shop",
        "aid": "web",
        "stm": "1762442659000",
    }


def _batch(**more: Any) -> Callable[[list[dict[str, Any]]], Any]:
    return lambda messages: {"batch": messages, **more}


def _payload_data(messages: list[dict[str, Any]]) -> Any:
    return {"schema": f"{IGLU}/payload_data/jsonschema/1-0-4", "data": messages}


SENT = "2026-11-06T15:25:00.000000+00:00"
TP2 = "/com.snowplowanalytics.snowplow/tp2"
V1 = "/i/v1/analytics/events"
COLLECT = Route("/collect", "/collect", _collect, lambda events: events, "/collect")
ROUTES = (
    Route("Segment", "/v1/batch", _segment, _batch(sentAt=SENT), "/v1/track"),
    Route("RudderStack", "/v1/batch", _rudder, _batch(sentAt=SENT), "/v1/track"),
    Route("PostHog", "/batch/", _posthog, _batch(sent_at=SENT, historical_migration=False), "/i/v0/e/"),
    Route("PostHog, newer", V1, _posthog_v1, _batch(created_at=SENT), V1),
    Route("Snowplow", TP2, _snowplow, _payload_data, TP2),
)
PIXEL = Route("Snowplow by GET", "/i", _snowplow, _payload_data, "/i", is_pixel=True)
