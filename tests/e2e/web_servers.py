"""Web applications that ask a Mixer, on real servers: Starlette on uvicorn, Flask on Werkzeug."""

import socket
import threading
from contextlib import contextmanager

import flask
import uvicorn
import werkzeug.serving
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

from proxy_client import asgi, wsgi
from proxy_client.aio import AsyncMixerClient
from tests.patience import SOON_S


class _Uvicorn(uvicorn.Server):
    """Says when it serves."""

    def __init__(self, config):
        super().__init__(config)
        self.serves = threading.Event()

    async def startup(self, sockets=None):
        await super().startup(sockets)
        self.serves.set()


@contextmanager
def uvicorn_at(app):
    """The address of a server for an ASGI application."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = _Uvicorn(uvicorn.Config(app, log_level="critical", ws="none", http="h11"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        assert server.serves.wait(SOON_S)
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class _Quiet(werkzeug.serving.WSGIRequestHandler):
    def log(self, *_):
        """Says nothing."""


@contextmanager
def werkzeug_at(app):
    """The address of a server for a WSGI application."""
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def starlette(client, options):
    """The address of a Starlette application that shows what it gets; `/bad` is answered with 400."""

    async def show(request):
        shown = {
            "method": request.method,
            "path": request.url.path,
            "headers": request.headers.items(),
            "body_size": len(await request.body()),
        }
        return JSONResponse(
            shown, 400 if request.url.path == "/bad" else 200, headers={"x-there": "one"}
        )

    app = Starlette(
        routes=[Route("/{path:path}", show, methods=["GET", "POST", "PUT"])],
        middleware=[
            Middleware(asgi.MixerMiddleware, client=AsyncMixerClient(client), options=options)
        ],
    )
    with uvicorn_at(app) as address:
        yield address


@contextmanager
def flask_(client, options):
    """The address of a Flask application that does the same."""
    app = flask.Flask(__name__)

    @app.route("/", defaults={"path": ""})
    @app.route("/<path:path>", methods=["GET", "POST", "PUT"])
    def show(path):
        request = flask.request
        shown = {
            "method": request.method,
            "path": request.path,
            "headers": [(name.lower(), value) for name, value in request.headers.items()],
            "body_size": len(request.data),
        }
        return shown, 400 if path == "bad" else 200, {"x-there": "one"}

    app.wsgi_app = wsgi.MixerMiddleware(app.wsgi_app, client, options)
    with werkzeug_at(app) as address:
        yield address
