"""Events on their way to a release: what a writer takes back is not counted. The files themselves are the oracle."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from rastup.core.config import Settings
from rastup.lake.engine import connect
from rastup.lake.unreleased import TailSegment, Unreleased


def _lines(*numbers: int) -> bytes:
    return b"".join(json.dumps({"n": number}).encode() + b"\n" for number in numbers)


@pytest.mark.parametrize("is_made_again", [True, False])
def test_a_segment_that_was_cut_back_or_begun_again_counts_as_it_is_now(
    settings: Settings, tmp_path: Path, is_made_again: bool
) -> None:
    connection = connect(settings)
    unreleased = Unreleased(
        connection, "select (line ->> 'n')::int as n from bronze.batch", lambda file: file.path
    )
    segment = TailSegment("c0-x", 0, tmp_path / "0000000000000000.open.ndjson")

    def seen() -> list[int]:
        unreleased.look([], [segment])
        return [n for (n,) in connection.execute("select n from live.unreleased order by n").fetchall()]

    segment.path.write_bytes(_lines(1, 2, 3))
    assert seen() == [1, 2, 3]
    if is_made_again:
        other = tmp_path / "other"
        other.write_bytes(_lines(4, 5, 6, 7))
        other.replace(segment.path)
        assert seen() == [4, 5, 6, 7]
    else:
        os.truncate(segment.path, len(_lines(1)))
        assert seen() == [1]
        with segment.path.open("ab") as file:
            file.write(_lines(8))
        assert seen() == [1, 8]
    connection.close()
