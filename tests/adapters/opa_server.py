"""A server that speaks the part of OPA's REST API which decisions need, over HTTP/1.1."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class OpaServer(ThreadingHTTPServer):
    """Answers by path: (status, body), or a function of the input that gives a result."""

    daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), _Request)
        self.answers = answers
        self.asked = []
        """(path, body, headers) of all that came."""

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Clients may hang up."""


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.path, body, dict(self.headers.items())))
        answer = self.server.answers.get(self.path, lambda _document: None)
        status, text = answer if isinstance(answer, tuple) else (200, _decision(answer, body))
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Says nothing."""


def _decision(rule, body):
    value = rule(body["input"])
    return json.dumps({} if value is None else {"result": value})


@contextmanager
def running(answers):
    """The server, until the end of the block."""
    server = OpaServer(answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
