"""The configurations of the pages, in force: back ends decide what becomes of requests."""

import json
from pathlib import Path

import pytest

from adapters.remote import INFO as REMOTE
from adapters.webhook import INFO as WEBHOOK
from mixer.attribute.bag import MappingBag
from mixer.config.store import read_text
from mixer.runtime import OnConfigError, Runtime, RuntimeOptions
from protos.mixer.template.listentry_pb2 import HandleListEntryRequest
from tests.adapters.remote import backend as grpc_backend
from tests.adapters.webhook import service as http_service
from tests.integration.spy import Registry

ROOT = Path(__file__).resolve().parents[2]


def runtime_with(example, **changes):
    """A runtime in which the example is in force, with these texts in place of others."""
    text = (ROOT / "examples/adapters" / example / "policy.yaml").read_text()
    assert text in (ROOT / "docs/adapters" / f"{example}.md").read_text()
    for old, new in changes.values():
        assert old in text
        # The deadlines of the example are not for a machine that is busy with tests.
        text = text.replace(old, new).replace("timeout: 200ms", "timeout: 10s")
    text = text.replace("  compiledAdapter", "  isolation: {timeout: 10s}\n  compiledAdapter")
    runtime = Runtime(
        Registry(REMOTE, WEBHOOK), RuntimeOptions(on_config_error=OnConfigError.REJECT)
    )
    runtime.apply(read_text(text))
    return runtime


def test_a_remote_adapter_denies_a_request():
    path = "/listentry.HandleListEntryService/HandleListEntry"
    # status 1 { code 1: 7, message 2 "no" }
    backend = grpc_backend.Backend({path: bytes.fromhex("0a 06 08 07 12 02 6e 6f")})
    with grpc_backend.serving(backend) as address:
        runtime = runtime_with("remote", address=("127.0.0.1:9099", address))
        verdict = runtime.dispatcher.check(MappingBag({"source.user": "eve"}))
        runtime.close()
    assert (verdict.status.code, verdict.status.message) == (7, "staff.istio-system:no")
    request = HandleListEntryRequest.FromString(backend.calls[0][1])
    assert request.instance.value.string_value == "eve"
    assert request.instance.name == "user.instance.istio-system"
    assert request.adapter_config.type_url == "type.googleapis.com/google.protobuf.Struct"


def test_a_webhook_denies_a_request():
    service = http_service.Service({"allow": False, "message": "no"})
    attributes = {"request.path": "/admin/x", "request.method": "GET", "source.user": "eve"}
    with http_service.serving(service) as address:
        runtime = runtime_with("webhook", address=("127.0.0.1:8080", address))
        verdict = runtime.dispatcher.check(MappingBag(attributes))
        runtime.close()
    assert (verdict.status.code, verdict.status.message) == (7, "decide.istio-system:no")
    (_, _, body) = service.requests[0]
    assert json.loads(body)["instance"]["action"]["path"] == "/admin/x"


@pytest.mark.parametrize(
    ("example", "old"), [("remote", "127.0.0.1:9099"), ("webhook", "127.0.0.1:8080")]
)
def test_without_the_back_end_requests_are_denied(example, old):
    runtime = runtime_with(example, address=(old, "127.0.0.1:9"))
    attributes = {"request.path": "/admin/x", "request.method": "GET", "source.user": "eve"}
    status = runtime.dispatcher.check(MappingBag(attributes)).status
    runtime.close()
    assert status.code == 14
    assert status.message.endswith(".istio-system:can't be asked now")
