"""A chat model on this machine whose answers a test decides."""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ChatModel:
    """An endpoint of this machine that says what a test tells it to."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.body: bytes | None = None
        self.status = 200
        self.headers: dict[str, str] = {}
        self.silent = 0.0
        self.drip = 0.0
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        stub, self._stop = self, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(size))
                stub.asked.append((self.path, dict(self.headers), body))
                stub._stop.wait(stub.silent)
                message = {"choices": [{"message": {"content": stub.content}}]}
                answer = (
                    json.dumps(message).encode() if stub.body is None else stub.body
                )
                self.send_response(stub.status)
                for name, value in stub.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                # The other side may have had enough.
                with contextlib.suppress(OSError):
                    while stub.drip and not stub._stop.wait(stub.drip):
                        self.wfile.write(b" " * (1 << 14))
                    self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        ).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
