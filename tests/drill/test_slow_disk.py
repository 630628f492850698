"""A disk whose every sync takes long: answers get slow, the spool's bound answers 503, memory stays, nothing is lost."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.drill.judge import judge
from tests.drill.running import Running
from tests.drill.sender import Senders

pytestmark = pytest.mark.drill

SYNC_S = 0.3
SLOW_S = 40.0
BOUND_BYTES = 6_000_000
MEMORY_MB = 1_000
"""What the platform may use at most under its everyday load: a slow disk is no reason for more."""
CLIENTS, BATCH = 64, 200


@contextmanager
def slow_syncs(pids: list[int], delay_s: float) -> Iterator[None]:
    """Each `fdatasync` and `fsync` of these processes returns that much later, by the kernel's tracing."""
    delay = f"inject=fsync,fdatasync:delay_exit={int(delay_s * 1e6)}"
    command = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", delay, "-o", "/dev/null"]
    traced = [argument for pid in pids for argument in ("-p", str(pid))]
    tracer = subprocess.Popen([*command, *traced], stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    if tracer.poll() is not None:
        pytest.skip(f"processes cannot be traced here: {tracer.communicate()[1].strip()}")
    try:
        yield
    finally:
        tracer.terminate()  # strace lets go of what it traces and ends
        tracer.communicate(timeout=30)


class Memory:
    """The largest resident memory of some processes, looked at twice a second."""

    def __init__(self, pids: list[int]) -> None:
        self.before_mb = self.largest_mb = self._look(pids)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(pids,))

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self, pids: list[int]) -> None:
        while not self._stop.wait(0.5):
            self.largest_mb = max(self.largest_mb, self._look(pids))

    @staticmethod
    def _look(pids: list[int]) -> float:
        return sum(psutil.Process(pid).memory_info().rss for pid in pids) / 1e6


def test_a_slow_disk_slows_answers_and_loses_nothing(tmp_path: Path, record: Callable[..., None]) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed; it is what slows the disk")
    bound = {"RASTUP_SPOOL__MAX_BYTES": str(BOUND_BYTES), "RASTUP_SPOOL__SEGMENT_MAX_AGE_S": "5"}
    with Running(tmp_path / "home", bound) as platform:
        key = platform.key()
        with Senders(platform.url, key, threads=2, batch=20) as quick:
            Running.wait_for(lambda: len(quick.ledger.seconds) > 50, 60, "answers of a quick disk")
        collector, lander = platform.pids("collector"), platform.pids("lander")
        with (
            slow_syncs(collector + lander, SYNC_S),
            Memory(collector) as memory,
            Senders(
                platform.url, key, threads=CLIENTS, batch=BATCH, pause_s=0, seed=2, timeout_s=120
            ) as slow,
        ):
            time.sleep(SLOW_S)
            Running.wait_for(lambda: len(slow.ledger.refusals) > 20, 120, "503 answers")
        ledger = slow.ledger
        assert set(ledger.statuses) == {"200", "503"}
        waits = {after for after, _ in ledger.refusals}
        assert all(after is not None and after.isdigit() and int(after) > 0 for after in waits), waits
        assert min(ledger.seconds) >= SYNC_S, "an answer came before its events were on disk"
        assert memory.largest_mb <= MEMORY_MB
        assert platform.restarts() == dict.fromkeys(platform.restarts(), 0)
        with Senders(platform.url, key, threads=2, batch=20, seed=3) as after:
            Running.wait_for(lambda: len(after.ledger.seconds) > 50, 120, "answers of a quick disk again")
        answers = dict(ledger.statuses)
        ledger.take(quick.ledger)
        ledger.take(after.ledger)
        platform.settle(600)
        counts = judge(platform, ledger)
        assert platform.stop() == 0
    record(
        "slow_disk",
        each_sync_s=SYNC_S,
        answer_ms_before=_median_ms(quick.ledger.seconds),
        answer_ms_slow=_median_ms(ledger.seconds),
        answer_ms_after=_median_ms(after.ledger.seconds),
        answers_slow=answers,
        retry_after_s=sorted(map(str, waits)),
        collector_mb={"before": round(memory.before_mb), "largest": round(memory.largest_mb)},
        **counts,
    )


def _median_ms(seconds: list[float]) -> float:
    return round(statistics.median(seconds) * 1000, 1)
