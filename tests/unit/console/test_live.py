"""Live events: what was brought in by an import is what the page shows. The oracle is what went in."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from tests.unit.console.inlet import HOSTILE, Inlet, Page, example, rows

from rastup.console.pages import live
from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.errors import StoreUnavailable
from rastup.ingest import tail
from rastup.ingest.feed import Feed
from rastup.ingest.spool import list_segments
from rastup.ingest.tail import QUARANTINED, latest


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    return Inlet(tmp_path)


def test_the_newest_event_is_the_first_row_and_opens_its_record(inlet: Inlet) -> None:
    older = example("search.query", 1, received_at="2026-11-06T15:24:19Z")
    newer = example("leg.confirmed", 2, received_at="2026-11-06T15:24:20Z")
    inlet.bring(older, newer)
    with inlet.console() as console:
        links = list(rows(Page(console.get("/live/events").text)))
        assert [newer["event_id"] in links[0], older["event_id"] in links[1], len(links)] == [True, True, 2]
        record = console.get(links[0])
    assert record.status_code == 200
    page = Page(record.text)
    assert json.dumps(newer["payload"], indent=2).split("\n")[1].strip(' ,"') in page.text
    assert "/data/contracts/leg.confirmed?v=1" in page.attributes("a", "href")


def test_landed_events_are_shown_beside_those_in_the_spool(inlet: Inlet) -> None:
    inlet.bring(example("search.query", 1))
    inlet.land()
    inlet.bring(example("search.query", 2))
    with inlet.console() as console:
        assert len(list(rows(Page(console.get("/live/events").text)))) == 2


@pytest.mark.parametrize("limit", [1, 7, 40, 200])
def test_the_newest_are_shown_wherever_they_lie(inlet: Inlet, limit: int) -> None:
    received = [f"2026-11-06T15:24:{n // 10:02d}.{n % 10}00Z" for n in range(120)]
    events = [example("search.query", n, received_at=at) for n, at in enumerate(received)]
    refused = {n for n in range(120) if n % 11 == 0}
    for n in refused:
        events[n]["payload"] = {**events[n]["payload"], "results": -1}
    inlet.bring(*events[0::3], *events[1::3])
    inlet.land()
    inlet.bring(*events[2::3])
    newest = sorted(range(120), reverse=True)[:limit]
    found = latest(inlet.settings, limit=limit)
    assert [item.received_at for item in found] == [received[n] for n in newest]
    assert [item.status == QUARANTINED for item in found] == [n in refused for n in newest]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("event=search.query", {1, 3}),
        ("source=web", {1, 2}),
        ("source=app&event=search.query", {3}),
        ("status=accepted", {1, 2, 3}),
        ("event=&source=&status=", {1, 2, 3, "bad"}),
        ("status=quarantined", {"bad"}),
        ("event=no.such", set()),
        ("source=nobody", set()),
        ("status=upside-down", set()),
    ],
)
def test_filters_of_the_address_choose_the_rows(inlet: Inlet, query: str, shown: set[object]) -> None:
    inlet.bring(example("search.query", 1), example("leg.confirmed", 2))
    inlet.bring(example("search.query", 3), example("checkout.start", 4, payload={}), source="app")
    with inlet.console() as console:
        answer = console.get(f"/live/events?{query}")
    assert answer.status_code == 200
    page = Page(answer.text)
    found = {"bad" if "/quarantine/" in link else int(link.split("?")[0][-4:]) for link in rows(page)}
    assert found == shown
    if not shown:
        assert "No such event lately" in page.text


def test_a_refused_event_says_where_and_why_and_leads_to_the_quarantine(inlet: Inlet) -> None:
    query = example("search.query", 1)
    inlet.bring({**query, "payload": {**query["payload"], "results": -1}})
    with inlet.console() as console:
        page = Page(console.get("/live/events").text)
        assert "$.payload.results expected at least 0, got -1 EVENT_SCHEMA_INVALID" in page.text
        link = next(iter(rows(page)))
        assert link.startswith("/pipeline/quarantine/bad_")
        assert console.get(link).status_code == 200


def test_hostile_names_and_payloads_are_text(inlet: Inlet) -> None:
    query = example("search.query", 1)
    inlet.bring({**query, "payload": {**query["payload"], "q": HOSTILE + "\u202eevil\u0007"}})
    inlet.bring({**query, "event": HOSTILE}, source=HOSTILE)
    with inlet.console() as console:
        listed = Page(console.get("/live/events").text)
        assert HOSTILE in listed.text
        link = next(link for link in rows(listed) if "/live/events/evt_" in link)
        record = Page(console.get(link).text)
        filtered = Page(console.get("/live/events", params={"event": HOSTILE, "source": HOSTILE}).text)
        none = Page(console.get("/live/events", params={"event": HOSTILE + "2"}).text)
    assert "\\u202eevil" in record.text
    assert "\u202e" not in record.text
    assert HOSTILE in record.text
    assert not any(page.runs_something() for page in (listed, record, filtered, none))


def test_without_events_the_page_says_how_to_send_one_that_is_accepted(inlet: Inlet) -> None:
    with inlet.console() as console:
        html = console.get("/live/events").text
    command = html.partition('id="send-command">')[2].partition("</code>")[0]
    words = shlex.split(Page(f"<p>{command}</p>").text)
    assert words[2] == f"http://127.0.0.1:{inlet.settings.ingest.port}/collect"
    sent = {**json.loads(words[-1]), "event_id": "evt_01HXKQ4M7T5Z8V2R6N9P3C0001"}
    assert Validator(load_registry()).check(sent) is None


def test_the_list_refreshes_itself_and_an_unchanged_one_is_not_sent_again(inlet: Inlet) -> None:
    inlet.bring(example("search.query", 1))
    with inlet.console() as console:
        page = Page(console.get("/live/events?status=accepted").text)
        tail = next(attrs for _, attrs in page.elements if attrs.get("id") == "tail")
        assert tail["data-poll"] == "2"
        asked = {"HX-Request": "true"}
        first = console.get(tail["hx-get"] or "", headers=asked)
        again = console.get(tail["hx-get"] or "", headers={**asked, "If-None-Match": first.headers["etag"]})
        inlet.bring(example("search.query", 2))
        changed = console.get(tail["hx-get"] or "", headers={**asked, "If-None-Match": first.headers["etag"]})
    assert "<html" not in first.text
    assert "HX-Request" in first.headers["vary"]
    assert (again.status_code, again.content) == (304, b"")
    assert len(list(rows(Page(changed.text)))) == 2


def test_a_list_that_cannot_be_read_says_so_and_goes_on_asking(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("the store does not answer; look at its log.")

    inlet.bring(example("search.query", 1))
    with inlet.console() as console:
        asked = {"HX-Request": "true"}
        with monkeypatch.context() as patch:
            patch.setattr(live, "tail_of", away)
            failed = console.get("/live/events", headers=asked)
            whole = console.get("/live/events")
        tail = next(attrs for _, attrs in Page(failed.text).elements if attrs.get("id") == "tail")
        again = console.get(tail["hx-get"] or "", headers=asked)
    assert [failed.status_code, whole.status_code, again.status_code] == [503, 503, 200]
    assert "the store does not answer" in Page(failed.text).text
    assert "<h1" in whole.text
    assert tail["data-poll"] == "2"
    assert len(list(rows(Page(again.text)))) == 1


@pytest.mark.parametrize("event_id", ["evt_01HXKQ4M7T5Z8V2R6N9P3C9999", "%3Cscript%3E", "e" * 2000, "%00"])
def test_a_record_that_is_not_there_is_a_page_that_says_so(inlet: Inlet, event_id: str) -> None:
    with inlet.console() as console:
        answer = console.get(f"/live/events/{event_id}")
    assert answer.status_code == 404
    assert not Page(answer.text).runs_something()


def test_a_filter_longer_than_any_name_is_refused_with_a_page(inlet: Inlet) -> None:
    with inlet.console() as console:
        answer = console.get("/live/events", params={"event": "e" * 500})
    assert answer.status_code == 400
    assert "at most 200" in Page(answer.text).text


@pytest.mark.parametrize("lies", ["in the spool", "landed"])
def test_one_among_thousands_is_found_by_what_tells_it_apart(inlet: Inlet, lies: str) -> None:
    inlet.bring(example("search.query", 1), source="rare")
    others = [example("search.query", n, event_id=f"evt_01HXKQ4M7T5Z8V2R6N9P4D{n:04d}") for n in range(3_000)]
    inlet.bring(*others)
    if lies == "landed":
        inlet.land()
    wanted = example("search.query", 1)["event_id"]
    assert [item.event_id for item in latest(inlet.settings, limit=100, source="rare")] == [wanted]
    assert [item.source for item in latest(inlet.settings, limit=1, event_id=wanted)] == ["rare"]
    first = others[0]["event_id"]
    with inlet.console() as console:
        assert console.get(f"/live/events/{first}?event=search.query").status_code == 200


def test_a_segment_that_is_sealed_while_it_is_looked_at_is_shown(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Feed(inlet.settings.home.spool, "c0", inlet.settings.spool) as feed:
        feed.put(json.dumps(_stored("evt_01HXKQ4M7T5Z8V2R6N9P3C0001")).encode() + b"\n")
        feed.flush()
        before = list_segments(inlet.settings.home.spool)
        assert [segment.sealed for segment in before] == [False]
    monkeypatch.setattr(tail, "list_segments", lambda _root: before)
    assert [item.event_id for item in latest(inlet.settings, limit=5)] == ["evt_01HXKQ4M7T5Z8V2R6N9P3C0001"]


def test_what_is_said_to_come_in_tomorrow_does_not_stay_the_newest(inlet: Inlet) -> None:
    inlet.bring(example("search.query", 1, received_at="2999-11-06T15:24:19Z"))
    for _ in ("in the spool", "landed"):
        [shown] = latest(inlet.settings, limit=1)
        assert shown.received_at <= rfc3339_ms(system_clock())
        inlet.land()


def _stored(event_id: str) -> dict[str, object]:
    """A record as the collector writes it."""
    at = "2026-11-06T15:24:19.000Z"
    record = example("search.query", event_id=event_id, received_at=at)
    return record | {"context": {**record["context"], "env": "prod", "source": "web"}}
