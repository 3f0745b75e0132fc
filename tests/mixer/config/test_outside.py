"""Adapters outside, as Mixer's own resources of kinds adapter and template describe them."""

import base64
import gzip

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from adapters.call_out import Tls, Token
from adapters.remote import Params
from mixer.adapter import Duration
from mixer.runtime import Runtime, check_contents
from protos.mixer.template import checknothing_pb2, listentry_pb2, metric_pb2
from tests.adapters.remote.backend import Backend, serving
from tests.integration.documents import DEFAULT, contents, document, instance, rule
from tests.integration.spy import Registry
from tests.integration.wire import client_of, transport_of

HANDLER, INSTANCE = f"handler/{DEFAULT}/h", f"instance/{DEFAULT}/i"
CHECK = "/listentry.HandleListEntryService/HandleListEntry"


def described(*modules, compress=bytes):
    """The descriptors of these files, as `mixgen` writes them."""
    files = FileDescriptorSet()
    for module in modules:
        module.DESCRIPTOR.CopyToProto(files.file.add())
    return base64.b64encode(compress(files.SerializeToString())).decode()


def template(name, *modules, **options):
    return document("template", name, {"descriptor": described(*modules, **options)})


def adapter(name="staff", **spec):
    return document("adapter", name, {"templates": ["entries"], **spec})


def outside(address="127.0.0.1:9099", name="h", **connection):
    spec = {"adapter": "staff", "connection": {"address": address, **connection}}
    return document("handler", name, {**spec, "params": {"names": ["ann", "bob"]}})


ENTRIES = template("entries", listentry_pb2)
USER = document("instance", "i", {"template": "entries", "params": {"value": "source.name"}})
RULE = rule("r", ("h", "i"))


def snapshot_of(*documents):
    return check_contents(contents(*documents), Registry())


def errors_of(*documents):
    return [(error.place, error.message) for error in snapshot_of(*documents).errors]


def params_of(*documents):
    snapshot = snapshot_of(*documents, ENTRIES, USER, RULE)
    assert snapshot.errors == ()
    (config,) = snapshot.handlers.values()
    assert config.info.name == "remote"
    return config.params


def test_mixers_own_resources_reach_the_back_end(tmp_path):
    # status 1 { code 1: 7, message 2 "no" }
    backend = Backend({CHECK: bytes.fromhex("0a 06 08 07 12 02 6e 6f")})
    with serving(backend) as address:
        runtime = Runtime(Registry())
        runtime.apply(contents(outside(address, timeout="10s"), adapter(), ENTRIES, USER, RULE))
        with transport_of(runtime, tmp_path) as transport, client_of(transport.address) as client:
            status = client.check({"source.name": "eve"}).precondition.status
    assert (status.code, status.message) == (7, f"h.{DEFAULT}:no")
    request = listentry_pb2.HandleListEntryRequest.FromString(backend.calls[0][1])
    assert request.instance.value.string_value == "eve"
    assert request.instance.name == f"i.instance.{DEFAULT}"
    assert request.adapter_config.type_url == "type.googleapis.com/google.protobuf.Struct"


def test_a_connection_says_what_params_say():
    assert params_of(outside(timeout="3s"), adapter(sessionBased=True)) == Params(
        address="127.0.0.1:9099",
        params={"names": ["ann", "bob"]},
        session_based=True,
        timeout=Duration.parse("3s"),
    )


TLS = {"caCertificates": "ca.pem", "serverName": "staff", "tokenPath": "token"}
AUTHENTICATION = [
    ({"tls": TLS}, Token(path="token", scheme="")),
    ({"tls": TLS | {"authHeader": "BEARER"}}, Token(path="token")),
    ({"tls": TLS | {"customHeader": "X-Key"}}, Token(path="token", header="x-key", scheme="")),
]


@pytest.mark.parametrize(("authentication", "token"), AUTHENTICATION)
def test_a_connection_may_have_tls_and_a_token(authentication, token):
    params = params_of(outside(authentication=authentication), adapter())
    assert (params.tls, params.token) == (Tls(ca="ca.pem", server_name="staff"), token)


