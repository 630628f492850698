"""What a person types into `rastup sql` reads the lake and does nothing else: files and answers are the judges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.lake.released import publish

from rastup.core.config import Settings
from rastup.core.errors import StoreUnavailable, UsageError
from rastup.lake import reader as lake_reader
from rastup.lake.reader import Reader, ReaderPool
from rastup.lake.releases import MAIN
from rastup.lake.statements import READING_FUNCTIONS
from rastup.state.database import open_state

NOTHING = "select 1 as n"
SPACE = "\u00a0"
COPY = "copy (select 'x' as a) to '{lake}/pwn.json'"
NEITHER_READ_NOR_RUN = {
    "arrow_scan",  # of an address in memory
    "arrow_scan_dumb",
    "pandas_scan",
    "python_map_function",
    "seq_scan",
    "checkpoint",
    "force_checkpoint",
    "disable_logging",
    "enable_logging",
    "truncate_duckdb_logs",
    "disable_profiling",
    "enable_profiling",
    "iceberg_load_table_response",  # of catalogs that a person attaches
    "iceberg_schema_properties",
    "iceberg_table_properties",
    "iceberg_to_ducklake",
    "remove_iceberg_schema_properties",
    "remove_iceberg_table_properties",
    "set_iceberg_schema_properties",
    "set_iceberg_table_properties",
    "json_execute_serialized_sql",
    "query",
    "read_duckdb",
    "test_all_types",
    "test_vector_types",
    "which_secret",
}


@pytest.fixture
def reader(settings: Settings) -> Iterator[Reader]:
    lake = _lake(settings)
    lake.mkdir(parents=True)
    (lake / "one.json").write_text('{"a": "kept"}\n')
    (settings.home.root.parent / "secret.csv").write_text("a\nhidden\n")
    engine = open_state(settings.state_url)
    publish(engine, MAIN)
    pool = ReaderPool(settings, engine)
    locked = pool.pin()
    locked.lock()
    yield locked
    pool.close()
    engine.dispose()


def _lake(settings: Settings) -> Path:
    """A folder that the engine may look into."""
    return settings.home.root / "lake" / "warehouse"


def _files(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("sql", "refused"),
    [
        (COPY, "COPY is not allowed"),
        (f"explain {COPY}", "EXPLAIN of COPY is not allowed"),
        (f"explain analyze {COPY}", "EXPLAIN of COPY is not allowed"),
        (f"EXPLAIN ANALYSE {COPY}", "EXPLAIN of COPY is not allowed"),
        (f"explain (analyze) {COPY}", "EXPLAIN of COPY is not allowed"),
        (f"explain (format json, analyze true) {COPY}", "EXPLAIN of COPY is not allowed"),
        (f"/* é ; */ explain/**/analyze -- select 1\n {COPY}", "EXPLAIN of COPY is not allowed"),
        (f"explain analyze{SPACE}{COPY}", "EXPLAIN of COPY is not allowed"),
        (f"explain{SPACE}analyze {COPY}", "EXPLAIN of COPY is not allowed"),
        (f"explain{SPACE}copy{SPACE}t from '{{lake}}/one.json'", "EXPLAIN of COPY is not allowed"),
        (f"explain analyze{SPACE}copy{SPACE}t from '{{lake}}/one.json'", "EXPLAIN of COPY is not allowed"),
        (f"explain explain analyze {COPY}", "syntax error"),
        (f"explain select 1; {COPY}", "expected one statement, got 2"),
        ("explain analyze create table t as select 1", "EXPLAIN of CREATE is not allowed"),
        ("explain analyze insert into t select 1", "EXPLAIN of INSERT is not allowed"),
        ("explain pragma enable_profiling", "EXPLAIN of PRAGMA is not allowed"),
        ("explain execute q", "EXPLAIN of EXECUTE is not allowed"),
        (f"with a as ({COPY}) select * from a", "CTE needs a SELECT"),
        (f"prepare q as {COPY}", "PREPARE is not allowed"),
        ("create macro m() as 1", "CREATE is not allowed"),
        ("create table t as select 1", "CREATE is not allowed"),
        ("attach '{lake}/pwn.db'", "ATTACH is not allowed"),
        ("detach memory", "DETACH is not allowed"),
        ("use memory", "SET is not allowed"),
        ("set allowed_directories = ['/']", "SET is not allowed"),
        ("reset search_path", "SET is not allowed"),
        ("install httpfs", "LOAD is not allowed"),
        ("load httpfs", "LOAD is not allowed"),
        ("export database '{lake}/pwn'", "EXPORT is not allowed"),
        ("import database '{home}'", "Permission Error"),
        ("checkpoint", "CALL is not allowed"),
        ("vacuum", "VACUUM is not allowed"),
        ("call enable_logging(storage_path = '{lake}/pwn')", "CALL is not allowed"),
        ("pragma enable_profiling", "PRAGMA is not allowed"),
        ("pragma profiling_output = '{lake}/pwn.json'", "SET is not allowed"),
        ("from enable_logging(storage_path = '{lake}/pwn')", r"enable_logging\(\) is not allowed after FROM"),
        ("explain analyze from enable_logging(storage_path = '{lake}/pwn')", r"enable_logging\(\)"),
        (
            "select (select 1 from system.main.\"Enable_Logging\"(storage_path = '{lake}/pwn'))",
            r"logging\(\)",
        ),
        ("describe (with a as (from enable_logging()) from a)", r"enable_logging\(\)"),
        (
            "from enable_profiling(format = 'json', save_location = '{lake}/pwn.json')",
            r"enable_profiling\(\)",
        ),
        ("from query('from enable_' || 'logging(storage_path = ''{lake}/pwn'')')", r"query\(\)"),
        (
            "from json_execute_serialized_sql(json_serialize_sql('from enable_logging()'))",
            r"serialized_sql\(\)",
        ),
        ("from set_iceberg_table_properties('t', {{'a': 'b'}})", r"set_iceberg_table_properties\(\)"),
        ("from '{outside}'", "Permission Error"),
        ("from read_csv('{outside}')", "Permission Error"),
        ("from read_text('{lake}/../../../secret.csv')", "Permission Error"),
        ("from read_text('{home}/state/rastup.db')", "Permission Error"),
        ("from read_blob('/etc/passwd')", "Permission Error"),
        ("from glob('{home}/*')", "Permission Error"),
        ("from sniff_csv('{outside}')", "Permission Error"),
        ("from parquet_metadata('{outside}')", "Permission Error"),
        ("from duckdb_secrets()", "Permission Error"),
        ("select getenv('HOME')", "getenv does not exist"),
    ],
)
def test_nothing_is_written_and_nothing_outside_the_lake_is_read(
    reader: Reader, settings: Settings, sql: str, refused: str
) -> None:
    home = settings.home.root
    places = {"home": home, "lake": _lake(settings), "outside": home.parent / "secret.csv"}
    before = _files(home.parent)
    with pytest.raises((UsageError, StoreUnavailable), match=refused) as raised:
        reader.query(sql.format(**places))
    assert "\n" not in str(raised.value)
    assert reader.query(NOTHING).to_pylist() == [{"n": 1}]
    assert _files(home.parent) == before


@pytest.mark.parametrize(
    "sql",
    [
        NOTHING,
        f"explain {NOTHING};",
        f"explain analyze {NOTHING}",
        f"explain analyze ({NOTHING})",
        f"explain ({NOTHING})",
        f"explain(analyze, format 'json') {NOTHING}",
        f"/* é */ explain -- é\n (format json) -- é\n with a as ({NOTHING}) from a",
        "explain analyze from read_text('{lake}/one.json')",
        f"describe {NOTHING}",
        f"summarize {NOTHING}",
        f"explain describe {NOTHING}",
        "show tables",
        "pragma database_list",
        "pragma version",
        "values (1)",
        "from range(3)",
        "from '{lake}/one.json'",
        "select " + " + ".join("1" * 900),
    ],
)
def test_what_only_reads_is_answered(reader: Reader, settings: Settings, sql: str) -> None:
    before = _files(settings.home.root)
    reader.query(sql.format(lake=_lake(settings)))
    assert _files(settings.home.root) == before


def test_each_function_of_the_engine_that_can_follow_from_is_known(reader: Reader) -> None:
    listed = reader.query("select function_name from duckdb_functions() where function_type like 'table%'")
    names = set(listed.column("function_name").to_pylist())
    assert {name for name in names if not READING_FUNCTIONS.fullmatch(name)} == NEITHER_READ_NOR_RUN


@pytest.mark.parametrize(
    "sql", [f"explain analyze {COPY}", "from enable_logging(storage_path = '{lake}/pwn')"]
)
def test_only_the_judgement_of_a_statement_keeps_the_engine_from_writing(
    reader: Reader, settings: Settings, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    before = _files(_lake(settings))
    monkeypatch.setattr(lake_reader, "reading", lambda session, sql: session.extract_statements(sql)[0])
    for statement in (sql.format(lake=_lake(settings)), *[NOTHING] * 3):
        reader.query(statement)
    reader._pool.close()
    assert before.items() < _files(_lake(settings)).items()
