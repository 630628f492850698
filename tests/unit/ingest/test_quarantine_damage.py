"""A damaged file of the quarantine: what lies beside it is told, and that it is missing too. The damage is the oracle."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.integration.bus.rigs import bad, event
from tests.unit.console.inlet import Inlet, example

from rastup.cli.quarantine import quarantine
from rastup.ingest.feed import Feed
from rastup.ingest.quarantine import Filters, Quarantine
from rastup.ingest.tail import latest

DAYS = ["2026-11-18", "2026-11-19", "2026-11-20"]


def changed(field: str, value: object) -> Callable[[Path], object]:
    """Replaces a field of a file's refused events."""

    def change(path: Path) -> None:
        lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        other = [
            json.dumps({"_bad": {**line["_bad"], field: value}}, separators=(",", ":")) for line in lines
        ]
        path.write_bytes(gzip.compress("".join(f"{line}\n" for line in other).encode()))

    return change


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:40]),
    "one bit": lambda path: path.write_bytes(path.read_bytes()[:-6] + b"\x7f" + path.read_bytes()[-5:]),
    "empty": lambda path: path.write_bytes(b""),
    "no gzip": lambda path: path.write_bytes(b"PK\x03"),
    "no JSON": lambda path: path.write_bytes(gzip.compress(b'{"_bad":\n')),
    "no object": lambda path: path.write_bytes(gzip.compress(b'{"_bad":7}\n')),
    "empty object": lambda path: path.write_bytes(gzip.compress(b'{"_bad":{}}\n')),
    "gone": lambda path: path.unlink(),
    "no time": changed("received_at", None),
    "a number for a time": changed("received_at", 7),
    "a list for an id": changed("id", ["bad"]),
    "an object for its bytes": changed("raw", {"a": 1}),
    "a list for a source": changed("source", ["web"]),
    "no dialect": changed("dialect", None),
    "a dialect of another program": changed("dialect", "morse"),
    "an encoding of another program": changed("encoding", "latin1"),
    "a time that no clock shows": changed("received_at", "2026-11-06T99:99:99.000Z"),
    "an id that no address may name": changed("id", "../1"),
}


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    """Refused events of three days, landed."""
    found = Inlet(tmp_path)
    for number, day in enumerate(DAYS):
        at = f"{day}T13:00:00.000Z"
        found.bring({**example("search.query", number), "payload": {}, "received_at": at})
    found.land()
    return found


@pytest.fixture(params=DAMAGES)
def damaged(inlet: Inlet, request: pytest.FixtureRequest) -> str:
    """The name of the file that was damaged."""
    (path,) = inlet.settings.home.bronze.glob(f"_bad/dt={DAYS[1]}/*/*.gz")
    path.chmod(0o600)
    DAMAGES[request.param](path)
    return path.name


def test_one_odd_line_hides_no_other_before_it_lands_nor_after(inlet: Inlet) -> None:
    inlet.bring({**example("search.query", 7), "payload": {}, "received_at": f"{DAYS[1]}T15:00:00.000Z"})
    bad = {
        "id": "bad_odd",
        "received_at": f"{DAYS[1]}T15:00:00.000Z",
        "dialect": "morse",
        "code": "EVENT_UNKNOWN",
    }
    with Feed(inlet.settings.home.spool, "c0", inlet.settings.spool) as feed:
        feed.put(
            json.dumps({"_bad": {**bad, "raw": "", "encoding": "utf8"}}, separators=(",", ":")).encode()
            + b"\n"
        )
    for _ in ("in the spool", "landed"):
        quarantine = Quarantine(inlet.settings)
        found = [bad.received_at[:13] for bad in quarantine.records(Filters())]
        assert sorted(found) == [f"{DAYS[0]}T13", f"{DAYS[1]}T13", f"{DAYS[1]}T15", f"{DAYS[2]}T13"]
        assert ["1 of 1 lines" in why for why in quarantine.damaged] == [True]
        inlet.land()


def test_what_is_odd_in_a_stream_is_counted_once_over_all_of_its_frames(inlet: Inlet) -> None:
    odd = b'{"_bad":{}}\n'
    with Feed(inlet.settings.home.spool, "c0", inlet.settings.spool) as feed:
        for lines in ([bad(1), odd, odd], [odd], [bad(2), event(3), bad(4)]):
            feed.put(b"".join(lines))
            feed.flush()
        quarantine = Quarantine(inlet.settings)
        for _ in range(2):
            assert len(list(quarantine.records(Filters()))) == 3 + len(DAYS)
            (why,) = quarantine.damaged
            assert f"{feed.stream}, 3 of 6 lines" in why


def test_the_other_days_are_told_and_the_damage_is_named(inlet: Inlet, damaged: str) -> None:
    quarantine = Quarantine(inlet.settings)
    records = list(quarantine.records(Filters()))
    assert [bad.received_at[:10] for bad in records] == [DAYS[2], DAYS[0]]
    assert [damaged in why for why in quarantine.damaged] == [True]
    assert quarantine.get(records[1].id) == records[1]


def test_the_tail_shows_the_other_days(inlet: Inlet, damaged: str) -> None:
    assert damaged
    assert [item.received_at[:10] for item in latest(inlet.settings, limit=9)] == [DAYS[2], DAYS[0]]


@pytest.mark.parametrize("more", [[], ["--group"]])
def test_the_command_says_what_is_missing(inlet: Inlet, damaged: str, more: list[str]) -> None:
    home = str(inlet.settings.home.root)
    done = CliRunner().invoke(quarantine, ["list", "--home", home, "--output", "json", *more])
    assert done.exit_code == 0
    assert damaged in done.stderr and "Not among these" in done.stderr