def test_a_connection_may_have_mutual_tls():
    mutual = {"privateKey": "key", "clientCertificate": "own", "caCertificates": "ca"}
    params = params_of(outside(authentication={"mutual": mutual}), adapter())
    assert (params.tls, params.token) == (
        Tls(ca="ca", client_certificate="own", client_key="key"),
        None,
    )


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_a_template_is_known_by_its_service(compress):
    named_otherwise = template("entries", listentry_pb2, compress=compress)
    assert errors_of(outside(), adapter(), named_otherwise, USER, RULE) == []


def test_resources_of_other_namespaces_are_named_with_theirs():
    elsewhere = document("adapter", "staff", {"templates": [f"entries.{DEFAULT}"]}, "elsewhere")
    handler = document(
        "handler",
        "h",
        {"adapter": "staff.elsewhere", "connection": {"address": "127.0.0.1:1"}},
    )
    assert errors_of(elsewhere, handler, ENTRIES, USER, RULE) == []


WRONG = [
    (
        [outside(), ENTRIES],
        f"{HANDLER}: adapter",
        'no adapter resource "staff"',
    ),
    (
        [document("handler", "h", {"adapter": "staff"}), adapter(), ENTRIES],
        f"{HANDLER}: connection.address",
        "is missing: where does the adapter listen?",
    ),
    (
        [outside("nowhere"), adapter(), ENTRIES],
        f"{HANDLER}: connection.address",
        "want HOST:PORT or unix:/PATH, got 'nowhere'",
    ),
    (
        [outside(authentication={}), adapter(), ENTRIES],
        f"{HANDLER}: connection.authentication",
        "must have either tls or mutual",
    ),
    (
        [outside(authentication={"tls": {"oauth": {"clientId": "x"}}}), adapter(), ENTRIES],
        f"{HANDLER}: connection.authentication.tls.oauth",
        "is not supported: have the token written to a file, and name it in tokenPath",
    ),
    (
        [outside(), adapter(config="?"), ENTRIES],
        f"{HANDLER}: adapter",
        "is no base64 of a FileDescriptorSet: Only base64 data is allowed",
    ),
    (
        [adapter(templates=["others"])],
        f"adapter/{DEFAULT}/staff: templates[0]",
        'no template resource "others"',
    ),
    (
        [document("instance", "i", {"template": "others"})],
        f"{INSTANCE}: template",
        'no template resource "others"',
    ),
    (
        [document("template", "entries", {})],
        f"template/{DEFAULT}/entries: descriptor",
        "describes no service whose name begins with Handle",
    ),
    (
        [document("template", "entries", {"descriptor": "AAAA"})],
        f"template/{DEFAULT}/entries: descriptor",
        "is no base64 of a FileDescriptorSet: Error parsing message",
    ),
]


@pytest.mark.parametrize(("documents", "place", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_place(documents, place, message):
    ((found_place, found_message),) = errors_of(*documents)
    assert found_place == place
    assert found_message.startswith(message)


def test_a_service_of_a_template_that_is_not_ours_is_told():
    files = FileDescriptorSet()
    file = files.file.add(name="own.proto", package="own")
    file.service.add(name="HandleOwnService").method.add(
        name="HandleOwn", input_type=".own.A", output_type=".own.B"
    )
    text = base64.b64encode(files.SerializeToString()).decode()
    assert errors_of(document("template", "own", {"descriptor": text})) == [
        (
            f"template/{DEFAULT}/own: descriptor",
            "describes the service /own.HandleOwnService/HandleOwn, which no template here has",
        )
    ]


def test_a_handler_gets_only_instances_of_templates_that_its_adapter_serves():
    found = errors_of(
        outside(), adapter(), ENTRIES, instance("i", "checknothing"), rule("r", ("h", "i"))
    )
    assert [place for place, _ in found] == [f"rule/{DEFAULT}/r: actions[0].instances[0]"]


def test_an_adapter_may_serve_several_templates():
    samples = template("samples", metric_pb2)
    nothing = template("nothing", checknothing_pb2)
    sample = document("instance", "m", {"template": "samples", "params": {"value": "1"}})
    visit = document("instance", "v", {"template": "nothing"})
    serves = adapter(templates=["entries", "samples", "nothing"])
    documents = (samples, nothing, ENTRIES, USER, sample, visit, serves, outside())
    assert errors_of(*documents, rule("r", ("h", "i", "m", "v"))) == []
