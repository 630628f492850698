"""A bus under test: a broker of its own where there is one, settings that point at it, and ways to stop and start it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.drill.running import free_port

from rastup.core.config import Settings, load
from rastup.ingest import lander
from rastup.ingest.bus import Publisher, open_publisher, reader
from rastup.ingest.bus.publisher import SPOOL
from rastup.ingest.landing import Steps, no_steps

ROOT = Path(__file__).resolve().parents[3]
KAFKA_BROKER = ROOT / ".venv" / "kafka-broker"
PARTITIONS = 3


class Rig:
    """The spool, which needs nothing beside itself. Other buses override what differs."""

    kind = SPOOL

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0", "RASTUP_BUS__KIND": self.kind}

    @property
    def settings(self) -> Settings:
        return load(self.folder / "home", environ=self.environ)

    def open(self) -> None:
        """Starts its broker."""

    def close(self) -> None:
        """Ends it."""

    def read(self, steps: Steps = no_steps) -> None:
        """The reader's work, once: what the bus holds comes into the spool."""
        reader.run(self.settings, threading.Event(), once=True, steps=steps)

    def land(self) -> None:
        """What is in the spool comes into Bronze."""
        lander.run(self.settings, threading.Event(), once=True)

    def arrive(self) -> list[dict[str, Any]]:
        """All of it, to the end: the records in Bronze, those of one file in their order."""
        self.read()
        self.land()
        return self.bronze()

    def files(self) -> dict[str, bytes]:
        root = self.settings.home.bronze
        return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.json.gz"))}

    def bronze(self) -> list[dict[str, Any]]:
        return [
            json.loads(line) for data in self.files().values() for line in gzip.decompress(data).splitlines()
        ]


class SpoolRig(Rig):
    """Nothing is to be read: the publisher writes what the lander lands."""

    def read(self, steps: Steps = no_steps) -> None:
        pass


class KafkaRig(Rig):
    """A broker process with its data on disk, so that it can be killed and come back."""

    kind = "kafka"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.environ |= {
            "RASTUP_BUS__TOPIC": "events",
            "RASTUP_BUS__BROKERS": self.address,
            "RASTUP_BUS__DELIVERY_TIMEOUT_S": "4",
        }

    def open(self) -> None:
        if not KAFKA_BROKER.exists():
            pytest.skip("no Kafka broker: `make test` builds one where Go and its modules are to be had")
        log = (self.folder / "broker.log").open("ab")
        command = [KAFKA_BROKER, str(self.port), str(self.folder / "broker"), "events", str(PARTITIONS)]
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        await_port(self.port)

    def close(self, number: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(10)
            self.process = None

    def put_raw(self, value: bytes | None, partition: int = 0) -> None:
        """A message that no collector wrote."""
        from confluent_kafka import Producer

        producer = Producer({"bootstrap.servers": self.address})
        producer.produce("events", value, partition=partition)
        assert producer.flush(10) == 0


class Answers:
    """What a publisher says of each submission."""

    def __init__(self) -> None:
        self.of: dict[Any, Exception | None] = {}
        self._changed = threading.Condition()

    def hear(self, tokens: list[Any], error: Exception | None) -> None:
        with self._changed:
            for token in tokens:
                assert token not in self.of, "one submission, one answer"
                self.of[token] = error
            self._changed.notify_all()

    def wait_for(self, tokens: Iterable[Any], timeout_s: float = 30) -> None:
        wanted = set(tokens)
        with self._changed:
            assert self._changed.wait_for(lambda: wanted <= self.of.keys(), timeout_s), (
                wanted - self.of.keys()
            )


class Published:
    """`with Published(rig) as bus: bus.put(lines)` → whether they are durable."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.answers = Answers()
        self._count = 0

    def __enter__(self) -> Published:
        self.bus: Publisher[Any] = open_publisher(self._rig.settings, "c", self.answers.hear)
        self.await_room()
        return self

    def __exit__(self, *_: object) -> None:
        self.bus.close()

    def await_room(self) -> None:
        deadline = time.monotonic() + 20
        while self.bus.full_reason is not None:
            assert time.monotonic() < deadline, self.bus.full_reason
            time.sleep(0.02)

    def submit(self, lines: list[bytes]) -> int:
        self._count += 1
        self.bus.submit(b"".join(lines), self._count)
        return self._count

    def put(self, lines: list[bytes]) -> Exception | None:
        token = self.submit(lines)
        self.answers.wait_for([token])
        return self.answers.of[token]


def await_port(port: int) -> None:
    import socket

    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.02)


def in_child(work: Any) -> int:
    """Does the work in a process of its own; returns its exit code, or the number of the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
