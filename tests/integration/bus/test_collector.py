"""A collector and its supervisor over a bus, as a user runs them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import httpx
from tests.integration.bus.rigs import Rig
from tests.integration.collector.conftest import Collector
from tests.integration.collector.events import search

from rastup.core.config import load
from rastup.ingest.bus import reader
from rastup.ops import doctor, status
from rastup.ops.supervisor import parts_of


def test_a_collector_answers_503_while_its_bus_is_away_and_loses_nothing(broker: Rig) -> None:
    collector = Collector(broker.folder / "home", **broker.environ, RASTUP_INGEST__WORKERS="1")
    accepted: list[str] = []
    try:
        accepted += send(collector, 10)
        broker.pause()
        refused = until(collector, 503)
        assert refused.headers["retry-after"] == "2" and refused.json()["code"] == "EVENT_PUT_FAILED"
        assert httpx.get(f"{collector.url}/health/ready", timeout=5).status_code == 503
        broker.resume()
        accepted += [result["event_id"] for result in until(collector, 200).json()["results"]]
        accepted += send(collector, 10)
    finally:
        code = collector.stop()
    assert code == 0
    arrived = [record["event_id"] for record in broker.arrive() if "event_id" in record]
    assert set(accepted) <= set(arrived)
    meters = [record["_meter"] for record in broker.bronze() if "_meter" in record]
    assert sum(meter["accepted"] for meter in meters) >= len(set(accepted))
    assert any(meter["rejected"].get("EVENT_PUT_FAILED") for meter in meters), "counted while it was away"
    log = (broker.folder / "home.log").read_text()
    assert "Traceback" not in log and "never retrieved" not in log


def send(collector: Collector, count: int) -> list[str]:
    answer = collector.post("/collect?results=all", [search() for _ in range(count)])
    assert answer.status_code == 200, answer.text
    return [result["event_id"] for result in answer.json()["results"]]


def until(collector: Collector, status_code: int) -> httpx.Response:
    deadline = time.monotonic() + 30
    while True:
        answer = collector.post("/collect?results=all", search())
        if answer.status_code == status_code:
            return answer
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)


def test_status_and_the_supervisor_know_the_reader_where_there_is_a_bus(kafka: Rig, spool: Rig) -> None:
    assert [part.name for part in parts_of(kafka.settings)][:3] == ["collector", "reader", "lander"]
    assert "reader" not in [part.name for part in parts_of(spool.settings)]
    kafka.read()
    [found] = [part for part in status.collect(kafka.settings).components if part.name == reader.COMPONENT]
    assert found.state == "ok" and found.lag_s == 0.0
    assert reader.COMPONENT not in [part.name for part in status.collect(spool.settings).components]


def test_the_command_reads_once(kafka: Rig, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rastup", "ingest", "read", "--once", "--output", "json", "--home"]
    ended = subprocess.run(
        [*command, str(tmp_path / "home")], env=kafka.process_environ, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert '"records": 0' in ended.stdout


def test_the_command_says_what_is_missing(spool: Rig, kafka: Rig, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rastup", "ingest", "read", "--home", str(tmp_path / "home")]
    for environ, words in (
        (spool.process_environ, "bus.kind is spool"),
        ({**kafka.process_environ, "RASTUP_BUS__BROKERS": ""}, "bus.brokers"),
    ):
        ended = subprocess.run(command, env=environ, capture_output=True, text=True)
        assert ended.returncode == 2 and words in ended.stderr and "Traceback" not in ended.stderr


def test_the_doctor_asks_the_bus(broker: Rig) -> None:
    def found(environ: dict[str, str]) -> tuple[str, str]:
        settings = load(broker.folder / "home", environ={**broker.environ, **environ})
        [finding] = [finding for finding in doctor.examine(settings) if finding.check == "bus"]
        return finding.state, finding.found

    assert found({}) == ("ok", f"{broker.kind}-{broker.topic}: 3 partitions to read")
    state, words = found({"RASTUP_BUS__TOPIC": "nowhere"})
    assert state == "bad" and "nowhere" in words
    assert found({"RASTUP_BUS__KIND": "spool"}) == ("ok", "the spool")
