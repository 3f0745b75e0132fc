"""The real Envoy asks a Mixer whether a request may pass."""

import base64
import hashlib
import hmac
import json
import threading

import pytest

from mixer.adapter import CheckResult, DirectHttpResponse, Status
from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.filters import ext_authz
from mixer.envoy.part import typed
from tests.e2e.authorization import front, guarded, mixer_at
from tests.e2e.http_message import send
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

ASK = (handler("h"), instance("i"), rule("r", ("h", "i")))


def asking(value):
    """Rules that tell the handler one value."""
    return handler("h"), instance("i", "listentry", value=value), rule("r", ("h", "i"))


def told(spy):
    return [one.value for one in spy.asked("h.istio-system")]


def counts_of(envoy):
    """How often each outcome came to pass; those that did not are left out."""
    prefix = "cluster.upstream.ext_authz."
    stats = envoy.stats(f"^{prefix}")
    return {name.removeprefix(prefix): count for name, count in stats.items() if count}


def saying(**status):
    return Spy(answers={"h.istio-system": CheckResult(status=Status(**status))})


OK = [200]
ERRORS = [499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401, 500]
STATUSES = dict(enumerate(OK + ERRORS))
"""By gRPC code; 17 is none."""


def test_each_verdict_has_its_status(tmp_path):
    spy, found = Spy(), {}
    with guarded(tmp_path, spy, *ASK) as (address, _):
        for code in STATUSES:
            spy.answers["h.istio-system"] = CheckResult(status=Status(code=code))
            found[code] = send(address).status

    assert found == STATUSES


def test_a_denial_says_why(tmp_path):
    with guarded(tmp_path, saying(code=7, message="no"), *ASK) as (address, envoy):
        answer = send(address)
        counts = counts_of(envoy)

    assert (answer.status, answer.body) == (403, b"PERMISSION_DENIED:h.istio-system:no")
    assert counts == {"denied": 1}


def test_a_direct_response(tmp_path):
    direct = DirectHttpResponse(
        code=302,
        body="<a>there</a>",
        headers={"Location": "/login", "Content-Type": "text/html", "Set-Cookie": "a=1,b=2"},
    )
    with guarded(tmp_path, saying(code=16, direct_response=direct), *ASK) as (address, _):
        answer = send(address)

    assert (answer.status, answer.body) == (302, b"<a>there</a>")
    assert {name: answer.header(name) for name in ("location", "content-type", "set-cookie")} == {
        "location": ["/login"],
        "content-type": ["text/html"],
        "set-cookie": ["a=1", "b=2"],
    }


def test_what_a_mixer_learns_of_a_request(tmp_path):
    facts = (
        "request.method",
        "request.scheme",
        "request.host",
        "request.path",
        "request.url_path",
        'request.query_params["b"]',
        "request.protocol",
        "context.protocol",
        'conditional(source.ip == ip("127.0.0.1"), "from here", "")',
        'conditional(destination.ip == ip("127.0.0.1"), "to here", "")',
        'conditional(source.port > 0 && destination.port > 0, "ports", "")',
        'conditional(context.time == request.time, "timed", "")',
        'conditional(connection.mtls, "mtls", "plain")',
        'request.headers[":path"]',
    )
    spy = Spy()
    with guarded(tmp_path, spy, *asking(' + "\\n" + '.join(facts))) as (address, _):
        send(address, "/books?a=1&b=2&b=3", [("host", "books.example")], method="DELETE")

    assert told(spy)[0].split("\n") == [
        "DELETE",
        "http",
        "books.example",
        "/books?a=1&b=2&b=3",
        "/books",
        "2",
        "HTTP/1.1",
        "http",
        "from here",
        "to here",
        "ports",
        "timed",
        "plain",
        "/books?a=1&b=2&b=3",
    ]


@pytest.mark.parametrize(
    ("buffering", "wanted"),
    [
        ({}, "caf!, 6 bytes"),
        ({"pack_as_bytes": True}, "caf\ufffd, 6 bytes"),
        ({"max_request_bytes": 3, "allow_partial_message": True}, "caf, 6 bytes"),
    ],
)
def test_bodies(tmp_path, buffering, wanted):
    spy = Spy()
    documents = asking('request.body + conditional(request.size == 6, ", 6 bytes", "")')
    limits = {"max_request_bytes": 1024, **buffering}
    with guarded(tmp_path, spy, *documents, with_request_body=limits) as (address, _):
        answer = send(address, method="POST", body=b"caf\xe9\r\n")

    assert [one.replace("\r\n", "") for one in told(spy)] == [wanted]
    assert answer.echo["body_size"] == 6


def test_a_request_without_a_body_has_none(tmp_path):
    spy = Spy()
    documents = asking('request.body | "none"')
    with guarded(tmp_path, spy, *documents, with_request_body={"max_request_bytes": 9}) as running:
        send(running[0])

    assert told(spy) == ["none"]


