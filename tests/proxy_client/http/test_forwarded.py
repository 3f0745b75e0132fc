import base64

import pytest

from protos.mixer.v1.attributes_pb2 import Attributes
from proxy_client.http.forwarded import (
    decode_forwarded,
    encode_forwarded,
    find_forwarded,
    without_forwarded,
)

BELIEVED = {
    "source.uid": "kubernetes://frontend.shop",
    "source.namespace": "shop",
    "destination.service.name": "cart",
    "destination.service.uid": "istio://shop/services/cart",
    "destination.service.host": "cart.shop.svc.cluster.local",
    "destination.service.namespace": "shop",
}


def header(**values):
    """The header with one attribute, of any type."""
    message = Attributes()
    message.attributes["source.uid"].MergeFrom(Attributes.AttributeValue(**values))
    return base64.b64encode(message.SerializeToString()).decode()


# HB1
def test_what_one_proxy_hands_on_the_next_one_reads():
    assert decode_forwarded(encode_forwarded(BELIEVED)) == BELIEVED


def test_the_header_is_base64_of_the_attributes_in_the_clear():
    data = base64.b64decode(encode_forwarded({"source.uid": "a"}), validate=True)

    assert Attributes.FromString(data) == Attributes(
        attributes={"source.uid": Attributes.AttributeValue(string_value="a")}
    )


def test_nothing_to_hand_on_is_no_header():
    assert encode_forwarded({}) is None


# HH10: who can send a request can write what he likes into it.
def test_only_six_names_are_believed():
    sent = BELIEVED | {"destination.uid": "b", "source.principal": "root", "request.path": "/"}

    assert decode_forwarded(encode_forwarded(sent)) == BELIEVED


def test_only_texts_that_are_not_empty_are_believed():
    assert decode_forwarded(header(string_value="a")) == {"source.uid": "a"}
    assert decode_forwarded(header(string_value="")) == {}
    assert decode_forwarded(header(int64_value=1)) == {}
    assert decode_forwarded(header(bytes_value=b"a")) == {}


@pytest.mark.parametrize(
    "text", ["", "a", "!!!!", "é", "AAAA", "CgQ", base64.b64encode(b"\xff" * 9).decode()]
)
def test_what_can_not_be_read_says_nothing(text):
    assert decode_forwarded(text) == {}


def test_of_several_headers_the_first_counts_and_the_application_sees_none():
    headers = [("x-istio-attributes", "a"), ("accept", "*/*"), ("x-istio-attributes", "b")]

    assert find_forwarded(headers) == "a"
    assert without_forwarded(headers) == [("accept", "*/*")]
    assert find_forwarded([("accept", "*/*")]) is None
