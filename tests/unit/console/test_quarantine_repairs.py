"""Repairs in the console: what the pages say against what then lies in the spool and the quarantine."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient
from tests.unit.console.inlet import HOSTILE, Inlet, Page, example, rows

from rastup.console.pages import repairs
from rastup.core.config import ConsoleConfig
from rastup.ingest.quarantine import OPEN, REPLAYED, Filters, Quarantine
from rastup.ingest.repair import history
from rastup.ingest.tail import ACCEPTED, latest

PATH = "/pipeline/quarantine"
KEPT = ("since", "state", "until")
STEPS = {"do": ["event", "set"], "at": ["search.qwery", "$.payload.results"], "to": ["search.query", "7"]}


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    """Three events of a name that no contract knows."""
    found = Inlet(tmp_path)
    found.bring(*({**example("search.query", n), "event": "search.qwery"} for n in range(3)))
    return found


def states(inlet: Inlet) -> list[str]:
    return sorted(bad.state for bad in Quarantine(inlet.settings).records(Filters()))


def accepted(inlet: Inlet) -> int:
    return len(latest(inlet.settings, limit=100, status=ACCEPTED))


def confirmed(page: Page, **typed: str) -> dict[str, list[str]]:
    """What the page's posting form sends, with what was typed; the trying form has no hidden step fields."""
    form: dict[str, list[str]] = {}
    for tag, attrs in page.elements:
        if tag == "input" and attrs.get("type") == "hidden":
            form.setdefault(attrs["name"] or "", []).append(attrs.get("value") or "")
    return {**form, **{name: [value] for name, value in typed.items()}}


def carry_out(console: TestClient, address: str) -> Page:
    page = Page(console.get(address).text)
    number = confirmed(page)["expected"][0]
    answer = console.post(f"{PATH}/repair", data=confirmed(page, confirm=f"repair {number}", reason="a slip"))
    assert answer.status_code == 200 and "/repairs/rep_" in str(answer.url)
    return Page(answer.text)


def test_a_group_leads_to_a_suggestion_that_mends_it(inlet: Inlet) -> None:
    with inlet.console() as console:
        listed = Page(console.get(PATH).text)
        link = next(a for a in listed.attributes("a", "href") if "/repair?" in a and "path=" in a)
        page = Page(console.get(link).text)
        assert "a suggestion" in page.text
        typed = [a.get("value") for t, a in page.elements if t == "input" and a.get("name") in ("at", "to")]
        assert typed[:2] == ["search.qwery", "search.query"]
        assert states(inlet) == [OPEN] * 3


def test_a_repair_is_tried_confirmed_reported_and_undone(inlet: Inlet) -> None:
    with inlet.console() as console:
        page = Page(console.get(f"{PATH}/repair", params=STEPS).text)
        assert "would pass3" in page.text.replace("would pass 3", "would pass3")
        assert "$.event" in page.text and '"search.qwery"' in page.text and '"search.query"' in page.text
        assert (accepted(inlet), states(inlet)) == (0, [OPEN] * 3)

        mistyped = console.post(f"{PATH}/repair", data=confirmed(page, confirm="repair"))
        assert mistyped.status_code == 422 and "did not match" in mistyped.text and accepted(inlet) == 0

        done = carry_out(console, f"{PATH}/repair?{'&'.join(_query())}")
        assert "3 events passed and went on; 0 were refused again." in done.text
        assert (accepted(inlet), states(inlet)) == (3, [REPLAYED] * 3)

        listed = Page(console.get(f"{PATH}/repairs").text)
        report = next(iter(rows(listed)))
        assert "a slip" in listed.text
        wrong = console.post(f"{report}/undo", data={"expected": "3", "confirm": "undo 4"})
        assert wrong.status_code == 422 and states(inlet) == [REPLAYED] * 3
        undone = Page(console.post(f"{report}/undo", data={"expected": "3", "confirm": "undo 3"}).text)
        assert "no longer count and its records are open again" in undone.text
        assert states(inlet) == [OPEN] * 3
        twice = console.post(f"{report}/undo", data={"expected": "3", "confirm": "undo 3"})
        assert twice.status_code == 200

        again = next(a for a in undone.attributes("a", "href") if "/repair?" in a)
        fields = [(k, v) for k, v in parse_qsl(urlsplit(again).query) if k in STEPS]
        assert fields == [(k, STEPS[k][n]) for n in range(2) for k in ("do", "at", "to")]
        assert "3 events passed" in carry_out(console, again).text


