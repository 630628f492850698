"""A collector for the client's tests: a real HTTP server that keeps each event once, and misbehaves as it is told."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CUT_BEFORE, CUT_AFTER = "cut before storing", "cut after storing"


class FakeCollector:
    """What it got. `script` holds what becomes of the next requests: a status, a cut, or None for an ordinary answer."""

    def __init__(self) -> None:
        self.script: list[Any] = []
        self.events: dict[str, dict[str, Any]] = {}
        self.batches: list[int] = []
        self.most_events = 1_000_000
        self.rejected: dict[str, tuple[str, str, str]] = {}
        self.keys: set[str] = set()
        self.requests = 0
        self.url = ""

    def take(self, body: bytes) -> dict[str, Any]:
        records = [json.loads(line) for line in body.splitlines()]
        self.batches.append(len(records))
        results = []
        for index, record in enumerate(records):
            name = record["event_id"]
            if why := self.rejected.get(record["event"]):
                code, path, message = why
                results.append(
                    {"index": index, "event_id": name, "status": "quarantined", "code": code, "path": path}
                    | {"message": message}
                )
            else:
                self.events[name] = record
        return {"accepted": len(records) - len(results), "duplicates": 0, "quarantined": len(results)} | {
            "results": results
        }


@contextmanager
def running() -> Iterator[FakeCollector]:
    """A collector on a free port."""
    collector = FakeCollector()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collector.requests += 1
            collector.keys.add(self.headers["Authorization"])
            what = collector.script.pop(0) if collector.script else None
            if what == CUT_BEFORE:
                return self._cut()
            if body.count(b"\n") + 1 > collector.most_events:
                what = (413, {})
            if what in (None, CUT_AFTER):
                answer = collector.take(body)
                return self._cut() if what == CUT_AFTER else self._answer(200, answer)
            status, headers = what
            return self._answer(
                status, {"code": "SAID", "message": f"status {status} was asked for"}, headers
            )

        def _answer(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def _cut(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    collector.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
