"""Every library sends at once, each through a bad network of its own, to one collector; the tests look at what arrived."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from tests.integration.collector.conftest import Collector
from tests.integration.sdks import node
from tests.integration.sdks.proxy import EVERY_FAULT, Proxy
from tests.integration.sdks.senders import SENDERS, Failures, Sender, fresh_name


@dataclass
class Delivery:
    """What one library did, and what came of it."""

    source: str
    proxy: Proxy
    failures: Failures = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    bad: list[dict[str, Any]] = field(default_factory=list)

    def of(self, event: str) -> list[dict[str, Any]]:
        """Its stored events of that name."""
        return [record for record in self.records if record["event"] == event]


@pytest.fixture(scope="session")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    """One worker: then a resend is told as a duplicate, and each event is in the spool once."""
    running = Collector(tmp_path_factory.mktemp("sdks") / "home", RASTUP_INGEST__WORKERS="1")
    yield running
    assert running.stop() == 0
    assert "Traceback" not in (running.home.parent / f"{running.home.name}.log").read_text()


@pytest.fixture(scope="session")
def deliveries(collector: Collector) -> dict[str, Delivery]:
    """Of the libraries for Python, by the name of the sender."""
    return _deliver(collector, SENDERS)


@pytest.fixture(scope="session")
def node_deliveries(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Delivery]:
    """Of the libraries for Node; empty where they cannot be had."""
    return _deliver(collector, node.senders(tmp_path_factory.mktemp("npm")))


def _deliver(collector: Collector, senders: Mapping[str, Sender]) -> dict[str, Delivery]:
    found = {name: Delivery(fresh_name(), Proxy(collector.port, EVERY_FAULT)) for name in senders}
    threads = []
    for name, delivery in found.items():
        delivery.proxy.__enter__()
        key = collector.new_key(source=delivery.source)
        arguments = (key, delivery.proxy.url, delivery.failures)
        threads.append(threading.Thread(target=senders[name], args=arguments, name=name, daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), thread.name
    spooled = collector.spooled()
    for delivery in found.values():
        delivery.proxy.__exit__()
        delivery.records = [r for r in spooled if r.get("context", {}).get("source") == delivery.source]
        delivery.bad = [r["_bad"] for r in spooled if r.get("_bad", {}).get("source") == delivery.source]
    return found


@pytest.fixture(scope="session")
def client(collector: Collector) -> Iterator[httpx.Client]:
    """Kept connections; without a key."""
    with httpx.Client(base_url=collector.url, timeout=60) as opened:
        yield opened
