"""A Flask application that asks a Mixer before it answers, and reports each request.

    mixs server
    python examples/python/flask_app.py
    curl -i http://127.0.0.1:8000/reviews
    curl -i -H 'x-demo-deny: yes' http://127.0.0.1:8000/reviews

Django and others are wrapped in the same way: `application = MixerMiddleware(application, client)`.
"""

import atexit
import os
from collections.abc import Callable
from typing import Any

import flask

from proxy_client.client import MixerClient
from proxy_client.http.filter import FilterOptions
from proxy_client.http.service import HttpService
from proxy_client.wsgi import MixerMiddleware

app = flask.Flask(__name__)

client = MixerClient(os.environ.get("MIXER", "127.0.0.1:9091"))
atexit.register(client.close)  # sends the last reports

# What Mixer's rules may know of this service beside what a request says.
options = FilterOptions(
    service=HttpService(
        attributes={
            "context.reporter.kind": "inbound",
            "destination.namespace": "default",
            "destination.service.name": "reviews",
        }
    )
)


USERS = {"secret": "ann"}  # by their keys


class ApiKeys:
    """A middleware in front of Mixer's that tells it who somebody is."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Looks at `x-api-key`."""
        user = USERS.get(environ.get("HTTP_X_API_KEY", ""))
        if user is not None:
            environ["mixer.metadata"] = {"istio_authn": {"request.auth.principal": user}}
        return self._application(environ, start_response)


@app.get("/reviews")
def reviews() -> str:
    """Answers those who may ask."""
    return f"reviews for {flask.request.headers.get('x-user', 'anybody')}\n"


app.wsgi_app = ApiKeys(MixerMiddleware(app.wsgi_app, client, options))  # type: ignore[method-assign]

if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "8000")))
