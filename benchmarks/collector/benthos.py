"""Benthos under the same load, built from `benchmarks/peer` where Go exists."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.collector.base import Server, Stored, count, lines_below
from benchmarks.collector.bodies import Shape
from benchmarks.deployment import WORK, free_ports, wait_for
from benchmarks.processes import CommandFailedError
from rastup.contracts.registry import load_registry
from rastup.contracts.validation import merge

SOURCE = Path(__file__).resolve().parent.parent / "peer"
EVENT = "search.card_impression"


def missing() -> str | None:
    """Why there can be no peer, or None."""
    return None if shutil.which("go") else "Go is not installed, so the peer cannot be built"


def build() -> Path:
    """The peer's program, built once from the pinned modules.

    Raises:
        CommandFailedError: Go could not build it.
    """
    program = WORK / "peer"
    program.parent.mkdir(parents=True, exist_ok=True)
    command = ["go", "build", "-o", str(program), "."]
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandFailedError(f"`go build` of the peer: {done.stderr[-1000:]}")
    return program


class Benthos(Server):
    """Benthos core with `benthos.yaml`."""

    name = "benthos"

    def __init__(self) -> None:
        self._program = build()
        self._out = WORK / "peer-out"
        self._schema = WORK / "peer-schema.json"
        self._schema.write_text(json.dumps(schema()))

    @contextmanager
    def running(self, shape: Shape) -> Iterator[tuple[int, str]]:
        shutil.rmtree(self._out, ignore_errors=True)
        address = f"127.0.0.1:{free_ports(1)[0]}"
        env = os.environ | {
            "PEER_ADDRESS": address,
            "PEER_SCHEMA": str(self._schema),
            "PEER_OUT": str(self._out),
            "PEER_UNPACK": json.dumps(_unpacking(shape)),
        }
        log = WORK / "peer.log"
        with processes.running([str(self._program), "run", str(SOURCE / "benthos.yaml")], log, env) as pid:
            wait_for(f"http://{address}/", pid, log)
            yield pid, f"http://{address}"

    def stored(self) -> Stored:
        good = lines_below(self._out / "good", "*.ndjson")
        return count(good, refused=sum(1 for _ in lines_below(self._out / "refused", "*.ndjson")))

    def close(self) -> None:
        shutil.rmtree(self._out, ignore_errors=True)


def schema() -> dict[str, Any]:
    """Envelope and contract in one, as the collector has it, in the draft that Benthos knows."""
    registry = load_registry()
    contract = registry.get(EVENT, 1)
    assert contract is not None
    return merge(registry.envelopes["domain"], contract.schema) | {
        "$schema": "http://json-schema.org/draft-07/schema#"
    }


def _unpacking(shape: Shape) -> list[dict[str, Any]]:
    # The server inflates gzip by itself.
    return [{"unarchive": {"format": "json_array"}}] if shape.events > 1 else []
