"""What may be asked of the lake: one statement that reads and does nothing else, judged by the engine's own parser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb

from rastup.core.errors import UsageError

READING_FUNCTIONS = re.compile(
    r"range|generate_series|unnest|repeat|repeat_row|summary|histogram|histogram_values|json_each|json_tree"
    r"|glob|sniff_csv|read_(avro|blob|csv|csv_auto|parquet|text)|read_(nd)?json(_objects)?(_auto)?"
    r"|iceberg_(scan|metadata|snapshots|column_stats|partition_stats)|query_table"
    r"|(duckdb|parquet|pragma)_\w+|icu_calendar_names|pg_timezone_names",
    re.IGNORECASE,
)
"""Functions after FROM. There are others that write although a SELECT calls them (`enable_logging`, `enable_profiling`),
or that run a text which no parser has seen before (`query`).
"""
_ANALYZE = re.compile(r"analy[sz]e\b", re.IGNORECASE)
_PARSED = (
    "select json_extract_string(tree, '$.error') = 'false', json_extract_string(tree, '$..function.function_name') "
    "from (select json_serialize_sql(?::varchar) as tree)"
)
"""Whether a text is a SELECT (WITH, DESCRIBE and SHOW are), and the functions after FROM at any depth."""


def reading(session: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The one statement in a text.

    Raises:
        UsageError: there is none, there are several, it is no text, or it does something else than read.
    """
    try:
        sql.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"the statement is no UTF-8 text from character {error.start + 1} on.") from error
    statements = session.extract_statements(sql)
    if len(statements) != 1:
        raise UsageError(f"expected one statement, got {len(statements)}; send them one after the other.")
    kind, judged = statements[0].type.name, statements[0]
    if judged.type == duckdb.StatementType.EXPLAIN:
        judged = _explained(session, judged.query) or judged
        kind = f"{kind} of {judged.type.name}"
    is_select, functions = session.execute(_PARSED, [judged.query]).fetchall()[0]
    if not is_select:
        raise UsageError(
            f"{kind} is not allowed: the lake is read with SELECT, WITH, DESCRIBE, SHOW or EXPLAIN."
        )
    for name in functions:
        if not READING_FUNCTIONS.fullmatch(name):
            raise UsageError(f"{name}() is not allowed after FROM: only functions that read are.")
    return statements[0]


def _explained(session: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement | None:
    """What an EXPLAIN explains; ANALYZE runs it."""
    for text in _after_explain(sql):
        try:
            return session.extract_statements(text)[0]
        except duckdb.ParserException:
            continue
    return None


def _after_explain(sql: str) -> Iterator[str]:
    """The text after EXPLAIN and ANALYZE, and where a bracket follows, the text after that: it may hold options."""
    utf8 = sql.encode()
    _, *rests = (utf8[start:].decode() for start, _ in duckdb.tokenize(sql))
    if _ANALYZE.match(rests[0]):
        rests = rests[1:]
    yield rests[0]
    if rests[0].startswith("("):
        yield next(rest[1:] for rest in rests if rest.startswith(")"))
