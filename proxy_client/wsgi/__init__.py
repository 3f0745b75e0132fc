"""WSGI middleware (PEP 3333): asks Mixer before an application sees a request, and reports.

Works with every WSGI application and server: Flask, Django, Bottle. The report is made when the
server closes the response, as it must; bodies are passed on piece by piece, and counted.
"""

from collections.abc import Iterable
from http.client import responses
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from proxy_client.client import MixerClient
from proxy_client.http.enforcement import Answer
from proxy_client.http.filter import (
    DEFAULTS,
    METADATA,
    SYSTEM_CLOCK,
    Clock,
    FilterFor,
    HttpFilter,
)
from proxy_client.wsgi.environ import change_environ, native, request_of
from proxy_client.wsgi.exchange import WatchedExchange, WatchedInput


class MixerMiddleware:
    """An application in front of another; for use by many threads.

    Applications find a mapping at `environ["mixer.metadata"]` to say more of a request, as
    `HttpRequest.metadata` tells; middlewares in front may have put it there.
    """

    def __init__(
        self,
        app: WSGIApplication,
        client: MixerClient,
        options: FilterFor = DEFAULTS,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """`client` is not closed here: whoever made it does that, after the last request."""
        self._app = app
        self._client = client
        self._filter = HttpFilter(client.report, options, clock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request; raises what the application raises."""
        environ.setdefault(METADATA, {})
        watched = WatchedExchange(self._filter.begin(request_of(environ)), start_response)
        try:
            return self._serve(environ, watched)
        except BaseException:
            watched.broke_off()
            watched.ended()
            raise

    def _serve(self, environ: WSGIEnvironment, watched: WatchedExchange) -> Iterable[bytes]:
        exchange = watched.exchange
        if exchange.options.is_checked:
            answer = exchange.enforce(self._client.check(exchange.attributes, exchange.quotas))
            if answer is not None:
                return watched.body(_say(answer, watched.start, exchange.request.method))
        changes = exchange.request_changes()
        if changes:
            change_environ(environ, changes)
        watched.input = WatchedInput(environ["wsgi.input"])
        environ["wsgi.input"] = watched.input
        return watched.body(self._app(environ, watched.start_response))


def _say(answer: Answer, start_response: StartResponse, method: str) -> Iterable[bytes]:
    headers = [native(*header) for header in answer.headers]
    start_response(f"{answer.code} {responses.get(answer.code, 'Unknown')}", headers)
    return [] if method == "HEAD" or not answer.body else [answer.body]
