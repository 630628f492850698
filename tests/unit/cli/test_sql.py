"""`rastup sql --out`: what was written, and where, is said beside the result."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rastup.cli.main import main
from rastup.lake import reader


class Pool:
    """Stands for a lake with 1,234 rows: what is tried here is what becomes of them."""

    def __init__(self, *_: object, **__: object) -> None:
        self.lock = lambda: None

    def pin(self, _release: str | None) -> Pool:
        """Itself."""
        return self

    def query(self, _statement: str) -> pa.Table:
        """The rows."""
        return pa.table({"n": list(range(1_234))})


class PoolOfMaps(Pool):
    """Stands for a lake with one row that has a map."""

    def query(self, _statement: str) -> pa.Table:
        """The row."""
        return pa.table({"ids": pa.array([[("lbg_id", "lbg_1")]], pa.map_(pa.string(), pa.string()))})


@pytest.mark.parametrize(
    ("output", "written"),
    [
        ("json", '[\n  {\n    "ids": {\n      "lbg_id": "lbg_1"\n    }\n  }\n]\n'),
        ("csv", 'ids\n"{""lbg_id"": ""lbg_1""}"\n'),
    ],
)
def test_maps_are_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, written: str) -> None:
    monkeypatch.setattr(reader, "ReaderPool", PoolOfMaps)
    out = tmp_path / "rows"
    arguments = ["sql", "select ids", "--output", output, "--out", str(out), "--home", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["rastup", *arguments])
    with pytest.raises(SystemExit):
        main()
    assert out.read_text() == written


@pytest.mark.parametrize(("output", "rows"), [("parquet", "1,234"), ("csv", "1,234"), ("table", "1,000")])
def test_rows_and_file_are_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    output: str,
    rows: str,
) -> None:
    monkeypatch.setattr(reader, "ReaderPool", Pool)
    out = tmp_path / "rows"
    arguments = ["sql", "select n", "--output", output, "--out", str(out), "--home", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["rastup", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    said = capsys.readouterr()
    assert (end.value.code, said.out) == (0, "")
    assert said.err.splitlines()[-1] == f"{rows} rows written to {out}"
    if output == "parquet":
        assert pq.read_table(out).num_rows == 1_234