def test_a_repair_and_its_undo_that_take_longer_than_a_question_may_are_answered_with_their_reports(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_s = 0.2

    def slow(work: Any) -> Any:
        def slowly(*args: Any) -> Any:
            time.sleep(3 * limit_s)
            return work(*args)

        return slowly

    inlet.settings = replace(inlet.settings, console=ConsoleConfig(query_timeout_s=limit_s))
    for name in ("carried", "_undone"):
        monkeypatch.setattr(repairs, name, slow(getattr(repairs, name)))
    with inlet.console() as console:
        page = undone(console, f"{PATH}/repair?{'&'.join(_query())}")
    assert "its records are open again" in page.text
    assert states(inlet) == [OPEN] * 3


def undone(console: TestClient, address: str) -> Page:
    """The report of what the address repairs, after its undo."""
    carry_out(console, address)
    report = next(iter(rows(Page(console.get(f"{PATH}/repairs").text))))
    number = confirmed(Page(console.get(report).text))["expected"][0]
    return Page(console.post(f"{report}/undo", data={"expected": number, "confirm": f"undo {number}"}).text)


def again_of(page: Page) -> str:
    return next(a for a in page.attributes("a", "href") if "/repair?" in a)


def test_a_repair_of_one_record_is_done_again_for_that_record(inlet: Inlet) -> None:
    one = sorted(bad.id for bad in Quarantine(inlet.settings).records(Filters()))[1]
    with inlet.console() as console:
        again = again_of(undone(console, f"{PATH}/repair?id={one}&{'&'.join(_query())}"))
        done = carry_out(console, again)
    assert "1 event passed" in done.text
    assert [b.id for b in Quarantine(inlet.settings).records(Filters(state=REPLAYED))] == [one]


def test_a_repair_is_done_again_for_the_records_that_it_was_about(inlet: Inlet) -> None:
    """Not for older ones than it asked for, nor for what has come in since, also when the steps are tried once more."""
    before, after = "2020-01-01T00:00:00.000Z", "2100-01-01T00:00:00.000Z"
    old = inlet.bring_refused({**example("search.query", 8), "event": "search.qwery"}, "$", "old", at=before)
    with inlet.console() as console:
        page = undone(console, f"{PATH}/repair?since=2021-01-01&{'&'.join(_query())}")
        new = inlet.bring_refused(
            {**example("search.query", 9), "event": "search.qwery"}, "$", "new", at=after
        )
        tried = Page(console.get(again_of(page)).text)
        form = [(a["name"], a.get("value") or "") for t, a in tried.elements if t == "input" and "name" in a]
        once_more = Page(
            console.get(f"{PATH}/repair", params={**STEPS, **dict(f for f in form if f[0] in KEPT)}).text
        )
        number = confirmed(once_more)["expected"][0]
        console.post(f"{PATH}/repair", data=confirmed(once_more, confirm=f"repair {number}"))
    assert number == "3"
    assert sorted(b.id for b in Quarantine(inlet.settings).records(Filters(state=OPEN))) == sorted([old, new])


@pytest.mark.parametrize(
    ("chosen", "state", "expected"),
    [
        ({"ids": ["bad_1", "bad_2"]}, history.UNDONE, None),
        ({"ids": ["bad_1"]}, history.INTERRUPTED, {"id": "bad_1"}),
        (
            {"state": "refused", "code": "X"},
            history.INTERRUPTED,
            {"state": "refused", "code": "X", "until": "T"},
        ),
        ({"state": "refused"}, history.UNDONE, {"state": "open", "until": "T"}),
        ({"until": "U", "since": "S"}, history.INTERRUPTED, {"state": "any", "until": "U", "since": "S"}),
    ],
)
def test_doing_it_again_means_the_same_records(
    chosen: dict[str, object], state: str, expected: dict[str, str] | None
) -> None:
    report = history.Report("rep_1", state, "T", None, "me", "why", [], chosen, 0, 0, ())
    address = repairs._again(report)
    assert (address and dict(parse_qsl(urlsplit(address).query))) == expected


def _query() -> list[str]:
    return [f"{name}={STEPS[name][n]}" for n in range(2) for name in STEPS]


def test_what_came_after_the_trial_is_not_repaired(inlet: Inlet) -> None:
    with inlet.console() as console:
        page = Page(console.get(f"{PATH}/repair", params=STEPS).text)
        inlet.bring_refused(example("search.query", 9), "$", "late", at="2100-01-01T00:00:00.000Z")
        console.post(f"{PATH}/repair", data=confirmed(page, confirm="repair 3"))
    assert states(inlet) == [OPEN] + [REPLAYED] * 3


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({"do": "explode", "at": "a", "to": "b"}, "there is no step 'explode'"),
        ({"do": "cast", "at": "payload.x", "to": "float"}, "give one of integer"),
        ({"do": "drop", "at": "a..b", "to": ""}, "is no path"),
        ({"do": "drop", "at": HOSTILE, "to": ""}, "is no path"),
        ({"do": "rename", "at": "a", "to": ""}, "is a text"),
        ({"do": "set", "at": "", "to": "1"}, "is no path"),
    ],
)
def test_a_step_that_is_none_says_what_is_allowed_and_stays_in_the_form(
    inlet: Inlet, steps: dict[str, str], said: str
) -> None:
    with inlet.console() as console:
        answer = console.get(f"{PATH}/repair", params=steps)
        page = Page(answer.text)
        posted = console.post(f"{PATH}/repair", data={**steps, "expected": "3", "confirm": "repair 3"})
    assert answer.status_code == 422 and said in page.text
    assert steps["at"] in page.attributes("input", "value")
    assert not page.runs_something()
    assert posted.status_code in (400, 422) and states(inlet) == [OPEN] * 3


