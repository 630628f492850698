"""`python -m benchmarks.pipeline.in_process HOME`: runs the pipeline once for each line on stdin, and says how long it took.

A process that lives, as the loop of `rastup up` does: the project is read and the engine is open.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.deployment import Deployment
from benchmarks.machine import ROOT


class Loop:
    """The other end: a pipeline's process to ask for runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run_s(self) -> float:
        """Runs once; how long it took."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("run\n")
        self._process.stdin.flush()
        return float(json.loads(self._process.stdout.readline())["seconds"])


@contextmanager
def loop(deployment: Deployment) -> Iterator[Loop]:
    """A pipeline's process for as long as the block runs."""
    command = [sys.executable, "-m", "benchmarks.pipeline.in_process", str(deployment.home)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=deployment.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Loop(process)
    finally:
        process.communicate()


def main(home: str) -> None:
    """Answers one line for each."""
    from rastup.core import logs
    from rastup.core.config import load
    from rastup.lake.pipeline import Pipeline
    from rastup.lake.request import Request

    logs.configure(component="pipeline")  # to standard error: the output is for the answers
    pipeline = Pipeline(load(home))
    _ = pipeline.project  # reads it
    for _ in sys.stdin:
        started = time.perf_counter()
        result = pipeline.run(Request())
        answer = {
            "seconds": time.perf_counter() - started,
            "state": result.state,
            "records": result.new_records,
        }
        print(json.dumps(answer), flush=True)
    pipeline.close()


if __name__ == "__main__":
    main(sys.argv[1])
