"""An open console: its page fetched once, then each card as often as the page asks for it."""

from __future__ import annotations

import html
import re
import threading
import time
import urllib.error
import urllib.request

PAGE = "/dashboards/operations"
_CARD = re.compile(r'hx-get="([^"]+)"')
_POLL = re.compile(r'data-poll="(\d+)"')
EVERY_S = 5.0


class OpenConsole:
    """Polls the page's cards in a thread while the block runs.

    Attributes:
        seconds: what each answer took.
        failures: what was asked for in vain, and why.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.seconds: list[float] = []
        self.failures: list[str] = []

    def __enter__(self) -> OpenConsole:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        due = dict.fromkeys((html.unescape(link) for link in _CARD.findall(self._get(PAGE))), 0.0)
        while not self._stop.wait(0.1):
            for link in [link for link, at in due.items() if at <= time.monotonic()]:
                poll = _POLL.search(self._get(link))
                due[link] = time.monotonic() + (float(poll[1]) if poll else EVERY_S)

    def _get(self, path: str) -> str:
        started = time.monotonic()
        try:
            with urllib.request.urlopen(self._url + path, timeout=30) as answer:
                text: str = answer.read().decode()
        except (urllib.error.URLError, OSError) as error:
            self.failures.append(f"{path}: {error}")
            return ""
        self.seconds.append(time.monotonic() - started)
        return text
