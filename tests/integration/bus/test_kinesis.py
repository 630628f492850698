"""What only Kinesis does: entries of a call that fail one by one, shards that split."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.integration.bus.rigs import Answers, KinesisRig, Moto, event

from rastup.core.config import BusConfig
from rastup.core.errors import BusUnavailable
from rastup.ingest.bus.kinesis_publisher import KinesisPublisher
from rastup.ingest.bus.positions import Noted, note_position
from rastup.state.database import open_state


class Shaky:
    """A stream that refuses some entries, as one does that has too few shards; or stores all, and is not heard."""

    def __init__(self, chance: float, deaf_calls: int = 0) -> None:
        self._chance = chance
        self._deaf = deaf_calls
        self._random = random.Random(7)
        self.stored: list[bytes] = []
        self.calls: list[list[dict[str, Any]]] = []

    def describe_stream_summary(self, **_: Any) -> dict[str, Any]:
        return {"StreamDescriptionSummary": {"StreamStatus": "ACTIVE"}}

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        from botocore.exceptions import ReadTimeoutError

        self.calls.append(Records)
        results: list[dict[str, Any]] = []
        for record in Records:
            if self._random.random() < self._chance:
                results.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "x"})
                continue
            self.stored += record["Data"].splitlines()
            results.append({"SequenceNumber": str(len(self.stored)), "ShardId": "shardId-000000000000"})
        self._deaf -= 1
        if self._deaf >= 0:
            raise ReadTimeoutError(endpoint_url="there")
        return {"FailedRecordCount": 0, "Records": results}


def publish(client: Shaky, lines: list[bytes], **config: Any) -> Answers:
    answers = Answers()
    bus: KinesisPublisher[Any] = KinesisPublisher(
        BusConfig(kind="kinesis", **config), answers.hear, client=client
    )
    for n, line in enumerate(lines):
        bus.submit(line, n)
    bus.close()
    answers.wait_for(range(len(lines)))
    return answers


def turns(stored: list[bytes]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for line in stored:
        record = json.loads(line)
        found.setdefault(record["anon_id"], []).append(record["payload"]["n"])
    return found


def test_entries_that_fail_are_sent_again_and_nothing_of_their_key_overtakes_them() -> None:
    client = Shaky(0.4)
    lines = [event(n, device=n % 11) for n in range(300)]
    assert set(publish(client, lines).of.values()) == {None}
    assert turns(client.stored) == turns([line.strip() for line in lines])


def test_a_call_whose_answer_is_lost_is_made_again() -> None:
    client = Shaky(0.0, deaf_calls=2)
    lines = [event(n, device=n % 3) for n in range(30)]
    assert set(publish(client, lines).of.values()) == {None}
    assert Counter(client.stored).keys() == Counter(line.strip() for line in lines).keys()


def test_what_is_never_confirmed_is_refused_in_time() -> None:
    answers = publish(Shaky(1.0), [event(1), event(2)], delivery_timeout_s=0.5)
    assert {type(error) for error in answers.of.values()} == {BusUnavailable}


def test_calls_and_entries_stay_within_what_kinesis_takes() -> None:
    client = Shaky(0.0)
    lines = [event(n, device=n % 40, payload={"n": n, "t": "x" * 30_000}) for n in range(600)]
    assert set(publish(client, lines, max_in_flight_bytes=10**9).of.values()) == {None}
    assert len(client.calls) > 1
    for call in client.calls:
        sizes = [len(record["Data"]) + len(record["PartitionKey"]) for record in call]
        assert len(sizes) <= 500 and max(sizes) <= 1_048_576 and sum(sizes) <= 5_242_880
        assert len({record["PartitionKey"] for record in call}) == len(call)
    assert turns(client.stored) == turns([line.strip() for line in lines])


def test_a_large_record_behind_many_small_ones_begins_a_call_of_its_own() -> None:
    client = Shaky(0.0)
    small = [event(n, device=n, payload={"n": n, "t": "x" * 30_000}) for n in range(146)]
    large = [event(n, device=n, payload={"n": n, "t": "x" * 990_000}) for n in range(146, 152)]
    assert set(publish(client, [b"".join(small + large)]).of.values()) == {None}
    calls = [
        sum(len(record["Data"]) + len(record["PartitionKey"]) for record in call) for call in client.calls
    ]
    assert max(calls) <= 5_242_880
    assert sorted(client.stored) == sorted(line.strip() for line in small + large)


class Shards:
    """A stream read by a script: shard number → its parent, its records, whether it was closed. Iterators are places."""

    def __init__(self) -> None:
        self.parents: dict[int, int | None] = {0: None}
        self.records: dict[int, list[bytes]] = {0: []}
        self.closed: set[int] = set()
        self.trimmed: dict[int, int] = {}

    def list_shards(self, **_: Any) -> dict[str, Any]:
        shards: list[dict[str, Any]] = []
        for number, parent in self.parents.items():
            shards.append({"ShardId": f"shardId-{number:012d}"})
            if parent is not None:
                shards[-1]["ParentShardId"] = f"shardId-{parent:012d}"
        return {"Shards": shards}

    def get_shard_iterator(self, **asked: Any) -> dict[str, Any]:
        number = int(asked["ShardId"][-12:])
        at = 0
        if asked["ShardIteratorType"] == "AT_SEQUENCE_NUMBER":
            at = int(asked["StartingSequenceNumber"]) - 49_000
        return {"ShardIterator": f"{number} {max(at, self.trimmed.get(number, 0))}"}

    def get_records(self, ShardIterator: str) -> dict[str, Any]:  # noqa: N803
        number, at = map(int, ShardIterator.split())
        found = self.records[number][at : at + 3]
        end = at + len(found)
        answer: dict[str, Any] = {
            "Records": [
                {
                    "SequenceNumber": str(49_000 + at + n),
                    "Data": data,
                    "ApproximateArrivalTimestamp": datetime(2026, 11, 6, tzinfo=UTC),
                }
                for n, data in enumerate(found)
            ],
            "MillisBehindLatest": len(self.records[number]) - end,
        }
        if not (number in self.closed and end == len(self.records[number])):
            answer["NextShardIterator"] = f"{number} {end}"
        return answer

    def close(self) -> None:
        """As a client."""


@pytest.fixture
def shards(monkeypatch: pytest.MonkeyPatch) -> Shards:
    script = Shards()
    monkeypatch.setattr("rastup.ingest.bus.kinesis_source.client_of", lambda _config: script)
    return script


def bring(rig: KinesisRig) -> dict[str, list[int]]:
    rig.environ["RASTUP_SPOOL__SEGMENT_MAX_AGE_S"] = "0"
    rig.read()
    rig.land()
    found: dict[str, list[int]] = {}
    for name, data in sorted(rig.files().items(), key=lambda file: int(file[0].split("-")[-2])):
        shard = name.rsplit("-", 3)[1]
        found.setdefault(shard, []).extend(
            json.loads(line)["payload"]["n"] for line in gzip.decompress(data).splitlines()
        )
    return found


def test_a_shard_is_read_to_its_end_before_its_children(shards: Shards, tmp_path: Path) -> None:
    rig = KinesisRig(tmp_path, Moto(tmp_path))
    shards.records[0] = [event(n) for n in range(10)]
    assert bring(rig) == {"s0": list(range(10))}
    shards.records |= {0: [event(n) for n in range(12)], 1: [event(20)], 2: [event(30) + event(31)]}
    shards.parents |= {1: 0, 2: 0}
    shards.closed = {0}
    assert bring(rig) == {"s0": list(range(12))}
    assert bring(rig) == {"s0": list(range(12)), "s1": [20], "s2": [30, 31]}
    shards.records[2].append(event(32))
    del shards.parents[0]  # its time on the bus is over
    assert bring(rig) == {"s0": list(range(12)), "s1": [20], "s2": [30, 31, 32]}


def test_records_that_left_a_shard_unread_are_told_of_and_the_rest_is_read(
    shards: Shards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig = KinesisRig(tmp_path, Moto(tmp_path))
    shards.records[0] = [event(n) for n in range(10)]
    bring(rig)
    shards.records[0] += [event(n) for n in range(10, 30)]
    shards.trimmed[0] = 25
    assert bring(rig) == {"s0": [*range(10), *range(25, 30)]}
    assert "records left the bus before they were read" in "".join(capsys.readouterr())


@pytest.mark.parametrize("seed", range(5))
def test_notes_may_be_as_old_as_they_like(shards: Shards, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    rig = KinesisRig(tmp_path, Moto(tmp_path))
    count = 0
    for _ in range(4):
        for _ in range(draw.randrange(1, 6)):
            size = draw.randrange(1, 4)
            shards.records[0].append(b"".join(event(n) for n in range(count, count + size)))
            count += size
        at = draw.randrange(len(shards.records[0]))
        bring(rig)
        before = sum(data.count(b"\n") for data in shards.records[0][:at])
        note_position(
            open_state(rig.settings.state_url), f"kinesis-{rig.topic}-s0", Noted(before, str(49_000 + at))
        )
    assert bring(rig) == {"s0": list(range(count))}


def test_a_stream_that_is_not_there_is_named(kinesis: KinesisRig) -> None:
    kinesis.environ["RASTUP_BUS__TOPIC"] = "nowhere"
    with pytest.raises(BusUnavailable, match="nowhere"):
        kinesis.read()
