"""An HTTP server that keeps the spans which are posted to it."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/api/v2/spans"


class Zipkin:
    """What was posted, and what is answered."""

    def __init__(self):
        self.batches = []
        self.status = 202
        self.asked_count = 0
        self.address = ""

    @property
    def url(self):
        return f"http://{self.address}{PATH}"

    @property
    def names(self):
        return [[span["name"] for span in batch] for batch in self.batches]

    @property
    def all_names(self):
        return [name for names in self.names for name in names]


@contextmanager
def receiver():
    zipkin = Zipkin()

    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            assert (self.path, self.headers["Content-Type"]) == (PATH, "application/json")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            zipkin.asked_count += 1
            if zipkin.status == 202:
                zipkin.batches.append(body)
            self.send_response(zipkin.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    zipkin.address = f"127.0.0.1:{server.server_port}"
    try:
        yield zipkin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
