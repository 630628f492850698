"""A reader's question has an end: its own, or that of the time it may take."""

from __future__ import annotations

import threading
from decimal import Decimal

import pyarrow as pa
import pytest

from rastup.core.config import Settings
from rastup.lake.reader import Reader, ReaderPool
from rastup.lake.releases import Release

ENDLESS = "select sum(hash(a.range, b.range)) from range(10000000) a, range(10000000) b"
RELEASE = Release("rel_1", "main", None, "run_1", "", "", None, None, False, ())


@pytest.mark.parametrize("limit_s", [0.0, 0.1])
def test_a_question_is_stopped_when_its_time_is_over_and_the_next_one_is_answered(
    settings: Settings, limit_s: float
) -> None:
    pool = ReaderPool(settings)
    reader = Reader(pool, RELEASE, None, "main")
    with pytest.raises(TimeoutError, match=f"stopped after {limit_s:g} s"):
        reader.query(ENDLESS, limit_s=limit_s)
    assert reader.query("select 42 as n").to_pylist() == [{"n": 42}]
    assert reader.query("select 43 as n", limit_s=600).to_pylist() == [{"n": 43}]
    assert "query limit" not in [thread.name for thread in threading.enumerate()]
    pool.close()


def test_sums_of_integers_are_integers_as_long_as_they_fit(settings: Settings) -> None:
    pool = ReaderPool(settings)
    reader = Reader(pool, RELEASE, None, "main")
    rows = reader.query("select sum(n) as n, sum(n::hugeint * 10::hugeint ** 20) as h from range(5) r(n)")
    assert rows.schema.field("n").type == pa.int64()
    assert rows.to_pylist() == [{"n": 10, "h": Decimal(10 * 10**20)}]
    pool.close()


def test_decimals_that_are_no_sums_of_integers_stay_decimals(settings: Settings) -> None:
    pool = ReaderPool(settings)
    rows = Reader(pool, RELEASE, None, "main").query("select 5::decimal(18, 0) as n, 5::decimal(38, 2) as m")
    assert rows.schema.types == [pa.decimal128(18, 0), pa.decimal128(38, 2)]
    pool.close()
