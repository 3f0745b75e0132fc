"""Response flags by their short codes."""

import pytest
from envoy.data.accesslog.v3.accesslog_pb2 import ResponseFlags

from mixer.api.access_log_v3.flags import CODES, flag_codes

FIELDS = {field.name: field for field in ResponseFlags.DESCRIPTOR.fields}


def flags(*names):
    message = ResponseFlags()
    for name in names:
        if name == "unauthorized_details":
            message.unauthorized_details.reason = ResponseFlags.Unauthorized.EXTERNAL_SERVICE
        else:
            setattr(message, name, True)
    return message


def test_every_field_has_a_code_of_its_own():
    assert CODES.keys() == FIELDS.keys()
    assert len(set(CODES.values())) == len(CODES)


@pytest.mark.parametrize("name", FIELDS)
def test_each_flag_is_said_by_its_code(name):
    assert flag_codes(flags(name)) == CODES[name]


def test_several_stand_in_the_order_of_the_fields():
    assert flag_codes(flags("upstream_retry_limit_exceeded", "upstream_connection_failure")) == (
        "UF,URX"
    )


def test_none_is_a_dash():
    assert flag_codes(ResponseFlags()) == "-"


def test_a_flag_that_is_newer_than_the_table_is_passed_over():
    newer = b"\xf8\x07\x01"  # field 127, a bool
    assert flag_codes(ResponseFlags.FromString(newer)) == "-"
    known = flags("no_healthy_upstream").SerializeToString()
    assert flag_codes(ResponseFlags.FromString(known + newer)) == "UH"
