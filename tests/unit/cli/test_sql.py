"""`rastup sql`: what becomes of the rows, and how a question that takes too long is ended."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.unit.lake.released import publish
from tests.unit.lake.test_reader_limits import ENDLESS

from rastup.cli.main import main
from rastup.core.config import Settings
from rastup.lake import reader
from rastup.lake.releases import MAIN
from rastup.state.database import open_state

FAR = {
    "'infinity'::timestamp": "infinity",
    "'290309-12-22 (BC) 00:00:00'::timestamp": "290309-12-22 (BC) 00:00:00",
    "'-infinity'::timestamptz": "-infinity",
    "'10000-01-01 00:00:00'::timestamptz": "10000-01-01 00:00:00+00",
    "'infinity'::timestamp_s": "infinity",
    "'0001-01-01 (BC)'::date": "0001-01-01 (BC)",
    "'2026-11-06 10:00:00.123456789'::timestamp_ns": "2026-11-06 10:00:00.123456789",
    "['infinity'::date, '2026-11-06']": "[infinity, 2026-11-06]",
    "map {'a': 'infinity'::date}": "{a=infinity}",
}
"""Values that Python cannot hold, and the engine's text of each, from its documentation of dates."""
_SAYS_WHEN_IT_ASKS = """
from rastup.lake.reader import Reader

ask = Reader.query

def query(self, sql):
    print("asking", flush=True)
    return ask(self, sql)

Reader.query = query
from rastup.cli.main import main
main()
"""


@pytest.fixture
def home(settings: Settings) -> Path:
    """A home with an empty release."""
    engine = open_state(settings.state_url)
    publish(engine, MAIN)
    engine.dispose()
    return settings.home.root


def _run(monkeypatch: pytest.MonkeyPatch, home: Path, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["rastup", "sql", *arguments, "--home", str(home)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(str(end.value.code))


class Pool:
    """Stands for a lake with 1,234 rows: what is tried here is what becomes of them."""

    def __init__(self, *_: object, **__: object) -> None:
        self.lock = self.interrupt = lambda: None

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


def test_moments_that_python_cannot_hold_are_the_engines_text(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {f"c{place}": sql for place, sql in enumerate(FAR)}
    listed = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
    written = {}
    for output in ("json", "csv", "table"):
        out = tmp_path / output
        assert _run(monkeypatch, home, f"select {listed}", "--output", output, "--out", str(out)) == 0
        written[output] = out.read_text()
    (row,) = json.loads(written["json"])
    assert list(row.values()) == list(FAR.values())
    assert list(csv.reader(io.StringIO(written["csv"]))) == [list(columns), list(FAR.values())]
    assert "infinity" in written["table"]


def test_a_moment_that_python_cannot_hold_leaves_the_others_of_its_column(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    listed = "values ('infinity'::timestamp), ('2026-11-06 10:00:00'), (null)"
    assert _run(monkeypatch, home, f"from ({listed}) t(a)", "--output", "csv") == 0
    assert capfdbinary.readouterr().out == b'a\ninfinity\n2026-11-06 10:00:00\n""\n'


def test_parquet_holds_moments_as_they_are(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "rows"
    asked = "select 'infinity'::timestamp as a, '290309-12-22 (BC) 00:00:00'::timestamp as b"
    assert _run(monkeypatch, home, asked, "--output", "parquet", "--out", str(out)) == 0
    rows = pq.read_table(out)
    assert rows.schema.types == [pa.timestamp("us")] * 2
    # 726 times 400 years after the year -290308, the calendar is that of the year 92.
    days = (date(92, 12, 22) - date(1970, 1, 1)).days - 726 * 146_097
    held = [column.cast(pa.int64())[0].as_py() for column in rows.columns]
    assert held == [2**63 - 1, days * 86_400_000_000]


def test_what_parquet_cannot_hold_is_said_in_a_line(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for sql in ("'infinity'::timestamp_s", "interval 1 day"):
        out = str(tmp_path / "rows")
        assert _run(monkeypatch, home, f"select {sql} as a", "--output", "parquet", "--out", out) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("rastup: Parquet cannot hold a column: ")
        assert line.endswith(". Cast it, or use --output json.")


def _wait_until_it_computes(pid: int) -> None:
    process = psutil.Process(pid)
    until_s = process.cpu_times().user + 1
    while process.cpu_times().user < until_s:
        time.sleep(0.05)


@pytest.mark.parametrize("is_deaf", [False, True], ids=["at a terminal", "in the background of a script"])
@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS,
        ENDLESS.replace("sum(hash(a.range, b.range))", "a.range") + " where hash(a.range, b.range) = 3",
    ],
    ids=["one row", "rows as they are found"],
)
def test_a_question_is_ended_by_an_interrupt(home: Path, sql: str, is_deaf: bool) -> None:
    handler = signal.SIG_IGN if is_deaf else signal.SIG_DFL
    command = [sys.executable, "-c", _SAYS_WHEN_IT_ASKS, "sql", sql, "--home", str(home)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, handler),
    ) as asking:
        try:
            assert asking.stdout is not None and asking.stdout.readline() == "asking\n"
            _wait_until_it_computes(asking.pid)
            asking.send_signal(signal.SIGINT)
            out, err = asking.communicate(timeout=120)
        finally:
            asking.kill()
    assert (asking.returncode, out, err.strip()) == (130, "", "")


@pytest.mark.parametrize("by", ["argument", "standard input"])
def test_a_statement_that_is_no_text_is_named(home: Path, by: str) -> None:
    told = b"select \xff"
    given = [told] if by == "argument" else []
    command = [
        *(word.encode() for word in (sys.executable, "-m", "rastup", "sql", "--home", str(home))),
        *given,
    ]
    ended = subprocess.run(command, input=b"" if given else told, capture_output=True, check=False)
    says = b"rastup: the statement is no UTF-8 text from character 8 on.\n"
    assert (ended.returncode, ended.stderr) == (2, says)
