"""The dialects in which events come, by the name that quarantine keeps: what maps each to the domain dialect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rastup.contracts.mapping import Message, Tables, WebMapping
from rastup.contracts.posthog import PosthogMapping
from rastup.contracts.registry import Registry
from rastup.contracts.segment import SegmentMapping
from rastup.contracts.snowplow import SnowplowMapping
from rastup.core.clock import Clock, system_clock

DOMAIN, WEB, SEGMENT, POSTHOG, SNOWPLOW = "domain", "web", "segment", "posthog", "snowplow"
DIALECTS = frozenset({DOMAIN, WEB, SEGMENT, POSTHOG, SNOWPLOW})
Mapper = Callable[[Any], Message]


class Dialects:
    """The mappers under one registry.

    Args:
        registry: of the contracts.
        clock: dates what does not say its own time.
    """

    def __init__(self, registry: Registry, clock: Clock = system_clock) -> None:
        self.tables = Tables.load(registry.root)
        self._mappers: dict[str, Mapper] = {
            WEB: WebMapping(registry, self.tables).from_web,
            SEGMENT: SegmentMapping(registry, self.tables, clock).from_segment,
            POSTHOG: PosthogMapping(registry, self.tables, clock).from_posthog,
            SNOWPLOW: SnowplowMapping(registry, self.tables, clock).from_snowplow,
        }

    def mapper(self, dialect: str) -> Mapper:
        """What makes a domain record of a message, or raises `MappingError`."""
        return self._mappers[dialect]
