"""One policy, three ways: asked in this process, through Mixer's client in Envoy, and run in Envoy.

For each of 30 random policies, 2,000 random requests get the same status, body and headers from
each. Requests are such that Mixer is told the same of them by its client and by Envoy's own filters
(`generate.COMMON`): each header once, and of valid UTF-8.
"""

import json
import random
import re

import pytest

from mixer.adapter.registry import AdapterRegistry
from mixer.attribute.bag import MappingBag
from mixer.attribute.url import query_params, url_path
from mixer.attribute.value import Timestamp
from mixer.config.spec import Operation
from mixer.config.store import read_text
from mixer.dispatch.verdict import QuotaRequest
from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.process import EnvoyProcess
from mixer.errors import DispatchError
from mixer.export.denial import one_line, sendable_status
from mixer.export.exporter import ExportOptions, export
from mixer.export.scope import Said
from mixer.runtime import Runtime
from mixer.status import denial_http_status, denial_text
from proxy_client.wasm import shipped_filters
from tests.e2e.echo import echo_listener, echoed
from tests.e2e.http_message import request
from tests.e2e.many_requests import answers
from tests.e2e.mixers import mixer_of
from tests.e2e.wasm import wasm_filter
from tests.integration.documents import yaml_of
from tests.mixer.export.generate import ABSENT, COMMON, NAMESPACE, TEXTS, TOLD, policy

pytestmark = pytest.mark.envoy

POLICY_COUNT = 30
REQUEST_COUNT = 2_000
KIND_COUNT = 200
"""So many different requests, so that some come again and are answered from the cache."""
HEADERS = ["x-a", "x-b", "user-agent", "referer", "content-type"]
PATHS = ["/shop", "/shop/1?a=b&b=A", "/?a=%c3%a9&a=x&b", "/?b=a+b%zz&a=%ff"]
FIXED = TOLD | {"destination.namespace": NAMESPACE}
OPTIONS = ExportOptions(namespace=NAMESPACE, said=Said(attributes=TOLD, absent=frozenset(ABSENT)))
MANAGER = {"generate_request_id": False}
QUOTAS = ("quota0", "quota1")


def policy_text(seed):
    """A random policy; quotas never come back, since the three count at different times."""
    text = yaml_of(*policy(seed, vocabulary=COMMON))
    return re.sub(r"(validDuration\W+)[0-9.]+s", r"\g<1>0s", text)


def random_request(rng):
    """Path, method and header lines of a request."""
    lines = [(name, header_value(rng, name)) for name in HEADERS if rng.random() < 0.5]
    return rng.choice(PATHS), rng.choice(["GET", "PUT"]), lines


def header_value(rng, name):
    if name == "referer":
        return "http://a/b"  # Envoy drops what is no URL
    if name == "content-type":
        return "text/plain"
    return rng.choice(TEXTS)


def attributes(path, method, lines):
    """What Mixer is told of a request."""
    headers = {":method": method, ":path": path, ":authority": "shop", ":scheme": "http"}
    headers |= dict(lines) | {"x-forwarded-proto": "http"}
    found = {
        "request.headers": headers,
        "request.host": "shop",
        "request.method": method,
        "request.path": path,
        "request.url_path": url_path(path),
        "request.query_params": query_params(path),
        "request.scheme": "http",
        "request.useragent": headers.get("user-agent"),
        "request.referer": headers.get("referer"),
        "request.time": Timestamp(1_790_000_000 * 10**9),
        "context.protocol": "http",
        "origin.ip": b"\x7f\0\0\1",
        "connection.mtls": False,
        **FIXED,
    }
    return {name: value for name, value in found.items() if value is not None}


