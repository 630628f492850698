"""The overview, runs, releases and dashboards of an empty deployment and of one with a release."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.integration.deployment import Deployment, searches

from rastup.console import rendering, security
from rastup.console.app import create_app
from rastup.console.pages import overview
from rastup.core.config import Settings
from rastup.lake import releases, runs
from rastup.lake.nrt import Views
from rastup.lake.releases import MAIN, NRT
from rastup.ops import status
from rastup.state.leases import Lease

PAGES = ("/", "/pipeline/runs", "/pipeline/releases", "/dashboards/executive", "/dashboards/operations")


@pytest.fixture
def empty(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        yield client


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path_factory.mktemp("lake"))
    deployment.bring(searches(range(5)))
    deployment.run()
    views = Views(deployment.pipeline, list)
    views.refresh()
    yield deployment
    views.close()
    deployment.close()


@pytest.fixture(scope="module")
def full(lake: Deployment) -> Iterator[TestClient]:
    with TestClient(create_app(lake.settings), base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_deployment_is_told_what_to_do(empty: TestClient, path: str) -> None:
    answer = empty.get(path)
    assert answer.status_code == 200, answer.text
    assert "rastup" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_keeps_to_itself(full: TestClient, path: str) -> None:
    answer = full.get(path)
    assert answer.status_code == 200, answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=", answer.text)
    assert set(re.findall(r'(?:src|href)="(https?:)?//', answer.text)) == set()


def test_the_overview_says_what_the_state_says(full: TestClient, lake: Deployment) -> None:
    release = releases.current(lake.pipeline.engine)
    assert release is not None
    page = full.get("/").text
    assert f'href="/pipeline/releases/{release.release_id}"' in page
    assert "collector: " in page  # none runs here, and that is said
    part = full.get("/", headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<div id="now"')


def test_a_first_start_is_no_fault(empty: TestClient, settings: Settings) -> None:
    with Lease(settings.home.run / "up.lease", purpose="rastup up"):
        page = empty.get("/").text
        assert 'class="problems"' not in page
        assert ": down<" not in page
        with Lease(settings.home.run / "lake.lease", purpose="pipeline run"):
            page = empty.get("/").text
    assert "First build running" in page
    assert 'class="problems"' not in page
    assert "rastup pipeline run" not in page
    assert "pipeline: has never run here" in empty.get("/").text  # nothing runs any more


def test_what_was_started_again_or_long_ago_is_a_fault(
    empty: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Lease(settings.home.run / "up.lease", purpose="rastup up"):
        (settings.home.run / "up.json").write_text('{"processes": [{"name": "lander", "restarts": 1}]}')
        page = empty.get("/").text
        assert "lander: has never run here" in page
        assert "pipeline: has never run here" not in page
        monkeypatch.setattr(status, "STALE_AFTER_S", 0.0)
        assert "pipeline: has never run here" in empty.get("/").text


def test_a_view_that_is_seen_late_is_amber(full: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def state_at(lag_s: float) -> str:
        minute = overview.Minute(datetime.now(UTC), 5, 0, lag_s)
        monkeypatch.setattr(overview, "_minutes", lambda _of: (minute,))
        monkeypatch.setattr(overview, "_last_full", lambda _minutes, _now: minute)
        found = re.search(r'<li class="stage (\w+)"><a href="/dashboards/operations">', full.get("/").text)
        assert found
        return found[1]

    assert [state_at(10.0), state_at(32.0)] == ["good", "warn"]


def test_a_run_shows_its_models_and_its_release(full: TestClient, lake: Deployment) -> None:
    run = runs.list_runs(lake.pipeline.engine)[0]
    assert run.run_id in full.get("/pipeline/runs").text
    page = full.get(f"/pipeline/runs/{run.run_id}").text
    assert all(model["model"] in page for model in run.models)
    release = releases.current(lake.pipeline.engine)
    assert release is not None
    assert release.release_id in page


def test_a_release_shows_its_tables_and_rows(full: TestClient, lake: Deployment) -> None:
    release = releases.current(lake.pipeline.engine)
    assert release is not None
    page = full.get(f"/pipeline/releases/{release.release_id}").text
    assert all(table.name in page for table in release.tables)
    assert re.search(r"silver\.events</code></th><td class=\"num\">5</td>", page)


@pytest.mark.parametrize(
    "path", ["/pipeline/runs/x", "/pipeline/releases/x", "/cards/x", "/dashboards/x", "/x"]
)
def test_what_is_not_there_is_said_on_a_page(full: TestClient, path: str) -> None:
    answer = full.get(path)
    assert answer.status_code == 404
    assert "<h1" in answer.text


def test_a_card_asked_for_again_is_answered_with_nothing(full: TestClient) -> None:
    first = full.get("/cards/gmv", headers={"HX-Request": "true"})
    assert first.status_code == 200, first.text
    assert "HX-Request" in first.headers["vary"]
    again = full.get("/cards/gmv", headers={"HX-Request": "true", "If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_csv_of_a_card_is_its_table(full: TestClient) -> None:
    page = full.get("/cards/legs?range=30d").text
    answer = full.get("/cards/legs.csv?range=30d")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    rows = list(csv.reader(io.StringIO("\n".join(lines))))
    table = re.search(r'id="data".*?</section>', page, re.S)
    assert table
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table.group(), re.S)
    assert len(cells) == sum(len(row) for row in rows if row)


def test_an_empty_card_offers_more_days_of_the_same_currency_and_release(
    full: TestClient, lake: Deployment
) -> None:
    release = releases.current(lake.pipeline.engine)
    assert release is not None
    rest = f"currency=EUR&release={release.release_id}"
    card = full.get(f"/cards/gmv?range=7d&{rest}", headers={"HX-Request": "true"}).text
    assert f'href="?range=30d&amp;currency=EUR&amp;release={release.release_id}">Look at 30 days<' in card


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}])
@pytest.mark.parametrize(
    ("card", "text"),
    [
        ("bookings_live", "Nothing right now in DEN."),
        ("ingest_health", "Nothing right now."),
        ("gmv", "Nothing for 1 Oct – 7 Oct 2026 in DEN."),
    ],
)
def test_an_empty_card_names_only_the_filters_that_it_knows(
    full: TestClient, headers: dict[str, str], card: str, text: str
) -> None:
    query = "from=2026-10-01&to=2026-10-07&city=DEN"
    assert f"<p>{text}</p>" in full.get(f"/cards/{card}?{query}", headers=headers).text


def test_a_live_card_names_the_refresh_that_it_shows(full: TestClient, lake: Deployment) -> None:
    main, views = (releases.current(lake.pipeline.engine, channel) for channel in (MAIN, NRT))
    assert main and views
    page, file = full.get("/cards/bookings_live").text, full.get("/cards/bookings_live.csv")
    assert (main.release_id in page, views.release_id in page) == (False, True)
    assert file.headers["x-rastup-release"] == views.release_id
    assert (main.release_id in file.text, views.release_id in file.text) == (False, True)
    assert f"{views.release_id}.csv" in file.headers["content-disposition"]


def test_a_frozen_page_says_which_of_its_cards_stay_live(full: TestClient, lake: Deployment) -> None:
    release = releases.current(lake.pipeline.engine)
    assert release is not None
    frozen = f"from=2026-11-01&to=2026-11-18&release={release.release_id}"

    def is_said(path: str) -> bool:
        return "live, not frozen" in full.get(path, headers={"HX-Request": "true"}).text

    assert is_said(f"/cards/bookings_live?{frozen}")
    assert not is_said(f"/cards/refunded?{frozen}")
    assert not is_said("/cards/bookings_live")
    assert "live cards stay live" in full.get("/dashboards/operations").text
    assert "live cards stay live" not in full.get("/dashboards/executive").text
    alone = full.get(f"/cards/bookings_live?{frozen}").text
    assert "live, not frozen" in alone
    assert "data-copy-link" in alone
    assert "as long as it is kept" not in alone


@pytest.mark.parametrize(
    "query", ["range=%3Cscript%3E", "city=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "currency=%3Cb%3E"]
)
def test_what_is_typed_into_the_address_is_never_markup(full: TestClient, query: str) -> None:
    answer = full.get(f"/dashboards/executive?{query}")
    assert answer.status_code in (200, 400, 404, 422)
    assert "<script>" not in answer.text
    assert "<img src=x" not in answer.text


def test_a_foreign_host_is_refused(full: TestClient) -> None:
    assert full.get("/", headers={"Host": "evil.example"}).status_code == 421


def test_the_palette_knows_pages_metrics_and_events(full: TestClient) -> None:
    found = full.get("/search.json").json()
    assert {entry["kind"] for entry in found} == {"page", "metric", "event"}
    for entry in found[:40]:
        assert full.get(entry["href"]).status_code == 200, entry


def test_what_is_vendored_is_what_was_published() -> None:
    folder: Path = rendering.STATIC / "vendor"
    manifest = json.loads((folder / "manifest.json").read_text())
    text = json.dumps(manifest)
    for file in folder.glob("*.js"):
        assert hashlib.sha256(file.read_bytes()).hexdigest() in text, file.name


@pytest.mark.parametrize("host", ["[::1]evil.com", "[::1", "localhost:80#@evil.com", ""])
def test_what_only_begins_like_a_local_host_is_refused(full: TestClient, host: str) -> None:
    assert full.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://[::1", "http://]", "null", "http://evil.example"])
def test_a_form_of_an_origin_that_is_not_ours_is_refused(full: TestClient, origin: str) -> None:
    answer = full.post(
        "/pipeline/quarantine/replay", headers={"Origin": origin}, data={"confirm": "replay 1"}
    )
    assert answer.status_code == 403


def test_half_a_form_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "BODY_WITHIN_S", 0.05)
    sent: list[dict[str, Any]] = []

    async def never(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError("half a form was passed on")

    async def half() -> dict[str, Any]:
        if sent == [] and not asked:
            asked.append(True)
            return {"type": "http.request", "body": b"conf", "more_body": True}
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    asked: list[bool] = []
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"content-length", b"1000")]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    asyncio.run(security.Guard(never)(scope, half, send))
    assert sent[0]["status"] == 408
