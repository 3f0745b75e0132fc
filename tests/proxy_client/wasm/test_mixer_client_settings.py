"""The configuration of the filter `mixer_client`: what is refused, with its place and the reason."""

import base64
import json

import pytest

from proxy_client.wasm.build import FOLDER
from tests.wasm_host.abi import LogLevel
from tests.wasm_host.host import RefusedConfigurationError, WasmHost

FILTER = FOLDER / "mixer_client.wasm"


def configured(settings):
    """A host whose filter has taken these."""
    text = settings if isinstance(settings, str) else json.dumps(settings)
    return WasmHost(FILTER, text)


def refused(settings):
    """Why they are not taken."""
    with pytest.raises(RefusedConfigurationError) as caught:
        configured(settings)
    return str(caught.value).partition("configuration refused: ")[2]


def transport(**fields):
    return {"transport": fields}


def service(**fields):
    return {"service_configs": {"default": fields}}


def rules(*found):
    return service(quota_spec=[{"rules": list(found)}])


def attribute(value):
    return {"mixer_attributes": {"attributes": {"a.b": value}}}


RULE = "service_configs.default.quota_spec[0].rules"
VALUE = "mixer_attributes.attributes.a.b"
REFUSED = [
    # What is no JSON, or no message.
    ("", "byte 0: expected {"),
    ("{} {}", "byte 3: expected the end"),
    ("[]", "byte 0: expected {"),
    ('{"transport": {"timeout": "1s",}}', 'transport: byte 31: expected "'),
    ({"transports": {}}, "transports: unknown field"),
    ({"v2": {}}, "v2: unknown field"),
    ('{"transport": {}, "transport": {}}', "transport: twice"),
    (
        '{"ignoreForwardedAttributes": true, "ignore_forwarded_attributes": true}',
        "ignore_forwarded_attributes: twice",
    ),
    (
        {"ignore_forwarded_attributes": "true"},
        "ignore_forwarded_attributes: byte 32: expected true or false",
    ),
    (
        {"default_destination_service": "a"},
        "default_destination_service: a is not among service_configs",
    ),
    ('{"a": "' + "b" * (1 << 20) + '"}', "longer than 1048576 bytes"),
    # What Istio's proxy 1.4 did not read.
    (
        transport(attributes_for_mixer_proxy={}),
        "transport.attributes_for_mixer_proxy: unknown field",
    ),
    (service(http_api_spec=[]), "service_configs.default.http_api_spec: unknown field"),
    (service(network_fail_policy={}), "service_configs.default.network_fail_policy: unknown field"),
    # The transport.
    (transport(check_cluster=""), "transport.check_cluster: must not be empty"),
    (transport(timeout="0s"), "transport.timeout: must be at least 1 ms"),
    (transport(timeout="86400.001s"), "transport.timeout: must be a day at most"),
    (transport(timeout="1"), 'transport.timeout: not a duration such as "1.5s"'),
    (transport(timeout="1.s"), 'transport.timeout: not a duration such as "1.5s"'),
    (transport(timeout="1.0000000001s"), 'transport.timeout: not a duration such as "1.5s"'),
    (transport(timeout="1m"), 'transport.timeout: not a duration such as "1.5s"'),
    (transport(timeout=1), 'transport.timeout: byte 26: expected "'),
    (
        transport(quota_fail_policy="OPEN"),
        "transport.quota_fail_policy: must be one of FAIL_OPEN FAIL_CLOSE",
    ),
    (
        transport(network_fail_policy={"policy": 2}),
        "transport.network_fail_policy.policy: must be from 0 to 1",
    ),
    (
        transport(network_fail_policy={"max_retry": 101}),
        "transport.network_fail_policy.max_retry: must be from 0 to 100",
    ),
    (
        transport(network_fail_policy={"base_retry_wait": "-1s"}),
        "transport.network_fail_policy.base_retry_wait: must be at least 0 ms",
    ),
    (
        transport(network_fail_policy={"base_retry_wait": "2s"}),
        "transport.network_fail_policy: base_retry_wait is longer than max_retry_wait",
    ),
    (
        transport(report_batch_max_entries=1001),
        "transport.report_batch_max_entries: must be from 0 to 1000",
    ),
    # Services.
    (
        {"service_configs": {str(number): {} for number in range(1001)}},
        "service_configs.1000: more than 1000",
    ),
    ('{"service_configs": {"a": {}, "a": {}}}', "service_configs.a: twice"),
    # Attributes.
    (attribute({}), f"{VALUE}: must have one value"),
    (attribute({"stringValue": "a", "int64Value": 1}), f"{VALUE}: must have one value"),
    (attribute({"bytesValue": "a"}), f"{VALUE}.bytesValue: not base64"),
    (attribute({"int64Value": "9223372036854775808"}), f"{VALUE}.int64Value: out of range"),
    (attribute({"int64Value": "1.0"}), f"{VALUE}.int64Value: not a whole number"),
    (
        attribute({"doubleValue": 1.5}),
        f"{VALUE}.doubleValue: values of this type can't be configured",
    ),
    (
        attribute({"timestampValue": "2020-01-01T00:00:00Z"}),
        f"{VALUE}.timestampValue: values of this type can't be configured",
    ),
    (attribute({"stringMapValue": {}}), f"{VALUE}.stringMapValue: must not be empty"),
    (
        {"mixer_attributes": {"attributes": {f"a{n}": {"boolValue": True} for n in range(500)}}},
        "mixer_attributes.attributes.a464: too many names of attributes",
    ),
    (
        {"forward_attributes": {"attributes": {"a": {"int64_value": 1}}}},
        "forward_attributes.attributes.a.int64_value: unknown field",
    ),
    # Quotas.
    (rules({"quotas": [{}]}), f"{RULE}[0].quotas[0]: quota is missing"),
    (
        rules({}, {"quotas": [{"quota": "a", "charge": 0}]}),
        f"{RULE}[1].quotas[0].charge: must be at least 1",
    ),
    (
        rules({"match": [{"clause": {"a.b": {"exact": "", "prefix": ""}}}]}),
        f"{RULE}[0].match[0].clause.a.b: has more than one way to match",
    ),
    (
        rules({"quotas": [{"quota": "a"}] * 101}),
        f"{RULE}[0].quotas[100]: more than 100",
    ),
    (rules(*[{}] * 1001), f"{RULE}[1000]: more than 1000"),
]