class Wanted:
    """What is to become of a request, by a Mixer in this process."""

    def __init__(self, dispatcher, asked, number, quotas):
        path, method, lines = asked
        bag = MappingBag(attributes(path, method, lines))
        self.directive = None
        self.lines = lines
        try:
            verdict = dispatcher.check(bag, quotas, deduplication_id=f"{number}:")
        except DispatchError:
            self.answer = (500, None)
            return
        self.directive = verdict.route_directive
        self.answer = self._answer(verdict)

    def _answer(self, verdict):
        directive = self.directive
        if directive is not None and directive.direct_response_code:
            return sendable_status(directive.direct_response_code), directive.direct_response_body
        if verdict.status.code:
            return denial_http_status(verdict.status.code), denial_text(verdict.status)
        refused = ",".join(n for n, granted in verdict.quotas.items() if not granted.amount)
        if refused:
            return 429, f"RESOURCE_EXHAUSTED:Quota is exhausted for: {refused}"
        return 200, None

    def assert_is(self, answer):
        status, body = self.answer
        assert answer.status == status
        if status == 200 and body is None:
            self._assert_passed(answer)
        elif body is not None:
            assert answer.body.decode() == body
            if self.directive is not None:
                assert_headers(answer, self.directive.response_headers, {})

    def _assert_passed(self, answer):
        before = {name: [value.encode()] for name, value in self.lines}
        changes = () if self.directive is None else self.directive.request_headers
        for name, values in changed(before, changes).items():
            assert sorted(echoed(answer.body, name)) == sorted(values)
        responded = () if self.directive is None else self.directive.response_headers
        assert_headers(answer, responded, {"x-a": [b"theirs"]})


def changed(values, changes):
    """The values of each name after header operations; none for what was removed."""
    values = {name: list(them) for name, them in values.items()}
    for change in changes:
        name = change.name.lower()
        kept = values.get(name, []) if change.operation is Operation.APPEND else []
        is_gone = change.operation is Operation.REMOVE
        values[name] = [] if is_gone else [*kept, one_line(change.value).encode()]
    return values


def assert_headers(answer, changes, before):
    for name, values in changed(before, changes).items():
        assert sorted(answer.header(name)) == sorted(values)


def client_configuration(*, is_cached):
    """Of Mixer's client; what asks for quota is not cached, since the others count each request."""
    told = {name: {"string_value": value} for name, value in FIXED.items()}
    quotas = [{"quotas": [{"quota": name, "charge": 1} for name in QUOTAS]}]
    service = {} if is_cached else {"quota_spec": [{"rules": quotas}]}
    return {
        "transport": {
            "check_cluster": "mixer",
            "report_cluster": "mixer",
            "disable_check_cache": not is_cached,
            "disable_quota_cache": True,
        },
        "default_destination_service": "default",
        "service_configs": {"default": {"disable_report_calls": True, **service}},
        "mixer_attributes": {"attributes": told},
    }


def filters(program, *, is_cached):
    """By listener."""
    client = json.dumps(client_configuration(is_cached=is_cached))
    program = json.dumps(program, ensure_ascii=False)
    return {
        "client": wasm_filter(shipped_filters()["mixer_client"], client),
        "policy": wasm_filter(shipped_filters()["policy_filter"], program),
    }


@pytest.mark.parametrize("seed", range(POLICY_COUNT))
def test_all_placements_give_the_same_answers(seed, tmp_path):
    is_cached = seed % 2 == 0
    (tmp_path / "policy.yaml").write_text(policy_text(seed))
    runtime = Runtime(AdapterRegistry())
    runtime.apply(read_text(policy_text(seed)))
    exported = export(runtime.snapshot, OPTIONS)
    assert exported.refused == ()
    program = exported.program | ({"quotas": []} if is_cached else {})
    quotas = [] if is_cached else [QuotaRequest(name, 1) for name in QUOTAS]
    rng = random.Random(seed)
    kinds = [random_request(rng) for _ in range(KIND_COUNT)]
    asked = rng.choices(kinds, k=REQUEST_COUNT)
    wanted = [Wanted(runtime.dispatcher, one, n, quotas) for n, one in enumerate(asked)]
    raw = [request(p, [("host", "shop"), *texts(lines)], m) for p, m, lines in asked]
    echo = f"unix:{tmp_path}/echo"
    with mixer_of(tmp_path) as mixer:
        listeners = [
            http_listener([part], [route("echo")], name, **MANAGER)
            for name, part in filters(program, is_cached=is_cached).items()
        ]
        clusters = [cluster("echo", echo), grpc_cluster("mixer", mixer.address)]
        with EnvoyProcess(bootstrap([*listeners, echo_listener(echo)], clusters)) as envoy:
            for name in ("policy", "client"):
                for expected, answer in zip(
                    wanted, answers(envoy.addresses[name], raw), strict=True
                ):
                    expected.assert_is(answer)


def texts(lines):
    return [(name, value.encode()) for name, value in lines]
