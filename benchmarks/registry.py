"""The benchmarks by name. Each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from benchmarks.results import Result

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What a run may be asked for; a benchmark takes what concerns it. None means its own default.

    Attributes:
        is_quick: smaller and shorter, for a first look.
        events: size of the lake.
        seconds: of each round of load.
        rounds: of each server.
        minutes: of live traffic at each rate.
        keep: leave what was built in `benchmarks/.work`, and use what an earlier run has left there.
    """

    is_quick: bool = False
    events: int | None = None
    seconds: int | None = None
    rounds: int | None = None
    minutes: float | None = None
    keep: bool = False

    def given(self) -> dict[str, object]:
        """Those that were asked for."""
        named = {"quick": self.is_quick, **{k: v for k, v in vars(self).items() if k != "is_quick"}}
        return {key: value for key, value in named.items() if value not in (None, False)}


MODULES = {
    "collector": "benchmarks.collector.benchmark",
    "hot_path": "benchmarks.hot_path",
    "sdks": "benchmarks.sdks.benchmark",
    "webhooks": "benchmarks.webhooks",
    "buses": "benchmarks.buses",
    "redirect": "benchmarks.redirect",
    "pipeline": "benchmarks.pipeline.benchmark",
    "freshness": "benchmarks.freshness.benchmark",
    "install": "benchmarks.install",
}


def benchmark(name: str) -> Callable[[Options, Say], Result]:
    """The function that runs a benchmark."""
    run: Callable[[Options, Say], Result] = import_module(MODULES[name]).run
    return run
