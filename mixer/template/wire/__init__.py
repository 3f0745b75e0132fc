"""Templates as gRPC services, for adapters that run in a process of their own. No transport here.

==============  ==================================================================
`value`         attribute values ↔ istio.policy.v1beta1.Value
`instance`      instances ↔ their messages `InstanceMsg`; their types → `Type`
`result`        what handlers return ↔ what back ends answer
`method`        the table: which template is which service
`descriptor`    what descriptors in the configuration say
==============  ==================================================================

The protocol is that of Mixer 1.4: `protos/mixer/template/*.proto`.
"""

from mixer.template.wire.descriptor import read_descriptors, template_of
from mixer.template.wire.instance import InstanceReader, InstanceWriter, read_types, write_types
from mixer.template.wire.method import METHODS, Method
from mixer.template.wire.result import (
    AnswerError,
    read_check,
    read_output,
    read_quota,
    write_check,
    write_output,
    write_quota,
    write_status,
)

__all__ = [
    "METHODS",
    "AnswerError",
    "InstanceReader",
    "InstanceWriter",
    "Method",
    "read_check",
    "read_descriptors",
    "read_output",
    "read_quota",
    "read_types",
    "template_of",
    "write_check",
    "write_output",
    "write_quota",
    "write_status",
    "write_types",
]
