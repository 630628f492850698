"""Quarantine: the pages against what was refused on the way in, and a replay against what then lies in the spool."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.console.inlet import HOSTILE, Inlet, Page, example, rows

from rastup.ingest.quarantine import Filters, Quarantine
from rastup.ingest.tail import ACCEPTED, latest

PATH = "/pipeline/quarantine"


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    return Inlet(tmp_path)


def states(inlet: Inlet) -> dict[str, str]:
    return {bad.id: bad.state for bad in Quarantine(inlet.settings).records(Filters())}


def accepted(inlet: Inlet) -> list[str | None]:
    return [item.event_id for item in latest(inlet.settings, limit=100, status=ACCEPTED)]


def test_nothing_refused_is_said(inlet: Inlet) -> None:
    inlet.bring(example("search.query", 1))
    with inlet.console() as console:
        assert "Nothing was refused" in Page(console.get(PATH).text).text


def test_groups_count_by_code_event_path_and_source(inlet: Inlet) -> None:
    broken = [example("checkout.start", n, payload={}) for n in range(1, 4)]
    inlet.bring(*broken, {**broken[0], "event": "search.no_such"})
    inlet.bring(broken[0], source="app")
    inlet.land()
    with inlet.console() as console:
        page = Page(console.get(PATH).text)
        group = next(link for link in rows(page) if "event=checkout.start" in link and "source=web" in link)
        chosen = Page(console.get(group).text)
    assert "checkout.start$.payload" in page.text.replace("checkout.start $", "checkout.start$")
    assert [n for n in page.cells("num state") if n.isdigit()] == ["3", "1", "1"]
    assert "EVENT_SCHEMA_INVALID Examples: 1 of checkout.start 2 of checkout.start" in page.text
    assert "EVENT_UNKNOWN Examples: 1 of search.no_such" in page.text
    assert len([link for link in rows(page) if "/quarantine/bad_" in link]) == 5
    assert len([link for link in rows(chosen) if "/quarantine/bad_" in link]) == 3


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),
        ("code=EVENT_UNKNOWN", 1),
        ("event=checkout.start", 1),
        ("source=app", 1),
        ("since=1h", 0),
        ("since=2026-11-06", 2),
        ("state=any", 2),
        ("state=replayed", 0),
        ("code=NO_SUCH", 0),
        ("event=no.such&source=nobody", 0),
        ("state=upside-down", 0),
    ],
)
def test_filters_of_the_address_choose_the_records(inlet: Inlet, query: str, number: int) -> None:
    then = {"received_at": "2026-11-06T15:24:19Z"}
    inlet.bring(example("checkout.start", 1, payload={}, **then))
    inlet.bring({**example("search.query", 2, **then), "event": "search.qwery"}, source="app")
    with inlet.console() as console:
        answer = console.get(f"{PATH}?{query}")
    assert answer.status_code == 200
    assert len([link for link in rows(Page(answer.text)) if "/quarantine/bad_" in link]) == number


def test_a_time_that_is_none_is_refused_with_what_is_allowed(inlet: Inlet) -> None:
    with inlet.console() as console:
        answer = console.get(f"{PATH}?since=yesterday")
    assert answer.status_code == 400
    assert "give a day" in Page(answer.text).text


def test_a_record_shows_its_reason_and_its_bytes_as_text_and_gives_them_as_they_came(inlet: Inlet) -> None:
    raw = json.dumps({**example("search.query", 1), "event": HOSTILE}, indent=None).encode()
    inlet.bring_bytes(raw)
    with inlet.console() as console:
        listed = Page(console.get(PATH).text)
        link = next(link for link in rows(listed) if "/quarantine/bad_" in link)
        page = Page(console.get(link).text)
        file = console.get(f"{link}/original")
    assert raw.decode() in page.text
    assert file.content == raw
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert not listed.runs_something()
    assert not page.runs_something()


def test_bytes_that_are_no_text_are_shown_as_escapes_and_kept_exactly(inlet: Inlet) -> None:
    raw = b'{"event": "\xff\xfe", "deep": ' + b"[" * 3_000
    inlet.bring_bytes(raw)
    with inlet.console() as console:
        link = next(link for link in rows(Page(console.get(PATH).text)) if "/quarantine/bad_" in link)
        page = console.get(link)
        assert console.get(f"{link}/original").content == raw
    assert page.status_code == 200
    assert r"\xff\xfe" in Page(page.text).text


@pytest.mark.parametrize("bad_id", ["bad_01HXKQ4M7T5Z8V2R6N9P3C0001", "nonsense", "%3Cscript%3E", "b" * 3000])
def test_an_unknown_record_is_not_found(inlet: Inlet, bad_id: str) -> None:
    with inlet.console() as console:
        assert console.get(f"{PATH}/{bad_id}").status_code == 404
        assert console.get(f"{PATH}/{bad_id}/original").status_code == 404


def test_a_replay_is_tried_confirmed_and_done_once(inlet: Inlet) -> None:
    mended = inlet.bring_refused(example("search.query", 1), "$.payload.q", "unknown field")
    inlet.bring(example("checkout.start", 2, payload={}))
    with inlet.console() as console:
        tried = Page(console.get(f"{PATH}/replay").text)
        assert "wouldpass1wouldberefusedagain1" in tried.text.replace(" ", "")
        assert set(states(inlet).values()) == {"open"}
        form = tried.fields()
        assert form.pop("confirm") == ""

        mistyped = console.post(f"{PATH}/replay", data={**form, "confirm": "yes"})
        assert mistyped.status_code == 422
        assert "did not match" in Page(mistyped.text).text
        assert accepted(inlet) == []

        done = console.post(f"{PATH}/replay", data={**form, "confirm": "replay 1"})
        assert done.status_code == 200
        assert "1 event passed and went on; 1 was refused again." in Page(done.text).text
        again = console.post(f"{PATH}/replay", data={**form, "state": "any", "confirm": "replay 1"})
        assert "0 events passed" in Page(again.text).text
        shown = Page(console.get(f"{PATH}/{mended}").text)
    assert accepted(inlet) == ["evt_01HXKQ4M7T5Z8V2R6N9P3C0001"]
    assert states(inlet)[mended] == "replayed"
    assert sorted(states(inlet).values()) == ["refused", "replayed"]
    assert "/live/events/evt_01HXKQ4M7T5Z8V2R6N9P3C0001" in shown.attributes("a", "href")
    assert not [link for link in shown.attributes("a", "href") if "/replay" in link]


def test_one_record_is_replayed_alone(inlet: Inlet) -> None:
    one = inlet.bring_refused(example("search.query", 1), "$.payload.q", "unknown field")
    other = inlet.bring_refused(example("search.query", 2), "$.payload.q", "unknown field")
    with inlet.console() as console:
        page = Page(console.get(f"{PATH}/{one}").text)
        link = next(link for link in page.attributes("a", "href") if "/replay?" in link)
        form = Page(console.get(link).text).fields()
        console.post(f"{PATH}/replay", data={**form, "confirm": "replay 1"})
    assert states(inlet) == {one: "replayed", other: "open"}


def test_what_is_refused_after_the_dry_run_is_not_part_of_the_replay(inlet: Inlet) -> None:
    inlet.bring_refused(example("search.query", 1), "$.payload.q", "unknown field")
    with inlet.console() as console:
        form = Page(console.get(f"{PATH}/replay").text).fields()
        late = inlet.bring_refused(
            example("search.query", 2), "$.payload.q", "unknown field", at="2100-01-01T00:00:00.000Z"
        )
        console.post(f"{PATH}/replay", data={**form, "confirm": "replay 1"})
    assert states(inlet)[late] == "open"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_form_from_elsewhere_replays_nothing(inlet: Inlet, headers: dict[str, str]) -> None:
    bad = inlet.bring_refused(example("search.query", 1), "$.payload.q", "unknown field")
    with inlet.console() as console:
        form = Page(console.get(f"{PATH}/replay").text).fields()
        answer = console.post(f"{PATH}/replay", data={**form, "confirm": "replay 1"}, headers=headers)
    assert answer.status_code == 403
    assert states(inlet) == {bad: "open"}


def test_a_replay_of_nothing_says_so(inlet: Inlet) -> None:
    with inlet.console() as console:
        assert "Nothing to replay" in Page(console.get(f"{PATH}/replay?code=NO_SUCH").text).text
        assert console.get(f"{PATH}/replay?id=nonsense").status_code == 404
        assert console.get(f"{PATH}/replay?id=bad_01HXKQ4M7T5Z8V2R6N9P3C0001").status_code == 404
