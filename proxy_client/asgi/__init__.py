"""ASGI middleware: asks Mixer before an application sees a request, and reports afterwards.

Works with every ASGI 3 application and server: Starlette, FastAPI, Django, Quart. WebSockets are
checked when they are opened and reported when they are closed; the lifespan is passed through.

Bodies are not touched, only counted. The verdict of a client that goes away is still waited for,
unless the server cancels its task; the request is reported with the flag `DC`.
"""

from collections.abc import Awaitable, Callable

from proxy_client.aio import AsyncMixerClient
from proxy_client.asgi.exchange import Receive, Send, WatchedExchange
from proxy_client.asgi.scope import Scope, changed_scope, request_of
from proxy_client.http.filter import (
    DEFAULTS,
    METADATA,
    SYSTEM_CLOCK,
    Clock,
    FilterFor,
    HttpFilter,
)

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI 3 application."""


class MixerMiddleware:
    """An application in front of another; it has no state of its own.

    Applications find a mapping at `scope["mixer.metadata"]` to say more of a request, as
    `HttpRequest.metadata` tells; middlewares in front may have put it there.
    """

    def __init__(
        self,
        app: Application,
        client: AsyncMixerClient,
        options: FilterFor = DEFAULTS,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """`client` is not closed here: whoever made it does that, after the last request."""
        self._app = app
        self._client = client
        self._filter = HttpFilter(client.report, options, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection; raises what the application raises."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = {METADATA: {}, **scope}
        watched = WatchedExchange(self._filter.begin(request_of(scope)), receive, send)
        try:
            await self._serve(scope, watched)
        except BaseException as error:
            watched.broke_off(error)
            raise
        finally:
            watched.ended()

    async def _serve(self, scope: Scope, watched: WatchedExchange) -> None:
        exchange = watched.exchange
        if exchange.options.is_checked:
            answer = exchange.enforce(
                await self._client.check(exchange.attributes, exchange.quotas)
            )
            if answer is not None:
                await watched.answer(scope, answer)
                return
        changes = exchange.request_changes()
        app_scope = changed_scope(scope, changes) if changes else scope
        await self._app(app_scope, watched.receive, watched.send)
