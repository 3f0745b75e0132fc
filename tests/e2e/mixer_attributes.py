"""Attributes as tests of the filter `mixer_client` send, configure and compare them."""

import base64
import time

from mixer.attribute.value import Timestamp
from mixer.envoy.part import typed
from protos.mixer.v1.attributes_pb2 import Attributes

LOCALHOST = bytes([127, 0, 0, 1])
PATH = "/a/b?x=1&x=2&y=%C3%A9+z&k&=e"
HEADERS = [("host", "shop"), ("user-agent", "curl"), ("referer", "http://a/b")]
HEADERS += [("x-a", "1"), ("x-a", "2")]
SEEN_HEADERS = {
    ":method": "GET",
    ":path": PATH,
    ":authority": "shop",
    ":scheme": "http",
    "user-agent": "curl",
    "referer": "http://a/b",
    "x-a": "2",
    "x-forwarded-proto": "http",
}
SEEN = {
    # What a request of that path and these headers shows, but for its time.
    "request.headers": SEEN_HEADERS,
    "request.host": "shop",
    "request.method": "GET",
    "request.path": PATH,
    "request.url_path": "/a/b",
    "request.query_params": {"x": "1", "y": "é z", "k": "", "": "e"},
    "request.referer": "http://a/b",
    "request.scheme": "http",
    "request.useragent": "curl",
    "context.protocol": "http",
    "origin.ip": LOCALHOST,
    "connection.mtls": False,
}


def exact(attributes):
    """Attributes for comparing: to Python 1, True and Timestamp(1) are equal."""
    return {name: (type(value), value) for name, value in attributes.items()}


def at_about_now(attributes, name):
    """Takes out a time, which must be of this minute."""
    found = attributes.pop(name)
    assert isinstance(found, Timestamp)
    assert abs(found - time.time_ns()) < 60e9


def metadata(**namespaces):
    """A filter that says such things of all requests; `__` stands for a dot."""
    return typed(
        "envoy.filters.http.set_metadata",
        "envoy.extensions.filters.http.set_metadata.v3.Config",
        metadata=[
            {"metadata_namespace": name.replace("__", "."), "value": value}
            for name, value in namespaces.items()
        ],
    )


def attributes_json(**texts):
    """An `Attributes` of texts, in JSON; `__` stands for a dot."""
    return {
        "attributes": {
            name.replace("__", "."): {"stringValue": text} for name, text in texts.items()
        }
    }


def forwarding(attributes):
    """The header that hands on these."""
    message = Attributes()
    for name, value in attributes.items():
        if isinstance(value, int):
            message.attributes[name].int64_value = value
        else:
            message.attributes[name].string_value = value
    return ("x-istio-attributes", base64.b64encode(message.SerializeToString()).decode())
