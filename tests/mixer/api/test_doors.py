"""All mappings together."""

import pytest

from mixer import demo
from mixer.adapter.registry import AdapterRegistry
from mixer.api.doors import MAPPINGS, SERVICES
from mixer.expr.compiler import parse_checked
from mixer.runtime import check_contents

VOCABULARY = check_contents(demo.contents(), AdapterRegistry()).vocabulary


@pytest.mark.parametrize("protocol", MAPPINGS)
def test_the_demo_declares_every_attribute_of_every_protocol_with_its_type(protocol):
    mapped = {row.attribute: row.value_type for row in MAPPINGS[protocol]}
    assert {name: VOCABULARY[name].value_type for name in mapped} == mapped


def test_all_front_doors_are_served():
    assert [service.name for service in SERVICES] == [
        "istio.mixer.v1.Mixer",
        "envoy.service.auth.v3.Authorization",
        "envoy.service.ratelimit.v3.RateLimitService",
        "envoy.service.rate_limit_quota.v3.RateLimitQuotaService",
        "envoy.service.accesslog.v3.AccessLogService",
    ]


@pytest.mark.parametrize("protocol", MAPPINGS)
def test_every_attribute_can_be_named_in_a_rule(protocol):
    kinds = {
        row.attribute: parse_checked(row.attribute, VOCABULARY)[1] for row in MAPPINGS[protocol]
    }
    assert kinds == {row.attribute: row.value_type for row in MAPPINGS[protocol]}
