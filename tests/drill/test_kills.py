"""kill -9 of any process at any moment: nothing acknowledged is lost, nothing is there twice, nothing is half there."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drill.faults.arming import BUILD_STEPS, LANDER_STEPS, VIEWS_STEPS, Faults
from tests.drill.judge import judge
from tests.drill.running import Running
from tests.drill.sender import Senders
from tests.drill.tables import digests

KILLS = int(os.environ.get("DRILL_KILLS", "200"))
SEED = int(os.environ.get("DRILL_SEED", "1"))
AT_STEPS = KILLS // 4
"""So many of the kills fall at a step of the lander's, of a build's or of a refresh's."""
HISTORY = int(os.environ.get("DRILL_HISTORY", "15000"))
ARMING_SHARE = 0.4
LONGEST_S = float(os.environ.get("DRILL_LONGEST_S", "2400"))
# Killed at random as often as the rest, the pipeline would hardly come to the end of a build on a busy machine.
WEIGHTS = {"collector": 8, "lander": 5, "console": 5, "pipeline": 1}
AT_RANDOM = tuple(part for part, weight in WEIGHTS.items() for _ in range(weight))
VIEWS_SHARE = 0.15
"""Of the steps of the pipeline's: a refresh comes every second, and its death ends the build beside it."""

pytestmark = pytest.mark.drill


class Killer:
    """Kills at random moments, and keeps a step of the lander's and one of the pipeline's armed meanwhile."""

    def __init__(self, platform: Running, faults: Faults, seed: int) -> None:
        self._platform, self._faults = platform, faults
        self._rng = random.Random(seed)
        self._armed: dict[str, str] = {}
        self.at_random: Counter[str] = Counter()

    @property
    def at_steps(self) -> Counter[str]:
        """The kills at steps so far."""
        return Counter(hit["step"] for hit in self._faults.hits())

    @property
    def by_groups(self) -> int:
        """How many of these hit a build that computed touched groups only."""
        return sum(hit.get("by_groups") is True for hit in self._faults.hits())

    def is_done(self) -> bool:
        """Whether it was enough, and every step of a build's had its turn, also in a build by groups."""
        steps = self.at_steps
        enough = self.at_random.total() + steps.total() >= KILLS and steps.total() >= AT_STEPS
        return (
            enough and all(steps[step] for step in (*BUILD_STEPS, *LANDER_STEPS[1:5])) and self.by_groups > 0
        )

    def turn(self) -> None:
        """One kill at random, and the next steps."""
        self._arm("lander", LANDER_STEPS)
        self._arm("pipeline", VIEWS_STEPS if self._rng.random() < VIEWS_SHARE else BUILD_STEPS)
        time.sleep(self._rng.uniform(1.5, 4.5))
        if self.at_random.total() < KILLS - AT_STEPS and (
            part := self._platform.kill_one(self._rng, AT_RANDOM)
        ):
            self.at_random[part] += 1

    def end(self) -> None:
        """Lets everything live."""
        for step in self._armed.values():
            self._faults.disarm(step)

    def _arm(self, part: str, steps: tuple[str, ...]) -> None:
        armed = self._armed.get(part)
        # Not always: between two deaths, landing and publishing must also come to their ends.
        if (armed and self._faults.is_armed(armed)) or self._rng.random() > ARMING_SHARE:
            return
        done = self.at_steps
        rarest = min(done[step] for step in steps)
        self._armed[part] = self._rng.choice([step for step in steps if done[step] <= rarest + 1])
        commits = self._rng.randint(1, 8) if self._armed[part] == "build.between_commits" else 0
        self._faults.arm(self._armed[part], commits)


def states(platform: Running) -> set[str]:
    """The states of all parts."""
    return {part["state"] for part in platform.status()["components"]}


def test_nothing_acknowledged_is_lost_by_kills(tmp_path: Path, record: Callable[..., None]) -> None:
    # Short segments and builds, so that kills fall into every step of landing and publishing.
    hurried = {
        "RASTUP_SPOOL__SEGMENT_MAX_AGE_S": "2",
        "RASTUP_PIPELINE__BUILD_INTERVAL_S": "2",
        "RASTUP_PIPELINE__NRT_INTERVAL_S": "1",
    }
    faults = Faults(tmp_path / "faults")
    with Running(tmp_path / "home", {**hurried, **faults.environ}) as platform:
        killer = Killer(platform, faults, SEED)
        key = platform.key()
        # A history first, so that each build touches a small part of it.
        with Senders(platform.url, key, threads=2, batch=100, pause_s=0, seed=SEED + 1) as first:
            Running.wait_for(lambda: len(first.ledger.acknowledged) > HISTORY, 120, "a history")
        Running.wait_for(lambda: len(faults.ways()) > 0, 120, "a build")
        with Senders(platform.url, key, threads=2, batch=10, pause_s=0.4, seed=SEED) as senders:
            deadline = time.monotonic() + LONGEST_S
            while not killer.is_done():
                assert time.monotonic() < deadline, f"{killer.at_random} {killer.at_steps} {killer.by_groups}"
                killer.turn()
            killer.end()
            Running.wait_for(platform.is_ready, 120, "the collector to come back")
            time.sleep(2)
        Running.wait_for(lambda: states(platform) == {"ok"}, 120, "every part to come back", every_s=2.0)
        platform.settle()
        ledger = senders.ledger
        ledger.take(first.ledger)
        counts = judge(platform, ledger)
        assert platform.stop() == 0
        incremental = digests(platform.settings)
        platform.rastup("pipeline", "run", "--full-refresh")
        rebuilt = digests(platform.settings)
        differing = {
            t: (incremental[t], rebuilt.get(t)) for t in incremental if incremental[t] != rebuilt.get(t)
        }
        assert differing == {}, "tables that differ from those of a rebuild"
        assert incremental.keys() == rebuilt.keys()
    ways = Counter("by_groups" if way["by_groups"] else "everything" for way in faults.ways())
    record(
        "kills",
        killed=killer.at_random.total() + killer.at_steps.total(),
        at_random=dict(killer.at_random),
        at_steps=dict(sorted(killer.at_steps.items())),
        in_builds_by_groups=killer.by_groups,
        builds=dict(ways),
        answers=ledger.statuses,
        **counts,
        tables_equal_to_a_rebuild=len(rebuilt),
    )
