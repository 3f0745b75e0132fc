"""A registry in this process: keeps whatever it is given, and can want a password or a token."""

import json
from base64 import b64encode
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

USERNAME, PASSWORD = "ann", "let me in"
_BASIC = f"Basic {b64encode(f'{USERNAME}:{PASSWORD}'.encode()).decode()}"


class FakeRegistry(ThreadingHTTPServer):
    """What it has may be read and changed at any time."""

    def __init__(self, scheme=""):
        """`scheme` is nothing, basic, or bearer: tokens for what they were asked for only."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scheme = scheme
        self.blobs = {}
        self.manifests = {}
        """Media type and content, by tag and by digest."""
        self.paths = []
        """All requests, as method and path."""

    @property
    def address(self):
        return f"127.0.0.1:{self.server_port}"

    def add_manifest(self, name, media_type, content):
        for each in (name, f"sha256:{sha256(content).hexdigest()}"):
            self.manifests[each] = (media_type, content)


@contextmanager
def fake_registry(scheme=""):
    with FakeRegistry(scheme) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._answered(self._get)

    def do_POST(self):
        self._answered(self._post)

    def do_PUT(self):
        self._answered(self._put)

    def _answered(self, act):
        url = urlsplit(self.path)
        self.path, self.query = url.path, {k: v for k, [v] in parse_qs(url.query).items()}
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.paths.append(f"{self.command} {self.path}")
        if self.path == "/token":
            self._token()
        elif self._is_allowed():
            act()
        else:
            self._refuse()

    def _scope(self):
        name = self.path.removeprefix("/v2/").partition("/")[0]
        return f"repository:{name}:{'pull' if self.command == 'GET' else 'pull,push'}"

    def _is_allowed(self):
        given = self.headers.get("Authorization", "")
        wanted = {"": given, "basic": _BASIC, "bearer": f"Bearer {self._scope()}"}
        return given.startswith(wanted[self.server.scheme])

    def _refuse(self):
        challenges = {
            "basic": 'Basic realm="all"',
            "bearer": f'Bearer realm="http://{self.server.address}/token",service="s",'
            f'scope="{self._scope()}"',
        }
        errors = {"errors": [{"code": "UNAUTHORIZED", "message": "who are you?"}]}
        challenge = {"WWW-Authenticate": challenges[self.server.scheme]}
        self._send(401, json.dumps(errors).encode(), **challenge)

    def _token(self):
        if self.headers.get("Authorization", _BASIC) == _BASIC:
            self._send(200, json.dumps({"token": self.query["scope"]}).encode())
        else:
            self._send(401)

    def _get(self):
        kind, _, name = self.path.rpartition("/")
        if self.path == "/v2/":
            self._send(200, b"{}")
        elif kind.endswith("/manifests") and name in self.server.manifests:
            media_type, content = self.server.manifests[name]
            self._send(200, content, **{"Content-Type": media_type})
        elif kind.endswith("/blobs") and name in self.server.blobs:
            self._send(200, self.server.blobs[name])
        else:
            self._send(404, b'{"errors":[{"code":"UNKNOWN","message":"not known here"}]}')

    def _post(self):
        self._send(202, Location=f"{self.path}1")

    def _put(self):
        if "digest" in self.query:
            self.server.blobs[self.query["digest"]] = self.body
        else:
            tag = self.path.rpartition("/")[2]
            self.server.add_manifest(tag, self.headers["Content-Type"], self.body)
        self._send(201)

    def _send(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)
