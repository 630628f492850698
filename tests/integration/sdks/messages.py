"""Messages of SDKs, written by hand."""

from __future__ import annotations

import base64
import json
from typing import Any

TP2, V0, V1 = "/com.snowplowanalytics.snowplow/tp2", "/i/v0/e/", "/i/v1/analytics/events"
SEARCH = {"query_hash": "0a1b2c3d", "results": 3}


def posthog_event(uuid: str, **changes: Any) -> dict[str, Any]:
    message = {"event": "search_query", "distinct_id": "u-1", "uuid": uuid, "properties": SEARCH}
    return {**message, "timestamp": "2026-11-20T10:00:00.000Z", **changes}


def snowplow_event(eid: str, **changes: Any) -> dict[str, str]:
    event = {"schema": "iglu:com.rastup/search_query/jsonschema/1-0-0", "data": SEARCH}
    outer = {"schema": "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0", "data": event}
    packed = base64.urlsafe_b64encode(json.dumps(outer).encode()).decode().rstrip("=")
    return {"e": "ue", "ue_px": packed, "eid": eid, "dtm": "1795168800000", "uid": "u-1", **changes}


def tp2(*events: Any) -> dict[str, Any]:
    return {
        "schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
        "data": list(events),
    }


def body_for(path: str, message: Any) -> Any:
    """A body of that route that holds the message where a call belongs."""
    if path == TP2:
        return tp2(message)
    if path.startswith("/v1/") and path not in ("/v1/batch", "/v1/import"):
        return message
    return {"batch": [message]}
