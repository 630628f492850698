"""What docs/graphql.md promises is true: its code runs, its bounds are those of the code."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from gql.transport.exceptions import TransportQueryError
from tests.integration.graphql.conftest import App

from rastup.ingest.graphql import bounds

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "graphql.md").read_text()


def test_the_five_minutes_end_as_the_page_says(
    start: Callable[..., App],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "newcomer"
    folder.mkdir()
    monkeypatch.chdir(folder)
    pool, client = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(pool, "graphql.md", "exec"), {})
    jwks = {"RASTUP_INGEST__JWKS": str(folder / "jwks.json")}
    app = start(**jwks, RASTUP_INGEST__JWT_AUDIENCE="", RASTUP_INGEST__JWT_ISSUER="")
    client = client.replace("http://127.0.0.1:8700/graphql", app.url)
    for status in ("accepted", "duplicate"):
        exec(compile(client, "graphql.md", "exec"), {})
        assert f"'status': '{status}'" in capsys.readouterr().out
    with pytest.raises(TransportQueryError) as refusal:
        exec(compile(client.replace('"results": 12', '"results": -1'), "graphql.md", "exec"), {})
    (error,) = refusal.value.errors or ()
    assert error["errorInfo"] == {
        "status": "quarantined",
        "event_id": None,
        "code": "EVENT_SCHEMA_INVALID",
        "path": "$.payload.results",
    }
    assert error["message"] in PAGE and app.stored("an_1")[0]["context"]["source"] == "ios"


def test_the_bounds_are_those_of_the_code() -> None:
    for bound in (
        bounds.MOST_TOKENS,
        bounds.MOST_DEFINITIONS,
        bounds.MOST_SELECTIONS,
        bounds.MOST_FIELDS,
        bounds.DEEPEST,
        bounds.MOST_ALIASES,
        bounds.MOST_ROOT_FIELDS,
    ):
        assert re.search(rf"\| {bound:,}\b", PAGE), bound
