"""Applications behind each middleware, all with one way to send them requests."""

import asyncio
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import NamedTuple
from wsgiref.validate import validator

from proxy_client import asgi, wsgi
from tests.proxy_client.fake_client import FakeAsyncClient, FakeClient, clock


class Answer(NamedTuple):
    code: int
    headers: list
    body: bytes


class Seen(NamedTuple):
    """What an application got."""

    method: str
    path: str
    query: str
    headers: dict
    body: bytes


class App(NamedTuple):
    """What an application answers."""

    code: int = 200
    headers: tuple = (("content-type", "text/plain"), ("x-a", "1"), ("x-a", "2"))
    body: tuple = (b"good ", b"day")
    metadata: dict = MappingProxyType({})
    """What it says of requests."""


def encoded(value):
    return value if isinstance(value, bytes) else value.encode()


def decoded(raw):
    return raw.decode("utf-8", "surrogateescape")


APP = App()


class AsgiFront:
    """The ASGI middleware, driven by hand."""

    def __init__(self, *verdicts, app=APP, tls=None, metadata=None, **named):
        self.client = FakeAsyncClient(*verdicts)
        self._known = {"mixer.tls": tls, "mixer.metadata": metadata or {}}
        self.seen = []
        self._app = app
        self._middleware = asgi.MixerMiddleware(
            self._serve, self.client, **{"clock": clock(), **named}
        )

    async def _serve(self, scope, receive, send):
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        scope["mixer.metadata"].update(self._app.metadata)
        headers = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode(), []).append(decoded(value))
        joined = {name: ",".join(values) for name, values in headers.items()}
        query = scope["query_string"].decode()
        self.seen.append(Seen(scope["method"], scope["path"], query, joined, body))
        raw = [(name.encode(), value.encode()) for name, value in self._app.headers]
        await send({"type": "http.response.start", "status": self._app.code, "headers": raw})
        for part in self._app.body:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body"})

    def send(self, path="/", headers=(), method="GET", body=b""):
        path, _, query = path.partition("?")
        parts = [body[:3], body[3:]]
        said = []

        async def receive():
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message):
            said.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(n.encode(), encoded(v)) for n, v in (("host", "books"), *headers)],
            **self._known,
            "client": ("10.0.0.9", 4242),
            "server": ("10.0.0.1", 80),
        }
        asyncio.run(self._middleware(scope, receive, send))
        assert not said[-1].get("more_body")
        start, *rest = said
        headers = [(name.decode(), value.decode()) for name, value in start["headers"]]
        return Answer(start["status"], headers, b"".join(part.get("body", b"") for part in rest))


class WsgiFront:
    """The WSGI middleware, driven by hand, with the standard library's checks on both sides."""

    def __init__(self, *verdicts, app=APP, tls=None, metadata=None, **named):
        self.client = FakeClient(*verdicts)
        self._known = {"mixer.tls": tls, "mixer.metadata": metadata or {}}
        self.seen = []
        self._app = app
        self._middleware = validator(
            wsgi.MixerMiddleware(validator(self._serve), self.client, **{"clock": clock(), **named})
        )

    def _serve(self, environ, start_response):
        environ["mixer.metadata"].update(self._app.metadata)
        headers = {
            key.removeprefix("HTTP_").replace("_", "-").lower(): decoded(value.encode("latin-1"))
            for key, value in environ.items()
            if key.startswith("HTTP_") or key == "CONTENT_TYPE"
        }
        body = environ["wsgi.input"].read(3) + environ["wsgi.input"].read(1000)
        path = decoded((environ["SCRIPT_NAME"] + environ["PATH_INFO"]).encode("latin-1"))
        query = environ["QUERY_STRING"]
        self.seen.append(Seen(environ["REQUEST_METHOD"], path, query, headers, body))
        start_response(f"{self._app.code} Some Phrase", list(self._app.headers))
        return iter(self._app.body)

    def send(self, path="/", headers=(), method="GET", body=b""):
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "10.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "10.0.0.9",
            "REMOTE_PORT": "4242",
            "HTTP_HOST": "books",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **self._known,
        }
        for name, value in headers:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = encoded(value).decode("latin-1")
        started = []

        def start_response(status, headers, exc_info=None):
            started[:] = [int(status[:3]), headers]

        chunks = self._middleware(environ, start_response)
        try:
            found = b"".join(chunks)
        finally:
            chunks.close()
        return Answer(*started, found)
