"""A network that misbehaves: a TCP proxy between an SDK and a collector, with one fault a request, in the order given."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterable
from dataclasses import dataclass

REFUSALS = {
    500: b"HTTP/1.1 500 Internal Server Error\r\n",
    503: b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n",
    429: b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n",
    502: b"HTTP/1.1 502 Bad Gateway\r\n",
}
CUT_BEFORE, CUT_AFTER, CUT_WITHIN, LOST_AFTER = "cut before", "cut after", "cut within", "500 after"
EVERY_FAULT = (500, CUT_AFTER, 429, CUT_BEFORE, LOST_AFTER, CUT_WITHIN)
"""`CUT_AFTER` and the two behind it: the collector has stored and answered, and the SDK does not learn of it."""


@dataclass(frozen=True)
class Request:
    """What an SDK sent, as it came."""

    head: str
    body: bytes

    @property
    def path(self) -> str:
        return self.head.split(" ", 2)[1].partition("?")[0]

    def header(self, name: str) -> str | None:
        """A header's value."""
        lines = (line.partition(":") for line in self.head.split("\r\n")[1:])
        return next((value.strip() for key, _, value in lines if key.lower() == name), None)


class Proxy:
    """`with Proxy(port, faults) as proxy`: listens at `proxy.port`; once the faults are used up it only passes on."""

    def __init__(self, to_port: int, faults: Iterable[int | str] = ()) -> None:
        self._to_port = to_port
        self._faults = list(faults)
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def faults_left(self) -> int:
        return len(self._faults)

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, request: Request) -> int | str | None:
        """Notes a request; returns what goes wrong with it."""
        with self._lock:
            self.requests.append(request)
            return self._faults.pop(0) if self._faults else None

    def forward(self, request: Request) -> bytes:
        """The collector's whole answer."""
        with socket.create_connection(("127.0.0.1", self._to_port), timeout=20) as onward:
            lines = [
                line for line in request.head.split("\r\n") if not line.lower().startswith("connection:")
            ]
            onward.sendall(
                "\r\n".join([*lines, "Connection: close"]).encode("latin-1") + b"\r\n\r\n" + request.body
            )
            return b"".join(iter(lambda: onward.recv(65_536), b""))


class _Handler(socketserver.StreamRequestHandler):
    proxy: Proxy

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline(65_536)
            if not line:
                return
            head += line
        told = Request(head.decode("latin-1").removesuffix("\r\n\r\n"), b"")
        request = Request(told.head, self._body(told))
        self._answer(self.proxy.take(request), request)

    def _body(self, request: Request) -> bytes:
        if (request.header("transfer-encoding") or "").lower() == "chunked":
            raise AssertionError("no SDK here sends in chunks")
        return self.rfile.read(int(request.header("content-length") or 0))

    def _answer(self, fault: int | str | None, request: Request) -> None:
        if fault == CUT_BEFORE:
            return
        if isinstance(fault, int):
            self.wfile.write(REFUSALS[fault] + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")
            return
        answer = self.proxy.forward(request)
        if fault == LOST_AFTER:
            self.wfile.write(REFUSALS[500] + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")
        elif fault == CUT_WITHIN:
            self.wfile.write(answer[: answer.index(b"\r\n\r\n") - 8])
        elif fault != CUT_AFTER:
            self.wfile.write(answer)
