"""A fault of ours is logged with where it happened, and with nothing that opens anything."""

from __future__ import annotations

import pytest
import structlog

from rastup.ingest.collector.app import _fault

TOKEN = "ct_eyJlIjoiZGlnZXN0LmNsaWNrIn0.aHR0cHM6Ly9y." + "A" * 43


@pytest.mark.parametrize(
    ("path", "route"), [(f"/r/{TOKEN}", "/r/"), ("/r/", "/r/"), ("/collect", "/collect")]
)
def test_the_log_names_the_route_and_no_token(path: str, route: str) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = _fault(path, RuntimeError("broken"))
    (said,) = logs
    assert said["route"] == route and "ct_" not in str({**said, "exc_info": None})
    assert said["reference"] in answer.message and answer.status == 500
