"""A bus under test: a broker of its own where there is one, settings that point at it, and ways to stop and start it."""

from __future__ import annotations

import gc
import gzip
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from tests.drill.running import free_port

from rastup.core.config import Settings, load
from rastup.core.ids import ulid
from rastup.ingest import lander
from rastup.ingest.bus import Publisher, open_publisher, reader
from rastup.ingest.bus.publisher import SPOOL
from rastup.ingest.landing import Steps, no_steps

ROOT = Path(__file__).resolve().parents[3]
KAFKA_BROKER = ROOT / ".venv" / "kafka-broker"
PARTITIONS = 3
_numbers = itertools.count(1)


def event(n: int, device: int = 0, **more: Any) -> bytes:
    """The line that a collector writes of the n-th event of a device."""
    record = {
        "event": "leg.confirmed",
        "v": 1,
        "event_id": "evt_" + ulid(1_780_000_000_000 + n, n.to_bytes(10, "big")),
        "occurred_at": "2026-11-06T15:00:00Z",
        "received_at": "2026-11-06T15:00:01.000Z",
        "anon_id": f"an_{device}",
        "context": {"role": "guest", "env": "prod", "source": "web"},
        "ids": {},
        "payload": {"n": n},
        **more,
    }
    return json.dumps(record).encode() + b"\n"


def bad(n: int, raw: str = "{") -> bytes:
    """The line that a collector writes of a refused event."""
    record = {
        "id": "bad_" + ulid(1_780_000_000_000 + n, n.to_bytes(10, "big")),
        "received_at": "2026-11-06T15:00:01.000Z",
        "source": "web",
        "env": "prod",
        "dialect": "domain",
        "event": None,
        "code": "EVENT_ENVELOPE_INVALID",
        "path": "$",
        "message": "not JSON",
        "raw": raw,
        "encoding": "utf8",
    }
    return json.dumps({"_bad": record}).encode() + b"\n"


class Rig:
    """The spool, which needs nothing beside itself. Other buses override what differs."""

    kind = SPOOL

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.topic = f"events-{next(_numbers)}"
        self.environ = {
            "RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0",
            "RASTUP_BUS__KIND": self.kind,
            "RASTUP_BUS__TOPIC": self.topic,
        }

    @property
    def settings(self) -> Settings:
        return load(self.folder / "home", environ=self.environ)

    @property
    def process_environ(self) -> dict[str, str]:
        """The environment of a command."""
        return {**os.environ, **self.environ}

    def open(self) -> None:
        """Makes its topic."""

    def pause(self) -> None:
        """Has the bus take nothing."""

    def resume(self) -> None:
        """Has it take records again."""

    def put_raw(self, value: bytes) -> None:
        """A message that no collector wrote."""

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

    def pause(self) -> None:
        fill_spool(self.settings)

    def resume(self) -> None:
        empty_spool(self.settings)

    def read(self, steps: Steps = no_steps) -> None:
        pass


class KafkaBroker:
    """A process with its data on disk, so that it can be killed and come back; each test has a topic of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if not KAFKA_BROKER.exists():
            pytest.skip("no Kafka broker: `make test` builds one where Go and its modules are to be had")
        log = (self.folder / "broker.log").open("ab")
        command = [KAFKA_BROKER, str(self.port), str(self.folder / "broker"), "first", "1"]
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        await_port(self.port)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


class KafkaRig(Rig):
    """A topic of the broker."""

    kind = "kafka"

    def __init__(self, folder: Path, broker: KafkaBroker) -> None:
        super().__init__(folder)
        self.broker = broker
        self.environ |= {"RASTUP_BUS__BROKERS": broker.address, "RASTUP_BUS__DELIVERY_TIMEOUT_S": "2"}

    def open(self) -> None:
        self.create_topic()

    def create_topic(self, **config: str) -> None:
        from confluent_kafka.admin import NewTopic

        admin = self.admin  # it has to live until it has answered
        [made] = admin.create_topics([NewTopic(self.topic, PARTITIONS, config=config)]).values()
        made.result(20)

    @property
    def admin(self) -> Any:
        from confluent_kafka.admin import AdminClient

        return AdminClient({"bootstrap.servers": self.broker.address})

    def pause(self) -> None:
        self.broker.kill()

    def resume(self) -> None:
        self.broker.start()

    def put_raw(self, value: bytes | None, partition: int = 0) -> None:
        from confluent_kafka import Producer

        producer = Producer({"bootstrap.servers": self.broker.address})
        producer.produce(self.topic, value, partition=partition)
        assert producer.flush(10) == 0


class Moto:
    """moto's server. It keeps all in memory: to be away it is stopped, and goes on afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        pytest.importorskip("moto", reason="no moto to emulate Kinesis")
        log = (self.folder / "moto.log").open("ab")
        command = [sys.executable, "-m", "moto.server", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        await_port(self.port)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)


class KinesisRig(Rig):
    """A stream of moto's."""

    kind = "kinesis"

    def __init__(self, folder: Path, moto: Moto) -> None:
        super().__init__(folder)
        self.moto = moto
        self.environ |= {
            "RASTUP_BUS__KINESIS_ENDPOINT": f"http://127.0.0.1:{moto.port}",
            "RASTUP_BUS__DELIVERY_TIMEOUT_S": "2",
        }

    def open(self) -> None:
        self.client.create_stream(StreamName=self.topic, ShardCount=PARTITIONS)

    @cached_property
    def client(self) -> Any:
        from rastup.ingest.bus.kinesis_client import client_of

        # Only the product's own clients have to give up soon; a busy machine may take its time to set up a test.
        return client_of(replace(self.settings.bus, delivery_timeout_s=120.0))

    def pause(self) -> None:
        assert self.moto.process is not None
        self.moto.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.moto.process is not None
        self.moto.process.send_signal(signal.SIGCONT)

    def put_raw(self, value: bytes) -> None:
        self.client.put_record(StreamName=self.topic, Data=value, PartitionKey="any")


def fill_spool(settings: Settings) -> None:
    """The spool holds more than its bound, though not on disk."""
    (settings.home.spool / "c-full").mkdir(parents=True)
    with (settings.home.spool / "c-full" / "filler").open("wb") as file:
        file.truncate(settings.spool.max_bytes + 1)


def empty_spool(settings: Settings) -> None:
    """Takes away what `fill_spool` made."""
    shutil.rmtree(settings.home.spool / "c-full")


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
        gc.disable()  # librdkafka's threads are not in this process: its handles must not be closed here
        try:
            work()
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