def test_hostile_records_steps_and_reasons_are_text(inlet: Inlet) -> None:
    inlet.bring({**example("search.query", 8), "event": HOSTILE, "payload": {HOSTILE: HOSTILE}})
    with inlet.console() as console:
        address = f"{PATH}/repair?event={HOSTILE}&do=set&at=payload.x&to={HOSTILE}"
        page = Page(console.get(address).text)
        mended = f"{PATH}/repair?event={HOSTILE}&do=event&at=&to=search.query&do=set&at=payload&to={{}}"
        tried = Page(console.get(mended).text)
        report = Page(
            console.post(f"{PATH}/repair", data=confirmed(page, confirm="repair 1", reason=HOSTILE)).text
        )
    assert HOSTILE in page.text
    assert not page.runs_something() and not tried.runs_something() and not report.runs_something()


@pytest.mark.parametrize("name", ["rep_01M7Z7SECXT4GZSGSTBRM3WCST", "nonsense", "%3Cscript%3E"])
def test_an_unknown_repair_is_not_found(inlet: Inlet, name: str) -> None:
    with inlet.console() as console:
        assert console.get(f"{PATH}/repairs/{name}").status_code == 404
        answer = console.post(f"{PATH}/repairs/{name}/undo", data={"expected": "1", "confirm": "undo 1"})
        assert answer.status_code == 404


def test_a_form_from_elsewhere_neither_repairs_nor_undoes(inlet: Inlet) -> None:
    with inlet.console() as console:
        page = Page(console.get(f"{PATH}/repair", params=STEPS).text)
        headers = {"Origin": "http://evil.example"}
        answer = console.post(f"{PATH}/repair", data=confirmed(page, confirm="repair 3"), headers=headers)
    assert answer.status_code == 403 and states(inlet) == [OPEN] * 3


def test_nothing_to_repair_is_said(inlet: Inlet) -> None:
    with inlet.console() as console:
        assert "Nothing to repair" in Page(console.get(f"{PATH}/repair?code=NO_SUCH").text).text
        assert "Nothing was repaired yet" in Page(console.get(f"{PATH}/repairs").text).text
        found = Page(console.get(f"{PATH}/repair").text)
        assert re.search(r"Without any step", found.text)
