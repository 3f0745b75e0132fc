"""The attributes of a verified token."""

import pytest
from envoy.service.auth.v3.attribute_context_pb2 import AttributeContext
from google.protobuf.json_format import ParseDict

from mixer.api.mapping import readers
from mixer.api.token import token_rows

READERS = readers(*token_rows("metadata_context"))


def attributes_of(**payloads):
    """The attributes when the JWT filter said this."""
    message = AttributeContext()
    namespaces = message.metadata_context.filter_metadata
    ParseDict(payloads, namespaces["envoy.filters.http.jwt_authn"])
    found = {name: read(message) for name, read in READERS.items()}
    return {
        name.removeprefix("request.auth."): value
        for name, value in found.items()
        if value is not None
    }


CLAIMS = {
    "iss": "https://id.example",
    "sub": "jane",
    "aud": ["books", "shop"],
    "azp": "app",
    "exp": 1559383200,
    "groups": ["a", "b", 3],
    "address": {"city": "Ulm"},
    "admin": True,
    "score": 0.5,
}


def test_all_of_a_token():
    assert attributes_of(any_key=CLAIMS) == {
        "principal": "https://id.example/jane",
        "audiences": "books",
        "presenter": "app",
        "claims": {
            "iss": "https://id.example",
            "sub": "jane",
            "aud": "books,shop",
            "azp": "app",
            "groups": "a,b",
        },
        "raw_claims": (
            '{"address":{"city":"Ulm"},"admin":true,"aud":["books","shop"],"azp":"app",'
            '"exp":1559383200,"groups":["a","b",3],"iss":"https://id.example","score":0.5,"sub":"jane"}'
        ),
    }


def test_one_audience_may_be_a_string():
    assert attributes_of(payload={"iss": "i", "aud": "books"})["audiences"] == "books"


@pytest.mark.parametrize(
    "claims",
    [{"iss": "i"}, {"iss": "i", "sub": ""}, {"iss": "i", "sub": 7}, {"iss": "i", "aud": []}],
)
def test_what_is_missing_is_no_attribute(claims):
    assert attributes_of(payload=claims).keys() == {"claims", "raw_claims"}


@pytest.mark.parametrize(
    "payloads",
    [{}, {"payload": {"sub": "jane"}}, {"payload": "iss"}, {"payload": {"iss": 1}}, {"iss": "i"}],
)
def test_what_has_no_issuer_is_no_token(payloads):
    assert attributes_of(**payloads) == {}


def test_of_several_tokens_the_first_key_counts():
    found = attributes_of(
        b={"iss": "i", "sub": "second"}, a={"iss": "i", "sub": "first"}, _header={"alg": "RS256"}
    )
    assert found["principal"] == "i/first"


def test_other_filters_do_not_speak_for_the_token():
    message = AttributeContext()
    ParseDict({"p": {"iss": "i", "sub": "s"}}, message.metadata_context.filter_metadata["other"])

    assert [read(message) for read in READERS.values()] == [None] * 5


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_numbers_that_json_does_not_know_leave_no_raw_claims(number):
    message = AttributeContext()
    fields = message.metadata_context.filter_metadata["envoy.filters.http.jwt_authn"].fields
    fields["p"].struct_value.update({"iss": "i", "n": number})

    assert READERS["request.auth.raw_claims"](message) is None
    assert READERS["request.auth.claims"](message) == {"iss": "i"}
