"""A web server on this machine whose answers a test decides."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """One answer; ``cut`` announces more bytes than it sends."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    silent: float = 0.0


class Loopback:
    """Answers by path: a list is used up in order, its last answer stays.

    A 200 with an ``ETag`` becomes a 304 when the request names that tag.
    """

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer, lock, self._stop = self, threading.Lock(), threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with lock:
                    outer.asked.append((self.path, dict(self.headers)))
                    queue = outer.answers.get(self.path, [Answer(status=404)])
                    answer = queue.pop(0) if len(queue) > 1 else queue[0]
                tag = answer.headers.get("ETag")
                status, body = answer.status, answer.body
                if tag and status == 200 and self.headers.get("If-None-Match") == tag:
                    status, body = 304, b""
                outer._stop.wait(answer.silent)
                self.send_response(status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                announced = len(body) + (100 if answer.cut else 0)
                if status != 304 and "Transfer-Encoding" not in answer.headers:
                    self.send_header("Content-Length", str(announced))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = answer.cut

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def serve(self, path: str, *answers: Answer | bytes | str) -> str:
        """Sets what a path answers; returns its url."""
        self.answers[path] = [_answer(a) for a in answers]
        return self.url + path

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    def close(self) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _answer(given: Answer | bytes | str) -> Answer:
    if isinstance(given, str):
        return Answer(given.encode(), headers={"Content-Type": "text/html"})
    return Answer(given) if isinstance(given, bytes) else given
