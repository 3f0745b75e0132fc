"""The settings of one twin test: as the filter's configuration, and as the library's options."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from google.protobuf import json_format

from mixer.attribute.value import Duration, Timestamp, Value
from protos.mixer.v1.attributes_pb2 import Attributes
from proxy_client.options import ClientOptions, FailMode, RetryOptions
from proxy_client.quota.charge import QuotaCharge
from proxy_client.quota.spec import AttributeMatch, QuotaRule, QuotaSpec, StringMatch

CHECK_CLUSTER = "policy"
REPORT_CLUSTER = "telemetry"
NODE_UID = "kubernetes://pod-1.shop"
NODE_NAMESPACE = "shop"
NODE = {"NODE_UID": NODE_UID, "NODE_NAMESPACE": NODE_NAMESPACE}
_FIELDS = {str: "string_value", int: "int64_value", bool: "bool_value", bytes: "bytes_value"}


class Match(NamedTuple):
    """A clause of a quota rule: one way in which a string must look."""

    way: str = ""
    """`exact`, `prefix`, `regex`; or empty for any string."""
    text: str = ""


class Rule(NamedTuple):
    """A rule of a quota spec."""

    charges: tuple[tuple[str, int], ...]
    matches: tuple[Mapping[str, Match], ...] = ()


class Settings(NamedTuple):
    """What one filter is configured with."""

    is_fail_open: bool = False
    is_quota_fail_open: bool = True
    retries: int = 0
    retry_wait_s: float = 0.25
    """All waits are that long: the ranges they are drawn from have one point."""
    has_check_cache: bool = True
    has_quota_cache: bool = True
    batch_entries: int = 100
    batch_s: float = 1.0
    has_service: bool = True
    is_checked: bool = True
    is_reported: bool = True
    attributes: Mapping[str, Value] = {}
    """Of the filter; those of the service win."""
    service_attributes: Mapping[str, Value] = {}
    forward: Mapping[str, str] = {}
    service_forward: Mapping[str, str] = {}
    ignores_forwarded: bool = False
    specs: tuple[tuple[Rule, ...], ...] = ()

    @property
    def is_outbound(self) -> bool:
        """Whether the proxy stands beside the client."""
        return self.attributes.get("context.reporter.kind") == "outbound"

    def options(self) -> ClientOptions:
        """What the library is set to."""
        return ClientOptions(
            check_fail_mode=_mode(self.is_fail_open),
            quota_fail_mode=_mode(self.is_quota_fail_open),
            retries=RetryOptions(
                max_count=self.retries,
                base_wait_s=self.retry_wait_s,
                max_wait_s=self.retry_wait_s,
            ),
            check_cache_entries=10_000 if self.has_check_cache else 0,
            quota_cache_entries=10_000 if self.has_quota_cache else 0,
            report_batch_entries=self.batch_entries,
            report_batch_s=self.batch_s,
        )

    def quota_specs(self) -> list[QuotaSpec]:
        """What requests are charged, for the library."""
        return [QuotaSpec([_quota_rule(rule) for rule in spec]) for spec in self.specs]

    def configuration(self) -> str:
        """What the filter is configured with."""
        service = {
            "disable_check_calls": not self.is_checked,
            "disable_report_calls": not self.is_reported,
            "mixer_attributes": _message(self.service_attributes),
            "forward_attributes": _message(self.service_forward),
            "quota_spec": [{"rules": [_rule_json(rule) for rule in spec]} for spec in self.specs],
        }
        return json.dumps(
            {
                "transport": self._transport(),
                "service_configs": {"service": service} if self.has_service else {},
                "default_destination_service": "service" if self.has_service else "",
                "mixer_attributes": _message(self.attributes),
                "forward_attributes": _message(self.forward),
                "ignore_forwarded_attributes": self.ignores_forwarded,
            }
        )

    def _transport(self) -> dict[str, object]:
        wait = f"{self.retry_wait_s:g}s"
        return {
            "disable_check_cache": not self.has_check_cache,
            "disable_quota_cache": not self.has_quota_cache,
            "disable_report_batch": self.batch_entries <= 1,
            "network_fail_policy": {
                "policy": _policy(self.is_fail_open),
                "max_retry": self.retries,
                "base_retry_wait": wait,
                "max_retry_wait": wait,
            },
            "quota_fail_policy": _policy(self.is_quota_fail_open),
            "check_cluster": CHECK_CLUSTER,
            "report_cluster": REPORT_CLUSTER,
            "report_batch_max_entries": self.batch_entries,
            "report_batch_max_time": f"{self.batch_s:g}s",
        }


def _mode(is_open: bool) -> FailMode:
    return FailMode.OPEN if is_open else FailMode.CLOSED


def _policy(is_open: bool) -> str:
    return "FAIL_OPEN" if is_open else "FAIL_CLOSE"


def attributes_message(attributes: Mapping[str, Value]) -> Attributes:
    """Attributes in the clear."""
    message = Attributes()
    for name, value in attributes.items():
        slot = message.attributes[name]
        if isinstance(value, Timestamp):
            slot.timestamp_value.FromNanoseconds(int(value))
        elif isinstance(value, Duration):
            slot.duration_value.FromNanoseconds(int(value))
        elif isinstance(value, Mapping):
            slot.string_map_value.entries.update(value)
        else:
            setattr(slot, _FIELDS[type(value)], value)
    return message


def _message(attributes: Mapping[str, Value]) -> dict[str, object]:
    return json_format.MessageToDict(
        attributes_message(attributes), preserving_proto_field_name=True
    )


def _quota_rule(rule: Rule) -> QuotaRule:
    return QuotaRule(
        quotas=[QuotaCharge(name, amount) for name, amount in rule.charges],
        match=[
            AttributeMatch(
                {
                    name: StringMatch(**{clause.way: clause.text} if clause.way else {})
                    for name, clause in match.items()
                }
            )
            for match in rule.matches
        ],
    )


def _rule_json(rule: Rule) -> dict[str, object]:
    return {
        "quotas": [{"quota": name, "charge": amount} for name, amount in rule.charges],
        "match": [
            {
                "clause": {
                    name: {clause.way: clause.text} if clause.way else {}
                    for name, clause in match.items()
                }
            }
            for match in rule.matches
        ],
    }