@pytest.mark.parametrize(("settings", "why"), REFUSED)
def test_what_is_wrong_is_refused_with_its_place(settings, why):
    assert refused(settings) == why


def test_the_rules_of_all_specs_of_a_service_are_counted_together():
    specs = [{"rules": [{}] * 600}, {"rules": [{}] * 401}]
    assert refused(service(quota_spec=specs)) == (
        "service_configs.default.quota_spec[1].rules[400]: more than 400"
    )


def test_a_wrong_regular_expression_is_refused_with_its_place():
    why = refused(rules({"match": [{"clause": {"a.b": {"regex": "a("}}}]}))
    assert why.startswith(f"{RULE}[0].match[0].clause.a.b.regex: at ")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        # Both forms of names, null for what is absent, all forms of numbers and enums.
        {
            "serviceConfigs": {
                "default": {
                    "disableCheckCalls": False,
                    "disable_report_calls": True,
                    "mixerAttributes": None,
                    "quotaSpec": [
                        {
                            "rules": [
                                {
                                    "match": [
                                        {
                                            "clause": {
                                                "request.path": {"prefix": "/"},
                                                "request.host": {"regex": "a.*"},
                                                "unknown.name": {},
                                            }
                                        }
                                    ],
                                    "quotas": [{"quota": "a"}, {"quota": "b", "charge": "5"}],
                                }
                            ]
                        }
                    ],
                }
            },
            "defaultDestinationService": "default",
            "ignoreForwardedAttributes": True,
            "transport": {
                "disableCheckCache": True,
                "disableQuotaCache": True,
                "disableReportBatch": True,
                "networkFailPolicy": {
                    "policy": 0,
                    "maxRetry": "3",
                    "baseRetryWait": "0.08s",
                    "maxRetryWait": "1.000s",
                },
                "quotaFailPolicy": "FAIL_CLOSE",
                "timeout": "0.5s",
                "statsUpdateInterval": "10s",
                "checkCluster": "policy",
                "reportCluster": "telemetry",
                "reportBatchMaxEntries": 1e2,
                "reportBatchMaxTime": "0s",
            },
        },
    ],
)
def test_all_fields_can_be_set(settings):
    assert configured(settings).texts(LogLevel.WARNING) == []


def test_calls_go_where_the_transport_says_and_take_no_longer():
    host = configured(
        {
            **transport(check_cluster="policy", timeout="0.0015s"),
            **service(),
            "default_destination_service": "default",
        }
    )
    host.stream([(":method", "GET"), (":path", "/")]).request_headers()
    (call,) = host.calls
    assert (call.cluster, call.method, call.timeout_ms) == ("policy", "Check", 1)


def test_bytes_and_texts_are_taken_as_they_are():
    text = {"stringValue": "\u00e9\U0001f600\0"}
    data = {"bytesValue": base64.b64encode(bytes(range(256))).decode()}
    attributes = {"mixer_attributes": {"attributes": {"a": text, "b": data}}}
    settings = {**attributes, **service(), "default_destination_service": "default"}
    host = configured(settings)
    host.stream([(":method", "GET")]).request_headers()
    assert bytes(range(256)) in host.calls[0].message
    assert "\u00e9\U0001f600\0".encode() in host.calls[0].message
