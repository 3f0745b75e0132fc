"""Headers in Envoy's second form, as text."""

import pytest
from envoy.config.core.v3.base_pb2 import HeaderMap
from envoy.service.auth.v3.attribute_context_pb2 import AttributeContext
from google.protobuf import text_format

from mixer.api.ext_authz_v3.headers import as_text, find_header, joined

LINES = r"""
headers { key: "cookie" raw_value: "a=1" }
headers { key: "x-bin" raw_value: "\377" }
headers { key: "cookie" raw_value: "b=2" }
headers { key: "x-empty" }
"""


def test_lines_of_one_name_are_joined():
    assert joined(text_format.Parse(LINES, HeaderMap())) == {
        "cookie": "a=1,b=2",
        "x-bin": "\ufffd",
        "x-empty": "",
    }


def test_no_lines_are_no_headers():
    assert joined(HeaderMap()) is None


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("cookie", "a=1,b=2"),
        ("x-bin", "\ufffd"),
        ("x-empty", ""),
        ("x-none", None),
        ("X-Bin", None),
    ],
)
def test_one_header_is_the_same_as_among_all(name, wanted):
    http = AttributeContext.HttpRequest()
    text_format.Parse(LINES, http.header_map)

    assert find_header(http, name) == wanted


def test_the_first_form_has_text_already():
    http = AttributeContext.HttpRequest(headers={"x-a": "1"})

    assert (find_header(http, "x-a"), find_header(http, "x-b")) == ("1", None)


def test_bytes_that_are_no_utf8_are_replaced_one_by_one():
    assert as_text(b"caf\xe9 \xc3\xa9") == "caf\ufffd é"
