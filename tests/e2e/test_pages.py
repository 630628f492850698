"""Every page, once: what it asks for, what its policy refuses, how it is for everyone, and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import LAPTOP, PHONE, Tab, tab_of
from tests.e2e.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Where a page is of one thing, the address is that of the first one its list leads to.
PAGES = {
    "overview": "/",
    "executive": "/dashboards/executive",
    "operations": "/dashboards/operations",
    "card": "/cards/gmv?range=30d",
    "card-of-rows": "/cards/city_trends",
    "live": "/live/events",
    "event": "/live/events > .row-link:not([href*=quarantine])",
    "contracts": "/data/contracts",
    "contract": "/data/contracts > main [data-row] a",
    "runs": "/pipeline/runs",
    "run": "/pipeline/runs > main [data-row] a",
    "releases": "/pipeline/releases",
    "release": "/pipeline/releases > main [data-row] a",
    "quarantine": "/pipeline/quarantine",
    "refused": "/pipeline/quarantine > .refused .row-link",
    "replay": "/pipeline/quarantine/replay",
    "no-such-page": "/no-such-page",
    "bad-address": "/dashboards/executive?range=yesterday",
}


@dataclass(frozen=True)
class Seen:
    """What one visit to a page found."""

    foreign: tuple[str, ...]
    refused: tuple[str, ...]
    errors: tuple[str, ...]
    overflow: dict[int, int]
    barriers: dict[str, str]


@pytest.fixture(scope="module")
def visitor(browser: Browser, site: Site) -> Iterator[Tab]:
    with tab_of(browser, site.console.url) as tab:
        yield tab


@pytest.fixture(scope="module", params=PAGES)
def seen(request: pytest.FixtureRequest, visitor: Tab) -> Seen:
    return _visit(visitor, request.param)


def _visit(tab: Tab, name: str) -> Seen:
    path, _, link = PAGES[name].partition(" > ")
    tab.foreign.clear()
    tab.errors.clear()
    tab.page.set_viewport_size(LAPTOP)
    tab.page.emulate_media(color_scheme="light")
    tab.go(path)
    if link:
        tab.page.locator(link).first.click()
        tab.page.wait_for_url(lambda url: not url.endswith(path))
        tab.settle()
    barriers = {"light": _barriers(tab.page)}
    tab.page.emulate_media(color_scheme="dark")
    expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")
    barriers["dark"] = _barriers(tab.page)
    overflow = {LAPTOP["width"]: tab.overflow}
    tab.page.set_viewport_size(PHONE)
    overflow[PHONE["width"]] = tab.overflow
    own = f"{tab.page.url})"  # a page that says 404 is one, and the browser notes that too
    errors = tuple(e for e in tab.errors if not ("Failed to load resource" in e and e.endswith(own)))
    return Seen(tuple(tab.foreign), tuple(tab.refused), errors, overflow, barriers)


def _barriers(page: Page) -> str:
    found = Axe().run(page)
    return "" if found.violations_count == 0 else str(found.generate_report())


def test_no_request_leaves_the_host(seen: Seen) -> None:
    assert seen.foreign == ()


def test_the_policy_refuses_nothing_that_the_page_does(seen: Seen) -> None:
    assert seen.refused == ()


def test_the_page_writes_no_error(seen: Seen) -> None:
    assert seen.errors == ()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_barrier(seen: Seen, theme: str) -> None:
    assert not seen.barriers[theme]


@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_is_wider_than_the_window(seen: Seen, width: int) -> None:
    assert seen.overflow[width] <= 0
