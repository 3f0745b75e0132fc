"""An HTTP service that answers what a test gives, and keeps what came."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Service:
    """Answers all requests alike, or with a list that is used up from its beginning.

    An answer is the body of a 200, an object that is one in JSON, or a pair of a status and a body.
    """

    answers: object
    requests: list = field(default_factory=list)
    """Path, headers and body, in their order."""

    def bodies(self):
        return [json.loads(body) for _, _, body in self.requests]

    def answer(self, path, headers, body):
        self.requests.append((path, headers, body))
        said = self.answers.pop(0) if isinstance(self.answers, list) else self.answers
        status, said = said if isinstance(said, tuple) else (200, said)
        return status, said if isinstance(said, bytes) else json.dumps(said).encode()


@contextmanager
def serving(service, context=None):
    """Its `HOST:PORT`; with TLS, if it is given a context."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = service.answer(self.path, headers, body)
            self.send_response(status)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def handle(self):
            try:
                super().handle()
            except OSError:
                return  # the client has gone

        def log_message(self, *_):
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_):
            return

        def finish_request(self, request, address):
            # The handshake is the connection's own affair: it must not hold up others.
            if context is None:
                super().finish_request(request, address)
                return
            with context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, address)

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
