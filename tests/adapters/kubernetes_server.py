"""An API server that lists and watches what a test puts into it."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PATHS = {
    "/api/v1/pods": "pods",
    "/apis/apps/v1/replicasets": "replicasets",
    "/api/v1/replicationcontrollers": "replicationcontrollers",
    "/api/v1/services": "services",
}
WAIT_S = 0.05


class Cluster:
    """Objects with versions, and the changes since the start."""

    def __init__(self):
        self.change = threading.Condition()
        self.version = 100
        self.objects = {resource: {} for resource in PATHS.values()}
        self.events = {resource: [] for resource in PATHS.values()}
        self.forgotten = 0
        """The version up to which changes are no longer known."""
        self.asked = []
        """What has been asked for: the resource, and the version that a watch begins at."""
        self.epoch = 0
        """Watches of an earlier one end."""

    def put(self, resource, raw):
        name = raw["metadata"].get("namespace"), raw["metadata"]["name"]
        with self.change:
            kind = "MODIFIED" if name in self.objects[resource] else "ADDED"
            self.objects[resource][name] = raw
            self._tell(resource, kind, raw)

    def delete(self, resource, name):
        with self.change:
            self._tell(resource, "DELETED", self.objects[resource].pop(name))

    def _tell(self, resource, kind, raw):
        self.version += 1
        raw["metadata"]["resourceVersion"] = str(self.version)
        event = json.dumps({"type": kind, "object": raw})
        self.events[resource].append((self.version, event))
        self.change.notify_all()

    def forget(self):
        """Breaks all watches, and no longer knows what happened before now."""
        with self.change:
            self.forgotten = self.version
            for events in self.events.values():
                events.clear()
            self.epoch += 1
            self.change.notify_all()

    def hang_up(self):
        """Breaks all watches."""
        with self.change:
            self.epoch += 1
            self.change.notify_all()

    def page(self, resource, start, size):
        with self.change:
            raws = list(self.objects[resource].values())
            end = start + size
            metadata = {"resourceVersion": str(self.version)}
            if end < len(raws):
                metadata["continue"] = str(end)
            return {"kind": "List", "metadata": metadata, "items": raws[start:end]}


def _handler(cluster, is_over):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            resource = PATHS[url.path]
            cluster.asked.append((resource, query.get("resourceVersion")))
            if query.get("watch", "").lower() == "true":
                self.watch(resource, int(query["resourceVersion"]))
            else:
                page = cluster.page(resource, int(query.get("continue", 0)), int(query["limit"]))
                self.answer(json.dumps(page).encode())

        def answer(self, body):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def watch(self, resource, version):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            if version < cluster.forgotten:
                gone = {"code": 410, "reason": "Expired", "message": "too old", "metadata": {}}
                self.chunk(json.dumps({"type": "ERROR", "object": gone}))
            else:
                self.changes(resource, version)
            self.chunk("")

        def changes(self, resource, version):
            epoch = cluster.epoch
            while epoch == cluster.epoch and not is_over.is_set():
                with cluster.change:
                    new = [one for one in cluster.events[resource] if one[0] > version]
                    if not new:
                        cluster.change.wait(WAIT_S)
                for each in new:
                    version, event = each
                    self.chunk(event)

        def chunk(self, text):
            data = f"{text}\n".encode() if text else b""
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def log_message(self, *_arguments):
            """Says nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_arguments):
        """A client may break a connection."""


@contextmanager
def api_server(cluster):
    """Serves the cluster; gives `HOST:PORT`."""
    is_over = threading.Event()
    with _Server(("127.0.0.1", 0), _handler(cluster, is_over)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            is_over.set()
            server.shutdown()


def kubeconfig(folder, address):
    """The path of a file that leads a client to the server."""
    path = folder / f"config-{address.rpartition(':')[2]}"
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": f"http://{address}"}}],
        "users": [{"name": "test", "user": {}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
    }
    path.write_text(json.dumps(content))
    return str(path)
