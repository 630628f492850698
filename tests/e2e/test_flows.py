"""What people do in the console: with keys, with addresses, with files, and with what went wrong."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import LAPTOP, Tab, tab_of
from tests.e2e.site import Server, Site, event

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_every_page_of_the_menu_is_reached_by_keys_alone(tab: Tab) -> None:
    tab.go("/")
    places = tab.page.locator("[data-go]").evaluate_all(
        "links => links.map(link => [link.dataset.go, new URL(link.href).pathname])"
    )
    assert len(places) > 5
    for key, path in places:
        with tab.page.expect_navigation():
            tab.page.keyboard.press("g")
            tab.page.keyboard.press(key)
        assert tab.address.partition("?")[0] == path


def test_the_palette_finds_a_page_and_escape_gives_the_focus_back(tab: Tab) -> None:
    tab.go("/")
    tab.page.locator("[data-palette]").focus()
    before = tab.focused
    tab.page.keyboard.press("Control+k")
    expect(tab.page.locator("#palette")).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#palette")).to_be_hidden()
    assert tab.focused == before
    tab.page.keyboard.press("Control+k")
    tab.page.keyboard.type("payout backlog")
    expect(tab.page.locator("#palette-list [aria-selected=true]")).to_contain_text("ayout backlog")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url("**/cards/payout_backlog*")


def test_the_skip_link_is_first_and_leads_to_the_content(tab: Tab) -> None:
    tab.go("/dashboards/executive")
    tab.page.keyboard.press("Tab")
    assert tab.focused == "a Skip to the content"
    tab.page.keyboard.press("Enter")
    assert tab.focused.startswith("main#main")


def test_single_keys_can_be_switched_off_and_stay_off(tab: Tab) -> None:
    tab.go("/")
    tab.page.keyboard.press("?")
    help_box = tab.page.locator("#help")
    expect(help_box).to_be_visible()
    help_box.get_by_label("Single-key shortcuts are on").uncheck()
    tab.page.keyboard.press("Escape")
    tab.page.reload()
    tab.page.keyboard.press("?")
    expect(help_box).to_be_hidden()


def test_rows_are_walked_and_opened_with_j_k_and_enter(tab: Tab) -> None:
    tab.go("/data/contracts")
    rows = tab.page.locator("main [data-row]")
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        tab.page.keyboard.press(key)
        expect(rows.nth(place)).to_have_class(re.compile("is-current"))
    target = rows.nth(1).locator("a").first.get_attribute("href")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(f"**{target}")


def test_range_and_city_stand_in_the_address_and_back_undoes_them(tab: Tab) -> None:
    tab.go("/dashboards/executive")
    first = tab.address
    tab.page.get_by_role("group", name="Range").get_by_role("link", name="7 d").click()
    tab.settle()
    assert "range=7d" in tab.address
    week = tab.address
    tab.page.keyboard.press("[")
    tab.page.wait_for_url(lambda url: not url.endswith(week))
    tab.settle()
    earlier, shown = tab.address, ageless(tab)
    tab.page.go_back()
    tab.settle()
    assert tab.address == week
    tab.page.go_back()
    tab.settle()
    assert tab.address == first
    tab.go(earlier)
    assert ageless(tab) == shown, "the same address shows something else"


def ageless(tab: Tab) -> str:
    """What the page says, without how long ago anything was."""
    return re.sub(r"\d+ (s|min|h) ago|just now", "", tab.page.locator("main").inner_text())


def test_a_card_as_csv_holds_the_table_that_is_shown(tab: Tab) -> None:
    tab.go("/cards/gmv?range=30d")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("link", name="CSV", exact=True).click()
    lines = Path(str(download.value.path())).read_text().splitlines()
    rows = list(csv.reader(io.StringIO("\n".join(line for line in lines if not line.startswith("#")))))
    table = tab.page.locator("main table.data").first
    shown = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.dataset.value ?? cell.textContent.trim()))"
    )
    assert len(rows) - 1 == len(shown) > 5
    days = [datetime.strptime(row[0], "%a %d %b %Y").date().isoformat() for row in shown]
    cents = [round(float(re.sub(r"[^\d.]", "", row[1])) * 100) for row in shown]
    assert [tuple(row) for row in rows[1:]] == [
        (day, str(sum_)) for day, sum_ in zip(days, cents, strict=True)
    ]


def test_the_parts_of_a_cards_page_are_as_wide_as_its_drawing(tab: Tab) -> None:
    tab.go("/cards/gmv")
    widths = tab.page.locator(".object-main > section").evaluate_all(
        "parts => parts.map(part => part.getBoundingClientRect().width)"
    )
    assert len(widths) > 2 and len(set(widths)) == 1


def test_a_chart_is_saved_as_a_picture(tab: Tab, site: Site) -> None:
    tab.go("/cards/gmv?range=30d")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="PNG").click()
    picture = Path(str(download.value.path())).read_bytes()
    assert picture.startswith(b"\x89PNG\r\n\x1a\n") and len(picture) > 2_000
    assert download.value.suggested_filename.endswith(f"_{site.release_id}.png")
    assert tab.refused == []


def test_an_event_is_seen_live_and_a_bad_one_says_what_was_wrong(tab: Tab, site: Site) -> None:
    tab.go("/live/events")
    good, bad = event("search.query"), event("search.query")
    bad["payload"] = {**bad["payload"], "query_hash": 7}
    site.post(good, bad)
    expect(tab.page.locator("#tail")).to_contain_text("$.payload.query_hash", timeout=8_000)
    expect(tab.page.locator(f"#tail a[href*='{good['event_id']}']")).to_have_count(1)
    tab.page.get_by_role("button", name="Pause").click()
    unseen = event("search.query")
    site.post(unseen)
    tab.page.wait_for_timeout(3_000)
    expect(tab.page.locator(f"#tail a[href*='{unseen['event_id']}']")).to_have_count(0)
    tab.page.get_by_role("button", name="Go on").click()
    expect(tab.page.locator(f"#tail a[href*='{unseen['event_id']}']")).to_have_count(1)


def test_a_replay_asks_for_its_words_before_it_changes_anything(tab: Tab) -> None:
    tab.go("/pipeline/quarantine/replay")
    before = tab.page.locator(".counts").inner_text()
    confirm = tab.page.get_by_label(re.compile("to confirm"))
    if confirm.count() == 0:  # every refused record of the history is still wrong, and the page says so
        expect(tab.page.locator("main")).to_contain_text("None would pass now")
        return
    confirm.fill("yes")
    tab.page.get_by_role("button", name="Replay").click()
    expect(tab.page.get_by_role("alert")).to_contain_text("Not replayed")
    assert tab.page.locator(".counts").inner_text() == before


def test_a_platform_without_anything_says_how_to_begin(browser: Browser, tmp_path: Path) -> None:
    console = Server(tmp_path / "nothing", "console", "serve")
    try:
        console.wait("/health/live")
        with tab_of(browser, console.url) as tab:
            for path in (
                "/",
                "/dashboards/executive",
                "/live/events",
                "/pipeline/quarantine",
                "/pipeline/releases",
            ):
                tab.go(path)
                expect(tab.page.locator("main :is(.blank, .empty)").first).to_be_visible()
                assert tab.errors == [] and tab.overflow <= 0
    finally:
        console.stop()


def test_a_lake_that_is_gone_is_an_error_with_a_number_and_a_way_on(browser: Browser, site: Site) -> None:
    lake, away = site.home / "lake", site.home / "elsewhere"
    lake.rename(away)
    console = Server(site.home, "console", "serve")
    try:
        console.wait("/health/live")
        with tab_of(browser, console.url) as tab:
            tab.go("/dashboards/executive")
            text = tab.page.locator("main").inner_text()
            assert "Traceback" not in text and "duckdb" not in text.lower()
            assert re.search(r"Error err_[0-9A-Z]{10}", text), text
            assert "create or replace" not in text and "LINE" not in text
            tab.page.get_by_role("link", name="Try again").click()
            assert tab.address == "/dashboards/executive"
    finally:
        console.stop()
        away.rename(lake)


def test_motion_is_left_out_for_those_who_ask_and_the_print_has_no_menu(tab: Tab) -> None:
    tab.page.emulate_media(reduced_motion="reduce")
    tab.go("/dashboards/executive")
    longest = tab.page.evaluate(
        "Math.max(...[...document.querySelectorAll('*')].flatMap(e => getComputedStyle(e).transitionDuration.split(',')"
        ".concat(getComputedStyle(e).animationDuration.split(','))).map(parseFloat))"
    )
    assert longest <= 0.01
    tab.page.emulate_media(media="print")
    expect(tab.page.locator("header.side")).to_be_hidden()
    assert tab.page.viewport_size == LAPTOP
