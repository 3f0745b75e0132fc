"""A Starlette application that asks a Mixer before it answers, and reports each request.

    mixs server
    python examples/python/starlette_app.py
    curl -i http://127.0.0.1:8000/reviews
    curl -i -H 'x-demo-deny: yes' http://127.0.0.1:8000/reviews

FastAPI, Django's ASGI application and others are wrapped in the same way:
`app = MixerMiddleware(app, client, options)`.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from proxy_client.aio import AsyncMixerClient
from proxy_client.asgi import MixerMiddleware
from proxy_client.client import MixerClient
from proxy_client.http.filter import FilterOptions
from proxy_client.http.message import HttpRequest
from proxy_client.http.service import HttpService
from proxy_client.quota.charge import QuotaCharge
from proxy_client.quota.spec import QuotaRule, QuotaSpec

client = AsyncMixerClient(MixerClient(os.environ.get("MIXER", "127.0.0.1:9091")))

# What Mixer's rules may know of this service beside what a request says.
service = HttpService(
    attributes={
        "context.reporter.kind": "inbound",
        "destination.namespace": "default",
        "destination.service.name": "reviews",
    }
)
# Each request takes one token of the quota `requests`.
checked = FilterOptions(
    service=service, quota_specs=[QuotaSpec([QuotaRule(quotas=[QuotaCharge("requests")])])]
)
unchecked = FilterOptions(is_checked=False, is_reported=False)


def options_for(request: HttpRequest) -> FilterOptions:
    """Probes are nobody's business."""
    return unchecked if request.path == "/healthz" else checked


async def reviews(request: Request) -> PlainTextResponse:
    """Answers those who may ask."""
    return PlainTextResponse(f"reviews for {request.headers.get('x-user', 'anybody')}\n")


async def healthz(_: Request) -> PlainTextResponse:
    """Answers everybody."""
    return PlainTextResponse("fine\n")


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    """Sends the last reports when the server stops."""
    async with client:
        yield


app = Starlette(
    routes=[Route("/reviews", reviews), Route("/healthz", healthz)],
    middleware=[Middleware(MixerMiddleware, client=client, options=options_for)],
    lifespan=lifespan,
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
