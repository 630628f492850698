"""Guards the pipeline: a full build beside a script by hand, and what an increment costs on a lake ten times as large.

Budget: the full build at most 1.5 times the script by hand, in at most 4 GB; a run with nothing new at most 2 s, with 1,000
new events at most 5 s, and at most 1.5 times what it takes on a tenth of the lake.
Run: `python -m benchmarks pipeline [--events 10000000] [--rounds 3] [--keep]`; the promise is about 10 million events.
"""

from __future__ import annotations

from benchmarks.pipeline import full, incremental
from benchmarks.pipeline.lakes import lake_of
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result

EVENTS = 1_000_000
QUICK_EVENTS = 100_000
LARGE_EVENTS = 5_000_000
REPEATS = 3
BUDGET_S = {"nothing new": 2.0, "1 k new": 5.0}
TIMES_SMALLER = 1.5


def run(options: Options, say: Say) -> Result:
    """Builds two lakes, one a tenth of the other."""
    events = options.events or (QUICK_EVENTS if options.is_quick else EVENTS)
    small, large = (lake_of(size, keep=options.keep, say=say) for size in (events // 10, events))
    rounds = options.rounds or (1 if options.is_quick or events >= LARGE_EVENTS else 3)
    try:
        figures, details = full.measure(large, rounds, say)
        say(f"increments on {events // 10:,} events")
        before, details["increments_small"] = incremental.measure(small, REPEATS, say)
        say(f"increments on {events:,} events")
        after, details["increments_large"] = incremental.measure(large, REPEATS, say)
    finally:
        for lake in () if options.keep else (small, large):
            lake.remove()
    for name, seconds in after.items():
        figures.append(Figure(name, seconds, "s", at_most=BUDGET_S.get(name)))
        times = seconds / before[name]
        figures.append(Figure(f"{name}: times that on a tenth", times, "x", at_most=TIMES_SMALLER))
    return Result(tuple(figures), {"events": events, **details})
