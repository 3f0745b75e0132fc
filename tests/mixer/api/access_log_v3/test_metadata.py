"""What filters left in the metadata of an entry."""

import pytest
from envoy.data.accesslog.v3.accesslog_pb2 import HTTPAccessLogEntry

from mixer.api.access_log_v3.attributes import HTTP_ROWS
from mixer.api.access_log_v3.entry import NOBODY, HttpEntry
from mixer.api.mapping import MappedBag, readers
from mixer.attribute.bag import StringMap
from mixer.attribute.value import Timestamp

READERS = readers(*HTTP_ROWS)
NAMES = (
    "check.error_code",
    "check.error_message",
    "context.metadata",
    "rbac.permissive.effective_policy_id",
    "rbac.permissive.response_code",
    "request.auth.principal",
)


def metadata(namespace, **values):
    """The attributes of an entry with these values in its metadata."""
    entry = HTTPAccessLogEntry()
    entry.common_properties.metadata.filter_metadata[namespace].update(values)
    bag = MappedBag(HttpEntry.of(entry, NOBODY, Timestamp(0)), READERS)
    return {
        name: value.entries if isinstance(value, StringMap) else value
        for name in NAMES
        if (value := bag[name]) is not None
    }


def test_metadata_is_a_flat_map():
    attributes = metadata("my.filter", rule="r")
    assert attributes["context.metadata"] == {"my.filter/rule": "r"}


@pytest.mark.parametrize(
    "namespace", ["envoy.filters.http.ext_authz", "envoy.filters.network.ext_authz"]
)
def test_a_denial_of_mixers_check_comes_back(namespace):
    attributes = metadata(namespace, code="PERMISSION_DENIED", reason="no entry")
    assert attributes["check.error_code"] == 7
    assert attributes["check.error_message"] == "PERMISSION_DENIED:no entry"


def test_a_denial_needs_no_reason():
    attributes = metadata("envoy.filters.http.ext_authz", code="UNAVAILABLE")
    assert attributes["check.error_message"] == "UNAVAILABLE"


@pytest.mark.parametrize("values", [{"code": "OK"}, {"code": "not a code"}, {"reason": "x"}, {}])
def test_what_is_no_denial_is_no_error(values):
    attributes = metadata("envoy.filters.http.ext_authz", **values)
    assert "check.error_code" not in attributes
    assert "check.error_message" not in attributes


@pytest.mark.parametrize("namespace", ["envoy.filters.http.rbac", "envoy.filters.network.rbac"])
def test_what_rbac_would_have_done_is_known(namespace):
    attributes = metadata(namespace, shadow_engine_result="denied", shadow_effective_policy_id="p")
    assert attributes["rbac.permissive.response_code"] == "denied"
    assert attributes["rbac.permissive.effective_policy_id"] == "p"


def test_a_verified_token_says_who_asks():
    attributes = metadata("envoy.filters.http.jwt_authn", payload={"iss": "me", "sub": "you"})
    assert attributes["request.auth.principal"] == "me/you"
