"""What the tail keeps of Bronze's files, by the interpreter's own account of it."""

from __future__ import annotations

import gzip
import tracemalloc
from collections import Counter
from typing import Any

from rastup.ingest.tail import _FileLines


class Files:
    """Files of lines of a kilobyte: `<lines>-<number>`."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()

    def get(self, key: str) -> bytes:
        self.read[key] += 1
        return gzip.compress(
            b"".join(b"%s %d %s\n" % (key.encode(), n, b"x" * 1_000) for n in range(lines_of(key)))
        )


def lines_of(key: str) -> int:
    return int(key.partition("-")[0])


def test_what_is_kept_of_files_has_a_bound_in_bytes_and_what_was_asked_for_last_stays() -> None:
    files, kept = Files(), _FileLines(most_bytes=300_000)
    store: Any = files
    tracemalloc.start()
    try:
        for number in range(40):
            key = f"100-{number}"
            lines = kept.get(store, key, (b" 7",))
            assert [line[:12].split()[1] for line in lines] == [b"7", *(b"7%d" % n for n in range(10))]
            assert len(kept.get(store, key, ())) == 100
            assert len(kept.get(store, "1-0", ())) == 1
        del lines
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
    assert files.read["1-0"] == 1 and files.read["100-39"] == 2
    kept.get(store, "100-0", ())
    assert files.read["100-0"] == 3


def test_a_file_beyond_the_bound_is_read_and_not_kept() -> None:
    files, kept = Files(), _FileLines(most_bytes=50_000)
    store: Any = files
    for _ in range(2):
        assert len(kept.get(store, "100-0", ())) == 100
    assert files.read["100-0"] == 2
