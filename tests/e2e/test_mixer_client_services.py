"""Which service the filter `mixer_client` takes a request for, and what is configured or handed on
from proxy to proxy about it."""

import base64

import pytest

from mixer.attribute.value import Duration
from mixer.envoy.bootstrap import route
from mixer.envoy.part import typed
from protos.mixer.v1.attributes_pb2 import Attributes
from tests.e2e.mixer_attributes import attributes_json, exact, forwarding
from tests.e2e.mixer_fronts import front, fronted, fronts

__all__ = ["front", "fronts"]  # fixtures

pytestmark = pytest.mark.envoy

STATIC = {
    "source.uid": {"stringValue": "static"},
    "request.host": {"stringValue": "derived ones win"},
    "destination.ip": {"bytesValue": base64.b64encode(bytes(15) + b"\1").decode()},
    "my.number": {"int64Value": "-9223372036854775808"},
    "my.flag": {"boolValue": True},
    "my.wait": {"durationValue": "-1.5s"},
    "my.map": {"stringMapValue": {"entries": {"b": "1", "a": ""}}},
    "my.text": {"stringValue": "of all services"},
}


@fronted(
    service={"mixerAttributes": attributes_json(my__text="of this service")},
    config={"mixerAttributes": {"attributes": STATIC}},
)
def test_configured_attributes_are_shown_below_those_of_the_request(front):
    front.send("/x", [("host", "shop")])
    asked, told = front.mixer.asked(), front.mixer.told()

    names = [*STATIC, "destination.port"]
    shown = {
        "source.uid": "static",
        "request.host": "shop",
        "destination.ip": bytes(15) + b"\1",
        "my.number": -(2**63),
        "my.flag": True,
        "my.wait": Duration(-1_500_000_000),
        "my.map": {"a": "", "b": "1"},
        "my.text": "of this service",
    }
    port = int(front.upstream.address.rpartition(":")[2])
    assert exact({name: asked[name] for name in names if name in asked}) == exact(shown)
    assert exact({name: told[name] for name in names}) == exact({**shown, "destination.port": port})


CONFIGURED = attributes_json(source__uid="ours", destination__service__host="host")


@fronted(config={"mixerAttributes": CONFIGURED})
def test_six_forwarded_attributes_are_believed_above_all(front):
    sent = {
        "source.uid": "theirs",
        "source.namespace": "ns",
        "destination.service.name": "",
        "destination.service.host": 5,
        "request.host": "forged",
        "destination.uid": "forged",
    }
    answer = front.send("/x", [("host", "shop"), forwarding(sent)])

    shown = {
        "source.uid": "theirs",
        "source.namespace": "ns",
        "destination.service.host": "host",
        "request.host": "shop",
    }
    for bag in (front.mixer.asked(), front.mixer.told()):
        assert {name: bag[name] for name in sent if name in bag} == shown
        assert "x-istio-attributes" not in bag["request.headers"]
    assert answer.received("x-istio-attributes") == []


@pytest.mark.parametrize("text", ["no base64!", "AAAA"], ids=["no base64", "no message"])
def test_what_can_not_be_read_is_not_believed(front, text):
    answer = front.send("/x", [("x-istio-attributes", text)])

    assert "source.uid" not in front.mixer.asked()
    assert answer.received("x-istio-attributes") == []


@fronted(config={"ignoreForwardedAttributes": True})
def test_what_is_to_be_ignored_is_not_believed(front):
    answer = front.send("/x", [forwarding({"source.uid": "theirs"})])

    assert "source.uid" not in front.mixer.asked()
    assert answer.received("x-istio-attributes") == []


OWN = {"forwardAttributes": attributes_json(destination__service__host="there", a="service")}
COMMON = {"forwardAttributes": attributes_json(source__uid="ours", a="all")}


@fronted(service=OWN, config=COMMON)
def test_attributes_are_forwarded_in_place_of_those_that_came(front):
    came = forwarding({"source.uid": "theirs"})
    answer = front.send("/x", [came, came])
    asked, told = front.mixer.asked(), front.mixer.told()

    (header,) = answer.received("x-istio-attributes")
    sent = Attributes.FromString(base64.b64decode(header)).attributes
    assert {name: sent[name].string_value for name in sent} == {
        "source.uid": "ours",
        "destination.service.host": "there",
        "a": "service",
    }
    assert asked["source.uid"] == told["source.uid"] == "theirs"
    assert "x-istio-attributes" not in told["request.headers"]


def abort():
    """A filter that answers all requests."""
    return typed(
        "envoy.filters.http.fault",
        "envoy.extensions.filters.http.fault.v3.HTTPFault",
        abort={"http_status": 418, "percentage": {"numerator": 100}},
    )


@fronted(filters=(abort(),), config={"mixerAttributes": attributes_json(source__uid="static")})
def test_what_another_filter_answered_is_reported_too(front):
    came = forwarding({"source.uid": "theirs", "source.namespace": "ns"})
    answer = front.send("/x", [came])
    told = front.mixer.told()

    assert answer.status == 418
    assert front.mixer.checks == []
    # Then configured attributes win over forwarded ones, and nobody was asked.
    names = ("source.uid", "source.namespace", "check.cache_hit", "response.code")
    assert [told.get(name) for name in names] == ["static", "ns", None, 418]
    assert told["context.proxy_error_code"] == "FI"
    assert told["request.total_size"] == 0


def service_route(prefix, value):
    said = {"filter_metadata": {"mixer": {"destination_service": value}}}
    return route("upstream", prefix) | {"metadata": said}


SERVICES = {
    "books": {"mixerAttributes": attributes_json(api__service="books")},
    "shop": {"mixerAttributes": attributes_json(api__service="shop")},
    "quiet": {"disableCheckCalls": True, "disableReportCalls": True},
}
ROUTES = (
    service_route("/shop", "shop"),
    service_route("/quiet", "quiet"),
    service_route("/unknown", "none such"),
    service_route("/number", 5),
    route("upstream"),
)


@fronted(config={"serviceConfigs": SERVICES}, routes=ROUTES)
def test_a_route_says_which_service_it_is_for(front):
    told = []
    for path in ("/shop", "/quiet", "/unknown", "/number", "/"):
        assert front.send(path).status == 200
        if path != "/quiet":
            bag = front.mixer.told()
            told.append((bag["request.path"], bag["api.service"]))

    assert len(front.mixer.checks) == 4
    assert told == [
        ("/shop", "shop"),
        ("/unknown", "books"),
        ("/number", "books"),
        ("/", "books"),
    ]


@fronted(
    config={"serviceConfigs": {"shop": {}}, "defaultDestinationService": ""},
    routes=(service_route("/shop", "shop"), route("upstream")),
)
def test_without_a_default_only_routes_ask(front):
    assert [front.send(path).status for path in ("/", "/shop")] == [200, 200]
    assert [front.mixer.asked()["request.path"], len(front.mixer.checks)] == ["/shop", 1]
