"""`/metrics` in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from rastup.ingest.collector.meters import BUCKETS_S


def expose(everyone: dict[str, Any], *, is_ready: bool) -> bytes:
    """The text of all workers' metrics."""
    registry = CollectorRegistry()
    registry.register(_Snapshot(everyone, is_ready))
    return generate_latest(registry)


class _Snapshot(Collector):
    def __init__(self, everyone: dict[str, Any], is_ready: bool) -> None:
        self._everyone = everyone
        self._is_ready = is_ready

    def collect(self) -> Iterator[Metric]:
        events = CounterMetricFamily(
            "rastup_events", "Events by outcome.", labels=["outcome", "source", "env"]
        )
        rejected = CounterMetricFamily(
            "rastup_rejected", "Refused requests by code.", labels=["code", "source", "env"]
        )
        requests = CounterMetricFamily("rastup_requests", "Refused requests by status.", labels=["status"])
        webhooks = CounterMetricFamily(
            "rastup_webhooks", "Webhooks by outcome.", labels=["provider", "type", "outcome"]
        )
        redirects = CounterMetricFamily("rastup_redirects", "Requests for links.", labels=["outcome"])
        families = {
            "events": events,
            "rejected": rejected,
            "requests": requests,
            "webhooks": webhooks,
            "redirects": redirects,
        }
        for (family, *labels), value in self._everyone["totals"].items():
            families[family].add_metric(labels, value)
        yield from families.values()
        yield self._histogram()
        ready = GaugeMetricFamily("rastup_collector_ready", "Whether events can be taken durably.")
        ready.add_metric([], float(self._is_ready))
        yield ready

    def _histogram(self) -> Metric:
        text = "Seconds from the first byte of a request to its answer, the sync to disk included."
        family = HistogramMetricFamily("rastup_request_seconds", text)
        cumulated, buckets = 0, []
        for bound, count in zip([*map(str, BUCKETS_S), "+Inf"], self._everyone["histogram"], strict=True):
            cumulated += count
            buckets.append((bound, cumulated))
        family.add_metric([], buckets, self._everyone["seconds"])
        return family
