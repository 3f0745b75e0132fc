import pytest

from proxy_client.http.dynamic_metadata import add_authentication, add_metadata, string_entries


def added(add, given):
    attributes = {}
    add(attributes, given)
    return attributes


def test_strings_and_lists_of_strings_are_kept_and_nothing_else():
    struct = {
        "text": "a",
        "empty": "",
        "list": ["a", "b"],
        "tuple": ("a",),
        "mixed list": ["a", 1, None, "b"],
        "empty list": [],
        "number": 1,
        "bool": True,
        "null": None,
        "struct": {"text": "a"},
    }

    assert string_entries(struct) == {
        "text": "a",
        "empty": "",
        "list": "a,b",
        "tuple": "a",
        "mixed list": "a,,,b",
        "empty list": "",
    }


# HB3
def test_authentication_gives_the_attributes_it_names_and_no_groups():
    found = {
        "request.auth.principal": "issuer/subject",
        "request.auth.audiences": "audience",
        "request.auth.presenter": "presenter",
        "request.auth.raw_claims": '{"iss":"issuer"}',
        "request.auth.groups": "admins",
        "request.auth.claims": {"iss": "issuer", "aud": ["a", "b"], "exp": 5112754205},
        "source.user": "cluster.local/ns/shop/sa/frontend",
        "source.principal": "cluster.local/ns/shop/sa/frontend",
        "destination.uid": "no business of authentication",
    }

    assert added(add_authentication, found) == {
        "request.auth.principal": "issuer/subject",
        "request.auth.audiences": "audience",
        "request.auth.presenter": "presenter",
        "request.auth.raw_claims": '{"iss":"issuer"}',
        "request.auth.claims": {"iss": "issuer", "aud": "a,b"},
        "source.user": "cluster.local/ns/shop/sa/frontend",
        "source.principal": "cluster.local/ns/shop/sa/frontend",
        "source.namespace": "shop",
    }


@pytest.mark.parametrize(
    ("found", "attributes"),
    [
        ({}, {}),
        ({"request.auth.principal": "", "request.auth.presenter": 5}, {}),
        ({"request.auth.audiences": ["first", "second"]}, {"request.auth.audiences": "first"}),
        ({"request.auth.audiences": []}, {}),
        ({"request.auth.claims": {"exp": 1}}, {}),
        ({"request.auth.claims": "iss"}, {}),
        ({"source.user": "cluster.local"}, {"source.user": "cluster.local"}),
        ({"source.user": "a/ns//sa"}, {"source.user": "a/ns//sa"}),
        (
            {"source.user": "a/ns/b", "source.namespace": "c"},
            {"source.user": "a/ns/b", "source.namespace": "c"},
        ),
    ],
)
def test_what_is_empty_or_of_another_type_is_left_out(found, attributes):
    assert added(add_authentication, found) == attributes


# HB4
def test_each_namespace_is_a_map_but_for_mixers_own_and_for_empty_ones():
    metadata = {
        "istio.mixer": {"status": "PERMISSION_DENIED"},
        "istio_authn": {"source.user": "a"},
        "of.numbers": {"number": 1, "bool": False},
        "of.lists": {"list": ["a", "b"], "number": 1},
    }

    assert added(add_metadata, metadata) == {
        "istio_authn": {"source.user": "a"},
        "of.lists": {"list": "a,b"},
    }


def test_what_rbac_would_have_done_is_told():
    rbac = {"shadow_engine_result": "denied", "shadow_effective_policy_id": "viewers"}

    assert added(add_metadata, {"envoy.filters.http.rbac": rbac}) == {
        "envoy.filters.http.rbac": rbac,
        "rbac.permissive.response_code": "denied",
        "rbac.permissive.effective_policy_id": "viewers",
    }
    assert added(add_metadata, {"envoy.filters.http.rbac": {"shadow_engine_result": ""}}) == {
        "envoy.filters.http.rbac": {"shadow_engine_result": ""}
    }
