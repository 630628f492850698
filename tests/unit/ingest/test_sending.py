"""Addresses of collectors, and of what is none."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from rastup.core.errors import UsageError
from rastup.ingest.sending import Sender


@pytest.mark.parametrize(
    "url",
    ["", "collector:8700", "ftp://host", "http://", "http://[::1", "http://host:99999999", "http:///path"],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(UsageError, match="give an address such as"):
        Sender(url, "key")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8700", "https://collect.example/", "http://[::1]:8700"])
def test_addresses_are_taken(url: str) -> None:
    assert Sender(url, "key").sent.accepted == 0


@pytest.fixture(
    params=[
        b"<!doctype html><title>Welcome</title>",
        b"",
        b"[]",
        b"null",
        b'{"ok": true}',
        b'{"accepted": 1, "duplicates": 0, "quarantined": 0, "results": [{}]}',
        b'{"accepted": "one", "duplicates": 0, "quarantined": 0, "results": []}',
    ]
)
def stranger(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server that is no collector and answers 200 to all."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(request.param)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_who_answers_and_is_no_collector_is_told_apart(stranger: str, tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_text('{"event": "search.query"}\n')
    with pytest.raises(UsageError, match=rf"{stranger}/collect answered 200, .* is --to its address\?$"):
        Sender(stranger, "key").send(file)
