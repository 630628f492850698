"""Quarantine and contracts in a browser: a repair from the group to its undo, an event tried, keys alone, for everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import LAPTOP, PHONE, Tab, tab_of
from tests.e2e.site import Server
from tests.unit.console.inlet import HOSTILE, Inlet, example

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GROUPS = ".groups [data-row]"
REPAIR = "/pipeline/quarantine/repair?event=search.query&do=cast&at=payload.results&to=integer"
PAGES = {
    "groups": "/pipeline/quarantine",
    "repair": REPAIR,
    "repair-wrong": "/pipeline/quarantine/repair?do=drop&at=a..b&to=",
    "repairs": "/pipeline/quarantine/repairs",
    "contracts": "/data/contracts?q=query",
    "contract": "/data/contracts/search.query",
    "try": "/data/contracts/try?event=search.query",
}


@pytest.fixture(scope="module")
def tab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A console of its own, where three numbers came as text and one event has a hostile name."""
    inlet = Inlet(tmp_path_factory.mktemp("repairs"))
    records = [example("search.query", n) for n in range(4)]
    for record in records[1:]:
        record["payload"] = {**record["payload"], "results": "7"}
    inlet.bring(*records, {**records[0], "event": HOSTILE})
    inlet.land()
    console = Server(Path(inlet.settings.home.root), "console", "serve")
    try:
        console.wait("/health/live")
        with tab_of(browser, console.url) as found:
            yield found
    finally:
        console.stop()


def _barriers(page: Page) -> str:
    found = Axe().run(page)
    return "" if found.violations_count == 0 else str(found.generate_report())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everyone_and_asks_nobody_else(tab: Tab, name: str) -> None:
    tab.errors.clear()
    tab.page.set_viewport_size(LAPTOP)
    for scheme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tab.go(PAGES[name])
        expect(tab.page.locator("html")).to_have_attribute("data-theme", scheme)
        assert not _barriers(tab.page)
    for size in (LAPTOP, PHONE):
        tab.page.set_viewport_size(size)
        assert tab.overflow <= 0, size
    tab.page.set_viewport_size(LAPTOP)
    own = [e for e in tab.errors if "422" not in e]
    assert (tab.foreign, tab.refused, own) == ([], [], [])


def test_a_group_is_repaired_reported_and_undone(tab: Tab) -> None:
    tab.go("/pipeline/quarantine")
    group = tab.page.locator(GROUPS).filter(has_text="$.payload.results")
    group.get_by_role("link", name=re.compile("Repair")).click()
    expect(tab.page.get_by_text("is a suggestion")).to_be_visible()
    tab.page.get_by_role("button", name="Try").click()
    expect(tab.page.locator(".diff").first).to_contain_text("$.payload.results")
    tried = tab.address
    tab.page.get_by_label(re.compile("to confirm")).fill("repair 4")
    tab.page.get_by_role("button", name="Repair", exact=True).click()
    expect(tab.page.get_by_role("alert")).to_contain_text("Not repaired")
    tab.page.get_by_label("Reason").fill("results were text")
    tab.page.get_by_label(re.compile("to confirm")).fill("repair 3")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/repairs/rep_*")
    expect(tab.page.get_by_role("status").first).to_contain_text("3 events passed")
    report = tab.address

    tab.go(tried)
    expect(tab.page.locator("main")).to_contain_text("Nothing to repair")
    tab.go(report)
    tab.page.get_by_label(re.compile("to confirm")).fill("undo 3")
    tab.page.get_by_role("button", name="Undo").click()
    expect(tab.page.locator("main")).to_contain_text("its records are open again")
    tab.go(tried)
    expect(tab.page.locator(".counts")).to_contain_text("3")
    assert tab.refused == []


def test_the_examples_and_the_repair_of_a_group_are_reached_by_keys(tab: Tab) -> None:
    tab.go("/pipeline/quarantine")
    row = tab.page.locator(GROUPS).first
    row.locator("a").first.focus()
    seen = []
    for _ in range(6):
        seen.append(tab.focused)
        tab.page.keyboard.press("Tab")
    assert any("Repair" in one for one in seen) and any(one.startswith("a 1") for one in seen)


def test_an_event_is_tried_from_its_contract(tab: Tab) -> None:
    tab.go("/data/contracts?q=query_hash")
    tab.page.locator("a[href='/data/contracts/search.query']").click()
    tab.settle()
    expect(tab.page.locator("#traffic")).to_contain_text("Refused, last 30 days")
    box = tab.page.get_by_label("An event, an array, or one event a line")
    box.fill(box.input_value().replace('"results": 12', '"results": "12"'))
    tab.page.get_by_role("button", name="See what would happen").click()
    expect(tab.page.locator(".verdict")).to_contain_text("$.payload.results")
    assert "quarantined" in tab.page.locator(".verdict").inner_text()
    box.fill(box.input_value().replace('"results": "12"', '"results": 12'))
    tab.page.get_by_role("button", name="See what would happen").click()
    expect(tab.page.locator(".verdict")).to_contain_text("accepted")
    assert tab.refused == []


def test_a_snippet_is_copied(tab: Tab) -> None:
    tab.go("/data/contracts/search.query")
    tab.page.get_by_role("button", name="Copy curl").click()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert copied == tab.page.locator("#snippet-curl").text_content()
    assert copied.startswith("curl ")