def test_what_a_route_and_other_filters_say(tmp_path, upstream, start_envoy):
    spy = Spy()
    documents = asking(
        'destination.service.name + " " + context.route_metadata["shop/beta"] + " "'
        ' + context.metadata["shop/of/a"] + " " + context.metadata["shop/ids"]'
    )
    said = {"of": {"a": 1}, "ids": ["x", 2]}
    metadata = typed(
        "envoy.filters.http.set_metadata",
        "envoy.extensions.filters.http.set_metadata.v3.Config",
        metadata=[{"metadata_namespace": "shop", "value": said}],
    )
    per_route = typed(
        "envoy.filters.http.ext_authz",
        "envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute",
        check_settings={"context_extensions": {"destination.service.name": "books"}},
    )
    shop = {
        **route("upstream"),
        "metadata": {"filter_metadata": {"shop": {"beta": True}}},
        "typed_per_filter_config": {per_route["name"]: per_route["typed_config"]},
    }
    authz = ext_authz(
        "mixer",
        metadata_context_namespaces=["shop"],
        route_metadata_context_namespaces=["shop"],
    )
    with mixer_at(tmp_path, spy, *documents) as mixer:
        clusters = [grpc_cluster("mixer", mixer), cluster("upstream", upstream.address)]
        envoy = start_envoy(bootstrap([http_listener([metadata, authz], [shop])], clusters))
        answer = send(envoy.addresses["http"])

    assert answer.status == 200
    assert told(spy) == ["books true 1 x,2"]


def token_of(key, **claims):
    """A token in three parts, signed by HMAC with SHA-256."""
    parts = [{"alg": "HS256", "kid": "k"}, claims]
    signed = ".".join(coded(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{coded(hmac.digest(key, signed.encode(), hashlib.sha256))}"


def coded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_token_that_envoy_verified(tmp_path, upstream, start_envoy):
    key = b"k" * 32
    keys = {"keys": [{"kty": "oct", "alg": "HS256", "kid": "k", "k": coded(key)}]}
    provider = {
        "issuer": "https://id.example",
        "local_jwks": {"inline_string": json.dumps(keys)},
        "payload_in_metadata": "any name",
    }
    verify = typed(
        "envoy.filters.http.jwt_authn",
        "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        providers={"id": provider},
        rules=[{"match": {"prefix": "/"}, "requires": {"provider_name": "id"}}],
    )
    spy = Spy()
    with mixer_at(tmp_path, spy, *asking("request.auth.principal")) as mixer:
        namespaces = [verify["name"]]
        config = front(mixer, upstream.address, verify, metadata_context_namespaces=namespaces)
        envoy = start_envoy(config)
        token = token_of(key, iss="https://id.example", sub="jane")
        answer = send(envoy.addresses["http"], headers=[("authorization", f"Bearer {token}")])

    assert answer.status == 200
    assert told(spy) == ["https://id.example/jane"]


def test_access_logs_know_who_denied_and_why(tmp_path, upstream, start_envoy):
    log = tmp_path / "access.log"
    text = {"inline_string": "%DYNAMIC_METADATA(envoy.filters.http.ext_authz)%\n"}
    logger = typed(
        "envoy.access_loggers.file",
        "envoy.extensions.access_loggers.file.v3.FileAccessLog",
        path=str(log),
        log_format={"text_format_source": text},
    )
    spy = saying(code=7, message="no")
    with mixer_at(tmp_path, spy, *ASK) as mixer:
        listener = http_listener([ext_authz("mixer")], [route("upstream")], access_log=[logger])
        clusters = [grpc_cluster("mixer", mixer), cluster("upstream", upstream.address)]
        envoy = start_envoy(bootstrap([listener], clusters))
        send(envoy.addresses["http"])
        spy.answers.clear()
        send(envoy.addresses["http"])
        envoy.stop()  # which writes the log

    denied, passed = log.read_text().splitlines()
    assert json.loads(denied) == {
        "rule": "istio-system/r",
        "handler": "h.istio-system",
        "reason": "no",
        "code": "PERMISSION_DENIED",
    }
    assert passed == "-"


FAILURES = [
    # closed, with Envoy's default status, unless its owner wants another
    ({}, 403, {}),
    ({"status_on_error": {"code": 503}}, 503, {}),
    ({"failure_mode_allow": True}, 200, {"failure_mode_allowed": 1}),
]


@pytest.mark.parametrize(("mode", "status", "passed"), FAILURES)
def test_a_mixer_that_fails(tmp_path, mode, status, passed):
    spy = Spy(answers={"h.istio-system": ValueError("no route")})
    with guarded(tmp_path, spy, *ASK, **mode) as (address, envoy):
        answer = send(address)
        counts = counts_of(envoy)

    assert answer.status == status
    assert counts == {"error": 1, **passed}


@pytest.mark.parametrize(("mode", "status", "passed"), FAILURES)
def test_a_mixer_slower_than_the_timeout(tmp_path, mode, status, passed):
    late = threading.Event()
    spy = Spy(answers={"h.istio-system": lambda _instance: late.wait(SOON_S) and CheckResult()})
    with guarded(tmp_path, spy, *ASK, timeout_s=0.1, **mode) as (address, envoy):
        answer = send(address)
        counts = counts_of(envoy)
        late.set()

    assert answer.status == status
    assert counts == {"error": 1, **passed}


def test_a_mixer_that_is_not_there(tmp_path, upstream, start_envoy):
    nowhere = f"unix:{tmp_path}/nowhere.sock"
    closed = start_envoy(front(nowhere, upstream.address))
    opened = start_envoy(front(nowhere, upstream.address, failure_mode_allow=True))

    statuses = [send(envoy.addresses["http"]).status for envoy in (closed, opened)]

    assert statuses == [403, 200]
