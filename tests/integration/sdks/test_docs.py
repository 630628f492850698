"""What docs/sdks.md promises is true: its code runs, its routes are all of them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import segment.analytics as segment
from tests.integration.collector.conftest import Collector

from rastup.ingest.collector.sdks import WIRES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "sdks.md").read_text()


def test_the_five_minutes_end_as_the_page_says(collector: Collector) -> None:
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    key = collector.new_key(source="newcomer")
    code = textwrap.dedent("   " + found[1].lstrip()).replace("rk_sec_…", key)
    exec(compile(code.replace("http://127.0.0.1:8700", collector.url), "sdks.md", "exec"), {})
    assert segment.default_client is not None
    segment.default_client.join()
    records = [r for r in collector.spooled() if r.get("context", {}).get("source") == "newcomer"]
    assert [record["event"] for record in records] == ["search.query", "checkout.start", "identity.link"]
    (bad,) = [r["_bad"] for r in collector.spooled() if r.get("_bad", {}).get("source") == "newcomer"]
    assert (bad["code"], bad["path"]) == ("EVENT_UNKNOWN", "$.event")
    assert bad["message"] in PAGE
    assert "pro" not in {str(value) for record in records for value in record["payload"].values()}


def test_every_route_is_on_the_page() -> None:
    for path in WIRES:
        name = path.rstrip("/").removeprefix("/v1/") if path.startswith("/v1/") else path.rstrip("/")
        assert name in PAGE, path
