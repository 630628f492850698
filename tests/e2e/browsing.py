"""A browser's tab, and everything that a page must not do in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, expect

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LAPTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 812}
_WATCH = """
    window.refused = [];
    document.addEventListener("securitypolicyviolation",
        (e) => window.refused.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


def chromium() -> str | None:
    """Where a Chromium is installed."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


@dataclass
class Tab:
    """A page at one origin. `foreign`: what it asked of others; `errors`: what it wrote on the console as one."""

    page: Page
    origin: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Notes from here on what the page does."""
        self.page.add_init_script(_WATCH)
        self.page.on("request", self._on_request)
        self.page.on("console", self._on_message)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def go(self, path: str) -> None:
        """Opens a page and waits until it is whole: no card is loading, nothing is on its way."""
        self.page.goto(self.origin + path)
        self.settle()

    def settle(self) -> None:
        """Waits until no card is loading any more."""
        self.page.wait_for_load_state("load")
        expect(self.page.locator(".is-loading, .htmx-request")).to_have_count(0)

    @property
    def address(self) -> str:
        """Path and query of the page that is shown."""
        return self.page.url.removeprefix(self.origin)

    @property
    def refused(self) -> list[str]:
        """What the Content-Security-Policy has refused on this page."""
        found: list[str] = self.page.evaluate("window.refused")
        return found

    @property
    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        found: int = self.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        return found

    @property
    def focused(self) -> str:
        """What has the focus, as `tag#id`, and what it says."""
        found: str = self.page.evaluate(
            "(e => `${e.tagName.toLowerCase()}${e.id && '#' + e.id} ${e.textContent.trim()}`)(document.activeElement)"
        )
        return found

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.foreign.append(request.url)

    def _on_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url')})")


@contextmanager
def tab_of(browser: Browser, origin: str, viewport: ViewportSize = LAPTOP) -> Iterator[Tab]:
    """A tab with cookies, storage and history of its own."""
    context = browser.new_context(viewport=viewport, locale="en-US", timezone_id="UTC", color_scheme="light")
    context.set_default_timeout(15_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    tab = Tab(context.new_page(), origin)
    tab.watch()
    try:
        yield tab
    finally:
        context.close()
